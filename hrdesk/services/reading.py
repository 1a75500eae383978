"""Reading one file: child processes with limits, from our copy to pages, blocks and passages.

Every file gets a child of its own, so that nothing a hostile file does survives it; the next child is
started while this one works, which hides its start-up time.
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
from hrdesk.system.workers import PAGING, READING, ChildProcess, Limits

T = TypeVar("T")


class Reader:
    """Reads files into documents with pages. `files` is where laid-out copies are kept."""

    def __init__(self, files: Path) -> None:
        self._files = files
        self._spare: ChildProcess | None = None

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
        """End the spare child."""
        if self._spare is not None:
            await asyncio.to_thread(self._spare.close)
            self._spare = None

    async def _document(self, copy: Path, name: str) -> ReadDocument | Refusal:
        message = wire.request(copy, name)
        child, self._spare = self._spare or _child(wire.READING_HANDLER, READING), None
        return await self._with(
            child,
            lambda: wire.parse(child.request(message, seconds=wire.reading_seconds(copy.stat().st_size))[0]),
        )

    async def _laid_out(self, document: ReadDocument, sha256: str) -> ReadDocument:
        """Lay a document without pages out into a PDF beside our copy, written whole or not at all."""
        child = _child(wire.PAGING_HANDLER, PAGING)
        message, seconds = wire.paging_request(document), wire.paging_seconds(document)
        paged = await self._with(
            child, lambda: wire.parse_paged(*child.request(message, seconds=seconds), document)
        )
        await asyncio.to_thread(_write, self._files / f"{sha256}.pages.pdf", paged.pdf)
        return paged.document

    async def _with(self, child: ChildProcess, work: Callable[[], T]) -> T:
        if self._spare is None:
            self._spare = _child(wire.READING_HANDLER, READING)
            await asyncio.to_thread(self._spare.start)
        try:
            return await asyncio.to_thread(work)
        except asyncio.CancelledError:
            child.kill()
            raise
        finally:
            await asyncio.to_thread(child.close)


def _child(handler: str, limits: Limits) -> ChildProcess:
    return ChildProcess(handler, limits)


def _write(path: Path, data: bytes) -> None:
    part = path.with_suffix(".part")
    part.write_bytes(data)
    part.replace(path)
