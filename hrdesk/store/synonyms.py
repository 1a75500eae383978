"""The company's own words, as the library keeps them."""

from collections.abc import Sequence

from hrdesk.core.errors import NotFound
from hrdesk.core.synonyms import Synonym
from hrdesk.store.database import Database, Row
from hrdesk.store.rows import Table, put

SYNONYMS = Table("synonyms", ("id", "term", "meaning", "removed"))


class SynonymStore:
    """Reads and writes synonyms. A removed one keeps its row, so that it can be brought back."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def synonyms(self) -> list[Synonym]:
        """Return the synonyms in the order in which they were added."""
        return [
            _synonym(row)
            for row in self._database.rows("SELECT * FROM synonyms WHERE NOT removed ORDER BY n")
        ]

    def synonym(self, synonym_id: str) -> Synonym:
        """Return one, also a removed one. Raises `NotFound`."""
        row = self._database.row("SELECT * FROM synonyms WHERE id = ?", [synonym_id])
        if row is None:
            raise NotFound("This synonym is no longer in the library.")
        return _synonym(row)

    def put(self, synonyms: Sequence[Synonym]) -> None:
        """Write synonyms, new or changed, all or none."""
        with self._database.transaction():
            for one in synonyms:
                self._write(one, removed=False)

    def remove(self, synonym_id: str, *, removed: bool = True) -> None:
        """Take a synonym out, or bring it back. Raises `NotFound`."""
        with self._database.transaction():
            self._write(self.synonym(synonym_id), removed=removed)

    def _write(self, one: Synonym, *, removed: bool) -> None:
        values = {"id": one.id, "term": one.term, "meaning": one.meaning, "removed": int(removed)}
        put(self._database, SYNONYMS, values)


def _synonym(row: Row) -> Synonym:
    return Synonym(row["term"], row["meaning"], row["id"])
