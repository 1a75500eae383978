"""The company's own words: kept by whoever looks after the library, used in every search.

Input is checked with a sentence for everything that a search could not use, or that would spoil it.
"""

import asyncio
import csv
import io
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from hrdesk.core.errors import HrdeskError, NotFound
from hrdesk.core.ids import new_id
from hrdesk.core.synonyms import Synonym
from hrdesk.documents.words import STOP, stem, words
from hrdesk.services.store_thread import StoreThread
from hrdesk.store.synonyms import SynonymStore

MOST = 500  # of all: company jargon, not a dictionary; every question is compared with each
MOST_WORDS = 6  # of one side
MOST_BYTES = 1_000_000  # of a file to import
LONGEST = 80  # characters of one side
HEAD = ("term", "meaning")
_EDGES = re.compile(r"^\W+|\W+$")


@dataclass(frozen=True, slots=True)
class Imported:
    """What came of a file: how many synonyms are new, and how many lines were left out."""

    added: int
    left_out: int


class SynonymService:
    """Keeps synonyms; what is removed can be restored."""

    def __init__(self, store: StoreThread, synonyms: SynonymStore) -> None:
        self._store = store
        self._synonyms = synonyms

    async def synonyms(self) -> list[Synonym]:
        """Return the synonyms in the order in which they were added."""
        return await self._store(self._synonyms.synonyms)

    async def add(self, term: str, meaning: str) -> Synonym:
        """Keep a synonym and return it tidied. Raises `HrdeskError` for one that is of no use."""
        return await self._store(self._put, Synonym(term, meaning, new_id("synonym")))

    async def change(self, synonym: Synonym) -> Synonym:
        """Write a synonym that is kept already. Raises as `add` does, and `NotFound`."""
        await self._store(self._synonyms.synonym, synonym.id)
        return await self._store(self._put, synonym)

    async def remove(self, synonym_id: str) -> None:
        """Take a synonym out; `restore` brings it back."""
        await self._store(self._synonyms.remove, synonym_id)

    async def remove_word(self, word: str) -> list[Synonym]:
        """Take out every synonym that has `word` on one side, and return them. Raises `NotFound`."""
        found = [one for one in await self.synonyms() if _key(word) in (_key(one.term), _key(one.meaning))]
        if not found:
            raise NotFound(f"There is no synonym “{word}”.")
        for one in found:
            await self.remove(one.id)
        return found

    async def restore(self, synonym_id: str) -> None:
        """Bring a removed synonym back."""
        await self._store(self._synonyms.remove, synonym_id, removed=False)

    async def import_csv(self, path: Path) -> Imported:
        """Keep the synonyms of a table with two columns; lines that are of no use are left out.

        Raises `HrdeskError` for a file that is no such table.
        """
        rows = await asyncio.to_thread(_read_table, path)
        return await self._store(self._put_all, rows)

    async def export_csv(self, path: Path) -> int:
        """Write the synonyms as a table that `import_csv` reads; return how many."""
        kept = await self.synonyms()
        table = io.StringIO()
        csv.writer(table).writerows([HEAD, *((one.term, one.meaning) for one in kept)])
        try:
            # With the mark that lets spreadsheets read it as UTF-8.
            await asyncio.to_thread(path.write_bytes, table.getvalue().encode("utf-8-sig"))
        except OSError as error:
            raise HrdeskError(f"{path.name} cannot be written.", "Choose another folder.") from error
        return len(kept)

    def _put(self, synonym: Synonym) -> Synonym:
        tidy = checked(synonym, self._synonyms.synonyms())
        self._synonyms.put([tidy])
        return tidy

    def _put_all(self, rows: Sequence[tuple[str, str]]) -> Imported:
        kept = self._synonyms.synonyms()
        fresh: list[Synonym] = []
        for term, meaning in rows:
            try:
                fresh.append(checked(Synonym(term, meaning, new_id("synonym")), [*kept, *fresh]))
            except HrdeskError:
                continue
        self._synonyms.put(fresh)
        return Imported(len(fresh), len(rows) - len(fresh))


def checked(synonym: Synonym, kept: Sequence[Synonym]) -> Synonym:
    """Return a synonym tidied. Raises `HrdeskError` where it is of no use beside those that are kept.

    Signs at the ends go: the search reads words only, and a spreadsheet would take some for a formula.
    """
    tidy = replace(synonym, term=_tidied(synonym.term), meaning=_tidied(synonym.meaning))
    for side in (tidy.term, tidy.meaning):
        _check_side(side)
    if _key(tidy.term) == _key(tidy.meaning):
        raise HrdeskError(
            f"“{tidy.term}” and “{tidy.meaning}” are the same to the search.",
            "It finds singular, plural and other forms of a word by itself.",
        )
    others = [one for one in kept if one.id != tidy.id]
    sides = {_key(tidy.term), _key(tidy.meaning)}
    if any({_key(one.term), _key(one.meaning)} == sides for one in others):
        raise HrdeskError(f"“{tidy.term}” and “{tidy.meaning}” are kept as synonyms already.")
    if len(others) >= MOST:
        raise HrdeskError(f"The library keeps at most {MOST} synonyms.", "Remove some that are not needed.")
    return tidy


def _check_side(side: str) -> None:
    found = words(side)
    if not found:
        raise HrdeskError("A synonym needs a word on both sides.", "For example: PTO, annual leave.")
    if len(found) > MOST_WORDS or len(side) > LONGEST:
        raise HrdeskError(
            "A synonym is a word or a short phrase.",
            f"Use at most {MOST_WORDS} words and {LONGEST} characters.",
        )
    if all(word in STOP for word in found):
        raise HrdeskError(
            f"“{side}” is too common: nearly every question has it.", "Choose a word that says more."
        )


def _tidied(text: str) -> str:
    return _EDGES.sub("", " ".join(text.split()))


def _key(side: str) -> tuple[str, ...]:
    return tuple(stem(word) for word in words(side))


def _read_table(path: Path) -> list[tuple[str, str]]:
    try:
        with path.open("rb") as file:
            content = file.read(MOST_BYTES + 1)
        if len(content) > MOST_BYTES:
            raise HrdeskError(f"{path.name} is too large to be a list of synonyms.")
        text = content.decode("utf-8-sig")
        rows = [
            row for row in csv.reader(io.StringIO(text), _dialect(text)) if any(cell.strip() for cell in row)
        ]
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise HrdeskError(
            f"{path.name} cannot be read.", "Give a table with two columns, saved as CSV in UTF-8."
        ) from error
    if not rows or any(len(row) < len(HEAD) for row in rows):
        raise HrdeskError(
            f"{path.name} is not a list of synonyms.", "Each line needs two columns: PTO, annual leave."
        )
    pairs = [(row[0], row[1]) for row in rows]
    return pairs[1:] if tuple(cell.strip().lower() for cell in pairs[0]) == HEAD else pairs


def _dialect(text: str) -> type[csv.Dialect]:
    """Return how the table is written: with commas, or semicolons or tabs as some spreadsheets do."""
    first = text.partition("\n")[0]

    class Found(csv.excel):
        delimiter = max(",;\t", key=first.count)

    return Found
