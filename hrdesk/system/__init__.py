"""The machine: paths, settings, secrets, logs and limited child processes."""
