"""What the next question will take: an estimate while it is typed, and how full its thread is."""

import asyncio
import contextlib

from PySide6.QtCore import QObject, QTimer, Signal

from hrdesk.core.errors import HrdeskError
from hrdesk.core.usage import ContextMeter, Estimate
from hrdesk.ui.chat.ports import Chat
from hrdesk.ui.tasks import Tasks

PAUSE_MS = 300


class Outlook(QObject):
    """Asks for the estimate when typing pauses, and for the meter when a thread is shown or has grown.

    Neither is needed for asking: where one cannot be had, nothing is shown in its place.
    """

    estimated = Signal(object)  # Estimate | None
    measured = Signal(object)  # ContextMeter | None

    def __init__(self, tasks: Tasks, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._tasks = tasks
        self._chat: Chat | None = None
        self._thread_id: str | None = None
        self._text = ""
        self._pause = QTimer(self, interval=PAUSE_MS, singleShot=True)
        self._pause.timeout.connect(self._estimate)
        self._awake = True
        self._estimating: asyncio.Task[None] | None = None
        self._measuring: asyncio.Task[None] | None = None

    def attach(self, chat: Chat) -> None:
        """Begin to work."""
        self._chat = chat
        self.refresh()

    def show_thread(self, thread_id: str | None) -> None:
        """Take note of the thread that is shown, or that it has grown."""
        self._thread_id = thread_id
        self.refresh()

    def pause(self) -> None:
        """Ask for nothing while nobody looks."""
        self._awake = False
        self._pause.stop()

    def resume(self) -> None:
        """Go on; what was typed meanwhile is estimated."""
        if not self._awake:
            self._awake = True
            self.refresh()

    def refresh(self) -> None:
        """Look again at both: another connection answers, or the thread has grown."""
        if not self._awake:
            return
        if self._text.strip():
            self._pause.start()
        if self._measuring is not None:
            self._measuring.cancel()
        if self._thread_id is None:
            self.measured.emit(None)
        elif self._chat is not None:
            work = self._measure(self._chat, self._thread_id)
            self._measuring = self._tasks.start(work, "measure thread")

    def type(self, text: str) -> None:
        """Take in what is typed."""
        self._text = text
        if text.strip():
            if self._awake:
                self._pause.start()
        else:
            self._pause.stop()
            self._forget()
            self.estimated.emit(None)

    def _forget(self) -> None:
        if self._estimating is not None:
            self._estimating.cancel()
            self._estimating = None

    def _estimate(self) -> None:
        self._forget()
        if self._chat is not None:
            work = self._ask(self._chat, self._thread_id, self._text)
            self._estimating = self._tasks.start(work, "estimate question")

    async def _ask(self, chat: Chat, thread_id: str | None, text: str) -> None:
        estimate: Estimate | None = None
        with contextlib.suppress(HrdeskError):  # asking will say it; a notice at every pause is no help
            estimate = await chat.estimate(thread_id, text)
        self.estimated.emit(estimate)

    async def _measure(self, chat: Chat, thread_id: str) -> None:
        meter: ContextMeter | None = None
        with contextlib.suppress(HrdeskError):
            meter = await chat.meter(thread_id)
        self.measured.emit(meter)
