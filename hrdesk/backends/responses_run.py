"""One run over the Responses API: as many responses as it takes tool rounds, shown as one.

The API has no run that requires action: a completed response with function calls in it stands for that, and
the outputs go into the next response.
"""

import asyncio
import json
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from hrdesk.backends import responses_input as wire
from hrdesk.backends.base import ToolRound
from hrdesk.backends.chat_messages import LOOKUP, lookup_first
from hrdesk.backends.responses_stream import Reading
from hrdesk.core.connections import Connection
from hrdesk.core.errors import BackendUnavailable, HrdeskError
from hrdesk.core.runs import (
    Evidence,
    RunRef,
    RunRequest,
    RunSnapshot,
    RunStatus,
    RunStep,
    StepKind,
    ToolCall,
    ToolOutput,
)
from hrdesk.core.usage import Usage

NO_SEARCH = "The server did not search the hosted library, so this answer has no sources."


class ResponsesRun:
    """A run: what earlier responses brought, and the `reading` of the one under way."""

    def __init__(self, request: RunRequest, connection: Connection, expires_at: datetime) -> None:
        self.request = request
        self.expires_at = expires_at
        self.reading = Reading(request.run_id)
        self.items = wire.first_items(request)
        self.round = 0
        self.prompt = ""
        self.poll_after_ms: int | None = None
        self.changed = asyncio.Event()
        self.broken: BackendUnavailable | None = None
        self.broken_at = 0.0
        self.reader: asyncio.Task[None] | None = None
        self.is_cancelled = False
        self._connection = connection
        self._steps: tuple[RunStep, ...] = ()
        self._usage = Usage()
        self._texts: tuple[str, ...] = ()
        self._evidence: tuple[Evidence, ...] = ()
        self._own_lookup: tuple[ToolCall, ...] = ()

    def take_up(self, so_far: RunSnapshot) -> None:
        """Go on from what the journal knew. The response under way must be in `reading`."""
        done = [step for step in so_far.steps if step.calls and step.outputs]
        self._steps = tuple(done)
        self.round = len(done)
        self.items = wire.journal_items(self.request, done)
        self.prompt = so_far.prompt
        counted = so_far.status is RunStatus.REQUIRES_ACTION  # the response that asked is in the sum already
        self._usage = _difference(so_far.usage, self.reading.usage) if counted else so_far.usage

    def sent(self, body: dict[str, Any]) -> None:
        """Remember what was sent, to be shown."""
        if not (self.prompt and "previous_response_id" in body):
            shown = {name: body[name] for name in ("model", "instructions", "input", "tools") if name in body}
            self.prompt = json.dumps(shown, ensure_ascii=False, indent=2)

    @property
    def lacks_search(self) -> bool:
        """Whether a server that was to search the hosted library has not even heard of it.

        A 200 proves nothing: some servers ignore tools they do not know. One that searched has a
        `file_search_call` among its items; one that chose not to still names the tool.
        """
        if not wire.searches(self._connection) or self.round or self.reading.has_searched:
            return False
        return all(tool.get("type") != "file_search" for tool in self.reading.echo or ())

    def required_calls(self) -> tuple[ToolCall, ...]:
        """Return the calls whose outputs the run waits for."""
        if self.reading.status is not RunStatus.COMPLETED:
            return ()
        calls = self.reading.calls()
        if not calls and self.lacks_search and any(tool.name == LOOKUP for tool in self.request.tools):
            self._own_lookup = self._own_lookup or (lookup_first(self.request),)
            return self._own_lookup
        return calls

    def plan(self, outputs: Sequence[ToolOutput]) -> wire.Plan:
        """Return how `outputs` are handed in, in the order of the calls.

        Raises `HrdeskError` unless exactly the required calls are answered.
        """
        done = self._round_of(outputs)
        if done.calls == self._own_lookup:
            return wire.Plan(wire.items_with_passages(self.request, done))
        fresh = wire.output_items(done.outputs)
        items = [*self.items, *wire.sent_back(self.reading.output()), *fresh]
        return wire.Plan(items, fresh, self.reading.id if wire.keeps(self._connection) else "")

    def go_on(self, plan: wire.Plan, outputs: Sequence[ToolOutput], reading: Reading) -> None:
        """Put the finished response behind the run, now that the next one has begun."""
        done = self._round_of(outputs)
        step = RunStep(self._step_id, StepKind.TOOL_CALLS, RunStatus.COMPLETED, done.calls, done.outputs)
        if done.calls != self._own_lookup:  # else what was said without sources does not count
            self._evidence += self.reading.evidence(len(self._evidence) + 1)
            text = self.reading.text(self._evidence)
            self._texts += (text,) if text else ()
        self.items = list(plan.items)
        self._steps += (step,)
        self._usage += self.reading.usage
        self.round += 1
        self.reading = reading

    def snapshot(self) -> RunSnapshot:
        """Return the run as it stands."""
        status, error = self._status()
        calls = self.required_calls() if status is RunStatus.REQUIRES_ACTION else ()
        evidence = self._evidence + self.reading.evidence(len(self._evidence) + 1)
        ended = self.reading.has_ended or status.is_end
        hidden = self.lacks_search and not status.is_end
        text = "" if hidden else self.reading.text(evidence if ended else None)
        return RunSnapshot(
            ref=RunRef(self.request.run_id, self.request.thread_id, remote_id=self.reading.id),
            status=status,
            steps=self._steps + self._step(status, calls),
            text="\n\n".join((*self._texts, text) if text else self._texts),
            required_calls=calls,
            usage=self._usage + self.reading.usage,
            last_error=error,
            expires_at=self.expires_at,
            poll_after_ms=self.poll_after_ms,
            model=self.reading.model or self.request.model or self._connection.model,
            prompt=self.prompt,
            evidence=evidence,
        )

    def _round_of(self, outputs: Sequence[ToolOutput]) -> ToolRound:
        calls = self.required_calls()
        by_call = {output.call_id: output for output in outputs}
        if not calls or set(by_call) != {call.id for call in calls}:
            raise HrdeskError("The run does not wait for these tool outputs.")
        return ToolRound(calls, tuple(by_call[call.id] for call in calls))

    @property
    def _step_id(self) -> str:
        return f"step_{self.request.run_id}_{self.round}"

    def _status(self) -> tuple[RunStatus, str]:
        status = self.reading.status
        if self.is_cancelled and (not status.is_end or self.required_calls()):
            return RunStatus.CANCELLED, ""
        if status is not RunStatus.COMPLETED:
            return status, self.reading.error
        if self.required_calls():
            return RunStatus.REQUIRES_ACTION, ""
        return (RunStatus.INCOMPLETE, NO_SEARCH) if self.lacks_search else (status, "")

    def _step(self, status: RunStatus, calls: tuple[ToolCall, ...]) -> tuple[RunStep, ...]:
        if calls:
            return (RunStep(self._step_id, StepKind.TOOL_CALLS, RunStatus.IN_PROGRESS, calls),)
        if status in (RunStatus.COMPLETED, RunStatus.INCOMPLETE):
            return (RunStep(self._step_id, StepKind.MESSAGE_CREATION, status),)
        return ()

    def cancelling(self) -> RunSnapshot:
        """Return the run as one that is being stopped."""
        return replace(
            self.snapshot(), status=RunStatus.CANCELLING, required_calls=(), last_error="", poll_after_ms=0
        )


def _difference(all_of_it: Usage, part: Usage) -> Usage:
    return Usage(
        max(0, all_of_it.input_tokens - part.input_tokens),
        max(0, all_of_it.output_tokens - part.output_tokens),
        max(0, all_of_it.cached_tokens - part.cached_tokens),
        max(0, all_of_it.reasoning_tokens - part.reasoning_tokens),
    )
