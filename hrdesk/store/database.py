"""The store's file: opening it, reading from it, and writing to it in transactions.

WAL lets the command line read while the window writes; `synchronous=FULL` keeps what was acknowledged even
when the power fails. One `Database` is one connection; a lock lets threads take turns.
"""

import os
import threading
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from sqlite3 import Connection
from typing import Any

from hrdesk.core.errors import StoreUnavailable
from hrdesk.store.driver import BEST, BUSY_SECONDS, ERRORS, Driver, guarded
from hrdesk.store.encryption import KeySource, Lock, lock_for_new, lock_of
from hrdesk.store.migrations import MIGRATIONS, Migration, StoreFile, migrate, refuse_newer

__all__ = ["Database", "KeySource", "Row", "Value"]

Row = Any  # sqlite3.Row or the same of SQLCipher: values by column name
Value = Any  # what a column can hold
Parameters = Sequence[Value]

_SETTINGS = (
    "PRAGMA journal_mode = WAL",
    "PRAGMA synchronous = FULL",
    "PRAGMA foreign_keys = ON",
    "PRAGMA secure_delete = ON",
    "PRAGMA temp_store = MEMORY",  # no temporary file holds what people asked
    f"PRAGMA busy_timeout = {int(BUSY_SECONDS * 1000)}",
)


class Database:
    """The open store. Threads take turns; a transaction may be entered again inside itself."""

    def __init__(self, connection: Connection, path: Path, lock: Lock) -> None:
        self.path = path
        self.encrypted = lock.encrypted
        self.encryption = lock.sentence
        self._connection = connection
        self._turn = threading.RLock()
        self._depth = 0
        self._open = True

    @classmethod
    def open(
        cls,
        path: Path,
        keys: KeySource | None = None,
        *,
        migrations: Sequence[Migration] = MIGRATIONS,
        driver: Driver = BEST,
    ) -> "Database":
        """Open or make the store at `path` and bring it to this version's schema.

        A new file is encrypted where `keys` can keep its key. Backups before a migration go to `backups`
        beside the file. Raises `StoreUnavailable` (newer version, key out of reach, damaged, no access);
        the file is untouched then.
        """
        path = path.absolute()
        with guarded():
            try:
                return cls._open_once(path, keys, migrations, driver)
            except OSError as error:
                raise StoreUnavailable(
                    "The store of hrdesk cannot be opened.",
                    f"Check that you may read and write {path.parent}.",
                ) from error

    @classmethod
    def _open_once(
        cls, path: Path, keys: KeySource | None, migrations: Sequence[Migration], driver: Driver
    ) -> "Database":
        with _OPEN_FILES.opening(path) as known:
            fresh = known is None and _is_blank(path)
            if fresh:
                lock = lock_for_new(keys, encrypts=driver.encrypts)
                os.close(os.open(path, os.O_CREAT | os.O_WRONLY, 0o600))
            else:
                lock = known or lock_of(path, keys, encrypts=driver.encrypts)
            file = StoreFile(path, lock.pragma, driver)
            if not fresh and known is None:
                refuse_newer(file, migrations)
            try:
                connection = _connect(file, migrations)
            except ERRORS:
                if not fresh or _is_blank(path):
                    raise
                # Another program was faster: the store is there, and its key is not the one made here.
                lock = lock_of(path, keys, encrypts=driver.encrypts)
                connection = _connect(StoreFile(path, lock.pragma, driver), migrations)
            _OPEN_FILES.add(path, lock)
        return cls(connection, path, lock)

    def close(self) -> None:
        """Close the connection; the last one to close also empties the write-ahead log."""
        with self._turn:
            if self._open:
                self._open = False
                self._connection.close()
                _OPEN_FILES.discard(self.path)

    def rows(self, sql: str, parameters: Parameters = ()) -> list[Row]:
        """Return all rows of a query."""
        with self._turn, guarded():
            return self._connection.execute(sql, parameters).fetchall()

    def row(self, sql: str, parameters: Parameters = ()) -> Row | None:
        """Return the first row of a query, None if there is none."""
        with self._turn, guarded():
            return self._connection.execute(sql, parameters).fetchone()

    def value(self, sql: str, parameters: Parameters = ()) -> Value:
        """Return the first column of the first row, None if there is none."""
        found = self.row(sql, parameters)
        return None if found is None else found[0]

    def raw_rows(self, sql: str, parameters: Parameters = ()) -> list[tuple[Any, ...]]:
        """Return rows with text as bytes, so that text which is not UTF-8 can be read and named."""
        with self._turn, guarded():
            factory, self._connection.text_factory = self._connection.text_factory, bytes
            try:
                return [tuple(row) for row in self._connection.execute(sql, parameters)]
            finally:
                self._connection.text_factory = factory

    def execute(self, sql: str, parameters: Parameters = ()) -> int:
        """Run one statement inside a transaction and return the number of rows it changed."""
        with self._turn, guarded():
            assert self._depth, "writing needs a transaction"
            return self._connection.execute(sql, parameters).rowcount

    def execute_many(self, sql: str, rows: Iterable[Parameters]) -> None:
        """Run one statement for many rows inside a transaction."""
        with self._turn, guarded():
            assert self._depth, "writing needs a transaction"
            self._connection.executemany(sql, rows)

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """Write all or nothing. An inner transaction belongs to the outer one."""
        with self._turn:
            if self._depth:
                yield
                return
            with guarded():
                self._connection.execute("BEGIN IMMEDIATE")
            self._depth = 1
            try:
                yield
                with guarded():
                    self._connection.execute("COMMIT")
            except BaseException:
                self._roll_back()
                raise
            finally:
                self._depth = 0

    def _roll_back(self) -> None:
        with guarded():
            if self._connection.in_transaction:  # a full disk has ended it already
                self._connection.execute("ROLLBACK")


class _OpenFiles:
    """The store files this process has open, with their locks.

    Reading such a file directly would release the locks that SQLite holds on it for this process (POSIX
    locks belong to the process and fall when any descriptor of the file is closed).
    """

    def __init__(self) -> None:
        self._turn = threading.RLock()
        self._locks: dict[Path, list[Lock]] = {}

    @contextmanager
    def opening(self, path: Path) -> Iterator[Lock | None]:
        with self._turn:
            held = self._locks.get(path)
            yield held[0] if held else None

    def add(self, path: Path, lock: Lock) -> None:
        with self._turn:
            self._locks.setdefault(path, []).append(lock)

    def discard(self, path: Path) -> None:
        with self._turn:
            self._locks[path].pop()


_OPEN_FILES = _OpenFiles()


def _connect(file: StoreFile, migrations: Sequence[Migration]) -> Connection:
    connection = file.connect()
    try:
        for setting in _SETTINGS:
            connection.execute(setting)
        migrate(connection, file, migrations)
    except BaseException:
        connection.close()
        raise
    return connection


def _is_blank(path: Path) -> bool:
    """Whether there is no store yet. An emptied file with remains beside it is damage, not a new store."""
    if not path.exists():
        return True
    if path.stat().st_size:
        return False
    wal = path.with_name(path.name + "-wal")
    if (wal.exists() and wal.stat().st_size) or any((path.parent / "backups").glob("*")):
        raise StoreUnavailable(
            "The store of hrdesk is damaged: its file is empty.",
            "Restore the newest file of the backups folder, and keep the damaged one.",
        )
    return True
