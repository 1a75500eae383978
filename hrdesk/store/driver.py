"""The SQLite library in use, and the one place where its errors become sentences.

SQLCipher (`sqlcipher3`) is taken where it is installed, for plain files too; otherwise the `sqlite3` of the
Python library, which cannot encrypt.
"""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType
from typing import Any
from urllib.parse import quote

from hrdesk.core.errors import HrdeskError, StoreUnavailable

try:
    import sqlcipher3.dbapi2 as _sqlcipher
except ImportError:  # no wheel for this machine
    _sqlcipher = None

BUSY_SECONDS = 10.0

ERRORS: tuple[type[Exception], ...] = (sqlite3.Error,) + (
    () if _sqlcipher is None else (_sqlcipher.Error, _sqlcipher.Warning)
)


@dataclass(frozen=True, slots=True)
class Driver:
    """One of the two libraries; both have the interface of `sqlite3`."""

    library: ModuleType
    encrypts: bool

    def connect(self, path: Path, pragma_key: str = "", *, read_only: str = "") -> sqlite3.Connection:
        """Open `path`; nothing is read yet. `read_only` is a URI parameter such as "immutable=1"."""
        place = f"file:{quote(str(path.absolute()))}?{read_only or 'mode=rwc'}"
        connection: sqlite3.Connection = self.library.connect(
            place, uri=True, isolation_level=None, check_same_thread=False, timeout=BUSY_SECONDS
        )
        if self.encrypts:
            # SQLCipher would print to standard error, which belongs to the command line.
            connection.execute("PRAGMA cipher_log_level = NONE")
        if pragma_key:
            connection.execute(pragma_key)
        connection.row_factory = self.library.Row
        return connection


PLAIN = Driver(sqlite3, encrypts=False)
BEST = PLAIN if _sqlcipher is None else Driver(_sqlcipher, encrypts=True)

_DAMAGED = (
    "The store of hrdesk is damaged.",
    "Nothing was changed. Restore the newest file of the backups folder, and keep the damaged one.",
)
_SENTENCES: dict[int, tuple[type[HrdeskError], str, str]] = {
    sqlite3.SQLITE_FULL: (
        HrdeskError,
        "The disk is full.",
        "Nothing that was saved is lost. Free some space and try again.",
    ),
    sqlite3.SQLITE_IOERR: (
        HrdeskError,
        "The disk refused to write or read.",
        "Nothing that was saved is lost. Check the disk and its free space, then try again.",
    ),
    sqlite3.SQLITE_BUSY: (
        HrdeskError,
        "The store is in use by another hrdesk.",
        "Wait until it has finished, then try again.",
    ),
    sqlite3.SQLITE_READONLY: (
        StoreUnavailable,
        "The data folder cannot be written to.",
        "Check the permissions of the folder and whether the disk is mounted read-only.",
    ),
    sqlite3.SQLITE_CANTOPEN: (
        StoreUnavailable,
        "The store of hrdesk cannot be opened.",
        "Check that the data folder exists and that you may read and write it.",
    ),
    sqlite3.SQLITE_CORRUPT: (StoreUnavailable, *_DAMAGED),
    sqlite3.SQLITE_NOTADB: (StoreUnavailable, *_DAMAGED),
}
_SENTENCES[sqlite3.SQLITE_LOCKED] = _SENTENCES[sqlite3.SQLITE_BUSY]
_SENTENCES[sqlite3.SQLITE_PROTOCOL] = _SENTENCES[sqlite3.SQLITE_BUSY]


@contextmanager
def guarded() -> Iterator[None]:
    """Turn troubles of disk and file into `HrdeskError`; wrong SQL stays what it is, a bug."""
    try:
        yield
    except UnicodeDecodeError as error:  # SQLite quotes the damaged bytes in its message
        raise StoreUnavailable(*_DAMAGED) from error
    except ERRORS as error:
        known = _SENTENCES.get(_primary_code(error))
        if known is None and "decode" in str(error):  # text that is not UTF-8 has no code of its own
            known = _SENTENCES[sqlite3.SQLITE_CORRUPT]
        if known is None:
            raise
        kind, title, advice = known
        raise kind(title, advice) from error


def _primary_code(error: Exception) -> int:
    """Return the result code without the extension in its upper bits."""
    code: Any = getattr(error, "sqlite_errorcode", 0)
    return int(code or 0) & 0xFF
