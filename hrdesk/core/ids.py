"""Identifiers: a readable prefix and 64 random bits, unique on one laptop and safe in file names."""

import secrets


def new_id(prefix: str) -> str:
    """Return a fresh identifier such as `thread_9f86d081884c7d65`."""
    return f"{prefix}_{secrets.token_hex(8)}"
