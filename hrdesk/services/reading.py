"""Reading one file: child processes with limits, from our copy to pages, blocks and passages.

Every file is read in a child of its own, so that nothing a hostile file does survives it. Where the system
can fork, the child comes from a nursery that has loaded the readers; else the next child is started while
this one works, which hides its start-up time.
"""

import asyncio
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

from hrdesk.core.documents import FileState, PassageText, ReadDocument
from hrdesk.core.errors import ChildStopped
from hrdesk.documents import passages, scans
from hrdesk.documents.reading import wire
from hrdesk.documents.sentences import Refusal
from hrdesk.system.workers import PAGING, READING, ChildProcess, Limits, nursery_for

T = TypeVar("T")

# Reads a scan: page after page for minutes, so CPU seconds are not counted; the wall clock bounds it.
RECOGNISING = Limits(memory_bytes=3 * 2**30, cpu_seconds=0, open_files=128, niceness=10)


class Reader:
    """Reads files into documents with pages. `files` is where laid-out copies are kept."""

    def __init__(self, files: Path) -> None:
        self._files = files
        self._nursery = nursery_for(wire.READING_HANDLER, READING, wire.READERS)
        self._spare: ChildProcess | None = None
        self._pagers: list[ChildProcess] = []

    async def read(
        self, copy: Path, name: str, sha256: str
    ) -> tuple[ReadDocument, list[PassageText]] | Refusal:
        """Return the document with pages and its passages, or why it has no place in the index."""
        try:
            document = await self._document(copy, name, sha256)
            if isinstance(document, Refusal):
                return document
            if not document.pages:
                document = await self._laid_out(document, sha256)
            await asyncio.to_thread(_keep_words, self._files / f"{sha256}{scans.SUFFIX}", document)
            cut = await asyncio.to_thread(_passages, document)
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
        if self._nursery is not None:
            await asyncio.to_thread(self._nursery.close)

    async def _document(self, copy: Path, name: str, sha256: str) -> ReadDocument | Refusal:
        """Read the file in a child that meets no other file; the next child starts meanwhile.

        Where pages are pictures and text can be recognised, the file is read once more with far more time. If
        that goes wrong, what was read without it stands.
        """
        spare = self._reading_child()
        child, self._spare = self._spare or self._reading_child(), spare
        try:
            seconds = await asyncio.to_thread(_started, spare, copy)
        except BaseException:
            await asyncio.to_thread(child.close)
            raise
        answer, _ = await _asked_once(child, wire.request(copy, name), seconds)
        read = wire.parse(answer)
        if not wire.wants_recognition(answer):
            return read
        child = ChildProcess(wire.READING_HANDLER, RECOGNISING)
        seconds = wire.RECOGNISING_SECONDS + wire.RECOGNISING_GRACE
        try:
            answer, view = await _asked_once(child, wire.recognising_request(copy, name), seconds)
            recognised, view = wire.parse(answer), wire.parse_view(view)
        except ChildStopped:
            return read
        if view and isinstance(recognised, ReadDocument):
            await asyncio.to_thread(_write, self._files / f"{sha256}.pages.pdf", view)
        return recognised

    def _reading_child(self) -> ChildProcess:
        return ChildProcess(wire.READING_HANDLER, READING, self._nursery)

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


def _started(spare: ChildProcess, copy: Path) -> float:
    """Start the next child and return the seconds that this file may take."""
    spare.start()
    return wire.reading_seconds(copy.stat().st_size)


async def _asked_once(
    child: ChildProcess, message: wire.Message, seconds: float
) -> tuple[wire.Message, bytes]:
    """Ask a child that is closed afterwards, whatever it answers."""
    try:
        return await _in_child(child, lambda: child.request(message, seconds=seconds))
    finally:
        await asyncio.to_thread(child.close)


def _passages(document: ReadDocument) -> list[PassageText]:
    pages = scans.numbers(document.scanned)
    return [scans.marked(passage, pages) for passage in passages.cut(document)]


def _keep_words(path: Path, document: ReadDocument) -> None:
    """Write the places of recognised words beside our copy; those of an earlier reading go."""
    if document.scanned:
        _write(path, scans.dump(document))
    else:
        path.unlink(missing_ok=True)


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
