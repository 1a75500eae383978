"""The Assistants run life cycle on this computer: threads of execution, statuses and steps are ours.

Each run is a list of snapshots. A poll returns the oldest one not yet shown, so that no status is skipped
however fast the model is; a driver that polls sees the same sequence a slow server would show.
"""

import asyncio
from collections import deque
from collections.abc import AsyncIterator, Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Protocol, runtime_checkable

from hrdesk.backends.base import Capabilities, ChatModel, ModelReply, ToolRound
from hrdesk.core.errors import BackendUnavailable, HrdeskError, NotFound
from hrdesk.core.ids import new_id
from hrdesk.core.runs import (
    RunRef,
    RunRequest,
    RunSnapshot,
    RunStatus,
    RunStep,
    StepKind,
    ToolOutput,
)

LIFETIME = timedelta(seconds=600)  # as in the Assistants contract
POLL_AFTER_MS = 25
AT_ONCE = 2  # models on one laptop; further runs wait in the queue


@runtime_checkable
class _Closes(Protocol):
    """A model that holds connections."""

    async def aclose(self) -> None:
        """Let go of them."""


@dataclass
class _LocalRun:
    request: RunRequest
    last: RunSnapshot
    unseen: deque[RunSnapshot] = field(default_factory=deque)
    rounds: list[ToolRound] = field(default_factory=list)
    work: asyncio.Task[None] | None = None
    pieces: list[str] = field(default_factory=list)
    trouble: BackendUnavailable | None = None

    def show(self, **changes: object) -> None:
        """Record a change as the next snapshot."""
        self.show_text()
        self.last = replace(self.last, **changes)  # type: ignore[arg-type]  # fields of RunSnapshot
        self.unseen.append(self.last)

    def show_text(self) -> None:
        """Join what was written since the last look: one snapshot, however many pieces there are."""
        if self.pieces:
            self.last = replace(self.last, text="".join((self.last.text, *self.pieces)))
            self.pieces.clear()
            self.unseen.append(self.last)


