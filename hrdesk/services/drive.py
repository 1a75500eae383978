"""One run on its way: what is known of it, who listens, and what it waits for."""

import asyncio
import time
from collections.abc import AsyncIterator, Coroutine
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import TypeVar

from hrdesk.core.runs import (
    ConfirmationAsked,
    Run,
    RunEvent,
    RunRequest,
    RunSnapshot,
    RunStatus,
    StatusChanged,
    StepChanged,
    TextDelta,
    ToolCall,
    ToolOutput,
)
from hrdesk.services import progress
from hrdesk.services.pace import Pace, Patience
from hrdesk.services.policy import RunTools

T = TypeVar("T")


class Drive:
    """The journal row, the last look, the listeners, and the waits of one run."""

    def __init__(
        self, run: Run, request: RunRequest, snapshot: RunSnapshot, tools: RunTools, pace: Pace
    ) -> None:
        self.run = run
        self.request = request
        self.snapshot = snapshot
        self.tools = tools
        self.pace = pace
        self.stopping = asyncio.Event()
        self.started = time.monotonic()
        self.checkpoint = self.started
        self.rounds = 0
        self.submissions = 0  # of the outputs of this round
        self.stream_lost = False
        self.patience = Patience(pace, creates=False)  # with looks that do not bring anything new
        self.goes_on = False  # on its server, when hrdesk closes
        self.answered: tuple[tuple[ToolCall, ...], tuple[ToolOutput, ...]] = ((), ())
        self.task: asyncio.Task[None] | None = None
        self._listeners: list[asyncio.Queue[RunEvent | None]] = []
        self._said: StatusChanged | None = None
        self._asked: dict[str, asyncio.Future[bool]] = {}
        self._questions: dict[str, ConfirmationAsked] = {}

    @property
    def seconds(self) -> float:
        """Seconds since the drive began."""
        return time.monotonic() - self.started

    @property
    def is_late(self) -> bool:
        """Whether the run has had all its time."""
        return self.seconds > self.pace.deadline * self.pace.second

    # Listening

    def listen(self) -> AsyncIterator[RunEvent]:
        """Return the run's events from here on; what was said so far comes first."""
        queue: asyncio.Queue[RunEvent | None] = asyncio.Queue()
        if self._said is not None:
            queue.put_nowait(self._said)
            if self.snapshot.text:
                queue.put_nowait(TextDelta(self.run.id, self.snapshot.text))
        for question in self._questions.values():
            queue.put_nowait(question)
        self._listeners.append(queue)
        return self._events(queue)

    def emit(self, event: RunEvent | None) -> None:
        """Tell everybody who listens; None is the end."""
        for queue in self._listeners:
            queue.put_nowait(event)

    async def _events(self, queue: "asyncio.Queue[RunEvent | None]") -> AsyncIterator[RunEvent]:
        while (event := await queue.get()) is not None:
            yield event
        assert self.task is not None
        if not self.task.cancelled():
            self.task.result()  # a bug in the drive is the listener's to report

    # Seeing

    def see(self, snapshot: RunSnapshot) -> bool:
        """Take a look in; emit what is new. Returns whether the journal has to know."""
        before, self.snapshot = self.snapshot, snapshot
        changed = snapshot.status is not before.status or snapshot.steps != before.steps
        self.run = replace(
            self.run,
            status=snapshot.status,
            steps=snapshot.steps,
            usage=snapshot.usage,
            remote_id=snapshot.ref.remote_id or self.run.remote_id,
            remote_thread=snapshot.ref.remote_thread or self.run.remote_thread,
            model=snapshot.model or self.run.model,
        )
        if snapshot.status is not before.status or not self.run.history:
            history = (*self.run.history, (snapshot.status, round(self.seconds, 4)))
            self.run = replace(self.run, history=history)
        self.say(progress.words(snapshot, self.tools.passages_read))
        for step in snapshot.steps:
            if step not in before.steps:
                self.emit(StepChanged(self.run.id, step))
        if len(snapshot.text) > len(before.text) and snapshot.text.startswith(before.text):
            self.emit(TextDelta(self.run.id, snapshot.text[len(before.text) :]))
        return changed

    def say(self, words: str, status: RunStatus | None = None, until: datetime | None = None) -> None:
        """Tell what happens; `status` only where it runs ahead of the backend. The same is said once."""
        status = status or self.snapshot.status
        if self.stopping.is_set() and not status.is_end:
            words, status, until = progress.STOPPING, RunStatus.CANCELLING, None
        said = StatusChanged(self.run.id, status, words, self.run.polls, round(self.seconds, 3), until)
        before, self._said = self._said, said
        if before is None or replace(before, seconds=said.seconds) != said:
            self.emit(said)

    def end(self, status: RunStatus, error: str = "") -> None:
        """End the run here, whatever the backend thinks; what was said so far stays."""
        self.see(replace(self.snapshot, status=status, required_calls=(), last_error=error))

    # Waiting

    async def pause(self, seconds: float) -> None:
        """Sleep, but wake as soon as the user stops the run."""
        if seconds <= 0:
            await asyncio.sleep(0)
            return
        try:
            async with asyncio.timeout(seconds * self.pace.second):
                await self.stopping.wait()
        except TimeoutError:
            return

    async def unless_stopped(self, work: Coroutine[object, object, T]) -> T | None:
        """Await `work`, or cancel it and return None as soon as the run is stopped or out of time."""
        left = self.pace.deadline * self.pace.second - self.seconds
        task = asyncio.ensure_future(work)
        stop = asyncio.ensure_future(self.stopping.wait())
        try:
            await asyncio.wait({task, stop}, timeout=max(left, 0), return_when=asyncio.FIRST_COMPLETED)
            return task.result() if task.done() else None
        finally:
            for pending in (task, stop):
                pending.cancel()
            await asyncio.gather(task, stop, return_exceptions=True)

    # Asking the user

    async def allow(self, call: ToolCall) -> bool:
        """Ask the user whether a call may be carried out; no answer in time is a no."""
        until = datetime.now(UTC) + timedelta(seconds=self.pace.confirmation * self.pace.second)
        if self.snapshot.expires_at is not None:
            until = min(until, self.snapshot.expires_at)
        asked: asyncio.Future[bool] = asyncio.get_running_loop().create_future()
        self._asked[call.id] = asked
        question = self._questions[call.id] = ConfirmationAsked(self.run.id, call, until)
        self.say(progress.allow(call), until=until)
        self.emit(question)
        try:
            async with asyncio.timeout((until - datetime.now(UTC)).total_seconds()):
                return await asked
        except TimeoutError:
            return False
        finally:
            del self._asked[call.id], self._questions[call.id]
            self.say(progress.words(self.snapshot, self.tools.passages_read))

    def confirm(self, call_id: str, *, allow: bool) -> None:
        """Pass the user's decision on; a late one changes nothing."""
        asked = self._asked.get(call_id)
        if asked is not None and not asked.done():
            asked.set_result(allow)
