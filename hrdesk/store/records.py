"""Sealed answers: a hash chain in which nothing can be changed, removed or cut off unnoticed.

Every record's hash covers its contents and the hash of the record before it; the number and hash of the
last one are kept outside the table. This finds damage and later edits. It does not bind somebody who can
write the whole store and computes the chain anew.
"""

import hashlib
import re
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from hrdesk.core.errors import HrdeskError, StoreUnavailable
from hrdesk.store import codec
from hrdesk.store.checks import Fault, check_rows, read_all
from hrdesk.store.database import Database, Value

__all__ = ["Fault", "Record", "RecordStore", "Verification"]

_NAMED_ONE_BY_ONE = 1000
_FIRST = "0" * 64  # stands for the hash before the first record
_COLUMNS = ("n", "thread_id", "run_id", "sealed_at", "payload", "previous", "hash")
_HEAD = re.compile("([0-9]{1,15}) ([0-9a-f]{64})")
_NAMES = ", ".join(_COLUMNS)


@dataclass(frozen=True, slots=True)
class Record:
    """One sealed answer."""

    number: int
    thread_id: str
    run_id: str
    sealed_at: datetime
    payload: dict[str, Any]
    hash: str


@dataclass(frozen=True, slots=True)
class Verification:
    """What a look at the whole chain found; no faults means that every record is as it was sealed."""

    records: int
    faults: list[Fault]


class RecordStore:
    """Seals answers and checks the seals."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def seal(self, thread_id: str, run_id: str, payload: dict[str, Any]) -> str:
        """Add a record and return its hash. `payload` is made of JSON's types and domain values."""
        with self._database.transaction():
            last, previous = self._head()
            values = (thread_id, run_id, datetime.now(UTC).isoformat(), codec.dump(payload), previous)
            seal = _hash(last + 1, *(value.encode() for value in values))
            self._database.execute(
                f"INSERT INTO records ({_NAMES}) VALUES (?, ?, ?, ?, ?, ?, ?)",  # noqa: S608
                [last + 1, *values, seal],
            )
            self._database.execute(
                "INSERT INTO meta (name, value) VALUES ('records', ?)"
                " ON CONFLICT (name) DO UPDATE SET value = excluded.value",
                [f"{last + 1} {seal}"],
            )
        return seal

    def for_run(self, run_id: str) -> Record | None:
        """Return the last record of a run, None if it was not sealed."""
        row = self._database.row(
            f"SELECT {_NAMES} FROM records WHERE run_id = ? ORDER BY n DESC",  # noqa: S608
            [run_id],
        )
        if row is None:
            return None
        try:
            sealed_at = datetime.fromisoformat(row["sealed_at"])
            payload = codec.load_object(row["payload"])
        except ValueError as error:
            raise StoreUnavailable("This record was changed after it was sealed.") from error
        return Record(row["n"], row["thread_id"], run_id, sealed_at, payload, row["hash"])

    def verify(self) -> Verification:
        """Check every record and the chain. Reads on where the file is damaged and names the records."""
        faults: list[Fault] = []
        try:
            head: tuple[int, str] | None = self._head()
        except HrdeskError:
            head = None
            faults.append(Fault(0, "", "The note of how many records there are was changed."))
        chain = _Chain(head, faults)
        for number, row in read_all(self._database, "records", _COLUMNS[1:]):
            chain.add(number, row)
        return Verification(chain.end(), sorted(faults, key=lambda fault: fault.record))

    def check_rows(self) -> list[Fault]:
        """Check every other row of the store and its indexes; see `checks.check_rows`."""
        return check_rows(self._database)

    def _head(self) -> tuple[int, str]:
        text = self._database.value("SELECT value FROM meta WHERE name = 'records'")
        if text is None:
            return 0, _FIRST
        found = _HEAD.fullmatch(text)
        if found is None:
            raise StoreUnavailable(
                "The note of how many records there are was changed.",
                "Restore the newest file of the backups folder, and keep the damaged one.",
            )
        return int(found[1]), found[2]


class _Chain:
    """Walks along the records and notes what does not fit."""

    def __init__(self, head: tuple[int, str] | None, faults: list[Fault]) -> None:
        self._head = head
        self._faults = faults
        self._number = 0
        self._seal: str | None = _FIRST  # None behind a record that cannot be trusted

    def add(self, number: int, row: tuple[Value, ...] | None) -> None:
        """Take the next row as it was read; None for an unreadable part behind row `number`."""
        if row is None:
            self._seal = None
            return
        if self._head is not None and number > self._head[0]:
            self._fault(number, "", f"Record {number} was never sealed: it is behind the end of the chain.")
            return
        self._miss_until(number)
        if any(not isinstance(value, bytes) for value in row) or _hash(number, *row[:-1]) != _text(row[-1]):
            self._fault(number, _text(row[0]), f"Record {number} was changed after it was sealed.")
            self._number, self._seal = number, None
            return
        if self._seal is not None and _text(row[-2]) != self._seal:
            self._fault(self._number, "", f"Record {self._number} was replaced after it was sealed.")
        self._number, self._seal = number, _text(row[-1])

    def end(self) -> int:
        """Compare the end of the chain with what was noted apart from it; return how many records it has."""
        if self._head is None:
            return self._number
        count, seal = self._head
        self._miss_until(count + 1)
        if self._seal is not None and self._seal != seal:
            self._fault(count, "", f"Record {count} was replaced after it was sealed.")
        return count

    def _miss_until(self, number: int) -> None:
        """Note that the records between the last one and `number` are not there."""
        first, last = self._number + 1, number - 1
        if first > last:
            return
        if last - first < _NAMED_ONE_BY_ONE:
            for missing in range(first, last + 1):
                self._fault(missing, "", f"Record {missing} is missing or cannot be read.")
        else:  # most likely a damaged number
            self._fault(first, "", f"Records {first} to {last} are missing or cannot be read.")
        self._number, self._seal = last, None

    def _fault(self, number: int, thread_id: str, sentence: str) -> None:
        self._faults.append(Fault(number, thread_id, sentence))


def _hash(number: int, *values: bytes) -> str:
    """Return the hash of a record: SHA-256 over its number and its other columns, each with its length."""
    digest = hashlib.sha256(b"%d:" % number)
    for value in values:
        digest.update(b"%d:" % len(value))
        digest.update(value)
    return digest.hexdigest()


def _text(value: Value) -> str:
    return value.decode(errors="replace") if isinstance(value, bytes) else ""
