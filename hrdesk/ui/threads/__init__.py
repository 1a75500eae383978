"""The column of threads: search, open, rename, pin, delete with undo."""
