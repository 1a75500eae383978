"""Reading one file: child processes with limits, from our copy to pages, blocks and passages.

Every file is read in a child of its own, so that nothing a hostile file does survives it; the next child
is started while this one works, which hides its start-up time.
"""

import asyncio
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

from hrdesk.core.documents import FileState, PassageText, ReadDocument
from hrdesk.core.errors import ChildStopped
from hrdesk.documents import passages
from hrdesk.documents.reading import wire
from hrdesk.documents.sentences import Refusal
from hrdesk.system.workers import PAGING, READING, ChildProcess

T = TypeVar("T")


class Reader:
    """Reads files into documents with pages. `files` is where laid-out copies are kept."""

    def __init__(self, files: Path) -> None:
        self._files = files
        self._spare: ChildProcess | None = None
        self._pagers: list[ChildProcess] = []

    async def read(
        self, copy: Path, name: str, sha256: str
    ) -> tuple[ReadDocument, list[PassageText]] | Refusal:
        """Return the document with pages and its passages, or why it has no place in the index."""
        try:
            document = await self._document(copy, name)
            if isinstance(document, Refusal):
                return document
            if not document.pages:
                document = await self._laid_out(document, sha256)
            cut = await asyncio.to_thread(passages.cut, document)
        except ChildStopped as stopped:
            return Refusal.because(FileState.STOPPED, stopped.reason)
        if not cut:
            return Refusal.because(FileState.NO_TEXT, "no_text")
        return document, cut

    async def aclose(self) -> None:
        """End the children that wait for work."""
        waiting = [*self._pagers, *([self._spare] if self._spare else [])]
        self._pagers, self._spare = [], None
        for child in waiting:
            await asyncio.to_thread(child.close)

    async def _document(self, copy: Path, name: str) -> ReadDocument | Refusal:
        """Read the file in a child that meets no other file; the next child starts meanwhile."""
        spare = _reading_child()
        child, self._spare = self._spare or _reading_child(), spare
        message = wire.request(copy, name)

        def work() -> ReadDocument | Refusal:
            seconds = wire.reading_seconds(copy.stat().st_size)
            return wire.parse(child.request(message, seconds=seconds)[0])

        try:
            await asyncio.to_thread(spare.start)
            return await _in_child(child, work)
        finally:
            await asyncio.to_thread(child.close)

    async def _laid_out(self, document: ReadDocument, sha256: str) -> ReadDocument:
        """Lay a document without pages out into a PDF beside our copy, written whole or not at all.

        What comes here has been reduced to plain text, so the child may serve the next document too.
        """
        child = self._pagers.pop() if self._pagers else ChildProcess(wire.PAGING_HANDLER, PAGING)
        message, seconds = wire.paging_request(document), wire.paging_seconds(document)
        try:
            paged = await _in_child(
                child, lambda: wire.parse_paged(*child.request(message, seconds=seconds), document)
            )
        except BaseException:
            await asyncio.to_thread(child.close)
            raise
        self._pagers.append(child)
        await asyncio.to_thread(_write, self._files / f"{sha256}.pages.pdf", paged.pdf)
        return paged.document


def _reading_child() -> ChildProcess:
    return ChildProcess(wire.READING_HANDLER, READING)


async def _in_child(child: ChildProcess, work: Callable[[], T]) -> T:
    """Run `work`, which asks `child`, in a thread; a cancelled wait ends the child."""
    try:
        return await asyncio.to_thread(work)
    except asyncio.CancelledError:
        child.kill()
        raise


def _write(path: Path, data: bytes) -> None:
    part = path.with_suffix(".part")
    part.write_bytes(data)
    part.replace(path)
