"""The run driver: the only loop that starts runs, follows them, executes tools, stops and settles them.

Journal first: a run is on disk before its backend is asked, and its remote id before the first look. What
happens to the window or to the consumer of the events does not touch the run: it goes on until it ends, is
stopped, or hrdesk closes.
"""

import asyncio
import time
from collections.abc import AsyncIterator, Callable, Coroutine
from dataclasses import replace
from typing import Protocol, TypeVar

from hrdesk.backends.base import AssistantBackend
from hrdesk.core.errors import HrdeskError, NotFound
from hrdesk.core.runs import (
    MessageCompleted,
    Run,
    RunEvent,
    RunRef,
    RunRequest,
    RunSnapshot,
    RunStatus,
    StatusChanged,
    StepChanged,
    TextDelta,
    ToolOutput,
    UsageReported,
)
from hrdesk.core.threads import Message
from hrdesk.services import progress
from hrdesk.services.policy import RunTools
from hrdesk.services.tools import run_calls

MAX_TOOL_ROUNDS = 8
DEADLINE = 600.0  # seconds; the Assistants contract ends a run after ten minutes
FIRST_PAUSE, LONGEST_PAUSE, PAUSE_GROWTH = 0.25, 2.0, 1.5  # seconds between looks at a silent server
CHECKPOINT = 1.0  # seconds: no more text than this is lost when the power fails
LAST_WORDS = 2.0  # seconds a run gets to stop when hrdesk closes

T = TypeVar("T")


class Journal(Protocol):
    """What the driver writes down."""

    async def keep(self, run: Run, text: str) -> None:
        """Store the run as it stands and the text so far."""

    async def finish(self, run: Run, snapshot: RunSnapshot) -> Message:
        """Store the run's end and its answer in one transaction; return the answer as stored."""


class _Drive:
    """One run on its way: its journal row, the last look, and the events not yet consumed."""

    def __init__(self, run: Run, snapshot: RunSnapshot, tools: RunTools) -> None:
        self.run = run
        self.snapshot = snapshot
        self.tools = tools
        self.events: asyncio.Queue[RunEvent | None] = asyncio.Queue()
        self.stopping = asyncio.Event()
        self.started = time.monotonic()
        self.checkpoint = self.started
        self.rounds = 0
        self.task: asyncio.Task[None] | None = None

    @property
    def seconds(self) -> float:
        return time.monotonic() - self.started

    def see(self, snapshot: RunSnapshot) -> bool:
        """Take a look in; emit what is new. Returns whether the journal has to know."""
        before, self.snapshot = self.snapshot, snapshot
        changed = snapshot.status is not before.status or snapshot.steps != before.steps
        self.run = replace(self.run, status=snapshot.status, steps=snapshot.steps, usage=snapshot.usage)
        if snapshot.status is not before.status or not self.run.history:
            history = (*self.run.history, (snapshot.status, round(self.seconds, 4)))
            self.run = replace(self.run, history=history)
        self.say(progress.words(snapshot, self.tools.passages_read))
        for step in snapshot.steps:
            if step not in before.steps:
                self.events.put_nowait(StepChanged(self.run.id, step))
        if snapshot.text.startswith(before.text) and len(snapshot.text) > len(before.text):
            self.events.put_nowait(TextDelta(self.run.id, snapshot.text[len(before.text) :]))
        return changed

    def say(self, words: str, status: RunStatus | None = None) -> None:
        """Tell what happens; `status` only where it runs ahead of the backend."""
        self.events.put_nowait(
            StatusChanged(
                self.run.id, status or self.snapshot.status, words, self.run.polls, round(self.seconds, 3)
            )
        )


