"""Checks of the whole store: the checksum of every row, the word indexes, and SQLite's own checks.

Every check goes on behind what it cannot read, so that one damaged page hides no other damage.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from hrdesk.core.errors import HrdeskError
from hrdesk.store.categories import CATEGORIES
from hrdesk.store.connections import CONNECTIONS
from hrdesk.store.database import Database, Value
from hrdesk.store.documents import FILES
from hrdesk.store.families import DOCUMENTS, SAID_DATES, VERSIONS
from hrdesk.store.indexing import PAGES, PASSAGES, VECTORS
from hrdesk.store.multilingual import MULTILINGUAL_VECTORS
from hrdesk.store.profiles import PROFILES
from hrdesk.store.questions import EVALUATIONS, QUESTIONS
from hrdesk.store.rows import Table, checksum
from hrdesk.store.runs import RUNS
from hrdesk.store.spending import PRICES, SPENDING
from hrdesk.store.synonyms import SYNONYMS
from hrdesk.store.threads import DRAFTS, MESSAGES, THREADS
from hrdesk.store.uploads import UPLOADS
from hrdesk.store.versions import LOOK_ALIKES, SKETCHES

CONVERSATIONS = (THREADS, MESSAGES, DRAFTS, RUNS)
LIBRARY = (DOCUMENTS, VERSIONS, FILES, PAGES, PASSAGES, VECTORS)
ANSWERING = (CONNECTIONS, PROFILES, PRICES, SPENDING, UPLOADS)
MEASURING = (SAID_DATES, SKETCHES, LOOK_ALIKES, QUESTIONS, EVALUATIONS)
WORDING = (SYNONYMS, CATEGORIES, MULTILINGUAL_VECTORS)
TABLES = (*CONVERSATIONS, *LIBRARY, *ANSWERING, *MEASURING, *WORDING)
WORD_INDEXES = ("thread_titles", "message_texts", "passage_words")

_BATCH = 500
_FARTHEST = 2**40  # how far to look for the next readable row behind a damaged part


@dataclass(frozen=True, slots=True)
class Fault:
    """Something in the store that is not as it was written. `record` is the row's number, 0 for none."""

    record: int
    thread_id: str
    sentence: str


def check_rows(database: Database) -> list[Fault]:
    """Return what is wrong with the rows and indexes of the store, nothing if all is well."""
    faults = [fault for table in TABLES for fault in _check_table(database, table)]
    for index in WORD_INDEXES:
        faults += _check_words(database, index)
    checks = ["PRAGMA integrity_check(20)", "PRAGMA foreign_key_check"]
    if database.encrypted:
        checks.append("PRAGMA cipher_integrity_check")
    for pragma in checks:
        faults += _check_structure(database, pragma)
    return faults


def _check_table(database: Database, table: Table) -> Iterator[Fault]:
    for number, row in read_all(database, table.name, (*table.columns, "sum")):
        if row is None:
            yield Fault(number, "", f"A part of the {table.name} behind row {number} cannot be read.")
        elif checksum(row[:-1]) != row[-1]:
            yield Fault(number, _thread(table, row), f"Row {number} of the {table.name} was changed.")


def read_all(
    database: Database, table: str, columns: tuple[str, ...]
) -> Iterator[tuple[int, tuple[Value, ...] | None]]:
    """Yield (row number, values with text as bytes); None for values stands for an unreadable part."""
    sql = f"SELECT rowid, {', '.join(columns)} FROM {table} WHERE rowid > ? ORDER BY rowid LIMIT ?"  # noqa: S608
    after, batch, skip = -1, _BATCH, 0
    while skip < _FARTHEST:
        try:
            rows = database.raw_rows(sql, [after + skip, batch])
        except HrdeskError:
            if batch > 1:
                batch = 1  # come close to the damage row by row
                continue
            if not skip:
                yield max(after, 0), None
            skip = skip * 2 or 1
            continue
        for row in rows:
            yield row[0], row[1:]
        if len(rows) < batch:
            return
        after, batch, skip = rows[-1][0], _BATCH, 0


def _thread(table: Table, row: tuple[Value, ...]) -> str:
    if not table.thread:
        return ""
    name = row[table.columns.index(table.thread)]
    return name.decode(errors="replace") if isinstance(name, bytes) else ""


def _check_words(database: Database, index: str) -> Iterator[Fault]:
    """Compare a word index with the rows it was made from (FTS5's own check, with contents)."""
    try:
        with database.transaction():
            database.execute(f"INSERT INTO {index} ({index}, rank) VALUES ('integrity-check', 1)")  # noqa: S608
    except HrdeskError:
        yield Fault(0, "", f"The word index {index} does not fit its rows.")


def _check_structure(database: Database, pragma: str) -> Iterator[Fault]:
    try:
        found = [row for row in database.raw_rows(pragma) if row[0] != b"ok"]
    except HrdeskError:
        yield Fault(0, "", "The file of the store is damaged in its structure.")
        return
    for row in found:
        words = " ".join(one.decode(errors="replace") if isinstance(one, bytes) else str(one) for one in row)
        yield Fault(0, "", f"The file of the store is damaged: {words}.")
