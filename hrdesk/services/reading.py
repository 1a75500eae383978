"""Reading one file: child processes with limits, from our copy to pages, blocks and passages.

Every file is read in a child of its own, so that nothing a hostile file does survives it. Where the system
can fork, the child comes from a nursery that has loaded the readers; else the next child is started while
this one works, which hides its start-up time.
"""

import asyncio
import os
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from hrdesk.core.documents import FileState, PassageText, ReadDocument
from hrdesk.core.errors import ChildStopped
from hrdesk.documents import passages, scans
from hrdesk.documents.intake import PART
from hrdesk.documents.reading import wire
from hrdesk.documents.sentences import Refusal
from hrdesk.system.workers import PAGING, READING, ChildProcess, Limits, Report, nursery_for

T = TypeVar("T")

# Reads a scan: page after page for minutes, so CPU seconds are not counted; the wall clock bounds it.
RECOGNISING = Limits(memory_bytes=3 * 2**30, cpu_seconds=0, open_files=128, niceness=10)


@dataclass(frozen=True, slots=True)
class _Answer:
    """What a reading child said, checked; `view` is the PDF that shows a file which cannot be shown as it is.

    Checking takes as long as the text is large, so it is done in the thread that asked.
    """

    read: ReadDocument | Refusal
    view: bytes
    wants_recognition: bool


class Reader:
    """Reads files into documents with pages. `files` is where laid-out copies are kept."""

    def __init__(self, files: Path) -> None:
        self._files = files
        self._nursery = nursery_for(wire.READING_HANDLER, READING, wire.READERS)
        self._spare: ChildProcess | None = None
        self._pagers: list[ChildProcess] = []

    async def read(
        self, copy: Path, name: str, sha256: str, password: str | None = None, report: Report | None = None
    ) -> tuple[ReadDocument, list[PassageText]] | Refusal:
        """Return the document with pages and its passages, or why it has no place in the index.

        `password` goes to the child and nowhere else. `report` is called, in this thread, while pictures of
        pages are recognised.
        """
        try:
            document = await self._document(copy, name, sha256, password, _in_this_thread(report))
            if isinstance(document, Refusal):
                return document
            if not document.pages:
                document = await self._laid_out(document, sha256)
            await asyncio.to_thread(_keep_words, self._files / f"{sha256}{scans.SUFFIX}", document)
            cut = await asyncio.to_thread(_passages, document)
        except ChildStopped as stopped:
            return Refusal.because(FileState.STOPPED, stopped.reason)
        except OSError:  # what belongs beside our copy could not be written
            return Refusal.because(FileState.STOPPED, "storage")
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

    async def _document(
        self, copy: Path, name: str, sha256: str, password: str | None, report: Report | None
    ) -> ReadDocument | Refusal:
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
        answer = await _asked_once(child, wire.request(copy, name, password), seconds)
        read = answer.read
        if isinstance(read, ReadDocument):
            await self._keep_view(sha256, answer.view)
        elif read.state is FileState.NEEDS_PASSWORD and password is None and self._has_view(sha256, copy):
            return await self._document(self._view(sha256), name, sha256, None, report)
        if not answer.wants_recognition:
            return read
        child = ChildProcess(wire.READING_HANDLER, RECOGNISING)
        seconds = wire.RECOGNISING_SECONDS + wire.RECOGNISING_GRACE
        try:
            message = wire.recognising_request(copy, name, password)
            answer = await _asked_once(child, message, seconds, report)
        except ChildStopped:
            return read
        if isinstance(answer.read, ReadDocument):
            await self._keep_view(sha256, answer.view)
        return answer.read

    def _view(self, sha256: str) -> Path:
        return self._files / f"{sha256}.pages.pdf"

    def _has_view(self, sha256: str, copy: Path) -> bool:
        """Whether a protected file was opened before: its readable copy is read then."""
        return copy != self._view(sha256) and self._view(sha256).exists()

    async def _keep_view(self, sha256: str, view: bytes) -> None:
        """Write the pages of a file that cannot be shown as it is: a picture, or a protected PDF."""
        if view:
            await asyncio.to_thread(_write, self._view(sha256), view)

    def _reading_child(self) -> ChildProcess:
        return ChildProcess(wire.READING_HANDLER, READING, self._nursery)

    async def _laid_out(self, document: ReadDocument, sha256: str) -> ReadDocument:
        """Lay a document without pages out into a PDF beside our copy, written whole or not at all.

        What comes here has been reduced to plain text, so the child may serve the next document too.
        """
        child = self._pagers.pop() if self._pagers else ChildProcess(wire.PAGING_HANDLER, PAGING)

        def ask() -> wire.Paged:
            seconds = wire.paging_seconds(document)
            return wire.parse_paged(*child.request(wire.paging_request(document), seconds=seconds), document)

        try:
            paged = await _in_child(child, ask)
        except BaseException:
            await asyncio.to_thread(child.close)
            raise
        self._pagers.append(child)
        await asyncio.to_thread(_write, self._view(sha256), paged.pdf)
        return paged.document


def _in_this_thread(report: Report | None) -> Report | None:
    """Return a function for another thread that has `report` called in this one."""
    if report is None:
        return None
    loop = asyncio.get_running_loop()

    def call(done: int, total: int) -> None:
        with suppress(RuntimeError):  # the loop is closed: nobody listens any more
            loop.call_soon_threadsafe(report, done, total)

    return call


def _started(spare: ChildProcess, copy: Path) -> float:
    """Start the next child and return the seconds that this file may take."""
    spare.start()
    return wire.reading_seconds(copy.stat().st_size)


async def _asked_once(
    child: ChildProcess, message: wire.Message, seconds: float, report: Report | None = None
) -> _Answer:
    """Ask a child that is closed afterwards, whatever it answers."""

    def ask() -> _Answer:
        answer, view = child.request(message, seconds=seconds, report=report)
        return _Answer(wire.parse(answer), wire.parse_view(view), wire.wants_recognition(answer))

    try:
        return await _in_child(child, ask)
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
    """Write a file whole or not at all, and for good before the store says that it is there."""
    part = path.with_suffix(PART)
    try:
        with part.open("wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)
