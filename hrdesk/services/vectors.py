"""The vectors of new passages, written in the background so that search by meaning follows search by words.

What is still to be done is in the store alone, so the work goes on after a restart or a crash, and every
import just says that there is more. Of several programs on one data folder one works and the others wait.
"""

import asyncio
import logging
import time
from collections.abc import AsyncIterator, Sequence

from hrdesk.core.errors import ChildStopped
from hrdesk.core.preparing import Preparing
from hrdesk.documents import embedding
from hrdesk.services.encoder import Encoder
from hrdesk.services.store_thread import StoreThread
from hrdesk.store.passages import PassageStore
from hrdesk.system.presence import Turn

log = logging.getLogger(__name__)

BATCH = 64  # passages written at once: about a second of work, which a crash may lose
PAUSE = 2.0  # seconds before the next try, or the next look whether another program has finished
_GIVE_UP = 3  # texts in a row that end the encoder are not the texts' fault
_SURE_AFTER = 4.0  # seconds of work before the time left is told

Numbered = Sequence[tuple[int, str]]


class VectorWriter:
    """Encodes passages that have no vector yet, in one task at a time, as long as there are any.

    `turn` is held while it works. `pause` is the time between tries in seconds.
    """

    def __init__(
        self, store: StoreThread, passages: PassageStore, encoder: Encoder, turn: Turn, pause: float = PAUSE
    ) -> None:
        self._store = store
        self._passages = passages
        self._encoder = encoder
        self._turn = turn
        self._pause = pause
        self._task: asyncio.Task[None] | None = None
        self._has_more = False
        self._preparing = Preparing()
        self._changed = asyncio.Event()

    def wake(self) -> None:
        """Say that there may be passages without vectors; returns at once. Does nothing without a model."""
        if not self._encoder.available:
            return
        self._has_more = True
        if self._task is None or self._task.done():
            self._task = asyncio.create_task(self._work(), name="write vectors")
            self._task.add_done_callback(_heard)

    async def complete(self) -> None:
        """Return when every passage has its vector. Raises `HrdeskError` when the encoder cannot work."""
        self.wake()
        if self._task is not None:
            await asyncio.shield(self._task)

    async def follow(self) -> AsyncIterator[Preparing]:
        """Yield how far the work is, now and whenever that changes; ends with the work, at total 0."""
        while self._task is not None and not self._task.done():
            changed = self._changed
            yield self._preparing
            await changed.wait()
        yield Preparing()

    async def aclose(self) -> None:
        """Stop; the next start goes on."""
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)

    async def _work(self) -> None:
        progress, counted = _Progress(), 0
        try:
            while True:
                if self._has_more:
                    self._has_more = False
                    more, counted = await self._store(self._passages.count_without_vectors, counted)
                    progress.total += more
                    self._tell(progress.now())
                if not self._turn.take():
                    await asyncio.sleep(self._pause)
                    continue
                batch = await self._store(self._passages.without_vectors, BATCH)
                if batch:
                    vectors = await self._encoded(batch)
                    await self._store(self._passages.set_vectors, vectors, batch[-1][0])
                    progress.done += len(batch)
                    self._tell(progress.now())
                else:
                    await self._store(self._passages.all_seen, counted)
                    if not self._has_more:
                        return
        finally:
            self._turn.give()
            self._tell(Preparing())

    def _tell(self, preparing: Preparing) -> None:
        self._preparing = preparing
        self._changed.set()
        self._changed = asyncio.Event()

    async def _encoded(self, batch: Numbered) -> dict[int, bytes]:
        """Return the vectors of a batch. Should a text end the encoder, it alone stays without."""
        try:
            return await self._vectors(batch)
        except ChildStopped as stopped:
            log.warning("The encoder stopped (%s); trying text by text", stopped.reason)
        found: dict[int, bytes] = {}
        refused = 0
        for one in batch:
            try:
                found |= await self._vectors([one])
                refused = 0
            except ChildStopped:
                refused += 1
                if refused == _GIVE_UP:
                    raise
                await asyncio.sleep(self._pause)  # a computer short of memory needs a moment
        return found

    async def _vectors(self, batch: Numbered) -> dict[int, bytes]:
        encoded = await self._encoder.vectors([text for _, text in batch])
        vectors = [] if encoded is None else await asyncio.to_thread(embedding.pack, encoded)
        return dict(zip((number for number, _ in batch), vectors, strict=True))


class _Progress:
    """Counts the work of one task, and guesses from its pace how long the rest takes."""

    def __init__(self) -> None:
        self.done = self.total = 0
        self._started = time.monotonic()

    def now(self) -> Preparing:
        spent = time.monotonic() - self._started
        sure = self.done and spent >= _SURE_AFTER
        total = max(self.total, self.done)
        return Preparing(self.done, total, spent / self.done * (total - self.done) if sure else None)


def _heard(task: asyncio.Task[None]) -> None:
    """Log the trouble that ended the work; `complete` raises it too, and the next `wake` tries again."""
    if not task.cancelled() and (error := task.exception()) is not None:
        log.warning("The vectors of passages could not be written", exc_info=error)
