"""What a user can do in the conversation, without widgets: show a thread, ask, stop, open a citation."""

import contextlib
import time
from dataclasses import replace

from PySide6.QtCore import QObject, Signal

from hrdesk.core.citations import Citation
from hrdesk.core.errors import HrdeskError, NotFound
from hrdesk.core.runs import ConfirmationAsked, RunEvent
from hrdesk.core.threads import Message, Role, Thread
from hrdesk.ui.chat.carrying import Carrying
from hrdesk.ui.chat.details import Details
from hrdesk.ui.chat.drafts import Drafts
from hrdesk.ui.chat.flights import Flight
from hrdesk.ui.chat.limits import Limits
from hrdesk.ui.chat.model import TranscriptModel
from hrdesk.ui.chat.outlook import Outlook
from hrdesk.ui.chat.pilot import Pilot
from hrdesk.ui.chat.ports import Asked, ChatServices, Queued
from hrdesk.ui.tasks import Tasks


class ChatPresenter(QObject):
    """Holds the thread shown and every run in flight. The pane shows what the signals say."""

    citation_opened = Signal(object)  # Citation
    thread_changed = Signal(object)  # Thread: created, or with a new last answer
    thread_continued = Signal(object)  # Thread: the fresh one, shown now
    thread_shown = Signal(object)  # Thread | None
    flight_changed = Signal(object)  # Flight of any thread
    flight_landed = Signal(object)  # thread id | None
    answered = Signal(object)  # Message: the answer of a run that came to its end, in any thread
    confirmation_asked = Signal(str)  # thread id: a tool of its run waits for the user
    question_taken = Signal(str)  # the text as it was handed in
    question_returned = Signal(str)  # a question that was waiting comes back to be typed
    waiting_changed = Signal()  # another question waits in the thread shown, or none
    current_changed = Signal()
    limits_changed = Signal()

    def __init__(self, tasks: Tasks, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._tasks = tasks
        self._services: ChatServices | None = None
        self._limits: dict[str | None, Limits] = {}
        self._waiting: dict[str | None, str] = {}
        self._shown = object()
        self.model = TranscriptModel(self)
        self.pilot = Pilot(self.model, self)
        self.drafts = Drafts(tasks, self)
        self.details = Details(self.model, tasks, self)
        self.outlook = Outlook(tasks, self)
        self.carrying = Carrying(self.model, tasks, self)
        self.thread_id: str | None = None
        self.current: tuple[str, int] | None = None  # message id and number of the citation that is open
        self.pilot.changed.connect(self.flight_changed)
        self.pilot.landed.connect(self.flight_landed)
        self.pilot.landed.connect(self._measure)
        self.pilot.answered.connect(self.answered)
        self.pilot.asked.connect(self._tell_asked)
        self.carrying.continued.connect(self._open_continued)

    def attach(self, services: ChatServices) -> None:
        """Begin to work."""
        self._services = services
        self.drafts.attach(services.chat)
        self.details.attach(services)
        self.outlook.attach(services.chat)
        self.carrying.attach(services.chat)
        self.drafts.load(self.thread_id)

    def resume(self) -> None:
        """Follow the runs that go on from an earlier start."""
        if self._services is not None:
            self._tasks.start(self._resume(self._services), "resume runs")

    @property
    def is_ready(self) -> bool:
        """Whether there is somebody to ask."""
        return self._services is not None

    @property
    def flight(self) -> Flight | None:
        """Return the run in flight in the thread shown."""
        return self.pilot.flights.of(self.thread_id)

    @property
    def waiting(self) -> str:
        """Return the question that is sent when the answer in the thread shown is done; "" for none."""
        return self._waiting.get(self.thread_id, "")

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
        self.carrying.cancel()
        if thread_id is None:
            self.model.reset([])
            self.thread_shown.emit(None)
        elif self._services is not None:
            self._tasks.start(self._load(thread_id, ticket), "load thread")
        self.drafts.load(thread_id)
        self.outlook.show_thread(thread_id)
        self.limits_changed.emit()
        self.waiting_changed.emit()

    async def _load(self, thread_id: str, ticket: object) -> None:
        assert self._services is not None
        thread = await self._services.chat.thread(thread_id)
        messages = await self._services.chat.messages(thread_id)
        if ticket is self._shown:
            self.model.reset(self.pilot.flights.overlay(thread_id, messages))
            self.thread_shown.emit(thread)

    def _open_continued(self, thread: Thread) -> None:
        self.show_thread(thread.id)
        self.thread_changed.emit(thread)
        self.thread_continued.emit(thread)

    def _measure(self, thread_id: str | None) -> None:
        if thread_id == self.thread_id:
            self.outlook.show_thread(thread_id)

    # Asking

    def ask(self, text: str) -> bool:
        """Ask in the thread shown; behind a run in flight the question waits for its end.

        False when there is nothing to ask, nobody to ask, or a question waiting already.
        """
        flight = self.flight
        if self._services is None or not text.strip() or self.waiting:
            return False
        if flight is None:
            self.drafts.save()
            self.pilot.fly(Flight(self.thread_id))
        elif flight.run_id:
            self._wait(self.thread_id, text.strip())
        else:
            return False  # the run before is not stored yet: in a moment
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
            self.pilot.fly(replace(flight, stopping=True, words="Stopping", until=None, asking=()))
            self._tasks.start(self._services.chat.stop(flight.run_id), "stop run")

    def confirm(self, asked: ConfirmationAsked, allow: bool) -> None:
        """Allow a tool that waits for leave, or not."""
        flight = self.pilot.flights.of_run(asked.run_id)
        if flight is not None and asked in flight.asking and self._services is not None:
            self.pilot.fly(flight.answered(asked.call.id))
            answer = self._services.chat.confirm(asked.run_id, asked.call.id, allow)
            self._tasks.start(answer, "confirm tool")

    def expire(self, asked: ConfirmationAsked) -> None:
        """Take in that a tool waited for leave in vain: the service has said no."""
        flight = self.pilot.flights.of_run(asked.run_id)
        if flight is not None and asked in flight.asking:
            self.pilot.fly(flight.answered(asked.call.id))

    def take_back(self) -> None:
        """Take back the question that waits in the thread shown, to be typed again."""
        if self._services is not None and self.waiting and self.thread_id is not None:
            self._tasks.start(self._take_back(self._services, self.thread_id), "take back question")

    async def _take_back(self, services: ChatServices, thread_id: str) -> None:
        text = await services.chat.unqueue(thread_id)
        if text:
            self._give_back(thread_id, text)

    async def _ask(self, services: ChatServices, text: str, origin: str | None, place: object) -> None:
        run_id = ""
        limits = self._limits.get(origin, Limits())
        events = services.chat.ask(text, origin, as_of=limits.as_of, scope=limits.scope or None)
        try:
            async for event in events:
                if isinstance(event, RunEvent):
                    self.pilot.take(event)
                elif isinstance(event, Asked):
                    run_id, origin = self._begin(event, text, origin, place), event.thread.id
                else:
                    self._queue(event, text, origin)
            if run_id and origin is not None:
                self.thread_changed.emit(await services.chat.thread(origin))
        except HrdeskError:
            if not run_id and self._waiting.get(origin) == text.strip():
                self._give_back(origin, text)
            raise
        finally:
            self._end(run_id, origin, text)
            with contextlib.suppress(AttributeError):
                await events.aclose()  # type: ignore[attr-defined]  # the service's is a generator

    def _end(self, run_id: str, origin: str | None, text: str) -> None:
        """Clear what is left of a question whose events have ended."""
        if run_id:
            self.pilot.interrupt(run_id)
        elif self._waiting.get(origin) == text.strip():
            self._wait(origin, "")
        else:
            flight = self.pilot.flights.of(origin)
            if flight is not None and not flight.run_id:
                self.pilot.land(origin)

    def _wait(self, thread_id: str | None, text: str) -> None:
        """Let a question wait in a thread; "" lets none wait."""
        if text:
            self._waiting[thread_id] = text
        else:
            self._waiting.pop(thread_id, None)
        if thread_id == self.thread_id:
            self.waiting_changed.emit()

    def _queue(self, queued: Queued, text: str, origin: str | None) -> None:
        """Take in that the question was stored to wait: now it may leave the composer."""
        flight = self.pilot.flights.of(origin)
        if flight is not None and not flight.run_id:
            self.pilot.land(origin)
        self._wait(queued.thread_id, queued.text)
        if queued.thread_id == self.thread_id:
            self.drafts.drop()
            self.question_taken.emit(text)

    def _give_back(self, thread_id: str | None, text: str) -> None:
        self._wait(thread_id, "")
        if thread_id == self.thread_id:
            self.question_returned.emit(text)
        elif self._services is not None:
            self._tasks.start(self._services.chat.save_draft(thread_id, text), "save draft")

    def _begin(self, asked: Asked, text: str, origin: str | None, place: object) -> str:
        thread_id = asked.thread.id
        before = self.pilot.flights.of(origin)
        self.pilot.flights.land(origin)
        started = before.started if before and not before.run_id else time.monotonic()
        waited = self._waiting.get(thread_id) == text.strip()
        self._wait(thread_id, "")
        self._limits[thread_id] = self._limits.get(origin, Limits())
        if origin is None:
            self._limits.pop(None, None)
        if self._shown is place or self.thread_id == thread_id:
            self._show_asked(asked, text, waited=waited)
        words = "Queued"
        self.pilot.fly(Flight(thread_id, asked.run_id, asked.question, asked.answer, words, started=started))
        self.thread_changed.emit(asked.thread)
        return asked.run_id

    def _show_asked(self, asked: Asked, text: str, *, waited: bool) -> None:
        self.thread_id = asked.thread.id
        self.model.put(asked.question)
        self.model.put(asked.answer)
        if not waited:
            self.drafts.drop()
            self.question_taken.emit(text)
        self.thread_shown.emit(asked.thread)

    # Runs of an earlier start

    async def _resume(self, services: ChatServices) -> None:
        for run_id in await services.chat.resume():
            if self.pilot.flights.of_run(run_id) is None:
                self._tasks.start(self._follow(services, run_id), "follow run")

    async def _follow(self, services: ChatServices, run_id: str) -> None:
        run = await services.chat.seen(run_id)
        stored = {message.id: message for message in await services.chat.messages(run.thread_id)}
        try:
            events = services.chat.follow(run_id)
        except NotFound:  # it ended meanwhile: the stored answer is whole
            self._reload(run.thread_id)
            return
        answer = stored.get(run.answer_id)
        unwritten = replace(answer, text="") if answer is not None else None  # all of it comes again
        question = stored.get(run.question_id)
        self.pilot.fly(Flight(run.thread_id, run_id, question, unwritten, "Finding the run again"))
        try:
            async for event in events:
                self.pilot.take(event)
            self.thread_changed.emit(await services.chat.thread(run.thread_id))
            if run.thread_id == self.thread_id:
                self.drafts.load(run.thread_id)  # a question that waited at the restart is a draft now
        finally:
            self.pilot.interrupt(run_id)
            with contextlib.suppress(AttributeError):
                await events.aclose()  # type: ignore[attr-defined]  # the service's is a generator

    def _reload(self, thread_id: str) -> None:
        if thread_id == self.thread_id:
            self._tasks.start(self._load(thread_id, self._shown), "load thread")

    def _tell_asked(self, asked: ConfirmationAsked) -> None:
        flight = self.pilot.flights.of_run(asked.run_id)
        if flight is not None and flight.thread_id is not None:
            self.confirmation_asked.emit(flight.thread_id)

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