class OwnStack:
    """Executes runs with a `ChatModel` on this computer. `now` is the clock, for tests."""

    capabilities = Capabilities()

    def __init__(self, model: ChatModel, now: Callable[[], datetime] = lambda: datetime.now(UTC)) -> None:
        self._model = model
        self._now = now
        self._runs: dict[str, _LocalRun] = {}
        self._places = asyncio.Semaphore(AT_ONCE)

    async def start_run(self, request: RunRequest) -> RunSnapshot:
        """Queue the run and begin to work on it."""
        snapshot = RunSnapshot(
            ref=RunRef(request.run_id, request.thread_id, remote_id=request.run_id),
            status=RunStatus.QUEUED,
            expires_at=self._now() + LIFETIME,
            poll_after_ms=0,
            model=self._model.name,
        )
        run = self._runs[request.run_id] = _LocalRun(request, snapshot)
        self._work_on(run)
        return snapshot

    async def poll_run(self, ref: RunRef) -> RunSnapshot:
        """Return the oldest state not yet shown, else the latest."""
        run = self._run(ref)
        if run.work is not None and run.work.done() and not run.work.cancelled():
            run.work.result()  # a bug in the model surfaces here, not in a log nobody reads
        self._expire(run)
        if not run.unseen:
            self._retry(run)
            run.show_text()
        snapshot = run.unseen.popleft() if run.unseen else run.last
        if snapshot.status.is_end:
            self._runs.pop(ref.run_id, None)
        return replace(snapshot, poll_after_ms=0 if run.unseen else POLL_AFTER_MS)

    def stream_run(self, ref: RunRef) -> AsyncIterator[RunSnapshot]:
        """Not offered: a look costs nothing here."""
        raise NotImplementedError

    async def resume_run(self, request: RunRequest, so_far: RunSnapshot) -> RunSnapshot:  # noqa: ARG002
        """Not possible: a run on this computer ends with the program."""
        raise NotFound("This run is no longer known.", "It ended when hrdesk was closed.")

    async def submit_tool_outputs(self, ref: RunRef, outputs: Sequence[ToolOutput]) -> RunSnapshot:
        """Go on with the outputs of all required calls."""
        run = self._run(ref)
        calls = run.last.required_calls
        if run.last.status is not RunStatus.REQUIRES_ACTION or {c.id for c in calls} != {
            o.call_id for o in outputs
        }:
            raise HrdeskError("The run does not wait for these tool outputs.")
        by_call = {output.call_id: output for output in outputs}
        ordered = tuple(by_call[call.id] for call in calls)
        run.rounds.append(ToolRound(calls, ordered))
        done = replace(run.last.steps[-1], status=RunStatus.COMPLETED, outputs=ordered)
        run.show(
            status=RunStatus.QUEUED,
            steps=(*run.last.steps[:-1], done),
            required_calls=(),
        )
        self._work_on(run)
        return run.unseen.popleft()

    async def cancel_run(self, ref: RunRef) -> RunSnapshot:
        """Stop at once; the text so far stays."""
        run = self._run(ref)
        if run.last.status.is_end:
            return run.last
        if run.work is not None:
            run.work.cancel()
        run.unseen.clear()
        run.show(status=RunStatus.CANCELLING, required_calls=())
        run.show(status=RunStatus.CANCELLED)
        return run.unseen.popleft()

    async def aclose(self) -> None:
        """Stop every run that is still being worked on."""
        works = [run.work for run in self._runs.values() if run.work is not None]
        for work in works:
            work.cancel()
        await asyncio.gather(*works, return_exceptions=True)
        self._runs.clear()
        if isinstance(self._model, _Closes):
            await self._model.aclose()

    def _run(self, ref: RunRef) -> _LocalRun:
        run = self._runs.get(ref.run_id)
        if run is None:
            raise NotFound("This run is no longer known.", "It ended when hrdesk was closed.")
        return run

    def _expire(self, run: _LocalRun) -> None:
        expires = run.last.expires_at
        if expires is not None and self._now() >= expires and not run.last.status.is_end:
            if run.work is not None:
                run.work.cancel()
            run.unseen.clear()
            run.show(status=RunStatus.EXPIRED, last_error="The run took longer than ten minutes.")

    def _retry(self, run: _LocalRun) -> None:
        """Tell who polls that the model refuses for now; the look after that asks the model again."""
        if run.trouble is not None:
            trouble, run.trouble = run.trouble, None
            raise trouble
        if run.last.status is RunStatus.IN_PROGRESS and run.work is not None and run.work.done():
            self._work_on(run)

    def _work_on(self, run: _LocalRun) -> None:
        run.work = asyncio.create_task(self._turn(run), name=f"turn of {run.request.run_id}")

    async def _turn(self, run: _LocalRun) -> None:
        async with self._places:
            run.show(status=RunStatus.IN_PROGRESS)
            try:
                reply = await self._model.respond(run.request, run.rounds, run.pieces.append)
            except BackendUnavailable as error:
                if error.retryable and not error.maybe_done:
                    error.unreachable = False  # nothing goes on over there that would be worth a long wait
                    run.trouble = error
                    return
                run.show(status=RunStatus.FAILED, last_error=str(error))
                return
            except HrdeskError as error:
                run.show(status=RunStatus.FAILED, last_error=str(error))
                return
        if reply.calls:
            self._require_action(run, reply)
        else:
            self._complete(run, reply)

    def _require_action(self, run: _LocalRun, reply: ModelReply) -> None:
        step = RunStep(new_id("step"), StepKind.TOOL_CALLS, RunStatus.IN_PROGRESS, calls=reply.calls)
        run.show(
            status=RunStatus.REQUIRES_ACTION,
            steps=(*run.last.steps, step),
            required_calls=reply.calls,
            usage=run.last.usage + reply.usage,
            prompt=reply.prompt or run.last.prompt,
            model=reply.model or run.last.model,
        )

    def _complete(self, run: _LocalRun, reply: ModelReply) -> None:
        status = RunStatus.INCOMPLETE if reply.ended_early else RunStatus.COMPLETED
        step = RunStep(new_id("step"), StepKind.MESSAGE_CREATION, status)
        run.show(
            status=status,
            last_error=reply.ended_early,
            steps=(*run.last.steps, step),
            text=reply.text,
            usage=run.last.usage + reply.usage,
            outcome=reply.outcome,
            prompt=reply.prompt or run.last.prompt,
            model=reply.model or run.last.model,
        )
