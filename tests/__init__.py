"""Tests mirror hrdesk/ file by file."""
