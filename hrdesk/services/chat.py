"""Conversations: ask, stop, resume, and everything the thread list does."""

from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, replace
from datetime import date

from hrdesk.core.connections import Connection
from hrdesk.core.errors import HrdeskError
from hrdesk.core.runs import Run, RunEvent
from hrdesk.core.threads import Message, Thread
from hrdesk.core.usage import ContextMeter, Estimate
from hrdesk.services import context, costs
from hrdesk.services.asking import Requests
from hrdesk.services.connections import LOCAL, ConnectionService
from hrdesk.services.costs import CostService
from hrdesk.services.journal import RunJournal
from hrdesk.services.runs import RunDriver
from hrdesk.services.store_thread import StoreThread
from hrdesk.store.runs import RunStore
from hrdesk.store.threads import ThreadPage, ThreadStore

LONGEST_QUESTION = 20_000  # characters; a question, not a document
LONGEST_SUMMARY = 20_000
_QUEUE = "/queued"  # behind a thread's id: the draft that waits for the run to end


@dataclass(frozen=True, slots=True)
class Queued:
    """The question is kept and waits until the run of its thread has ended."""

    thread_id: str
    text: str


@dataclass(frozen=True, slots=True)
class Asked:
    """The question is stored and its run is on its way; `answer` is still empty."""

    thread: Thread
    question: Message
    answer: Message
    run_id: str


ChatEvent = Queued | Asked | RunEvent


