"""What a user can do in the conversation, without widgets: show a thread, ask, stop, open a citation."""

import contextlib
import time
from dataclasses import replace

from PySide6.QtCore import QObject, QTimer, Signal

from hrdesk.core.citations import Citation
from hrdesk.core.runs import (
    MessageCompleted,
    RunEvent,
    StatusChanged,
    StepChanged,
    TextDelta,
    UsageReported,
)
from hrdesk.core.threads import Message, MessageStatus, Role
from hrdesk.ui.chat.details import Details
from hrdesk.ui.chat.drafts import Drafts
from hrdesk.ui.chat.flights import Flight, Flights
from hrdesk.ui.chat.limits import Limits
from hrdesk.ui.chat.model import TranscriptModel
from hrdesk.ui.chat.ports import Asked, ChatServices
from hrdesk.ui.tasks import Tasks

GATHER_MS = 33  # pieces of text are shown at most this often


class ChatPresenter(QObject):
    """Holds the thread shown and every run in flight. The pane shows what the signals say."""

    citation_opened = Signal(object)  # Citation
    seen_clicked = Signal(str)  # run id
    thread_changed = Signal(object)  # Thread: created, or with a new last answer
    thread_shown = Signal(object)  # Thread | None
    flight_changed = Signal(object)  # Flight of any thread
    flight_landed = Signal(object)  # thread id | None
    question_taken = Signal(str)  # the text as it was handed in
    current_changed = Signal()
    limits_changed = Signal()

    def __init__(self, tasks: Tasks, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._tasks = tasks
        self._services: ChatServices | None = None
        self._flights = Flights()
        self._limits: dict[str | None, Limits] = {}
        self._shown = object()
        self._pending: dict[str, list[str]] = {}
        self._gather = QTimer(self, interval=GATHER_MS, singleShot=True)
        self._gather.timeout.connect(self._flush)
        self.model = TranscriptModel(self)
        self.drafts = Drafts(tasks, self)
        self.details = Details(self.model, tasks, self)
        self.thread_id: str | None = None
        self.current: tuple[str, int] | None = None  # message id and number of the citation that is open

    def attach(self, services: ChatServices) -> None:
        """Begin to work."""
        self._services = services
        self.drafts.attach(services.chat)
        self.details.attach(services)
        self.drafts.load(self.thread_id)

    @property
    def is_ready(self) -> bool:
        """Whether there is somebody to ask."""
        return self._services is not None

    @property
    def flight(self) -> Flight | None:
        """Return the run in flight in the thread shown."""
        return self._flights.of(self.thread_id)

    @property
    def limits(self) -> Limits:
        """Return what the next question is limited to."""
        return self._limits.get(self.thread_id, Limits())

    def set_limits(self, limits: Limits) -> None:
        """Limit the next questions of this thread."""
        self._limits[self.thread_id] = limits
        self.limits_changed.emit()

    # Showing a thread

    def show_thread(self, thread_id: str | None) -> None:
        """Show a thread, or the place where a new one begins (None)."""
        self.drafts.save()
        self.thread_id = thread_id
        self._shown = ticket = object()
        if thread_id is None:
            self.model.reset([])
            self.thread_shown.emit(None)
        elif self._services is not None:
            self._tasks.start(self._load(thread_id, ticket), "load thread")
        self.drafts.load(thread_id)
        self.limits_changed.emit()

    async def _load(self, thread_id: str, ticket: object) -> None:
        assert self._services is not None
        thread = await self._services.chat.thread(thread_id)
        messages = await self._services.chat.messages(thread_id)
        if ticket is self._shown:
            self.model.reset(self._flights.overlay(thread_id, messages))
            self.thread_shown.emit(thread)

    # Asking

    def ask(self, text: str) -> bool:
        """Ask in the thread shown. False when there is nothing to ask, nobody to ask, or a run in flight."""
        if self._services is None or not text.strip() or self.flight is not None:
            return False
        self.drafts.save()
        self._fly(Flight(self.thread_id))
        self._tasks.start(self._ask(self._services, text, self.thread_id, self._shown), "ask question")
        return True

    def ask_again(self, answer: Message) -> bool:
        """Ask the question before `answer` once more."""
        row = self.model.row_of(answer.id)
        before = self.model.messages[:row] if row is not None else ()
        questions = [message.text for message in before if message.role is Role.USER]
        return bool(questions) and self.ask(questions[-1])

    def stop(self) -> None:
        """Stop the run of the thread shown; the text so far stays."""
        flight = self.flight
        if flight is not None and flight.can_stop and self._services is not None:
            self._fly(replace(flight, stopping=True, words="Stopping"))
            self._tasks.start(self._services.chat.stop(flight.run_id), "stop run")

    async def _ask(self, services: ChatServices, text: str, origin: str | None, place: object) -> None:
        thread_id = origin
        limits = self._limits.get(origin, Limits())
        events = services.chat.ask(text, origin, as_of=limits.as_of, scope=limits.scope or None)
        try:
            async for event in events:
                if isinstance(event, RunEvent):
                    if thread_id is not None:
                        self._take(thread_id, event)
                else:
                    thread_id = self._begin(event, text, origin, place)
            if thread_id is not None:
                self.thread_changed.emit(await services.chat.thread(thread_id))
        finally:
            self._interrupt(thread_id)
            with contextlib.suppress(AttributeError):
                await events.aclose()  # type: ignore[attr-defined]  # the service's is a generator

    def _interrupt(self, thread_id: str | None) -> None:
        """End what did not come to its own end: the text so far stays."""
        flight = self._flights.of(thread_id)
        if flight is None:
            return
        self._flush()
        self._land(thread_id)
        row = self.model.row_of(flight.answer.id) if flight.answer else None
        if row is not None:
            note = "This answer was interrupted."
            self.model.put(replace(self.model.message(row), status=MessageStatus.INCOMPLETE, note=note))

    def _begin(self, asked: Asked, text: str, origin: str | None, place: object) -> str:
        before = self._flights.of(origin)
        self._flights.land(origin)
        started = before.started if before else time.monotonic()
        self._limits[asked.thread.id] = self._limits.get(origin, Limits())
        if origin is None:
            self._limits.pop(None, None)
        if self._shown is place:
            self.thread_id = asked.thread.id
            self.drafts.drop()
            self.model.put(asked.question)
            self.model.put(asked.answer)
            self.question_taken.emit(text)
            self.thread_shown.emit(asked.thread)
        self._fly(
            Flight(asked.thread.id, asked.run_id, asked.question, asked.answer, "Queued", started=started)
        )
        self.thread_changed.emit(asked.thread)
        return asked.thread.id

    def _take(self, thread_id: str, event: RunEvent) -> None:
        flight = self._flights.of(thread_id)
        match event:
            case StatusChanged() if flight is not None:
                words = flight.words if flight.stopping else event.words
                started = time.monotonic() - event.seconds
                self._fly(replace(flight, words=words, polls=event.polls, started=started))
            case TextDelta():
                self._pending.setdefault(thread_id, []).append(event.text)
                if not self._gather.isActive():
                    self._gather.start()
            case MessageCompleted():
                self._pending.pop(thread_id, None)
                self._land(thread_id)
                if self.model.row_of(event.message.id) is not None:
                    self.model.put(event.message)
            case StatusChanged() | StepChanged() | UsageReported():
                pass

    def _flush(self) -> None:
        pending, self._pending = self._pending, {}
        for thread_id, pieces in pending.items():
            flight = self._flights.of(thread_id)
            if flight is not None and flight.answer is not None:
                self._flights.put(flight.grown("".join(pieces)))
                self.model.append_text(flight.answer.id, "".join(pieces))

    def _fly(self, flight: Flight) -> None:
        self._flights.put(flight)
        self.flight_changed.emit(flight)

    def _land(self, thread_id: str | None) -> None:
        self._flights.land(thread_id)
        self.flight_landed.emit(thread_id)

    # Sources

    def open_citation(self, message: Message, citation: Citation) -> None:
        """Open a citation of an answer in the source viewer."""
        self.current = (message.id, citation.number)
        self.current_changed.emit()
        self.citation_opened.emit(citation)

    def step_citation(self, by: int) -> None:
        """Open the next (1) or previous (-1) citation of the conversation."""
        every = [(m, c) for m in self.model.messages for c in m.citations]
        if not every:
            return
        keys = [(message.id, citation.number) for message, citation in every]
        if self.current in keys:
            at = min(max(keys.index(self.current) + by, 0), len(every) - 1)
        else:
            last = every[-1][0].id
            at = keys.index((last, every[-1][0].citations[0].number)) if by > 0 else len(every) - 1
        self.open_citation(*every[at])
