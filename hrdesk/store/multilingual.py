"""Vectors of the multilingual pack: a second set beside `vectors`, for questions in other languages."""

from collections.abc import Mapping
from dataclasses import dataclass

from hrdesk.store.database import Database
from hrdesk.store.rows import Table, checksum

MULTILINGUAL_VECTORS = Table("multilingual_vectors", ("passage_n", "version_n", "vector"), key=("passage_n",))
_ACTIVE = "FROM passages p JOIN versions v ON v.n = p.version_n WHERE v.active = 1"
_MISSING = f"{_ACTIVE} AND NOT EXISTS (SELECT 1 FROM multilingual_vectors x WHERE x.passage_n = p.n)"  # noqa: S608


@dataclass(frozen=True, slots=True)
class Coverage:
    """How many passages there are, and how many of them have their multilingual vector."""

    ready: int
    passages: int

    @property
    def is_complete(self) -> bool:
        """Whether every passage can be found."""
        return self.ready == self.passages


class MultilingualStore:
    """Reads and writes multilingual vectors. They go with their passage."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def coverage(self) -> Coverage:
        """Return how far the vectors are."""
        passages = int(self._database.value(f"SELECT count(*) {_ACTIVE}"))
        return Coverage(passages - int(self._database.value(f"SELECT count(*) {_MISSING}")), passages)

    def missing(self, limit: int) -> list[tuple[int, str]]:
        """Return (id, heading path and text) of passages without a vector, in the order of import."""
        rows = self._database.rows(f"SELECT p.n, p.path, p.body {_MISSING} ORDER BY p.n LIMIT ?", [limit])
        return [(row[0], f"{row[1]}\n{row[2]}") for row in rows]

    def put(self, vectors: Mapping[int, bytes]) -> None:
        """Store vectors by passage; those of passages that went away meanwhile are dropped."""
        with self._database.transaction():
            for number, vector in vectors.items():
                version = self._database.value("SELECT version_n FROM passages WHERE n = ?", [number])
                if version is not None:
                    row = [number, version, vector]
                    self._database.execute(MULTILINGUAL_VECTORS.upsert, [*row, checksum(row)])

    def vectors(self) -> tuple[list[int], list[int], bytes]:
        """Return passage ids, their version numbers, and their int8 vectors one after the other."""
        rows = self._database.rows(
            "SELECT x.passage_n, x.version_n, x.vector FROM multilingual_vectors x"
            " JOIN versions v ON v.n = x.version_n WHERE v.active = 1 ORDER BY x.passage_n"
        )
        return [row[0] for row in rows], [row[1] for row in rows], b"".join(row[2] for row in rows)
