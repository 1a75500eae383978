"""Vectors of the multilingual pack: a second set beside `vectors`, for questions in other languages."""

from collections.abc import Mapping
from dataclasses import dataclass

from hrdesk.core.documents import Coverage
from hrdesk.store.database import Database
from hrdesk.store.rows import Table, checksum

MULTILINGUAL_VECTORS = Table("multilingual_vectors", ("passage_n", "version_n", "vector"), key=("passage_n",))
_ACTIVE = "JOIN versions v ON v.n = p.version_n WHERE v.active = 1"
_STRETCH = 2_000  # passages looked at in one call: the search waits behind it for a few milliseconds


@dataclass(frozen=True, slots=True)
class Missing:
    """Passages (id, heading path and text) without a vector; `place` is where to go on, None at the end."""

    passages: tuple[tuple[int, str], ...]
    place: int | None


class MultilingualStore:
    """Reads and writes multilingual vectors. They go with their passage."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def coverage(self) -> Coverage:
        """Return how many passages there are, and how many have their vector."""
        return Coverage(self._count("multilingual_vectors"), self._count("passages"))

    def missing(self, after: int = 0) -> Missing:
        """Return passages without a vector among the next ones behind the id `after`."""
        last = self._database.value(
            "SELECT max(n) FROM (SELECT n FROM passages WHERE n > ? ORDER BY n LIMIT ?)", [after, _STRETCH]
        )
        if last is None:
            return Missing((), None)
        rows = self._database.rows(
            f"SELECT p.n, p.path, p.body FROM passages p {_ACTIVE} AND p.n > ? AND p.n <= ?"  # noqa: S608
            " AND NOT EXISTS (SELECT 1 FROM multilingual_vectors x WHERE x.passage_n = p.n) ORDER BY p.n",
            [after, last],
        )
        return Missing(tuple((row[0], f"{row[1]}\n{row[2]}") for row in rows), int(last))

    def put(self, vectors: Mapping[int, bytes]) -> None:
        """Store vectors by passage; those of passages that went away meanwhile are dropped."""
        with self._database.transaction():
            for number, vector in vectors.items():
                version = self._database.value("SELECT version_n FROM passages WHERE n = ?", [number])
                if version is not None:
                    row = [number, version, vector]
                    self._database.execute(MULTILINGUAL_VECTORS.upsert, [*row, checksum(row)])
            self._database.execute(
                "INSERT INTO meta (name, value) VALUES ('multilingual', '1')"
                " ON CONFLICT (name) DO UPDATE SET value = CAST(value AS INTEGER) + 1"
            )

    def generation(self) -> tuple[str, ...]:
        """Return what changes whenever `vectors` returns something else, in any process."""
        rows = self._database.rows(
            "SELECT value FROM meta WHERE name IN ('generation', 'multilingual') ORDER BY name"
        )
        return tuple(row[0] for row in rows)

    def vectors(self) -> tuple[list[int], list[int], bytes]:
        """Return passage ids, their version numbers, and their int8 vectors one after the other."""
        rows = self._database.rows(
            f"SELECT p.passage_n, p.version_n, p.vector FROM multilingual_vectors p {_ACTIVE}"  # noqa: S608
            " ORDER BY p.passage_n"
        )
        return [row[0] for row in rows], [row[1] for row in rows], b"".join(row[2] for row in rows)

    def _count(self, table: str) -> int:
        return int(self._database.value(f"SELECT count(*) FROM {table} p {_ACTIVE}"))  # noqa: S608
