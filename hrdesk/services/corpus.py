"""What a search keeps in memory of the library, so that a query does not read it all again.

Where the passages of each version lie, their vectors, how many passages a word occurs in, and which versions
are in force: all as of one generation of the store. A publication changes only what it brought: the vectors
of other passages stay where they are. Everything here runs in the store's thread.
"""

from collections.abc import Iterable
from datetime import date, datetime
from typing import TYPE_CHECKING

from hrdesk.core.documents import Filters
from hrdesk.documents import languages
from hrdesk.documents.matrix import Matrix
from hrdesk.documents.ranking import DEPTH
from hrdesk.store.documents import DocumentStore
from hrdesk.store.passages import PassageStore

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    Numbers = npt.NDArray[np.int64]

_AT_ONCE = 20_000  # vectors read from the store in one query: about 10 MB
_SAMPLED, _READ = 64, 400  # passages, and characters of each, that tell the library's languages
_MORE = 4  # times as many hits are asked for when too few of them were allowed


class Corpus:
    """The library as a search sees it; `refresh` first, then ask."""

    def __init__(self, documents: DocumentStore, passages: PassageStore) -> None:
        self._documents = documents
        self._passages = passages
        self._generation = -1
        self._encoded_through = -1
        self._extents = _Extents([])
        self._matrix = Matrix()
        self._frequencies: dict[str, int] = {}
        self._allowed: dict[tuple[Filters, date], set[int] | None] = {}
        self._languages: tuple[str, ...] = ()

    def refresh(self) -> None:
        """Forget what another generation of the store, written by any process, has made untrue."""
        generation = self._passages.generation()
        if generation == self._generation:
            return
        self._extents = _Extents(self._passages.extents())
        self._matrix.keep(self._extents.versions_of(self._matrix.ids) == self._matrix.versions)
        self._frequencies.clear()
        self._allowed.clear()
        self._languages = ()
        self._encoded_through = -1
        self._generation = generation

    @property
    def passages(self) -> int:
        """How many passages can be found."""
        return self._extents.count()

    def frequencies(self, words: Iterable[str]) -> dict[str, int]:
        """Return in how many passages each word occurs, in any of its inflections."""
        wanted = list(words)
        missing = [word for word in wanted if word not in self._frequencies]
        self._frequencies |= self._passages.document_frequencies(missing)
        return {word: self._frequencies[word] for word in wanted}

    def languages(self) -> tuple[str, ...]:
        """Return the languages that the policies are written in, the commonest first."""
        if not self._languages:
            texts = [text[:_READ] for text in self._passages.sample(_SAMPLED)]
            self._languages = languages.of_library(texts)
        return self._languages

    def allowed(self, filters: Filters) -> set[int] | None:
        """Return the numbers of the versions a search may use today, None for all."""
        key = (filters, datetime.now().astimezone().date())
        if key not in self._allowed:
            self._allowed[key] = self._documents.eligible_versions(*key)
        return self._allowed[key]

    def lexical(self, expression: str, allowed: set[int] | None) -> list[tuple[int, float]]:
        """Return (passage id, BM25) of the best passages of the allowed versions, best first.

        SQLite would look up the version of every hit, which takes many times as long as the search; so
        some more hits are asked for than are needed, by the share of the allowed passages.
        """
        share = self._extents.count(allowed) / max(1, self.passages)
        if not expression or not share:
            return []
        depth = DEPTH if allowed is None else round(2 * DEPTH / share)
        while True:
            hits = self._passages.lexical(expression, depth)
            found = hits if allowed is None else self._only(hits, allowed)
            if len(found) >= DEPTH or len(hits) < depth:
                return found[:DEPTH]
            depth *= _MORE

    def vectors(self) -> Matrix:
        """Return the vectors of the passages that can be found, as far as there are any."""
        through = self._passages.encoded_through()
        if through != self._encoded_through:
            for first, last in self._extents.gaps(self._matrix.versions):
                for start in range(first, last + 1, _AT_ONCE):
                    self._matrix.add(*self._passages.vectors(start, min(last, start + _AT_ONCE - 1)))
            self._encoded_through = through
        return self._matrix

    def without_vectors(self, allowed: set[int] | None) -> int:
        """Return how many passages of the allowed versions had no vector at the last look."""
        return self._extents.count(allowed) - len(self._matrix.visible(allowed))

    def _only(self, hits: list[tuple[int, float]], allowed: set[int]) -> list[tuple[int, float]]:
        versions = self._extents.versions_of([number for number, _ in hits]).tolist()
        return [hit for hit, version in zip(hits, versions, strict=True) if version in allowed]


class _Extents:
    """Where the passages of versions lie: version, first and last id, in order of the ids."""

    def __init__(self, extents: "Iterable[tuple[int, int, int]]") -> None:
        import numpy as np

        table = np.array(list(extents), np.int64).reshape(-1, 3)
        self._versions, self._first, self._last = table.T

    def count(self, allowed: set[int] | None = None) -> int:
        """Return how many passages these versions have, or all of them."""
        import numpy as np

        sizes = self._last - self._first + 1
        if allowed is not None:
            sizes = sizes[np.isin(self._versions, np.fromiter(allowed, np.int64, len(allowed)))]
        return int(sizes.sum())

    def versions_of(self, ids: "Numbers | list[int]") -> "Numbers":
        """Return the version of each passage, -1 for one that cannot be found."""
        import numpy as np

        if not len(self._first):
            return np.full(len(ids), -1, np.int64)
        numbers = np.asarray(ids, np.int64)
        place = np.maximum(self._first.searchsorted(numbers, "right") - 1, 0)
        inside = (self._first[place] <= numbers) & (numbers <= self._last[place])
        return np.where(inside, self._versions[place], -1)

    def gaps(self, known: "Numbers") -> list[tuple[int, int]]:
        """Return the (first, last) ids of passages of which there may be vectors that are not `known`.

        `known` are the versions of the vectors that are; neighbours are joined.
        """
        import numpy as np

        found, counts = np.unique(known, return_counts=True)
        there = dict(zip(found.tolist(), counts.tolist(), strict=True))
        gaps: list[tuple[int, int]] = []
        for version, first, last in zip(*(one.tolist() for one in self._columns()), strict=True):
            if there.get(version, 0) > last - first:
                continue
            if gaps and gaps[-1][1] + 1 == first:
                gaps[-1] = gaps[-1][0], last
            else:
                gaps.append((first, last))
        return gaps

    def _columns(self) -> "tuple[Numbers, Numbers, Numbers]":
        return self._versions, self._first, self._last
