"""Which key opens a store file: plain and encrypted files are told apart by their first 16 bytes.

A plain SQLite file begins with "SQLite format 3"; an encrypted one begins with its random salt, so the
entry in the operating system's key store is named after the salt and a copy or backup of the file finds
the same key.
"""

import secrets
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from hrdesk.core.errors import StoreUnavailable

PLAIN_HEADER = b"SQLite format 3\0"
KEY_BYTES = 32
SALT_BYTES = 16

ENCRYPTED = "Encrypted (SQLCipher, AES-256); the key is in this computer's key store."
NOT_ENCRYPTED = "Not encrypted: {reason}. Anyone who can read the data folder can read the store."
NO_KEY_STORE = "there was no key store to keep a key in when the store was made"
NO_CIPHER = "this computer has no encryption library for it"


class KeySource(Protocol):
    """Where keys of store files are kept."""

    def load(self, name: str) -> bytes | None:
        """Return the key, None if there is none. Raises `StoreUnavailable` when locked or out of time."""

    def save(self, name: str, key: bytes) -> bool:
        """Keep the key for good; False where that is not possible."""


@dataclass(frozen=True, slots=True)
class Lock:
    """How a file is opened: the key statement (empty for a plain file) and the sentence for Settings."""

    pragma: str
    sentence: str

    @property
    def encrypted(self) -> bool:
        """Whether the file's contents are encrypted."""
        return bool(self.pragma)

    def __repr__(self) -> str:  # the key must never reach a log
        return f"Lock(encrypted={self.encrypted})"


def lock_of(path: Path, keys: KeySource | None, *, encrypts: bool) -> Lock:
    """Return how to open the existing file `path`. Raises `StoreUnavailable` when its key is out of reach."""
    with path.open("rb") as file:
        head = file.read(SALT_BYTES)
    if head == PLAIN_HEADER:
        return Lock("", NOT_ENCRYPTED.format(reason=NO_KEY_STORE if encrypts else NO_CIPHER))
    if len(head) < SALT_BYTES:
        raise StoreUnavailable(
            "The store of hrdesk is damaged: its file is cut off.",
            "Restore the newest file of the backups folder, and keep the damaged one.",
        )
    if not encrypts or keys is None:
        raise StoreUnavailable(
            "The store is encrypted, and this start of hrdesk cannot decrypt it.",
            "Start hrdesk as the user, and on the computer, that made it.",
        )
    key = keys.load(key_name(head))
    if key is None:
        raise StoreUnavailable(
            "The key of the encrypted store is not in this computer's key store.",
            "Start hrdesk as the user, and on the computer, that made it. The file was not changed.",
        )
    return _encrypted(key, head)


def lock_for_new(keys: KeySource | None, *, encrypts: bool) -> Lock:
    """Return how to make a new file: encrypted where a fresh key can be kept and read back."""
    if not encrypts:
        return Lock("", NOT_ENCRYPTED.format(reason=NO_CIPHER))
    key, salt = secrets.token_bytes(KEY_BYTES), secrets.token_bytes(SALT_BYTES)
    if keys is None or not _kept(keys, key_name(salt), key):
        return Lock("", NOT_ENCRYPTED.format(reason=NO_KEY_STORE))
    return _encrypted(key, salt)


def key_name(salt: bytes) -> str:
    """Return the name of the key store's entry for files that begin with `salt`."""
    return f"store-{salt.hex()}"


def _kept(keys: KeySource, name: str, key: bytes) -> bool:
    try:
        return keys.save(name, key) and keys.load(name) == key
    except StoreUnavailable:  # a locked key store is no place for a new key
        return False


def _encrypted(key: bytes, salt: bytes) -> Lock:
    return Lock(f"PRAGMA key = \"x'{key.hex()}{salt.hex()}'\"", ENCRYPTED)
