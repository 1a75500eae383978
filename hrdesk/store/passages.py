"""Passages as a search needs them: by words, by vectors, and whole."""

import json
from collections.abc import Iterable, Mapping
from typing import NamedTuple

from hrdesk.core.documents import Passage
from hrdesk.store import indexing
from hrdesk.store.database import Database, Row
from hrdesk.store.families import day

_PASSAGES_BY_ID = """
    SELECT p.*, v.sha256, v.document_id, v.file, v.effective_from, d.title, d.category
    FROM passages p JOIN versions v ON v.n = p.version_n JOIN documents d ON d.id = v.document_id
    WHERE v.active = 1 AND p.n IN (SELECT value FROM json_each(?))
"""

_UNSEEN = "n > ? AND NOT EXISTS (SELECT 1 FROM vectors x WHERE x.passage_n = p.n)"
_LARGEST = 2**62


class Extent(NamedTuple):
    """The passages of one version: the first and the last id, both belong to it."""

    version: int
    first: int
    last: int


class PassageStore:
    """Reads passages; passages of removed files are not there."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def lexical(self, expression: str, limit: int = 100) -> list[tuple[int, float]]:
        """Return (passage id, score) of the best passages for an FTS5 expression, best first.

        The score is BM25 with the heading path counted twice, larger is better.
        """
        if not expression:
            return []
        rows = self._database.rows(
            "SELECT rowid, bm25(passage_words, 2.0, 1.0) AS r FROM passage_words"
            " WHERE passage_words MATCH ? ORDER BY r, rowid LIMIT ?",
            [expression, limit],
        )
        return [(row[0], -row[1]) for row in rows]

    def get(self, ids: Iterable[int]) -> dict[int, Passage]:
        """Return the passages with these ids; those that are no longer there are left out."""
        rows = self._database.rows(
            _PASSAGES_BY_ID,
            [_listed(ids)],
        )
        return {row["n"]: _passage(row) for row in rows}

    def of_version(self, sha256: str) -> list[Passage]:
        """Return the passages of one version in reading order; none if it is not in the library."""
        rows = self._database.rows(
            "SELECT p.n FROM passages p JOIN versions v ON v.n = p.version_n"
            " WHERE v.sha256 = ? AND v.active = 1 ORDER BY p.n",
            [sha256],
        )
        found = self.get(row["n"] for row in rows)
        return [found[number] for number in sorted(found)]

    def extents(self) -> list[Extent]:
        """Return where the passages of every version that can be found begin and end, in order.

        The passages of a version are written at once, so their ids follow each other.
        """
        rows = self._database.rows(
            "SELECT v.n, (SELECT min(n) FROM passages WHERE version_n = v.n) AS first,"
            " (SELECT max(n) FROM passages WHERE version_n = v.n) AS last"
            " FROM versions v WHERE v.active = 1 ORDER BY first"
        )
        return [Extent(*row) for row in rows if row["first"] is not None]

    def vectors(self, first: int = 0, last: int = _LARGEST) -> tuple[list[int], list[int], bytes]:
        """Return ids of passages, their version numbers, and their int8 vectors one after the other.

        Only passages that can be found, and with ids from `first` to `last`.
        """
        rows = self._database.rows(
            "SELECT x.passage_n, x.version_n, x.vector FROM vectors x"
            " JOIN versions v ON v.n = x.version_n"
            " WHERE x.passage_n BETWEEN ? AND ? AND v.active = 1 ORDER BY x.passage_n",
            [first, last],
        )
        return [row[0] for row in rows], [row[1] for row in rows], b"".join(row[2] for row in rows)

    def generation(self) -> int:
        """Return a number that changes whenever a search could find something else, in any process."""
        return int(self._database.value("SELECT value FROM meta WHERE name = 'generation'") or 0)

    def count(self) -> int:
        """Return how many passages can be found."""
        return int(
            self._database.value(
                "SELECT count(*) FROM passages p JOIN versions v ON v.n = p.version_n WHERE v.active = 1"
            )
        )

    def document_frequencies(self, words: Iterable[str]) -> dict[str, int]:
        """Return in how many passages each word occurs, in any of its inflections."""
        sql = "SELECT count(*) FROM passage_words WHERE passage_words MATCH ?"
        return {word: self._database.value(sql, [_quoted(word)]) for word in words}

    def stems(self, start: str) -> list[tuple[str, int]]:
        """Return the stems of the word index that begin with `start`, with the number of their passages."""
        # A view of the index in this connection only; nothing is written.
        self._database.rows(
            "CREATE VIRTUAL TABLE IF NOT EXISTS temp.passage_stems"
            " USING fts5vocab('main', 'passage_words', 'row')"
        )
        rows = self._database.rows(
            "SELECT term, doc FROM temp.passage_stems WHERE term >= ? AND term < ?",
            [start, f"{start}\U0010ffff"],
        )
        return [(row["term"], row["doc"]) for row in rows]

    def text_with(self, stem: str) -> str:
        """Return heading path and text of one passage that has this stem, "" if none has."""
        return str(
            self._database.value(
                "SELECT p.path || ' ' || p.body FROM passage_words f JOIN passages p ON p.n = f.rowid"
                " WHERE passage_words MATCH ? LIMIT 1",
                [_quoted(stem)],
            )
            or ""
        )

    def sample(self, size: int) -> list[str]:
        """Return the texts of at most `size` passages, spread evenly over the library."""
        ends = self._database.row("SELECT min(n) AS first, max(n) AS last FROM passages")
        if ends is None or ends["last"] is None:
            return []
        step = max(1, (ends["last"] - ends["first"] + 1) // size)
        wanted = _listed(list(range(ends["first"], ends["last"] + 1, step))[:size])
        rows = self._database.rows(
            "SELECT p.body FROM passages p JOIN versions v ON v.n = p.version_n"
            " WHERE v.active = 1 AND p.n IN (SELECT value FROM json_each(?))",
            [wanted],
        )
        return [row["body"] for row in rows]

    def without_vectors(self, limit: int = 1000) -> list[tuple[int, str]]:
        """Return (id, heading path and text) of the next passages that no encoder has seen yet.

        Those of removed files too: removing can be undone.
        """
        rows = self._database.rows(
            f"SELECT n, path, body FROM passages p WHERE {_UNSEEN} ORDER BY n LIMIT ?",  # noqa: S608
            [self.encoded_through(), limit],
        )
        return [(row["n"], f"{row['path']}\n{row['body']}") for row in rows]

    def count_without_vectors(self, after: int = 0) -> tuple[int, int]:
        """Return how many passages with ids above `after` no encoder has seen yet, and the largest id."""
        ((count, largest),) = self._database.rows(
            f"SELECT count(*), (SELECT max(n) FROM passages) FROM passages p WHERE {_UNSEEN}",  # noqa: S608
            [max(after, self.encoded_through())],
        )
        return count, largest or 0

    def encoded_through(self) -> int:
        """Return a number that grows whenever vectors are added, in any process."""
        return indexing.encoded_through(self._database)

    def all_seen(self, through: int) -> None:
        """Write down that an encoder has seen every passage up to `through`, so that none is looked for."""
        if through > self.encoded_through():
            with self._database.transaction():
                indexing.set_encoded_through(self._database, through)

    def set_vectors(self, vectors: Mapping[int, bytes], through: int = 0) -> None:
        """Store the vectors of passages; those whose passage went away meanwhile are dropped.

        Passages up to `through` are not offered by `without_vectors` again, also those that got none.
        """
        with self._database.transaction():
            rows = self._database.rows(
                "SELECT n, version_n FROM passages WHERE n IN (SELECT value FROM json_each(?))",
                [_listed(vectors)],
            )
            indexing.write_vectors(
                self._database, ((row["n"], row["version_n"], vectors[row["n"]]) for row in rows)
            )
            indexing.set_encoded_through(self._database, max([through, *vectors]))


def _listed(numbers: Iterable[int]) -> str:
    """Return numbers, also numpy's, as JSON for `json_each`."""
    return json.dumps([int(number) for number in numbers])


def _quoted(word: str) -> str:
    return '"' + word.replace('"', '""') + '"'


def _passage(row: Row) -> Passage:
    return Passage(
        id=row["n"],
        version=row["sha256"],
        document_id=row["document_id"],
        title=row["title"],
        file=row["file"],
        path=row["path"],
        text=row["body"],
        spans=indexing.unpack_spans(row["spans"]),
        effective_from=day(row["effective_from"]),
        category=row["category"],
    )