class RunDriver:
    """Drives every run over one backend. `tools` makes the tools of a run from its request."""

    def __init__(
        self, backend: AssistantBackend, journal: Journal, tools: Callable[[RunRequest], RunTools]
    ) -> None:
        self._backend = backend
        self._journal = journal
        self._tools = tools
        self._drives: dict[str, _Drive] = {}

    def start(self, run: Run, request: RunRequest) -> AsyncIterator[RunEvent]:
        """Start the run now and return its events; the last one is `MessageCompleted`.

        `run` must be in the journal already. The events may be left unread.
        """
        snapshot = RunSnapshot(RunRef(run.id, run.thread_id), RunStatus.QUEUED)
        drive = self._drives[run.id] = _Drive(run, snapshot, self._tools(request))
        drive.task = asyncio.create_task(self._drive(drive, request), name=f"drive {run.id}")
        drive.task.add_done_callback(lambda _: drive.events.put_nowait(None))
        return self._events(drive)

    async def stop(self, run_id: str) -> None:
        """Stop a run; the screen hears of it at once. Nothing happens if it has ended."""
        drive = self._drives.get(run_id)
        if drive is not None and not drive.stopping.is_set():
            drive.stopping.set()
            drive.say("Stopping", RunStatus.CANCELLING)

    def is_running(self, run_id: str) -> bool:
        """Whether the run is being driven now."""
        return run_id in self._drives

    async def settle(self, run: Run, text: str) -> Message:
        """Give a run that an earlier start left without an end its end, with the `text` that was kept.

        A backend that still knows the run is asked once for its state; a run is never started again.
        """
        ref = RunRef(run.id, run.thread_id, run.remote_id)
        try:
            snapshot = await self._backend.poll_run(ref)
        except NotFound:
            snapshot = RunSnapshot(ref, run.status, run.steps, text, model=run.model)
        if not snapshot.status.is_end:
            cancelling = snapshot.status is RunStatus.CANCELLING
            ended = RunStatus.CANCELLED if cancelling else RunStatus.EXPIRED
            snapshot = replace(snapshot, status=ended, last_error="hrdesk was closed before the run ended.")
        return await self._journal.finish(replace(run, status=snapshot.status), snapshot)

    async def aclose(self) -> None:
        """Stop what runs, give it a moment to end well, and let go of the backend."""
        for run_id in list(self._drives):
            await self.stop(run_id)
        tasks = [drive.task for drive in self._drives.values() if drive.task is not None]
        if tasks:
            _, late = await asyncio.wait(tasks, timeout=LAST_WORDS)
            for task in late:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
        await self._backend.aclose()

    async def _events(self, drive: _Drive) -> AsyncIterator[RunEvent]:
        while (event := await drive.events.get()) is not None:
            yield event
        assert drive.task is not None
        if not drive.task.cancelled():
            drive.task.result()  # a bug in the drive is the consumer's to report

    async def _drive(self, drive: _Drive, request: RunRequest) -> None:
        try:
            await self._follow(drive, await self._backend.start_run(request))
        except HrdeskError as error:
            drive.see(replace(drive.snapshot, status=RunStatus.FAILED, last_error=str(error)))
            await self._finish(drive)
        except BaseException:  # a bug, or hrdesk closes: what was said so far is kept
            await asyncio.shield(self._journal.keep(drive.run, drive.snapshot.text))
            raise
        else:
            await self._finish(drive)
        finally:
            self._drives.pop(drive.run.id, None)

    async def _finish(self, drive: _Drive) -> None:
        drive.run = replace(drive.run, lookups=tuple(drive.tools.lookups))
        message = await self._journal.finish(drive.run, drive.snapshot)
        drive.events.put_nowait(UsageReported(drive.run.id, drive.snapshot.usage))
        drive.events.put_nowait(MessageCompleted(drive.run.id, message))

    async def _follow(self, drive: _Drive, snapshot: RunSnapshot) -> None:
        drive.run = replace(drive.run, remote_id=snapshot.ref.remote_id, model=snapshot.model)
        drive.see(snapshot)
        await self._journal.keep(drive.run, "")
        pause = FIRST_PAUSE
        while not drive.snapshot.status.is_end:
            if drive.stopping.is_set() and drive.snapshot.status is not RunStatus.CANCELLING:
                looked = await self._backend.cancel_run(drive.snapshot.ref)
            elif drive.seconds > DEADLINE:
                looked = replace(
                    drive.snapshot, status=RunStatus.EXPIRED, last_error="The run took too long."
                )
            elif drive.snapshot.status is RunStatus.REQUIRES_ACTION:
                looked, pause = await self._act(drive), FIRST_PAUSE
            else:
                wished = drive.snapshot.poll_after_ms
                await _pause(drive, pause if wished is None else wished / 1000)
                pause = min(pause * PAUSE_GROWTH, LONGEST_PAUSE)
                looked = await self._look(drive)
            await self._take_in(drive, looked)

    async def _look(self, drive: _Drive) -> RunSnapshot:
        drive.run = replace(drive.run, polls=drive.run.polls + 1)
        return await self._backend.poll_run(drive.snapshot.ref)

    async def _take_in(self, drive: _Drive, snapshot: RunSnapshot) -> None:
        changed = drive.see(snapshot)
        due = time.monotonic() - drive.checkpoint >= CHECKPOINT
        if (changed or due) and not snapshot.status.is_end:
            drive.checkpoint = time.monotonic()
            await self._journal.keep(drive.run, snapshot.text)

    async def _act(self, drive: _Drive) -> RunSnapshot:
        """Run the required tool calls and hand in their outputs, unless the user stops meanwhile."""
        drive.rounds += 1
        if drive.rounds > MAX_TOOL_ROUNDS:
            await self._backend.cancel_run(drive.snapshot.ref)
            return replace(
                drive.snapshot,
                status=RunStatus.FAILED,
                last_error=f"The model asked for tools more than {MAX_TOOL_ROUNDS} times.",
            )
        calls = drive.snapshot.required_calls
        outputs = await _unless(drive.stopping, run_calls(calls, drive.tools.tools))
        if outputs is None:
            return drive.snapshot
        return await self._submit(drive, outputs)

    async def _submit(self, drive: _Drive, outputs: tuple[ToolOutput, ...]) -> RunSnapshot:
        drive.run = replace(drive.run, lookups=tuple(drive.tools.lookups))
        return await self._backend.submit_tool_outputs(drive.snapshot.ref, outputs)


async def _pause(drive: _Drive, seconds: float) -> None:
    """Sleep, but wake as soon as the user stops the run."""
    if seconds <= 0:
        await asyncio.sleep(0)
        return
    try:
        async with asyncio.timeout(seconds):
            await drive.stopping.wait()
    except TimeoutError:
        return
    if drive.snapshot.status is RunStatus.CANCELLING:
        await asyncio.sleep(seconds)  # already stopping: the next look is not urgent


async def _unless(stopping: asyncio.Event, work: Coroutine[object, object, T]) -> T | None:
    """Await `work`, or cancel it and return None as soon as `stopping` is set."""
    task = asyncio.ensure_future(work)
    stop = asyncio.ensure_future(stopping.wait())
    try:
        await asyncio.wait({task, stop}, return_when=asyncio.FIRST_COMPLETED)
        return task.result() if task.done() else None
    finally:
        for pending in (task, stop):
            pending.cancel()
        await asyncio.gather(task, stop, return_exceptions=True)
