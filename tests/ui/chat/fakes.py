"""Plain stand-ins for the services of a conversation, and messages to show."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

from hrdesk.core.citations import Citation, CitationState
from hrdesk.core.documents import Outcome, Span
from hrdesk.core.errors import HrdeskError, NotFound
from hrdesk.core.runs import MessageCompleted, Run, RunEvent, RunStatus, StatusChanged, TextDelta
from hrdesk.core.threads import Message, MessageStatus, Role, Thread
from hrdesk.ui.chat.ports import Asked

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


@dataclass
class Script:
    """One scripted run: the test puts events in, and ends it with `end`."""

    thread: Thread
    question: Message
    answer: Message
    run_id: str
    events: asyncio.Queue[Asked | RunEvent | None] = field(default_factory=asyncio.Queue)

    def say(self, words: str, polls: int = 1, seconds: float = 0.5) -> None:
        self.events.put_nowait(StatusChanged(self.run_id, RunStatus.IN_PROGRESS, words, polls, seconds))

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
        self.gate: asyncio.Event | None = None

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
    ) -> AsyncIterator[Asked | RunEvent]:
        self.asked.append((question, thread_id, as_of, scope))
        if self.refusal is not None:
            raise self.refusal
        script = self._begin(question, thread_id)
        yield FakeAsked(script.thread, script.question, script.answer, script.run_id)
        while (event := await script.events.get()) is not None:
            if isinstance(event, MessageCompleted):
                self.stored[script.thread.id][-1] = event.message
            yield event

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
