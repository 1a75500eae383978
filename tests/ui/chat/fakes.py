"""Plain stand-ins for the services of a conversation, and messages to show."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

from hrdesk.core.citations import Citation, CitationState
from hrdesk.core.documents import Outcome, Span
from hrdesk.core.errors import HrdeskError, NotFound
from hrdesk.core.runs import (
    ConfirmationAsked,
    MessageCompleted,
    Run,
    RunEvent,
    RunStatus,
    StatusChanged,
    TextDelta,
    ToolCall,
)
from hrdesk.core.threads import Message, MessageStatus, Role, Thread
from hrdesk.core.usage import ContextMeter, Estimate, Usage
from hrdesk.ui.chat.ports import Asked, Queued

NOW = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)


def citation(
    number: int, document: str = "Leave policy", page: int = 4, state: CitationState = CitationState.VERIFIED
) -> Citation:
    return Citation(
        number,
        f"p{number}",
        "doc_1",
        document,
        "a" * 64,
        "leave.pdf",
        page,
        "Leave policy > 4. Sick leave",
        "Full-time employees accrue ten (10) days of paid sick leave.",
        "4.1 Entitlement\nFull-time employees accrue ten (10) days of paid sick leave.",
        state,
        (Span(page, 10, 60),),
    )


def question(number: int, text: str = "How many sick days do I get?", thread: str = "thread_1") -> Message:
    return Message(f"q{number}", thread, Role.USER, text, NOW)


def answer(number: int, text: str = "Ten days. [1]", thread: str = "thread_1", **more: Any) -> Message:
    given: dict[str, Any] = {
        "run_id": f"run_{number}",
        "outcome": Outcome.ANSWERED,
        "citations": (citation(1),),
    } | more
    return Message(f"a{number}", thread, Role.ASSISTANT, text, NOW, **given)


def conversation(pairs: int) -> list[Message]:
    """Return `pairs` questions with their answers."""
    return [message for number in range(pairs) for message in (question(number), answer(number))]


def thread(thread_id: str = "thread_1", title: str = "Sick days in the first year") -> Thread:
    return Thread(thread_id, title, NOW, NOW)


@dataclass(frozen=True)
class FakeAsked:
    thread: Thread
    question: Message
    answer: Message
    run_id: str


@dataclass(frozen=True)
class FakeQueued:
    thread_id: str
    text: str


@dataclass
class Script:
    """One scripted run: the test puts events in, and ends it with `end`."""

    thread: Thread
    question: Message
    answer: Message
    run_id: str
    events: asyncio.Queue[RunEvent | None] = field(default_factory=asyncio.Queue)
    ended: asyncio.Event = field(default_factory=asyncio.Event)

    def say(
        self,
        words: str,
        polls: int = 1,
        seconds: float = 0.5,
        status: RunStatus = RunStatus.IN_PROGRESS,
        until: datetime | None = None,
    ) -> None:
        self.events.put_nowait(StatusChanged(self.run_id, status, words, polls, seconds, until))

    def ask_leave(self, call: ToolCall, seconds: float = 581) -> ConfirmationAsked:
        until = datetime.now(UTC) + timedelta(seconds=seconds)
        asked = ConfirmationAsked(self.run_id, call, until)
        self.events.put_nowait(asked)
        words = f"Waiting for you: allow {call.name}?"
        self.say(words, status=RunStatus.REQUIRES_ACTION, until=until)
        return asked

    def write(self, text: str) -> None:
        self.events.put_nowait(TextDelta(self.run_id, text))

    def complete(self, text: str = "Ten days. [1]", **more: Any) -> None:
        given: dict[str, Any] = {
            "status": MessageStatus.COMPLETED,
            "outcome": Outcome.ANSWERED,
            "citations": (citation(1),),
        }
        self.answer = replace(self.answer, text=text, **(given | more))
        self.events.put_nowait(MessageCompleted(self.run_id, self.answer))
        self.end()

    def end(self) -> None:
        self.ended.set()
        self.events.put_nowait(None)


class FakeChat:
    """Threads in a dictionary, runs by script."""

    def __init__(self) -> None:
        self.stored: dict[str, list[Message]] = {}
        self.titles: dict[str, str] = {}
        self.drafts: dict[str | None, str] = {}
        self.asked: list[tuple[str, str | None, date | None, str | None]] = []
        self.scripts: list[Script] = []
        self.stopped: list[str] = []
        self.runs: dict[str, Run] = {}
        self.refusal: HrdeskError | None = None
        self.late_refusal: HrdeskError | None = None
        self.gate: asyncio.Event | None = None
        self.gone: set[str] = set()
        self.queue: dict[str, str] = {}
        self.confirmed: list[tuple[str, str, bool]] = []
        self.estimated: list[tuple[str | None, str]] = []
        self.next_estimate = Estimate(Usage(2900, 220), Decimal("0.021"), "about 0.02 USD")
        self.meters: dict[str, ContextMeter] = {}
        self.proposal = "Sick days: ten in the first year."
        self.continued: list[tuple[str, str]] = []

    def fill(
        self, thread_id: str, messages: Sequence[Message], title: str = "Sick days in the first year"
    ) -> None:
        self.stored[thread_id] = list(messages)
        self.titles[thread_id] = title

    async def thread(self, thread_id: str) -> Thread:
        if thread_id not in self.stored:
            raise NotFound("This thread is gone.")
        return thread(thread_id, self.titles[thread_id])

    async def messages(self, thread_id: str) -> list[Message]:
        if self.gate is not None:
            await self.gate.wait()
        return list(self.stored[thread_id])

    async def draft(self, thread_id: str | None) -> str:
        return self.drafts.get(thread_id, "")

    async def save_draft(self, thread_id: str | None, text: str) -> None:
        self.drafts[thread_id] = text

    async def ask(
        self,
        question: str,
        thread_id: str | None = None,
        *,
        as_of: date | None = None,
        scope: str | None = None,
    ) -> AsyncIterator[Asked | Queued | RunEvent]:
        self.asked.append((question, thread_id, as_of, scope))
        if self.refusal is not None:
            raise self.refusal
        before = next(
            (one for one in self.scripts if one.thread.id == thread_id and not one.ended.is_set()), None
        )
        if before is not None and thread_id is not None:
            self.queue[thread_id] = question
            yield FakeQueued(thread_id, question)
            await before.ended.wait()
            if self.queue.pop(thread_id, "") != question:
                return
            if self.late_refusal is not None:
                raise self.late_refusal
        script = self._begin(question, thread_id)
        yield FakeAsked(script.thread, script.question, script.answer, script.run_id)
        async for event in self._events(script):
            yield event

    async def _events(self, script: Script) -> AsyncIterator[RunEvent]:
        while (event := await script.events.get()) is not None:
            if isinstance(event, MessageCompleted):
                self.stored[script.thread.id][-1] = event.message
            yield event

    async def unqueue(self, thread_id: str) -> str:
        return self.queue.pop(thread_id, "")

    async def confirm(self, run_id: str, call_id: str, allow: bool) -> None:
        self.confirmed.append((run_id, call_id, allow))

    async def resume(self) -> list[str]:
        return [script.run_id for script in self.scripts]

    def follow(self, run_id: str) -> AsyncIterator[RunEvent]:
        if run_id in self.gone:
            raise NotFound("This run has ended.")
        return self._events(next(script for script in self.scripts if script.run_id == run_id))

    async def estimate(self, thread_id: str | None, text: str) -> Estimate:
        self.estimated.append((thread_id, text))
        if self.refusal is not None:
            raise self.refusal
        return self.next_estimate

    async def meter(self, thread_id: str) -> ContextMeter:
        return self.meters.get(thread_id, ContextMeter(900, 16_000, 0.06, 0, "6 % of what can be sent."))

    async def summary(self, thread_id: str) -> str:
        return self.proposal

    async def continue_thread(self, thread_id: str, summary: str) -> Thread:
        self.continued.append((thread_id, summary))
        carried = Message(f"s{len(self.continued)}", "thread_fresh", Role.SUMMARY, summary, NOW)
        self.fill("thread_fresh", [carried], "Sick days, continued")
        return thread("thread_fresh", "Sick days, continued")

    async def edit_summary(self, message_id: str, text: str) -> Message:
        carried = replace(self.stored["thread_fresh"][0], text=text)
        self.stored["thread_fresh"][0] = carried
        return carried

    def _begin(self, text: str, thread_id: str | None) -> Script:
        number = len(self.scripts) + 100
        place = thread_id or f"thread_{number}"
        self.stored.setdefault(place, [])
        self.titles.setdefault(place, text[:40])
        asked = question(number, text, place)
        empty = Message(
            f"a{number}", place, Role.ASSISTANT, "", NOW, MessageStatus.IN_PROGRESS, f"run_{number}"
        )
        self.stored[place] += [asked, empty]
        self.scripts.append(Script(thread(place, self.titles[place]), asked, empty, f"run_{number}"))
        return self.scripts[-1]

    def begun_yesterday(self, text: str) -> Script:
        """Return a run that an earlier start left and that goes on."""
        script = self._begin(text, None)
        self.runs[script.run_id] = Run(
            script.run_id,
            script.thread.id,
            script.question.id,
            script.answer.id,
            "openai",
            RunStatus.IN_PROGRESS,
            NOW,
        )
        return script

    async def stop(self, run_id: str) -> None:
        self.stopped.append(run_id)

    async def seen(self, run_id: str) -> Run:
        if run_id not in self.runs:
            raise NotFound("This run is gone.")
        return self.runs[run_id]


class FakeCitations:
    """Every citation is as it was, but for the documents named in `changed`."""

    def __init__(self) -> None:
        self.changed: set[str] = set()

    async def refresh(self, citation: Citation) -> Citation:
        if citation.document in self.changed:
            return replace(citation, state=CitationState.CHANGED)
        return citation


class FakeExport:
    def rich(self, message: Message) -> tuple[str, str]:
        return f"<p>{message.text}</p>", f"{message.text} + sources"


class FakeDesk:
    def __init__(self) -> None:
        self.chat = FakeChat()
        self.citations = FakeCitations()
        self.export = FakeExport()


def run(number: int = 0, lookups: int = 2, sent: int = 3) -> Run:
    """Return a finished run with its lookups."""
    candidates = [
        {"ref": f"p{at + 1}" if at < sent else "", "sent": at < sent, "title": "Leave policy"}
        for at in range(20)
    ]
    return Run(
        f"run_{number}",
        "thread_1",
        f"q{number}",
        f"a{number}",
        "local",
        RunStatus.COMPLETED,
        NOW,
        ended_at=NOW + timedelta(seconds=1.4),
        lookups=tuple({"query": "sick leave", "candidates": candidates} for _ in range(lookups)),
    )
