"""Going on in a fresh thread: the summary that is carried over, before and after it was."""

from PySide6.QtCore import QObject, Signal

from hrdesk.core.threads import Message
from hrdesk.ui.chat.model import TranscriptModel
from hrdesk.ui.chat.ports import Chat
from hrdesk.ui.tasks import Tasks


class Carrying(QObject):
    """Holds which summary is being edited: a proposal for a new thread, or the card of this one."""

    proposed = Signal(str)  # a summary to edit before the fresh thread begins
    opened = Signal(str)  # the summary of this thread, to edit
    closed = Signal()
    continued = Signal(object)  # Thread: the fresh one

    def __init__(self, model: TranscriptModel, tasks: Tasks, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._model = model
        self._tasks = tasks
        self._chat: Chat | None = None
        self._thread_id: str | None = None
        self._message_id: str | None = None
        self._ticket = object()

    def attach(self, chat: Chat) -> None:
        """Begin to work."""
        self._chat = chat

    @property
    def is_open(self) -> bool:
        """Whether a summary is being edited."""
        return self._thread_id is not None or self._message_id is not None

    def propose(self, thread_id: str | None) -> None:
        """Propose the summary of a thread."""
        if self._chat is not None and thread_id is not None and not self.is_open:
            self._thread_id, self._ticket = thread_id, object()
            self._tasks.start(self._propose(self._chat, thread_id, self._ticket), "summarise thread")

    async def _propose(self, chat: Chat, thread_id: str, ticket: object) -> None:
        text = ""
        try:
            text = await chat.summary(thread_id)
        finally:  # without a proposal the user writes it
            if ticket is self._ticket:
                self.proposed.emit(text)

    def edit(self, message: Message) -> None:
        """Edit the summary that the thread shown begins with."""
        if not self.is_open:
            self._message_id = message.id
            self.opened.emit(message.text)

    def accept(self, text: str) -> None:
        """Take the edited summary: begin the fresh thread, or change the card."""
        if self._chat is None:
            return
        if self._thread_id is not None:
            self._tasks.start(self._continue(self._chat, self._thread_id, text), "continue thread")
        elif self._message_id is not None:
            self._tasks.start(self._edit(self._chat, self._message_id, text), "edit summary")

    async def _continue(self, chat: Chat, thread_id: str, text: str) -> None:
        thread = await chat.continue_thread(thread_id, text)
        if self._thread_id == thread_id:
            self.cancel()
            self.continued.emit(thread)

    async def _edit(self, chat: Chat, message_id: str, text: str) -> None:
        message = await chat.edit_summary(message_id, text)
        if self._model.row_of(message_id) is not None:
            self._model.put(message)
        if self._message_id == message_id:
            self.cancel()

    def cancel(self) -> None:
        """Leave everything as it is."""
        was_open = self.is_open
        self._thread_id = self._message_id = None
        self._ticket = object()
        if was_open:
            self.closed.emit()
