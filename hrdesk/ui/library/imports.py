"""Imports as the window sees them, without widgets: add, retry, pause, go on, cancel and undo, with progress.

Thousands of states may come at once. They are shown in small batches, so that the window never waits.
"""

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from itertools import islice
from pathlib import Path

from PySide6.QtCore import QObject, QTimer, Signal

from hrdesk.core.documents import FileState, LibraryFile
from hrdesk.documents.sentences import sentence
from hrdesk.ui.library.ports import Library
from hrdesk.ui.library.progress import Estimate, Progress
from hrdesk.ui.library.words import Counts, can_retry, plural
from hrdesk.ui.notices import Action, NoticeKind, Notices
from hrdesk.ui.tasks import Tasks

IMPORT = "import"
"""The key of notices about an import."""
BATCH_MS = 100
BATCH = 100  # rows shown at once
STORAGE = "storage"
_READING = sentence(FileState.READING)
WAITS = "The import is paused. This waits with the others."


class ImportsPresenter(QObject):
    """All imports under way, as one: what is added meanwhile joins in."""

    shown = Signal(list)
    """`LibraryFile`s that are new or changed."""
    dropped = Signal(list)
    """Ids of files that will not be read after all."""
    came_back = Signal()
    """Files that were dropped are there again."""
    progress_changed = Signal(object)
    """`Progress`; one without files when nothing is imported any more."""
    over = Signal()
    """Nothing is imported any more, and other files are there than before."""
    ended = Signal(object)
    """`Counts` of the files of an import that was not cancelled."""

    def __init__(self, tasks: Tasks, notices: Notices, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._tasks, self._notices = tasks, notices
        self._library: Library | None = None
        self._running: set[asyncio.Task[None]] = set()
        self._pending: dict[str, LibraryFile] = {}
        self._batch: dict[str, LibraryFile] = {}
        self._estimate = Estimate()
        self._gone: set[str] = set()
        self._is_cancelled = self._is_left = False
        self._soon = QTimer(self, interval=BATCH_MS, singleShot=True)
        self._soon.timeout.connect(self._show_some)

    @property
    def is_running(self) -> bool:
        """Whether files are being read, or wait for it."""
        return bool(self._running or self._pending)

    @property
    def is_paused(self) -> bool:
        """Whether the files that wait are held back."""
        return self._library is not None and self._library.waiting.is_paused

    def attach(self, library: Library) -> None:
        """Begin to work."""
        self._library = library

    # What the user does

    def add(self, paths: Sequence[Path], category: str | None = None) -> None:
        """Import files and folders."""
        if self._library is None or not paths:
            return
        self._start(self._library.add(paths, category))
        if self.is_paused:
            self._tell_paused(WAITS)

    async def resume(self) -> None:
        """Go on with files that an earlier start left; a pause of that start still holds."""
        if self._library is None:
            return
        if await self._library.waiting.restore_pause():
            self._tell_paused("The import is paused since the last time.")
        self._start(self._library.resume())

    def retry(self, files: Sequence[LibraryFile], password: str | None = None) -> None:
        """Read files once more, where that can help."""
        wanted = [file.id for file in files if can_retry(file)]
        if self._library is not None and wanted:
            self._start(self._library.retry(*wanted, password=password))
            if self.is_paused:
                self._tell_paused(WAITS)

    def forget(self, files: Sequence[LibraryFile]) -> None:
        """Count files no more that were removed before they were read."""
        for file in files:
            self._gone.add(file.id)
            self._pending.pop(file.id, None)
            self._batch.pop(file.id, None)
            self._estimate.drop(file.id)
        self._say_progress()

    def pause(self) -> None:
        """Begin no further file; those that are being read are finished."""
        if self._library is not None and self._running:
            self._tasks.start(self._pause(self._library), "pause import")

    def go_on(self) -> None:
        """Begin with the next files again; those that a full disk stopped are tried once more."""
        if self._library is not None:
            self._tasks.start(self._go_on(self._library), "go on with import")

    def cancel(self) -> None:
        """Leave the import: what was read stays, the others are dropped, and Undo brings them back."""
        if self._library is not None and self._running:
            self._tasks.start(self._cancel(self._library), "cancel import")

    async def _pause(self, library: Library) -> None:
        await library.waiting.pause()
        self._say_progress()

    async def _go_on(self, library: Library) -> None:
        self._notices.withdraw(IMPORT)
        await library.waiting.go_on()
        self.retry([file for file in self._batch.values() if file.reason == STORAGE])
        self._say_progress()

    async def _cancel(self, library: Library) -> None:
        self._is_cancelled = True
        for task in self._running:
            task.cancel()
        await asyncio.wait(set(self._running))
        ids = await library.waiting.drop()
        await library.waiting.go_on()
        self.dropped.emit(ids)
        text = f"The import was cancelled. {plural(len(ids))} not added."
        self._notices.notify(text, action=Action("Undo", lambda: self._undo(library, ids)), key=IMPORT)

    def _undo(self, library: Library, ids: list[str]) -> None:
        async def put_back() -> None:
            await library.waiting.put_back(ids)
            self.came_back.emit()
            self._start(library.resume())

        self._tasks.start(put_back(), "put files back")

    # What happens

    def _start(self, states: AsyncIterator[LibraryFile]) -> None:
        if not self._running:
            self._batch, self._estimate, self._gone = {}, Estimate(), set()
            self._is_cancelled = False
        task = self._tasks.start(self._follow(states), "import files")
        self._running.add(task)
        task.add_done_callback(self._one_ended)

    async def _follow(self, states: AsyncIterator[LibraryFile]) -> None:
        count = 0
        async for file in states:
            count += 1
            if count % BATCH == 0:  # thousands may be there already; the window wants its turn
                await asyncio.sleep(0)
            if file.id in self._gone:
                continue
            self._pending[file.id] = file
            self._estimate.put(file)
            if not self._soon.isActive():
                self._soon.start()
            if file.reason == STORAGE:
                self._tell_full()

    def _show_some(self) -> None:
        some = list(islice(self._pending.values(), BATCH))
        for file in some:
            del self._pending[file.id]
        self._batch.update((file.id, file) for file in some)
        self.shown.emit(some)
        self._say_progress()
        if self._pending:
            self._soon.start()
        else:
            self._end_if_over()

    def _one_ended(self, task: asyncio.Task[None]) -> None:
        self._running.discard(task)
        self._is_left = task.cancelled() and not self._is_cancelled
        if not self._pending:
            self._end_if_over()

    def _end_if_over(self) -> None:
        if self._running:
            return
        self.progress_changed.emit(Progress())
        if self._is_left:  # hrdesk is closed: the next start goes on
            return
        counts = Counts.of(file for file in self._batch.values() if file.state.is_end)
        if counts.files:
            self.over.emit()
        if counts.files and not self._is_cancelled:
            self.ended.emit(counts)

    def _say_progress(self) -> None:
        if not self._running:
            return
        batch = self._batch.values()
        reading = [file for file in batch if file.state is FileState.READING]
        paused = self.is_paused and not reading
        self._estimate.pause(paused=paused)
        by_page = [file for file in reading if file.message != _READING]
        current = next(iter(by_page or reading[-1:]), None)
        self.progress_changed.emit(
            Progress(
                sum(file.state.is_end for file in batch),
                len(batch) + len(self._pending.keys() - self._batch.keys()),
                current.file if current else "",
                current.message.rstrip(".") if current and by_page else "",
                self._estimate.share,
                self._estimate.seconds(),
                self.is_paused,
                self.is_paused and self._library is not None and self._library.waiting.because == STORAGE,
            )
        )

    def _tell_paused(self, words: str) -> None:
        self._notices.notify(words, action=Action("Go on", self.go_on), key=IMPORT)

    def _tell_full(self) -> None:
        self._notices.notify(
            "The import is paused: the disk is full or refuses to write.",
            NoticeKind.CAUTION,
            Action("Go on", self.go_on),
            advice="What was read is kept. Free some space, then go on.",
            key=IMPORT,
        )

    def tell_end(self, counts: Counts, show: Callable[[], None], unlock: Callable[[], None]) -> None:
        """Say in a notice how an import ended, and offer to `show` the library or to ask for a password."""
        good = _good(counts)
        action = Action("Show", show)
        if counts.locked and counts.locked == counts.attention:
            verb = "needs a password" if counts.locked == 1 else "need a password"
            ask = Action("Enter password", unlock)
            self._notices.notify(
                f"{plural(counts.locked)} {verb}.", NoticeKind.CAUTION, ask, advice=good, key=IMPORT
            )
        elif counts.attention:
            trouble = f"{plural(counts.attention)} could not be read completely."
            self._notices.notify(trouble, NoticeKind.CAUTION, action, advice=good, key=IMPORT)
        else:
            self._notices.notify(good, NoticeKind.INFO, action, key=IMPORT)


def _good(counts: Counts) -> str:
    """Say how many files can be asked now, and how many could be before; empty where none can."""
    new = counts.ready - counts.known
    parts = [
        f"{plural(new)} {'is' if new == 1 else 'are'} ready to be asked." if new else "",
        f"{plural(counts.known)} {'was' if counts.known == 1 else 'were'} in the library already."
        if counts.known
        else "",
    ]
    return " ".join(part for part in parts if part)
