"""The run driver: the only loop that starts runs, follows them, executes tools, stops and resumes them.

Journal first: a run is on disk before its backend is asked, and its remote id before the first look. What
happens to the window or to the listeners of the events does not touch the run: it goes on until it ends, is
stopped, or hrdesk closes. Requests that create something are repeated only when it is certain that the server
did not carry them out; a lost stream is followed by looks.
"""

import asyncio
import time
from collections.abc import AsyncGenerator, AsyncIterator, Awaitable, Callable, Coroutine
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any, Protocol

from hrdesk.backends.base import AssistantBackend
from hrdesk.core.errors import BackendUnavailable, HrdeskError, NotFound
from hrdesk.core.runs import (
    MessageCompleted,
    Run,
    RunEvent,
    RunRef,
    RunRequest,
    RunSnapshot,
    RunStatus,
    StepKind,
    ToolOutput,
    UsageReported,
)
from hrdesk.core.threads import Message
from hrdesk.services import progress
from hrdesk.services.drive import Drive
from hrdesk.services.pace import Pace, Patience
from hrdesk.services.policy import RunTools
from hrdesk.services.tools import run_calls

LAST_WORDS = 2.0  # seconds a run gets to stop when hrdesk closes
CLOSED = "hrdesk was closed before the run ended."

Look = Callable[[], Coroutine[Any, Any, RunSnapshot]]


class Journal(Protocol):
    """What the driver writes down."""

    async def keep(self, run: Run, text: str) -> None:
        """Store the run as it stands and the text so far."""

    async def finish(self, run: Run, snapshot: RunSnapshot) -> Message:
        """Store the run's end and its answer in one transaction; return the answer as stored."""


