"""What is typed but not sent, per thread: saved when typing pauses, loaded when a thread is shown."""

from PySide6.QtCore import QObject, QTimer, Signal

from hrdesk.ui.chat.ports import Chat
from hrdesk.ui.tasks import Tasks

PAUSE_MS = 500


class Drafts(QObject):
    """Saves and loads drafts. `loaded` and `late` carry the draft of the thread asked for last."""

    loaded = Signal(str)
    late = Signal(str)  # the draft came when somebody had begun to type: it belongs above that

    def __init__(self, tasks: Tasks, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._tasks = tasks
        self._chat: Chat | None = None
        self._waiting: tuple[str | None, str] | None = None
        self._typed_since_load = False
        self._wanted: object = None
        self._timer = QTimer(self, interval=PAUSE_MS, singleShot=True)
        self._timer.timeout.connect(self.save)

    def attach(self, chat: Chat) -> None:
        """Begin to keep drafts."""
        self._chat = chat

    def keep(self, thread_id: str | None, text: str) -> None:
        """Remember `text`; it is saved after a pause."""
        self._typed_since_load = True
        self._waiting = (thread_id, text)
        self._timer.start()

    def save(self) -> None:
        """Save what is waiting now."""
        self._timer.stop()
        if self._waiting is not None and self._chat is not None:
            waiting, self._waiting = self._waiting, None
            self._tasks.start(self._chat.save_draft(*waiting), "save draft")

    def drop(self) -> None:
        """Forget what is waiting: it was sent."""
        self._timer.stop()
        self._waiting = None

    def load(self, thread_id: str | None) -> None:
        """Load the draft of a thread, unless somebody types before it arrives."""
        self.save()
        self._typed_since_load = False
        if self._chat is not None:
            self._wanted = ticket = object()
            self._tasks.start(self._load(self._chat, thread_id, ticket), "load draft")

    async def _load(self, chat: Chat, thread_id: str | None, ticket: object) -> None:
        text = await chat.draft(thread_id)
        if self._wanted is not ticket:
            return
        if not self._typed_since_load:
            self.loaded.emit(text)
        elif text:
            self.late.emit(text)
