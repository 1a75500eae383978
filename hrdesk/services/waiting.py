"""The files that wait to be read: held back, dropped, brought back, and what a killed import left of them."""

import asyncio
import logging
from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path

from hrdesk.core.errors import HrdeskError
from hrdesk.documents import intake
from hrdesk.services.importing import Turns
from hrdesk.services.store_thread import StoreThread
from hrdesk.store.documents import DocumentStore

log = logging.getLogger(__name__)


class WaitingFiles:
    """What can be done with files before they are read. `files` is the folder of our own copies."""

    def __init__(
        self,
        store: StoreThread,
        documents: DocumentStore,
        files: Path,
        turns: Turns,
        is_alone: Callable[[], bool],
    ) -> None:
        self._store, self._documents = store, documents
        self._files, self._turns, self._is_alone = files, turns, is_alone
        self._settling = asyncio.Lock()
        self._is_settled = False

    @property
    def is_paused(self) -> bool:
        """Whether files wait although they could be read."""
        return self._turns.is_paused

    @property
    def because(self) -> str:
        """Why they wait: "storage" where the disk is full, empty for a wish of the user."""
        return self._turns.because

    async def pause(self) -> None:
        """Begin no further file, also after the next start; files that are being read are finished."""
        self._turns.pause()
        await self._store(self._documents.set_paused, paused=True)

    async def go_on(self) -> None:
        """Begin with the next files again."""
        self._turns.go_on()
        if await self._store(self._documents.was_paused):  # a full disk refuses to write
            await self._store(self._documents.set_paused, paused=False)

    async def restore_pause(self) -> bool:
        """Pause if an earlier start was left paused with files waiting, and return whether that is so."""
        waiting = await self._store(self._documents.waiting)
        paused = await self._store(self._documents.was_paused)
        if waiting and paused:
            self._turns.pause()
        return self._turns.is_paused

    async def drop(self) -> list[str]:
        """Take all files out that were not read yet, and return their ids; `put_back` undoes it.

        The imports must have been left before.
        """
        ids = [file.id for file in await self._store(self._documents.waiting)]
        await self._store(self._documents.set_removed, ids, removed=True)
        return ids

    async def put_back(self, file_ids: Sequence[str]) -> None:
        """Bring removed files back; those that were not read yet wait for `resume`."""
        await self._store(self._documents.set_removed, file_ids, removed=False)

    async def settle(self) -> None:
        """Delete, once in a start, what an import that was killed left in our folder.

        Nothing is deleted while another hrdesk has the data folder open: it may be importing.
        """
        async with self._settling:
            if self._is_settled or not self._is_alone():
                return
            self._is_settled = True
            with suppress(HrdeskError):  # a full disk refuses this too, but what is deleted next makes room
                await self._store(self._documents.forget_dropped)
            known = await self._store(self._documents.contents)
            with suppress(OSError):
                deleted = await asyncio.to_thread(intake.sweep, self._files, known)
                log.info("Deleted %d files that an import had left behind", deleted)
