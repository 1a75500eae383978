"""Takes in the events of every run in flight and lets the transcript grow, in whatever thread it runs."""

import time
from collections.abc import Callable
from dataclasses import replace

from PySide6.QtCore import QObject, QTimer, Signal

from hrdesk.core.runs import (
    ConfirmationAsked,
    MessageCompleted,
    RunEvent,
    RunStatus,
    StatusChanged,
    StepChanged,
    TextDelta,
    UsageReported,
)
from hrdesk.core.threads import MessageStatus
from hrdesk.ui.chat.flights import Flight, Flights
from hrdesk.ui.chat.model import TranscriptModel

GATHER_MS = 33  # pieces of text are shown at most this often
INTERRUPTED = "This answer was interrupted."


class Pilot(QObject):
    """Holds the runs in flight. Events of a run that has landed change nothing but its message."""

    changed = Signal(object)  # Flight of any thread
    landed = Signal(object)  # thread id | None
    answered = Signal(object)  # Message: the answer of a run that came to its end
    asked = Signal(object)  # ConfirmationAsked: a tool waits for the user

    def __init__(self, model: TranscriptModel, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._model = model
        self._pending: dict[str, list[str]] = {}  # run id -> pieces not shown yet
        self._gather = QTimer(self, interval=GATHER_MS, singleShot=True)
        self._gather.timeout.connect(self.flush)
        self.flights = Flights()

    def fly(self, flight: Flight) -> None:
        """Keep a flight and say that it changed."""
        self.flights.put(flight)
        self.changed.emit(flight)

    def land(self, thread_id: str | None) -> None:
        """Forget the flight of a thread."""
        self.flights.land(thread_id)
        self.landed.emit(thread_id)

    def take(self, event: RunEvent) -> None:
        """Take in one event of a run."""
        match event:
            case StatusChanged():
                self._change(event.run_id, lambda flight: _looked_at(flight, event))
            case ConfirmationAsked():
                self._change(event.run_id, lambda flight: flight.asked(event))
                if self.flights.of_run(event.run_id) is not None:
                    self.asked.emit(event)
            case StepChanged():
                self._change(event.run_id, lambda flight: flight.stepped(event.step))
            case TextDelta():
                self._pending.setdefault(event.run_id, []).append(event.text)
                if not self._gather.isActive():
                    self._gather.start()
            case MessageCompleted():
                self._complete(event)
            case UsageReported():
                pass

    def _change(self, run_id: str, change: Callable[[Flight], Flight]) -> None:
        before = self.flights.of_run(run_id)
        if before is not None:
            after = change(before)
            if after != before:
                self.fly(after)

    def _complete(self, event: MessageCompleted) -> None:
        self._pending.pop(event.run_id, None)
        flight = self.flights.of_run(event.run_id)
        if flight is not None:
            self.land(flight.thread_id)
        if self._model.row_of(event.message.id) is not None:
            self._model.put(event.message)
        self.answered.emit(event.message)

    def flush(self) -> None:
        """Show the pieces of text that have gathered."""
        pending, self._pending = self._pending, {}
        for run_id, pieces in pending.items():
            flight = self.flights.of_run(run_id)
            if flight is not None and flight.answer is not None:
                grown = flight.grown("".join(pieces))
                self.flights.put(grown)
                if grown.answer is not None:
                    self._model.set_text(grown.answer.id, grown.answer.text)

    def interrupt(self, run_id: str) -> None:
        """End what did not come to its own end: the text so far stays."""
        self.flush()
        flight = self.flights.of_run(run_id)
        if flight is None:
            return
        self.land(flight.thread_id)
        row = self._model.row_of(flight.answer.id) if flight.answer else None
        if row is not None:
            message = self._model.message(row)
            self._model.put(replace(message, status=MessageStatus.INCOMPLETE, note=INTERRUPTED))


def _looked_at(flight: Flight, event: StatusChanged) -> Flight:
    words = flight.words if flight.stopping else event.words
    until = None if flight.stopping else event.until
    started = time.monotonic() - event.seconds
    asking = flight.asking if event.status is RunStatus.REQUIRES_ACTION else ()
    return replace(flight, words=words, polls=event.polls, started=started, until=until, asking=asking)
