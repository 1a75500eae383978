"""What is written down about runs: questions, answers, run rows, and the sealed record of each answer."""

import re
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime
from typing import Any

from hrdesk.core.citations import Citation, CitationState
from hrdesk.core.documents import Outcome
from hrdesk.core.errors import HrdeskError
from hrdesk.core.ids import new_id
from hrdesk.core.runs import Evidence, Run, RunSnapshot, RunStatus
from hrdesk.core.threads import Message, MessageStatus, Role, Thread
from hrdesk.services.citing import CitationWriter, uncited
from hrdesk.services.store_thread import StoreThread
from hrdesk.store.database import Database
from hrdesk.store.records import RecordStore
from hrdesk.store.runs import RunStore
from hrdesk.store.spending import SpendingStore
from hrdesk.store.threads import ThreadStore

_NOTES = {
    RunStatus.CANCELLED: "You stopped this answer.",
    RunStatus.FAILED: "This answer failed: {error}",
    RunStatus.EXPIRED: "This answer was interrupted: {error}",
    RunStatus.INCOMPLETE: "This answer ended early: {error}",
}
TITLE_LENGTH = 60
PREVIEW = 120  # characters of an answer kept for the thread list
_MARKS = re.compile(r"\*\*|[“”]|\s*\[\d+\]")
_PREVIEWS = {Outcome.NOT_FOUND: "Not in the policies", Outcome.CLOSEST: "Closest passages only"}


@dataclass(frozen=True, slots=True)
class Begun:
    """A question that is on disk with its run; `earlier` are the thread's messages before it."""

    thread: Thread
    earlier: tuple[Message, ...]
    question: Message
    answer: Message
    run: Run


class RunJournal:
    """Keeps runs and their answers; ends a run, its answer and its sealed record in one transaction.

    `priced` adds what a run cost; `looked_up` turns what a provider's own search showed the model into a
    lookup as our own search keeps it.
    """

    def __init__(
        self,
        store: StoreThread,
        database: Database,
        threads: ThreadStore,
        runs: RunStore,
        records: RecordStore,
        citations: CitationWriter,
        spending: SpendingStore,
        priced: Callable[[Run], Run],
        looked_up: Callable[[Run, Sequence[Evidence]], dict[str, Any]],
    ) -> None:
        self._store = store
        self._database = database
        self._threads = threads
        self._runs = runs
        self._records = records
        self._citations = citations
        self._spending = spending
        self._priced = priced
        self._looked_up = looked_up

    async def begin(self, text: str, thread_id: str | None, pin: Callable[[Run], Run]) -> Begun:
        """Store question, empty answer and run (and a new thread for None) in one transaction.

        `pin` fills in the terms of the run. What was typed becomes the question, so the thread's draft is
        cleared with it. Raises `NotFound`.
        """
        return await self._store(self._begin, text, thread_id, pin)

    async def keep(self, run: Run, text: str) -> None:
        """Store the run as it stands and the text so far."""
        await self._store(self._keep, run, text)

    async def finish(self, run: Run, snapshot: RunSnapshot) -> Message:
        """Cite, store and seal the answer; return it as stored."""
        if snapshot.evidence:
            lookup = await self._store(self._looked_up, run, snapshot.evidence)
            run = replace(run, lookups=(*run.lookups, lookup))
        text, citations = await self._citations.cite(snapshot.text, run.lookups)
        return await self._store(self._finish, run, snapshot, text.strip(), citations)

    def carry_over(self, thread_id: str, summary: str) -> Thread:
        """Begin a thread with what is carried over from another one; in the store's thread."""
        with self._database.transaction():
            before = self._threads.get(thread_id)
            thread = self._threads.create(before.title)
            now = datetime.now(UTC)
            self._threads.add_message(Message(new_id("msg"), thread.id, Role.SUMMARY, summary, now))
            return self._threads.touch(thread.id, "Carried over", None)

    def edit_summary(self, message_id: str, text: str) -> Message:
        """Change what was carried over; in the store's thread. Raises `NotFound`."""
        with self._database.transaction():
            message = self._threads.message(message_id)
            if message.role is not Role.SUMMARY:
                raise HrdeskError("Only what was carried over can be edited.", "Questions and answers stay.")
            changed = replace(message, text=text)
            self._threads.update_message(changed)
        return changed

    def _begin(self, text: str, thread_id: str | None, pin: Callable[[Run], Run]) -> Begun:
        now = datetime.now(UTC)
        with self._database.transaction():
            if thread_id is None:
                thread = self._threads.create(title_of(text))
            else:
                thread = self._threads.get(thread_id)
            earlier = self._threads.messages(thread.id)
            run_id = new_id("run")
            question = Message(new_id("msg"), thread.id, Role.USER, text, now)
            answer = Message(
                new_id("msg"), thread.id, Role.ASSISTANT, "", now, MessageStatus.IN_PROGRESS, run_id
            )
            run = pin(Run(run_id, thread.id, question.id, answer.id, "", RunStatus.QUEUED, now))
            self._threads.add_message(question)
            self._threads.add_message(answer)
            self._runs.create(run)
            self._threads.set_draft(thread_id, "")
            thread = self._threads.get(thread.id)
        return Begun(thread, tuple(earlier), question, answer, run)

    def _keep(self, run: Run, text: str) -> None:
        with self._database.transaction():
            self._runs.update(run)
            if text:
                answer = self._answer(run)
                self._threads.update_message(replace(answer, text=text))

    def _finish(self, run: Run, snapshot: RunSnapshot, text: str, citations: Sequence[Citation]) -> Message:
        whole = snapshot.status is RunStatus.COMPLETED
        now = datetime.now(UTC)
        run = replace(
            run,
            status=snapshot.status,
            ended_at=now,
            usage=snapshot.usage,
            last_error=snapshot.last_error,
            model=snapshot.model or run.model,
            prompt=snapshot.prompt,
        )
        run = self._priced(run)
        with self._database.transaction():
            answer = replace(
                self._answer(run),
                text=text,
                status=MessageStatus.COMPLETED if whole else MessageStatus.INCOMPLETE,
                outcome=snapshot.outcome or _outcome(text, citations),
                citations=tuple(citations),
                usage=snapshot.usage,
                cost=run.cost,
                uncited=uncited(text) if run.asked_a_model else (),
                note="" if whole else _NOTES[snapshot.status].format(error=snapshot.last_error),
            )
            self._threads.update_message(answer)
            self._runs.update(run)
            self._spending.note(run)
            self._threads.touch(run.thread_id, preview(answer), answer.outcome)
            question = self._threads.message(run.question_id)
            self._records.seal(run.thread_id, run.id, _record(question, answer, run))
        return answer

    def _answer(self, run: Run) -> Message:
        return self._threads.message(run.answer_id)


