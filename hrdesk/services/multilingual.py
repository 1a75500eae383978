"""The multilingual pack at work: vectors of passages in the background, and of questions when they are asked.

Everything it does waits behind the English search: its process has a low priority, its batches are small, and
the store is asked for little at a time. Without the pack nothing here does anything.
"""

import asyncio
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Protocol

from hrdesk.core.documents import Coverage
from hrdesk.core.errors import ChildStopped, HrdeskError
from hrdesk.documents import multilingual, ranking
from hrdesk.services.store_thread import StoreThread
from hrdesk.store.multilingual import MultilingualStore
from hrdesk.system.workers import ChildProcess, Limits

# The code of the pack is not ours: it may not write a byte, and its memory is bounded.
LIMITS = Limits(memory_bytes=2 * 2**30, cpu_seconds=0, open_files=64, file_bytes=0, niceness=10)
_BATCH = 4  # passages: a question waits for at most one batch, well under a second
_SECONDS = 120.0


class ForeignEncoder(Protocol):
    """What makes the vectors: the pack, or nothing."""

    available: bool

    async def vectors(self, texts: Sequence[str]) -> bytes:
        """Return one row for each text. Raises `ChildStopped`, and `HrdeskError` for a damaged pack."""

    async def aclose(self) -> None:
        """End what makes them."""


class MultilingualEncoder:
    """Vectors (512 float32, little endian, length 1) from a child that starts at first need."""

    def __init__(self) -> None:
        self.available = multilingual.available()
        self._child = ChildProcess("hrdesk.documents.multilingual:handle", LIMITS)
        self._turn = threading.Lock()

    async def vectors(self, texts: Sequence[str]) -> bytes:
        """Return one row for each text. Raises `ChildStopped`, and `HrdeskError` for a damaged pack."""
        payload = await asyncio.to_thread(self._ask, list(texts))
        if len(payload) != len(texts) * multilingual.DIMENSIONS * 4:
            raise ChildStopped("protocol", "The multilingual pack gave an answer of the wrong size.")
        return payload

    def _ask(self, texts: list[str]) -> bytes:
        # Held in the thread: a request whose caller was cancelled still has the child until its answer came.
        with self._turn:
            return self._child.request({"texts": texts}, seconds=_SECONDS)[1]

    async def aclose(self) -> None:
        """End the process."""
        await asyncio.to_thread(self._child.close)


@dataclass(frozen=True, slots=True)
class Question:
    """A question in another language: its vector, and the sentence that says how it was understood."""

    vector: bytes
    notice: str


class MultilingualPack:
    """Questions in other languages, if the pack is `installed`."""

    def __init__(self, store: StoreThread, vectors: MultilingualStore, encoder: ForeignEncoder) -> None:
        self._store = store
        self._vectors = vectors
        self._encoder = encoder
        self._kept = multilingual.Vectors()
        self._generation: tuple[str, ...] | None = None

    @property
    def installed(self) -> bool:
        """Whether the pack is there."""
        return self._encoder.available

    async def coverage(self) -> Coverage:
        """Return how many passages are ready for questions in other languages."""
        return await self._store(self._vectors.coverage)

    async def question(self, query: str, spoken: Sequence[str]) -> Question | None:
        """Return what a question is compared by; None where the pack cannot help, now or at all.

        `spoken` are the languages of the policies.
        """
        if not self.installed or not multilingual.understands(query):
            return None
        coverage = await self.coverage()
        if not coverage.ready:
            return None
        try:
            return Question(
                await self._encoder.vectors([query]), multilingual.notice(query, coverage, spoken)
            )
        except HrdeskError:  # the English search still works; the next question starts the pack anew
            return None

    async def vectors(self, texts: Sequence[str]) -> bytes | None:
        """Return vectors of a few texts, such as sentences; None where the pack cannot help."""
        try:
            return await self._encoder.vectors(texts) if self.installed else None
        except HrdeskError:
            return None

    def nearest(self, question: Question, allowed: set[int] | None) -> list[ranking.Fused]:
        """Return the passages nearest to a question, of the versions `allowed`; in the store's thread."""
        generation = self._vectors.generation()
        if generation != self._generation:
            self._kept = multilingual.Vectors(*self._vectors.vectors())
            self._generation = generation
        return self._kept.nearest(question.vector, allowed)

    async def fill(self, progress: Callable[[Coverage], None] = lambda _coverage: None) -> None:
        """Make the vectors that are missing. May be left at any time: what was made is kept.

        Raises `HrdeskError` for a damaged pack and `ChildStopped` when its process ends.
        """
        coverage = await self.coverage()
        place: int | None = 0
        while self.installed and place is not None:
            missing = await self._store(self._vectors.missing, place)
            for start in range(0, len(missing.passages), _BATCH):
                batch = missing.passages[start : start + _BATCH]
                made = await self._encoder.vectors([text for _, text in batch])
                packed = multilingual.pack(made)
                numbers = [number for number, _ in batch]
                await self._store(self._vectors.put, dict(zip(numbers, packed, strict=True)))
                coverage = replace(coverage, ready=min(coverage.ready + len(batch), coverage.passages))
                progress(coverage)
            place = missing.place

    async def aclose(self) -> None:
        """End the pack's process."""
        await self._encoder.aclose()
