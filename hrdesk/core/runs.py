"""Runs in the words of the Assistants API: statuses, steps, tool calls, and the events a driver yields.

The transitions are those of the Assistants v2 run life cycle.
"""

from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
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
    """All that a backend needs to start a run: the transcript ends with the user's question.

    `remote_thread` is the server's thread that holds the first `known_messages` of `messages` already.
    `profile` is the version of the assistant that the run pins, `assistant` its name.
    """

    run_id: str
    thread_id: str
    messages: tuple[Message, ...]
    instructions: str
    tools: tuple[ToolSpec, ...]
    model: str = ""
    as_of: date | None = None
    scope: str | None = None
    remote_thread: str = ""
    known_messages: int = 0
    profile: int = 0
    assistant: str = "hrdesk"


@dataclass(frozen=True, slots=True)
class RunRef:
    """How a backend finds a run again, also after a restart."""

    run_id: str
    thread_id: str
    remote_id: str = ""
    remote_thread: str = ""


@dataclass(frozen=True, slots=True)
class Evidence:
    """A passage that the provider's own file search showed the model.

    The text of the answer marks it by `ref` ("h1"). `attributes` are those of the uploaded file, of which
    only ours are trusted ("sha256"). `score` has the provider's own scale and may be missing.
    """

    ref: str
    file_id: str
    file: str
    text: str
    score: float | None = None
    attributes: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class RunSnapshot:
    """One look at a run. `poll_after_ms` is the server's wish for the next look.

    `text` is the answer so far, `prompt` exactly what was sent to a language model, `last_error` a sentence
    for people. `evidence` is what the provider's own file search returned.
    """

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
    evidence: tuple[Evidence, ...] = ()


@dataclass(frozen=True, slots=True)
class Run:
    """A run as the journal keeps it.

    `host`, `region` and `stored` say where it was answered and whether the provider may keep it; `cost` is
    None where the model's price is not known. `profile` is the version of the assistant it pins.
    """

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
    remote_thread: str = ""
    profile: int = 0
    host: str = "this computer"
    region: str = ""
    stored: bool = False
    cost: Decimal | None = None
    currency: str = "USD"

    @property
    def asked_a_model(self) -> bool:
        """Whether a language model was asked, also one whose server does not count tokens."""
        return bool(self.prompt or self.usage.total_tokens)


@dataclass(frozen=True, slots=True)
class StatusChanged:
    """The run was looked at. `words` say for people what happens; `seconds` since the start.

    Where `until` is set, the words go on with a countdown to that time ("0:42 left").
    """

    run_id: str
    status: RunStatus
    words: str
    polls: int
    seconds: float
    until: datetime | None = None


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


@dataclass(frozen=True, slots=True)
class ConfirmationAsked:
    """The model wants to use a tool with side effects; the run waits for the user until `until`."""

    run_id: str
    call: ToolCall
    until: datetime


RunEvent = ConfirmationAsked | StatusChanged | StepChanged | TextDelta | MessageCompleted | UsageReported
