"""Readers, one module per family of formats; they run in a child process with limits."""