class RunDriver:
    """Drives every run. `backend` opens a connection by name; `tools` makes the tools of a run."""

    def __init__(
        self,
        backend: Callable[[str], Awaitable[AssistantBackend]],
        journal: Journal,
        tools: Callable[[Run, RunRequest], RunTools],
        pace: Pace | None = None,
    ) -> None:
        self._backend = backend
        self._journal = journal
        self._tools = tools
        self._pace = pace or Pace()
        self._drives: dict[str, Drive] = {}

    def start(self, run: Run, request: RunRequest) -> AsyncIterator[RunEvent]:
        """Start the run now and return its events; the last one is `MessageCompleted`.

        `run` must be in the journal already. The events may be left unread.
        """
        snapshot = RunSnapshot(RunRef(run.id, run.thread_id), RunStatus.QUEUED)
        return self._set_out(run, request, snapshot, self._start)

    def resume(self, run: Run, request: RunRequest, text: str) -> AsyncIterator[RunEvent]:
        """Take up a run that an earlier start left, with the `text` that was kept; its events.

        The run is looked at, never started again. One that is gone ends as expired; while its server cannot
        be reached the journal is left as it is, for the next start.
        """
        ref = RunRef(run.id, run.thread_id, run.remote_id, run.remote_thread)
        snapshot = RunSnapshot(ref, run.status, run.steps, text, usage=run.usage, model=run.model)
        return self._set_out(run, request, snapshot, self._resume)

    async def stop(self, run_id: str) -> None:
        """Stop a run; the screen hears of it at once. Nothing happens if it has ended."""
        drive = self._drives.get(run_id)
        if drive is not None and not drive.stopping.is_set():
            drive.stopping.set()
            drive.say(progress.STOPPING, RunStatus.CANCELLING)

    def confirm(self, run_id: str, call_id: str, *, allow: bool) -> None:
        """Pass on whether the user allows a tool call. Nothing happens if nobody waits for it."""
        drive = self._drives.get(run_id)
        if drive is not None:
            drive.confirm(call_id, allow=allow)

    def is_running(self, run_id: str) -> bool:
        """Whether the run is being driven now."""
        return run_id in self._drives

    def follow(self, run_id: str) -> AsyncIterator[RunEvent]:
        """Return the events of a run on its way; what was said so far comes first. Raises `NotFound`."""
        drive = self._drives.get(run_id)
        if drive is None:
            raise NotFound("This run has ended.")
        return drive.listen()

    async def ended(self, run_id: str) -> None:
        """Wait until the run has ended and its answer is stored."""
        drive = self._drives.get(run_id)
        if drive is not None and drive.task is not None:
            await asyncio.wait({drive.task})

    async def settle(self, run: Run, text: str) -> Message:
        """Give a run that an earlier start left, and that cannot be resumed, its end with the kept `text`."""
        cancelling = run.status is RunStatus.CANCELLING
        status = RunStatus.CANCELLED if cancelling else RunStatus.EXPIRED
        ref = RunRef(run.id, run.thread_id, run.remote_id, run.remote_thread)
        snapshot = RunSnapshot(
            ref, status, run.steps, text, usage=run.usage, model=run.model, last_error=CLOSED
        )
        return await self._journal.finish(replace(run, status=status), snapshot)

    async def aclose(self) -> None:
        """Stop what cannot go on without hrdesk, and let go of the rest: the next start finds it again."""
        for drive in list(self._drives.values()):
            if not drive.goes_on:
                drive.stopping.set()
            elif drive.task is not None:
                drive.task.cancel()
        tasks = [drive.task for drive in self._drives.values() if drive.task is not None]
        if tasks:
            _, late = await asyncio.wait(tasks, timeout=LAST_WORDS)
            for task in late:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)

    # Driving

    def _set_out(
        self,
        run: Run,
        request: RunRequest,
        snapshot: RunSnapshot,
        begin: Callable[[Drive], Awaitable[AssistantBackend | None]],
    ) -> AsyncIterator[RunEvent]:
        drive = Drive(run, request, snapshot, self._tools(run, request), self._pace)
        self._drives[run.id] = drive
        events = drive.listen()
        drive.task = asyncio.create_task(self._drive(drive, begin), name=f"drive {run.id}")
        drive.task.add_done_callback(lambda _: drive.emit(None))
        return events

    async def _drive(
        self, drive: Drive, begin: Callable[[Drive], Awaitable[AssistantBackend | None]]
    ) -> None:
        try:
            backend = await begin(drive)
            if backend is not None:
                await self._follow(drive, backend)
        except _LeftForLater:
            return
        except HrdeskError as error:
            drive.end(RunStatus.FAILED, str(error))
        except asyncio.CancelledError:  # hrdesk closes: what was said so far is kept
            await asyncio.shield(self._journal.keep(drive.run, drive.snapshot.text))
            raise
        except BaseException:  # a bug: the answer still gets its end, and the bug is told
            drive.end(RunStatus.FAILED, "Something went wrong in hrdesk.")
            await self._finish(drive)
            raise
        finally:
            if not drive.snapshot.status.is_end:
                self._drives.pop(drive.run.id, None)
        await self._finish(drive)

    async def _start(self, drive: Drive) -> AssistantBackend | None:
        backend = await self._backend(drive.run.connection)
        looked = await self._tried(drive, lambda: backend.start_run(drive.request), creates=True)
        if looked is None:
            self._end_without_answer(drive)
            return None
        drive.see(looked)
        drive.goes_on = backend.capabilities.background
        await self._journal.keep(drive.run, looked.text)
        return backend

    async def _resume(self, drive: Drive) -> AssistantBackend | None:
        so_far = drive.snapshot
        try:
            backend = await self._backend(drive.run.connection)
            looked = await self._tried(drive, lambda: backend.resume_run(drive.request, so_far))
        except NotFound:
            drive.end(RunStatus.EXPIRED, CLOSED)
            return None
        except BackendUnavailable as error:
            if error.retryable:
                raise _LeftForLater from error
            raise
        if looked is None:
            self._end_without_answer(drive)
            return None
        drive.stream_lost = True  # a stream that an earlier start opened is gone; looking still works
        drive.goes_on = backend.capabilities.background
        drive.rounds = sum(step.kind is StepKind.TOOL_CALLS for step in looked.steps)
        drive.see(looked)
        return backend

    def _end_without_answer(self, drive: Drive) -> None:
        if drive.stopping.is_set():
            drive.end(RunStatus.CANCELLED)
        else:
            drive.end(RunStatus.EXPIRED, "The server did not answer in time.")

    async def _follow(self, drive: Drive, backend: AssistantBackend) -> None:
        pause = self._pace.first_pause
        while not drive.snapshot.status.is_end:
            if drive.stopping.is_set():
                await self._cancel(drive, backend, RunStatus.CANCELLED)
            elif drive.is_late:
                await self._cancel(drive, backend, RunStatus.EXPIRED, "The run took too long.")
            elif drive.snapshot.status is RunStatus.REQUIRES_ACTION:
                await self._act(drive, backend)
                pause = self._pace.first_pause
            elif backend.capabilities.streams and not drive.stream_lost:
                await self._stream(drive, backend)
            else:
                wished = drive.snapshot.poll_after_ms
                await drive.pause(pause if wished is None else wished / 1000)
                pause = min(pause * self._pace.growth, self._pace.longest_pause)
                await self._look(drive, backend)

    async def _stream(self, drive: Drive, backend: AssistantBackend) -> None:
        """Take in what the server pushes; whatever ends it too early, looks take over."""

        async def consume() -> None:
            stream = backend.stream_run(drive.snapshot.ref)
            try:
                async for snapshot in stream:
                    await self._take_in(drive, snapshot)
            finally:
                if isinstance(stream, AsyncGenerator):
                    await stream.aclose()

        drive.stream_lost = True
        try:
            await drive.unless_stopped(consume())
        except BackendUnavailable as error:
            drive.say("The connection broke off; looking again" if error.retryable else str(error))

    async def _look(self, drive: Drive, backend: AssistantBackend) -> None:
        drive.run = replace(drive.run, polls=drive.run.polls + 1)
        before = drive.snapshot
        try:
            looked = await self._tried(drive, lambda: backend.poll_run(drive.snapshot.ref), drive.patience)
        except NotFound:
            drive.end(RunStatus.EXPIRED, "The server no longer knows this run.")
            return
        if looked is None or drive.stopping.is_set():
            return
        if replace(looked, poll_after_ms=before.poll_after_ms) != before:
            drive.patience = Patience(self._pace, creates=False)  # it moves again
        await self._take_in(drive, looked)

    async def _take_in(self, drive: Drive, snapshot: RunSnapshot) -> None:
        changed = drive.see(snapshot)
        due = time.monotonic() - drive.checkpoint >= self._pace.checkpoint
        if (changed or due) and not snapshot.status.is_end:
            drive.checkpoint = time.monotonic()
            await self._journal.keep(drive.run, snapshot.text)

    async def _tried(
        self, drive: Drive, look: Look, patience: Patience | None = None, *, creates: bool = False
    ) -> RunSnapshot | None:
        """Ask, again if that may help, with a countdown on the screen; None when stopped or out of time."""
        patience = patience or Patience(self._pace, creates=creates)
        while True:
            try:
                return await drive.unless_stopped(look())
            except BackendUnavailable as error:
                seconds = patience.wait(error)
                asked = error.retry_after is not None
                until = datetime.now(UTC) + timedelta(seconds=seconds * self._pace.second)
                drive.say("The server asks to wait:" if asked else "Trying again:", until=until)
                await drive.pause(seconds)
            if drive.stopping.is_set() or drive.is_late:
                return None

    # Tools

    async def _act(self, drive: Drive, backend: AssistantBackend) -> None:
        """Run the required tool calls and hand in their outputs, unless the user stops meanwhile."""
        calls = drive.snapshot.required_calls
        known, outputs = drive.answered
        if known != calls:  # else the outputs are there, but did not arrive: no tool runs twice
            drive.rounds += 1
            if drive.rounds > self._pace.rounds:
                error = f"The model asked for tools more than {self._pace.rounds} times."
                await self._cancel(drive, backend, RunStatus.FAILED, error)
                return
            done = await drive.unless_stopped(run_calls(calls, drive.tools.tools, drive.allow, self._pace))
            if done is None:
                return
            drive.answered, drive.submissions = (calls, done), 0
            outputs = done
        await self._submit(drive, backend, outputs)

    async def _submit(self, drive: Drive, backend: AssistantBackend, outputs: tuple[ToolOutput, ...]) -> None:
        drive.run = replace(drive.run, lookups=tuple(drive.tools.lookups))
        drive.submissions += 1
        ref = drive.snapshot.ref
        try:
            looked = await self._tried(drive, lambda: backend.submit_tool_outputs(ref, outputs), creates=True)
        except BackendUnavailable as error:
            # Handed in too late, or nobody knows whether it arrived: one look tells.
            await self._look(drive, backend)
            still_waits = drive.snapshot.status is RunStatus.REQUIRES_ACTION
            if still_waits and (not error.maybe_done or drive.submissions >= self._pace.tries):
                raise
            return
        if looked is not None:
            drive.stream_lost, drive.answered = False, ((), ())
            await self._take_in(drive, looked)

    # Ending

    async def _cancel(
        self, drive: Drive, backend: AssistantBackend, status: RunStatus, error: str = ""
    ) -> None:
        """Ask the server to stop, wait a little for its word, then end the run as `status` here."""
        try:
            async with asyncio.timeout(self._pace.cancel * self._pace.second):
                looked = await backend.cancel_run(drive.snapshot.ref)
                drive.see(looked)
                while not looked.status.is_end:
                    wished = looked.poll_after_ms
                    pause = self._pace.first_pause if wished is None else wished / 1000
                    await asyncio.sleep(pause * self._pace.second)
                    looked = await backend.poll_run(drive.snapshot.ref)
                    drive.see(looked)
        except (TimeoutError, HrdeskError):
            drive.end(status, error)
            return
        if looked.status is RunStatus.CANCELLED and status is not RunStatus.CANCELLED:
            drive.end(status, error)

    async def _finish(self, drive: Drive) -> None:
        drive.run = replace(drive.run, lookups=tuple(drive.tools.lookups))
        try:
            message = await self._journal.finish(drive.run, drive.snapshot)
        finally:
            self._drives.pop(drive.run.id, None)
        drive.emit(UsageReported(drive.run.id, drive.snapshot.usage))
        drive.emit(MessageCompleted(drive.run.id, message))


class _LeftForLater(Exception):
    """The server cannot be reached now; the run stays as the journal has it."""