def _outcome(text: str, citations: Sequence[Citation]) -> Outcome | None:
    """Say what an answer of a language model is worth: it answers only as far as it cites."""
    if not text:
        return None
    if any(citation.state in (CitationState.VERIFIED, CitationState.SUPPORTED) for citation in citations):
        return Outcome.ANSWERED
    return Outcome.CLOSEST if citations else Outcome.NOT_FOUND


def title_of(question: str) -> str:
    """Return a thread's title from its first question: at most 60 characters, cut between words."""
    words = " ".join(question.split())
    if len(words) <= TITLE_LENGTH:
        return words
    return words[: TITLE_LENGTH - 1].rsplit(" ", 1)[0] + "…"


def preview(answer: Message) -> str:
    """Return the second line of a thread's row: why there is no answer, or how the answer begins."""
    if answer.status is MessageStatus.INCOMPLETE:
        return answer.note[:PREVIEW]
    if answer.outcome in _PREVIEWS:
        return _PREVIEWS[answer.outcome]
    said = (block for block in answer.text.split("\n\n") if not block.startswith("**"))
    return " ".join(_MARKS.sub("", " ".join(said)).split())[:PREVIEW]


def _record(question: Message, answer: Message, run: Run) -> dict[str, Any]:
    """The answer as it is sealed: what was asked, what the model saw, what it said, on which versions."""
    return {
        "question": question.text,
        "asked_at": question.created_at.isoformat(),
        "answer": answer.text,
        "outcome": answer.outcome,
        "status": run.status,
        "note": answer.note,
        "connection": run.connection,
        "host": run.host,
        "region": run.region,
        "assistant": run.profile,
        "model": run.model,
        "prompt": run.prompt,
        "history": run.history,
        "lookups": run.lookups,
        "citations": [asdict(citation) for citation in answer.citations],
        "usage": asdict(run.usage),
        "cost": None if run.cost is None else f"{run.cost} {run.currency}",
        "stored_by_provider": run.stored,
    }
