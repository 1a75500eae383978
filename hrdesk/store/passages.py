"""Passages as a search needs them: by words, by vectors, and whole."""

import json
from collections.abc import Iterable, Mapping

from hrdesk.core.documents import Passage
from hrdesk.store import indexing
from hrdesk.store.database import Database, Row
from hrdesk.store.families import day

_PASSAGES_BY_ID = """
    SELECT p.*, v.sha256, v.document_id, v.file, v.effective_from, d.title, d.category
    FROM passages p JOIN versions v ON v.n = p.version_n JOIN documents d ON d.id = v.document_id
    WHERE v.active = 1 AND p.n IN (SELECT value FROM json_each(?))
"""


class PassageStore:
    """Reads passages; passages of removed files are not there."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def lexical(
        self, expression: str, versions: set[int] | None, limit: int = 100
    ) -> list[tuple[int, float]]:
        """Return (passage id, score) of the best passages for an FTS5 expression, best first.

        The score is BM25 with the heading path counted twice, larger is better. `versions` limits the
        search to these version numbers, None means all.
        """
        if not expression:
            return []
        within, parameters = "", []
        if versions is not None:
            within = " AND p.version_n IN (SELECT value FROM json_each(?))"
            parameters = [_listed(versions)]
        # CROSS JOIN keeps SQLite from walking through all passages first.
        rows = self._database.rows(
            "SELECT f.rowid, bm25(passage_words, 2.0, 1.0) AS r FROM passage_words f"  # noqa: S608
            f"{' CROSS JOIN passages p ON p.n = f.rowid' if within else ''}"
            f" WHERE passage_words MATCH ?{within} ORDER BY r, f.rowid LIMIT ?",
            [expression, *parameters, limit],
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

    def vectors(self) -> tuple[list[int], list[int], bytes]:
        """Return passage ids, their version numbers, and their int8 vectors one after the other."""
        rows = self._database.rows(
            "SELECT x.passage_n, x.version_n, x.vector FROM vectors x"
            " JOIN versions v ON v.n = x.version_n WHERE v.active = 1 ORDER BY x.passage_n"
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
        """Return (id, heading path and text) of passages that no encoder has seen yet."""
        rows = self._database.rows(
            "SELECT p.n, p.path, p.body FROM passages p JOIN versions v ON v.n = p.version_n"
            " WHERE v.active = 1 AND NOT EXISTS (SELECT 1 FROM vectors x WHERE x.passage_n = p.n)"
            " ORDER BY p.n LIMIT ?",
            [limit],
        )
        return [(row["n"], f"{row['path']}\n{row['body']}") for row in rows]

    def set_vectors(self, vectors: Mapping[int, bytes]) -> None:
        """Store the vectors of passages; those whose passage went away meanwhile are dropped."""
        with self._database.transaction():
            rows = self._database.rows(
                "SELECT n, version_n FROM passages WHERE n IN (SELECT value FROM json_each(?))",
                [_listed(vectors)],
            )
            indexing.write_vectors(
                self._database, ((row["n"], row["version_n"], vectors[row["n"]]) for row in rows)
            )
            indexing.count_change(self._database)


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
