"""The text of versions: pages, passages, word index and vectors, written and taken out together.

All functions run inside the caller's transaction.
"""

import json
from collections.abc import Iterable, Sequence

from hrdesk.core.documents import Page, PassageText, Span
from hrdesk.store.database import Database
from hrdesk.store.rows import Table, checksum, insert_many

PAGES = Table("pages", ("version_n", "number", "width", "height", "text"), key=("version_n", "number"))
PASSAGES = Table("passages", ("version_n", "path", "body", "spans"), key=("n",))
VECTORS = Table("vectors", ("passage_n", "version_n", "vector"), key=("passage_n",))


def write_text(
    database: Database,
    version_n: int,
    pages: Iterable[Page],
    passages: Sequence[PassageText],
    vectors: Sequence[bytes] | None,
) -> None:
    """Store the text of a version that has none; the word index is `show`'s work."""
    insert_many(
        database,
        PAGES,
        (
            {
                "version_n": version_n,
                "number": page.number,
                "width": float(page.width),
                "height": float(page.height),
                "text": page.text,
            }
            for page in pages
        ),
    )
    insert_many(
        database,
        PASSAGES,
        (
            {"version_n": version_n, "path": one.path, "body": one.text, "spans": pack_spans(one.spans)}
            for one in passages
        ),
    )
    if vectors is not None:
        rows = database.rows("SELECT n FROM passages WHERE version_n = ? ORDER BY n", [version_n])
        write_vectors(
            database,
            ((row["n"], version_n, vector) for row, vector in zip(rows, vectors, strict=True)),
        )


def write_vectors(database: Database, rows: Iterable[tuple[int, int, bytes]]) -> None:
    """Store vectors, given as (passage, version, int8 BLOB); those there already are replaced."""
    database.execute_many(VECTORS.upsert, ([*row, checksum(row)] for row in rows))


def erase_text(database: Database, version_n: int) -> None:
    """Remove the text of a version, which must be hidden."""
    database.execute(
        "DELETE FROM vectors WHERE passage_n IN (SELECT n FROM passages WHERE version_n = ?)", [version_n]
    )
    database.execute("DELETE FROM passages WHERE version_n = ?", [version_n])
    database.execute("DELETE FROM pages WHERE version_n = ?", [version_n])


def show(database: Database, version_n: int) -> None:
    """Put the passages of a version into the word index."""
    database.execute(
        "INSERT INTO passage_words (rowid, path, body)"
        " SELECT n, path, body FROM passages WHERE version_n = ? ORDER BY n",
        [version_n],
    )


def hide(database: Database, version_n: int) -> None:
    """Take the passages of a version out of the word index."""
    database.execute(
        "INSERT INTO passage_words (passage_words, rowid, path, body)"
        " SELECT 'delete', n, path, body FROM passages WHERE version_n = ?",
        [version_n],
    )


def count_change(database: Database) -> None:
    """Count that what a search can find has changed, for every process that keeps a copy in memory."""
    database.execute(
        "INSERT INTO meta (name, value) VALUES ('generation', '1')"
        " ON CONFLICT (name) DO UPDATE SET value = CAST(value AS INTEGER) + 1"
    )


def encoded_through(database: Database) -> int:
    """Return the number up to which every passage was given to the encoder; it only grows."""
    return int(database.value("SELECT value FROM meta WHERE name = 'encoded_through'") or 0)


def set_encoded_through(database: Database, number: int) -> None:
    """Write down how far the encoder has come, so that a start needs no look at every passage."""
    database.execute(
        "INSERT INTO meta (name, value) VALUES ('encoded_through', ?)"
        " ON CONFLICT (name) DO UPDATE SET value = max(CAST(value AS INTEGER), excluded.value)",
        [str(number)],
    )


def pack_spans(spans: Iterable[Span]) -> str:
    """Return spans as JSON: [[page, start, end], ...]."""
    return json.dumps([[one.page, one.start, one.end] for one in spans], separators=(",", ":"))


def unpack_spans(text: str) -> tuple[Span, ...]:
    """Return the spans that `pack_spans` wrote."""
    return tuple(Span(*one) for one in json.loads(text))
