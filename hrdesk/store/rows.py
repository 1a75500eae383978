"""Rows with checksums: every row carries the SHA-256 of its values, so that silent damage is found.

SQLite's own checks look at structure, not at contents. Measured with 16 random bytes written into copies of
a store, they find a small part of the damage; a sum per row finds what changed a value.
"""

import hashlib
import struct
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from hrdesk.store.codec import storable
from hrdesk.store.database import Database, Value


@dataclass(frozen=True)
class Table:
    """A table whose rows carry a sum over `columns`; the columns of `key` name a row.

    The counted number `n`, where a table has one, is given by SQLite and is not part of the sum.
    """

    name: str
    columns: tuple[str, ...]
    key: tuple[str, ...] = ("id",)
    thread: str = ""  # the column that names the row's thread, if any

    @cached_property
    def upsert(self) -> str:
        """SQL that inserts a row or replaces the values of the row with the same key."""
        changes = ", ".join(f"{name} = excluded.{name}" for name in (*self.columns, "sum"))
        return f"{self.insert} ON CONFLICT ({', '.join(self.key)}) DO UPDATE SET {changes}"

    @cached_property
    def insert(self) -> str:
        """SQL that inserts a row: one parameter a column, then the sum."""
        names = ", ".join((*self.columns, "sum"))
        marks = ", ".join("?" * (len(self.columns) + 1))
        return f"INSERT INTO {self.name} ({names}) VALUES ({marks})"  # noqa: S608 - names are our own

    def parameters(self, values: Mapping[str, Value]) -> list[Value]:
        """Return the parameters of `insert` and `upsert` for one row."""
        row = [_clean(values[name]) for name in self.columns]
        return [*row, checksum(row)]


def put(database: Database, table: Table, values: Mapping[str, Value]) -> None:
    """Insert the row or replace the row with the same key; inside a transaction."""
    database.execute(table.upsert, table.parameters(values))


def insert_many(database: Database, table: Table, rows: Iterable[Mapping[str, Value]]) -> None:
    """Insert new rows; inside a transaction."""
    database.execute_many(table.insert, (table.parameters(values) for values in rows))


def checksum(values: Sequence[Value]) -> bytes:
    """Return the SHA-256 over the values, each with its kind and length. Text may be given as UTF-8 bytes."""
    digest = hashlib.sha256()
    for value in values:
        kind, data = _encoded(value)
        digest.update(b"%c%d:" % (kind, len(data)))
        digest.update(data)
    return digest.digest()


def _encoded(value: Value) -> tuple[bytes, bytes]:
    if value is None:
        return b"n", b""
    if isinstance(value, str):
        return b"s", value.encode()
    if isinstance(value, bytes):
        return b"s", value
    if isinstance(value, float):
        return b"f", struct.pack(">d", value)
    return b"i", b"%d" % value


def _clean(value: Value) -> Value:
    return storable(value) if isinstance(value, str) else value
