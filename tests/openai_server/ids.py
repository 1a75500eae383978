"""Ids as OpenAI makes them."""

import secrets


def new_id(prefix: str) -> str:
    """Return a fresh id: "resp_6f0c..."."""
    joint = "-" if prefix in ("file", "chatcmpl") else "_"
    return f"{prefix}{joint}{secrets.token_hex(12)}"
