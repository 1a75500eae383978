"""Runs in flight: what is known of every answer that is being written, in whatever thread.

A flight outlives the thread being shown: who comes back finds the text so far and the Stop.
"""

import time
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime

from hrdesk.core.runs import ConfirmationAsked, RunStep
from hrdesk.core.threads import Message


@dataclass(frozen=True, slots=True)
class Flight:
    """One run on its way. `thread_id` is None while the thread is being created, `run_id` before the start.

    `words` say what happens now, with a countdown to `until` where it is set; `started` is on the clock of
    time.monotonic. `asking` are the tools that wait for the user's leave.
    """

    thread_id: str | None
    run_id: str = ""
    question: Message | None = None
    answer: Message | None = None
    words: str = "Starting"
    polls: int = 0
    stopping: bool = False
    started: float = field(default_factory=time.monotonic)
    until: datetime | None = None
    asking: tuple[ConfirmationAsked, ...] = ()

    @property
    def can_stop(self) -> bool:
        """Whether there is a run to stop, and it was not stopped yet."""
        return bool(self.run_id) and not self.stopping

    def grown(self, text: str) -> "Flight":
        """Return the flight with more text in its answer."""
        if self.answer is None:
            return self
        return replace(self, answer=replace(self.answer, text=self.answer.text + text))

    def asked(self, event: ConfirmationAsked) -> "Flight":
        """Return the flight with one more tool that waits for leave."""
        others = tuple(one for one in self.asking if one.call.id != event.call.id)
        return replace(self, asking=(*others, event))

    def answered(self, *call_ids: str) -> "Flight":
        """Return the flight without the tools that wait no longer."""
        return replace(self, asking=tuple(one for one in self.asking if one.call.id not in call_ids))

    def stepped(self, step: RunStep) -> "Flight":
        """Return the flight after a step: what has an output waits no longer."""
        return self.answered(*(output.call_id for output in step.outputs))


class Flights:
    """All runs in flight, at most one a thread."""

    def __init__(self) -> None:
        self._by_thread: dict[str | None, Flight] = {}

    def of(self, thread_id: str | None) -> Flight | None:
        """Return the run in flight in a thread."""
        return self._by_thread.get(thread_id)

    def of_run(self, run_id: str) -> Flight | None:
        """Return the flight of a run, None when it has landed."""
        return next((flight for flight in self._by_thread.values() if flight.run_id == run_id), None)

    def put(self, flight: Flight) -> None:
        """Keep a flight, in place of what was known of its thread."""
        self._by_thread[flight.thread_id] = flight

    def land(self, thread_id: str | None) -> None:
        """Forget the flight of a thread."""
        self._by_thread.pop(thread_id, None)

    def overlay(self, thread_id: str, stored: list[Message]) -> list[Message]:
        """Return a thread's stored messages with the flight's text so far in them."""
        flight = self.of(thread_id)
        if flight is None or flight.question is None or flight.answer is None:
            return stored
        flying = {flight.question.id: flight.question, flight.answer.id: flight.answer}
        shown = [flying.pop(message.id, message) for message in stored]
        return shown + list(flying.values())


def countdown(until: datetime, now: datetime | None = None) -> str:
    """Return the time left as people read it: "9:41 left", "1:02:03 left"; never below zero."""
    left = max(0, round((until - (now or datetime.now(UTC))).total_seconds()))
    hours, rest = divmod(left, 3600)
    minutes, seconds = divmod(rest, 60)
    shown = f"{hours}:{minutes:02}:{seconds:02}" if hours else f"{minutes}:{seconds:02}"
    return f"{shown} left"


def joint(words: str) -> str:
    """Return what stands between the words of a run and the time left."""
    return " " if words.endswith((".", ":", "?", "!")) else ": "
