"""What a user can do with threads, without widgets: find, open, rename, pin, delete and undo."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import datetime

from PySide6.QtCore import QObject, QTimer, Signal

from hrdesk.core.threads import Thread
from hrdesk.ui.notices import Action, Notices
from hrdesk.ui.tasks import Tasks
from hrdesk.ui.threads.groups import rows
from hrdesk.ui.threads.model import ThreadModel
from hrdesk.ui.threads.ports import Threads

SEARCH_MS = 100
SHORT = 60


def local_now() -> datetime:
    """Return the time now, in the time zone of this computer."""
    return datetime.now().astimezone()


class ThreadsPresenter(QObject):
    """Owns the model of the list."""

    page_changed = Signal(object)
    """The `ThreadPage` now shown."""
    opened = Signal(object)
    """The id (str) of the thread to show, or None for a new one."""
    thread_changed = Signal(object)
    """A `Thread` was renamed or pinned."""

    def __init__(
        self,
        tasks: Tasks,
        notices: Notices,
        now: Callable[[], datetime] = local_now,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._tasks, self._notices, self._now = tasks, notices, now
        self._threads: Threads | None = None
        self._words = ""
        self._loading: asyncio.Task[None] | None = None
        self._pause = QTimer(self, interval=SEARCH_MS, singleShot=True)
        self._pause.timeout.connect(self.reload)
        self.model = ThreadModel(self)
        self.model.renamed.connect(self.rename)
        self.current: str | None = None
        self._flights: dict[str, str] = {}
        self._unread: set[str] = set()

    @property
    def words(self) -> str:
        """What is searched for."""
        return self._words

    def attach(self, threads: Threads) -> None:
        """Begin to work."""
        self._threads = threads
        self.reload()

    def open(self, thread_id: str | None) -> None:
        """Show a thread, or the place where a new one begins; said again when it is shown already."""
        self.current = thread_id
        self.mark_read(thread_id)
        self.opened.emit(thread_id)

    def follow(self, thread_id: str | None) -> None:
        """Take note that this thread is shown, and read the list again: it may be new or have changed."""
        self.current = thread_id
        self.reload()

    def search(self, words: str) -> None:
        """Show the threads with these words, as soon as typing pauses."""
        self._words = words.strip()
        self._pause.start()

    def reload(self) -> None:
        """Read the list again; only the last of several reads counts."""
        self._pause.stop()
        if self._threads is not None:
            if self._loading is not None:
                self._loading.cancel()
            self._loading = self._tasks.start(self._load(self._threads), "load threads")

    async def _load(self, threads: Threads) -> None:
        page = await threads.threads(self._words)
        self.model.show(rows(page.threads, self._now()))
        running = {thread.id for thread in page.threads if threads.running(thread.id)}
        self._flights = {one: self._flights.get(one, "Working") for one in running}
        self.model.set_running(self._flights)
        self.page_changed.emit(page)

    def show_flight(self, thread_id: str, words: str) -> None:
        """Say in the thread's second line what its run does now; no words when it has ended."""
        if words:
            self._flights[thread_id] = words
        else:
            self._flights.pop(thread_id, None)
        self.model.set_running(self._flights)

    def mark_unread(self, thread_id: str) -> None:
        """Mark that a run ended in this thread while nobody looked; until it is opened."""
        self._unread.add(thread_id)
        self.model.set_unread(self._unread)

    def mark_read(self, thread_id: str | None) -> None:
        """Take the mark of a thread away: it is looked at."""
        if thread_id in self._unread:
            self._unread.discard(thread_id)
            self.model.set_unread(self._unread)

    def rename(self, thread_id: str, title: str) -> None:
        """Give a thread another title."""
        self._do(lambda threads: threads.rename(thread_id, title), "rename thread")

    def pin(self, thread_id: str, pinned: bool) -> None:
        """Keep a thread at the top of the list, or let it go."""
        self._do(lambda threads: threads.pin(thread_id, pinned), "pin thread")

    def delete(self, thread: Thread) -> None:
        """Take a thread away and offer to undo it."""
        if self._threads is not None:
            self._tasks.start(self._delete(self._threads, thread), "delete thread")

    async def _delete(self, threads: Threads, thread: Thread) -> None:
        await threads.delete(thread.id)
        undo = Action("Undo", lambda: self._do(lambda threads: threads.undelete(thread.id), "undo delete"))
        self._notices.notify(f"“{_short(thread.title)}” was deleted.", action=undo)
        if self.current == thread.id:
            self.open(None)
        self.reload()

    def _do(self, change: Callable[[Threads], Awaitable[Thread]], name: str) -> None:
        if self._threads is not None:
            self._tasks.start(self._change(change(self._threads)), name)

    async def _change(self, change: Awaitable[Thread]) -> None:
        self.thread_changed.emit(await change)
        self.reload()


def _short(title: str) -> str:
    return title if len(title) <= SHORT else f"{title[: SHORT - 1]}…"
