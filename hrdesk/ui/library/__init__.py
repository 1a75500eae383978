"""The library page: every file that was given to hrdesk, and how it ended."""
