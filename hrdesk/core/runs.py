"""Runs in the words of the Assistants API: statuses, steps, tool calls, and the events a driver yields.

The transitions are those of the Assistants v2 run life cycle.
"""

from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from hrdesk.core.documents import Outcome
from hrdesk.core.threads import Message
from hrdesk.core.usage import Usage


class RunStatus(StrEnum):
    """The nine statuses of a run."""

    QUEUED = "queued"
    IN_PROGRESS = "in_progress"
    REQUIRES_ACTION = "requires_action"
    CANCELLING = "cancelling"
    CANCELLED = "cancelled"
    FAILED = "failed"
    COMPLETED = "completed"
    INCOMPLETE = "incomplete"
    EXPIRED = "expired"

    @property
    def is_end(self) -> bool:
        """Whether the run will not change any more."""
        return not NEXT[self]


NEXT: dict[RunStatus, frozenset[RunStatus]] = {
    RunStatus.QUEUED: frozenset(
        {RunStatus.IN_PROGRESS, RunStatus.CANCELLING, RunStatus.EXPIRED, RunStatus.FAILED}
    ),
    RunStatus.IN_PROGRESS: frozenset(
        {
            RunStatus.REQUIRES_ACTION,
            RunStatus.COMPLETED,
            RunStatus.FAILED,
            RunStatus.INCOMPLETE,
            RunStatus.CANCELLING,
            RunStatus.EXPIRED,
        }
    ),
    RunStatus.REQUIRES_ACTION: frozenset(
        {RunStatus.QUEUED, RunStatus.IN_PROGRESS, RunStatus.EXPIRED, RunStatus.CANCELLING}
    ),
    RunStatus.CANCELLING: frozenset({RunStatus.CANCELLED}),
    RunStatus.CANCELLED: frozenset(),
    RunStatus.FAILED: frozenset(),
    RunStatus.COMPLETED: frozenset(),
    RunStatus.INCOMPLETE: frozenset(),
    RunStatus.EXPIRED: frozenset(),
}


class StepKind(StrEnum):
    """The two kinds of run step."""

    TOOL_CALLS = "tool_calls"
    MESSAGE_CREATION = "message_creation"


@dataclass(frozen=True, slots=True)
class ToolCall:
    """One function call the model asks for; `arguments` is its JSON text, unchecked."""

    id: str
    name: str
    arguments: str


@dataclass(frozen=True, slots=True)
class ToolOutput:
    """What goes back to the model for one tool call."""

    call_id: str
    output: str


@dataclass(frozen=True, slots=True)
class RunStep:
    """A step of a run. `outputs` are parallel to `calls` once the tools have run."""

    id: str
    kind: StepKind
    status: RunStatus
    calls: tuple[ToolCall, ...] = ()
    outputs: tuple[ToolOutput, ...] = ()


@dataclass(frozen=True, slots=True)
class ToolSpec:
    """A tool as the model is told of it; `parameters` is a JSON schema."""

    name: str
    description: str
    parameters: dict[str, Any]


@dataclass(frozen=True, slots=True)
class RunRequest:
    """All that a backend needs to start a run: the transcript ends with the user's question."""

    run_id: str
    thread_id: str
    messages: tuple[Message, ...]
    instructions: str
    tools: tuple[ToolSpec, ...]
    model: str = ""
    as_of: date | None = None
    scope: str | None = None


@dataclass(frozen=True, slots=True)
class RunRef:
    """How a backend finds a run again, also after a restart."""

    run_id: str
    thread_id: str
    remote_id: str = ""


@dataclass(frozen=True, slots=True)
class RunSnapshot:
    """One look at a run. `poll_after_ms` is the server's wish for the next look."""

    ref: RunRef
    status: RunStatus
    steps: tuple[RunStep, ...] = ()
    text: str = ""
    required_calls: tuple[ToolCall, ...] = ()
    usage: Usage = Usage()
    last_error: str = ""
    expires_at: datetime | None = None
    poll_after_ms: int | None = None
    outcome: Outcome | None = None
    model: str = ""
    prompt: str = ""


@dataclass(frozen=True, slots=True)
class Run:
    """A run as the journal keeps it."""

    id: str
    thread_id: str
    question_id: str
    answer_id: str
    connection: str
    status: RunStatus
    created_at: datetime
    remote_id: str = ""
    ended_at: datetime | None = None
    history: tuple[tuple[RunStatus, float], ...] = ()
    steps: tuple[RunStep, ...] = ()
    polls: int = 0
    usage: Usage = Usage()
    last_error: str = ""
    model: str = ""
    prompt: str = ""
    lookups: tuple[dict[str, Any], ...] = field(default=())


@dataclass(frozen=True, slots=True)
class StatusChanged:
    """The run was looked at. `words` say for people what happens; `seconds` since the start."""

    run_id: str
    status: RunStatus
    words: str
    polls: int
    seconds: float


@dataclass(frozen=True, slots=True)
class StepChanged:
    """A step began, got its outputs, or ended."""

    run_id: str
    step: RunStep


@dataclass(frozen=True, slots=True)
class TextDelta:
    """More text of the answer."""

    run_id: str
    text: str


@dataclass(frozen=True, slots=True)
class MessageCompleted:
    """The answer in its final form, stored; also for failed and cancelled runs, with the text so far."""

    run_id: str
    message: Message


@dataclass(frozen=True, slots=True)
class UsageReported:
    """What the run consumed."""

    run_id: str
    usage: Usage


RunEvent = StatusChanged | StepChanged | TextDelta | MessageCompleted | UsageReported
