"""The settings page: connection and key, where the data lies, appearance."""
