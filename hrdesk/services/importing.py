"""Imports under way: few files at the same time, and a gate that holds back the next ones."""

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace

from hrdesk.core.documents import LibraryFile

AT_ONCE = 2  # files read at the same time, by all imports together; one encoder serves them all
STORAGE = "storage"
"""The reason why a file ends that could not be written down, and why imports pause then."""


@dataclass(frozen=True, slots=True)
class Work:
    """One file on its way: its row, the password for this reading, and where its states are told."""

    file: LibraryFile
    states: "asyncio.Queue[LibraryFile | None]"
    password: str | None = field(default=None, repr=False)

    def tell(self, file: LibraryFile) -> None:
        """Say where the file stands."""
        self.states.put_nowait(replace(file, size=self.file.size))

    def tell_page(self, file: LibraryFile, done: int, total: int) -> None:
        """Say which of the pages is being recognised."""
        words = f"Recognising text: page {min(done + 1, total)} of {total}."
        self.tell(replace(file, message=words, done=done / max(1, total)))


class Turns:
    """Lets files be read in turn while the gate is open. A file that is being read goes on when it closes."""

    def __init__(self) -> None:
        self._open = asyncio.Event()
        self._open.set()
        self._slots = asyncio.Semaphore(AT_ONCE)
        self.because = ""

    @property
    def is_paused(self) -> bool:
        """Whether no further file is begun."""
        return not self._open.is_set()

    def pause(self, because: str = "") -> None:
        """Begin no further file; `because` is the reason, empty for a wish of the user."""
        self.because = because
        self._open.clear()

    def go_on(self) -> None:
        """Begin with the next files again."""
        self.because = ""
        self._open.set()

    @asynccontextmanager
    async def turn(self) -> AsyncIterator[None]:
        """Wait until a file may be read, and keep others waiting while it is."""
        async with self._slots:
            await self._open.wait()
            yield


class Imports:
    """All imports of one process. `carry` brings one file to its end; `rest` is called when none is left."""

    def __init__(self, carry: Callable[[Work], Awaitable[None]], rest: Callable[[], Awaitable[None]]) -> None:
        self.turns = Turns()
        self._carry, self._rest = carry, rest
        self._running = 0

    async def run(
        self, rows: Sequence[LibraryFile], password: str | None = None
    ) -> AsyncGenerator[LibraryFile, None]:
        """Carry files, and yield every state of each. Leaving the iteration stops the work on them."""
        states: asyncio.Queue[LibraryFile | None] = asyncio.Queue()
        waiting = list(reversed(rows))
        for row in rows:
            states.put_nowait(row)

        async def work() -> None:
            while waiting:
                async with self.turns.turn():
                    if waiting:
                        await self._carry(Work(waiting.pop(), states, password))

        async def work_all() -> None:
            try:
                async with asyncio.TaskGroup() as group:
                    for _ in range(min(AT_ONCE, len(rows))):
                        group.create_task(work())
            finally:
                states.put_nowait(None)

        importing = asyncio.create_task(work_all(), name="import")
        self._running += 1
        try:
            while (state := await states.get()) is not None:
                yield state
            await importing
        finally:
            importing.cancel()
            await asyncio.gather(importing, return_exceptions=True)
            self._running -= 1
            if not self._running:  # children that wait for more files hold memory
                await self._rest()