class ChatService:
    """Threads, messages and runs as a user knows them. `connection` is the one that answers."""

    def __init__(
        self,
        store: StoreThread,
        threads: ThreadStore,
        runs: RunStore,
        journal: RunJournal,
        driver: RunDriver,
        requests: Requests,
        connections: ConnectionService,
        spending: CostService,
        is_alone: Callable[[], bool] = lambda: True,
    ) -> None:
        self._store = store
        self._threads = threads
        self._runs = runs
        self._journal = journal
        self._driver = driver
        self._requests = requests
        self._connections = connections
        self._costs = spending
        self._is_alone = is_alone
        self._in_flight: dict[str, str] = {}
        self._name = LOCAL.name

    # Who answers

    @property
    def connection(self) -> Connection:
        """The connection that answers the next question."""
        return self._connections.find(self._name) or LOCAL  # it may have been removed

    def use(self, name: str) -> None:
        """Let a connection answer from the next question on. Raises `NotFound`."""
        self._name = self._connections.get(name).name

    # Threads

    async def threads(self, search: str = "") -> ThreadPage:
        """Return the threads that match `search`, pinned and newest first, and how many are hidden."""
        return await self._store(self._threads.threads, search)

    async def thread(self, thread_id: str) -> Thread:
        """Return one thread. Raises `NotFound`."""
        return await self._store(self._threads.get, thread_id)

    async def messages(self, thread_id: str) -> list[Message]:
        """Return the thread's messages in order. Raises `NotFound`."""
        return await self._store(self._threads.messages, thread_id)

    async def rename(self, thread_id: str, title: str) -> Thread:
        """Give the thread another title; a blank one is refused."""
        title = " ".join(title.split())
        if not title:
            raise HrdeskError("A thread needs a title.", "Type at least one word.")
        return await self._store(self._threads.rename, thread_id, title)

    async def pin(self, thread_id: str, pinned: bool) -> Thread:
        """Keep the thread at the top of the list, or let it go."""
        return await self._store(self._threads.set_pinned, thread_id, pinned)

    async def delete(self, thread_id: str) -> None:
        """Hide the thread; `undelete` brings it back. A run in it is stopped."""
        run_id = self.running(thread_id)
        if run_id is not None:
            await self._driver.stop(run_id)
        await self.unqueue(thread_id)
        await self._store(self._threads.delete, thread_id)

    async def undelete(self, thread_id: str) -> Thread:
        """Bring a deleted thread back."""
        return await self._store(self._threads.undelete, thread_id)

    async def draft(self, thread_id: str | None) -> str:
        """Return what was typed but not sent in a thread (None: in no thread yet).

        A question that waited in the queue when hrdesk ended comes back here.
        """
        typed = await self._store(self._threads.draft, thread_id)
        if thread_id is None or self.running(thread_id):
            return typed
        waiting = await self._queued(thread_id)
        if not waiting:
            return typed
        text = "\n".join(filter(None, (waiting, typed)))
        await self.save_draft(thread_id, text)  # before it leaves the queue: it is never nowhere
        await self.unqueue(thread_id)
        return text

    async def save_draft(self, thread_id: str | None, text: str) -> None:
        """Keep what is typed but not sent."""
        await self._store(self._threads.set_draft, thread_id, text)

    # Asking

    async def ask(
        self,
        question: str,
        thread_id: str | None = None,
        *,
        as_of: date | None = None,
        scope: str | None = None,
    ) -> AsyncIterator[ChatEvent]:
        """Ask in a thread (None: a new one). Yields `Asked`, then the events of the run.

        While another run is on its way in the thread the question waits: `Queued` comes first, and nothing
        more if it is taken back. Leaving the iteration does not stop the run; `stop` does. Raises
        `HrdeskError`, with nothing stored, for a blank question, a used-up budget, a missing model.
        """
        text = question.strip()
        if not text or len(text) > LONGEST_QUESTION:
            raise HrdeskError("There is no question to send.", f"Type 1 to {LONGEST_QUESTION:,} characters.")
        if thread_id is not None and self.running(thread_id):
            if await self._queued(thread_id):
                raise HrdeskError(
                    "A question is waiting in this thread already.", "Take it back to change it."
                )
            await self.save_draft(thread_id + _QUEUE, text)
            yield Queued(thread_id, text)
            await self._until_free(thread_id)
            if await self.unqueue(thread_id) != text:
                return
        terms = await self._requests.terms(self.connection)
        terms.check()
        earlier = await self.messages(thread_id) if thread_id is not None else []
        await self._costs.check(await self._requests.estimate(terms, earlier, text))
        before = None if thread_id is None else await self._store(self._runs.last_of, thread_id)
        begun = await self._journal.begin(text, thread_id, terms.pin)
        self._in_flight[begun.thread.id] = begun.run.id
        messages = (*begun.earlier, begun.question)
        request = await self._requests.make(begun.run, terms, messages, before, as_of=as_of, scope=scope)
        events = self._driver.start(begun.run, request)
        yield Asked(begun.thread, begun.question, begun.answer, begun.run.id)
        async for event in events:
            yield event

    async def unqueue(self, thread_id: str) -> str:
        """Take a waiting question back and return it; empty where none waits."""
        text = await self._queued(thread_id)
        if text:
            await self.save_draft(thread_id + _QUEUE, "")
        return text

    async def stop(self, run_id: str) -> None:
        """Stop a run; the text so far is kept."""
        await self._driver.stop(run_id)

    async def confirm(self, run_id: str, call_id: str, allow: bool) -> None:
        """Allow a tool call that waits for the user, or refuse it."""
        self._driver.confirm(run_id, call_id, allow=allow)

    def running(self, thread_id: str) -> str | None:
        """Return the run that is on its way in the thread, if any."""
        run_id = self._in_flight.get(thread_id)
        return run_id if run_id is not None and self._driver.is_running(run_id) else None

    async def seen(self, run_id: str) -> Run:
        """Return the run with all its lookups: what the model saw. Raises `NotFound`."""
        return await self._store(self._runs.get, run_id)

    def follow(self, run_id: str) -> AsyncIterator[RunEvent]:
        """Return the events of a run on its way; what was said so far comes first. Raises `NotFound`."""
        return self._driver.follow(run_id)

    # After a restart

    async def settle(self) -> list[Message]:
        """Give every local run that an earlier start left without an end its end; return their answers.

        While another hrdesk has the data folder open, its runs are its own: nothing is settled.
        """
        return [await self._settle(run) for run in await self._left() if not self._goes_on(run)]

    async def resume(self) -> list[str]:
        """Take up the runs that went on at a server; return their ids. `settle` ends the others."""
        resumed = [run for run in await self._left() if self._goes_on(run)]
        for run in resumed:
            answer = await self._store(self._threads.message, run.answer_id)
            messages = [m for m in await self.messages(run.thread_id) if m.id != run.answer_id]
            request = await self._requests.again(run, self._connections.get(run.connection), messages)
            self._in_flight[run.thread_id] = run.id
            self._driver.resume(run, request, answer.text)
        return [run.id for run in resumed]

    # Length and cost

    async def estimate(self, thread_id: str | None, text: str) -> Estimate:
        """Estimate what a question would consume, before it is sent."""
        earlier = await self.messages(thread_id) if thread_id is not None else []
        terms = await self._requests.terms(self.connection)
        return await self._requests.estimate(terms, earlier, text)

    async def meter(self, thread_id: str) -> ContextMeter:
        """Measure how much of the thread the next question sends, and say what it has cost so far."""
        measured = context.meter(await self.messages(thread_id), self.connection)
        spent = await self._costs.thread(thread_id)
        return replace(measured, words=" ".join(filter(None, (measured.words, costs.so_far(spent)))))

    async def summary(self, thread_id: str) -> str:
        """Propose what to carry over into a fresh thread; made without a model."""
        thread = await self.thread(thread_id)
        return context.summary(thread.title, await self.messages(thread_id))[:LONGEST_SUMMARY]

    async def continue_thread(self, thread_id: str, summary: str) -> Thread:
        """Begin a fresh thread that carries `summary`; the old one stays as it is."""
        text = _checked_summary(summary)
        return await self._store(self._journal.carry_over, thread_id, text)

    async def edit_summary(self, message_id: str, text: str) -> Message:
        """Change a summary that was carried over."""
        return await self._store(self._journal.edit_summary, message_id, _checked_summary(text))

    # Inside

    async def _queued(self, thread_id: str) -> str:
        return await self._store(self._threads.draft, thread_id + _QUEUE)

    async def _until_free(self, thread_id: str) -> None:
        while (run_id := self.running(thread_id)) is not None:
            await self._driver.ended(run_id)

    async def _left(self) -> list[Run]:
        """Return the runs without an end that are nobody's."""
        if not self._is_alone():
            return []
        unfinished = await self._store(self._runs.unfinished)
        return [run for run in unfinished if not self._driver.is_running(run.id)]

    def _goes_on(self, run: Run) -> bool:
        connection = self._connections.find(run.connection)
        # A key must never follow a run to another host than the one that was asked.
        return connection is not None and not connection.is_local and connection.host == run.host

    async def _settle(self, run: Run) -> Message:
        answer = await self._store(self._threads.message, run.answer_id)
        return await self._driver.settle(run, answer.text)


def _checked_summary(text: str) -> str:
    text = text.strip()
    if not text or len(text) > LONGEST_SUMMARY:
        raise HrdeskError("There is nothing to carry over.", f"Keep 1 to {LONGEST_SUMMARY:,} characters.")
    return text
