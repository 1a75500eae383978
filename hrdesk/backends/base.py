"""The contracts between the run driver and whatever answers.

`AssistantBackend` is how a run is driven, whoever executes it; `ChatModel` is what the own stack asks for
the next turn; `Tool` is what the driver executes when a run requires action.
"""

from collections.abc import AsyncIterator, Callable, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from hrdesk.core.documents import Outcome, Quote
from hrdesk.core.runs import (
    RunRef,
    RunRequest,
    RunSnapshot,
    ToolCall,
    ToolOutput,
    ToolSpec,
)
from hrdesk.core.threads import Role
from hrdesk.core.usage import Usage

LONGEST_ANSWER = 200_000  # characters; a model that writes more does not stop by itself


@dataclass(frozen=True, slots=True)
class Capabilities:
    """What a backend can do beyond starting and polling a run."""

    streams: bool = False
    background: bool = False
    hosted_retrieval: bool = False
    code_interpreter: bool = False


class AssistantBackend(Protocol):
    """One way to execute runs.

    Every method may raise `BackendUnavailable`; what is asked of an unknown run raises `NotFound`. No method
    repeats a request by itself: the driver decides, because it can tell the user and can be stopped.
    """

    @property
    def capabilities(self) -> Capabilities:
        """What this backend offers."""

    async def start_run(self, request: RunRequest) -> RunSnapshot:
        """Start a run; the snapshot's ref finds it again."""

    async def poll_run(self, ref: RunRef) -> RunSnapshot:
        """Look once, without sleeping."""

    def stream_run(self, ref: RunRef) -> AsyncIterator[RunSnapshot]:
        """Follow the run as it happens; only where `capabilities.streams`.

        Each snapshot is one change, as `poll_run` would show it. The iteration ends when the run has ended,
        requires action, or when the stream is over too early: `poll_run` then says what can be known.
        """

    async def resume_run(self, request: RunRequest, so_far: RunSnapshot) -> RunSnapshot:
        """Take up a run that an earlier start of hrdesk left, as far as the journal knows it.

        The run is looked at, never started again. Raises `NotFound` where it cannot be found any more.
        """

    async def submit_tool_outputs(self, ref: RunRef, outputs: Sequence[ToolOutput]) -> RunSnapshot:
        """Hand in the outputs of all required calls at once."""

    async def cancel_run(self, ref: RunRef) -> RunSnapshot:
        """Ask for the run to stop; it may still take a while."""

    async def aclose(self) -> None:
        """Let go of everything the backend holds."""


@dataclass(frozen=True, slots=True)
class ToolRound:
    """One round of tool calls in a run and what the tools said, in the same order."""

    calls: tuple[ToolCall, ...]
    outputs: tuple[ToolOutput, ...]


@dataclass(frozen=True, slots=True)
class ModelReply:
    """A model's turn: either tool calls, or the whole text of the answer.

    `prompt` is exactly what was sent to a language model, empty where none was asked. `ended_early` says in a
    sentence why the text is not the whole answer. `model` is the model asked, where it is not the usual one.
    """

    text: str = ""
    calls: tuple[ToolCall, ...] = ()
    usage: Usage = Usage()
    outcome: Outcome | None = None
    prompt: str = ""
    ended_early: str = ""
    model: str = ""


class ChatModel(Protocol):
    """Takes one turn of a run. Text is handed to `write` piece by piece as it comes."""

    @property
    def name(self) -> str:
        """The model as it is recorded with the answer."""

    async def respond(
        self, request: RunRequest, rounds: Sequence[ToolRound], write: Callable[[str], None]
    ) -> ModelReply:
        """Answer, or ask for tools. Raises `BackendUnavailable`."""


def transcript(request: RunRequest) -> list[tuple[str, str]]:
    """Return the messages a model gets as pairs of role ("user", "assistant") and text.

    Answers that never got a text are left out; a carried-over summary comes as the user's words.
    """
    said = [message for message in request.messages if message.text.strip()]
    return [
        ("user", f"Summary of an earlier conversation:\n{message.text}")
        if message.role is Role.SUMMARY
        else (str(message.role), message.text)
        for message in said
    ]


class SentenceChooser(Protocol):
    """Chooses the sentences that answer a question from passages as `lookup_policy` returns them."""

    async def choose(self, question: str, passages: Sequence[dict[str, Any]]) -> Sequence[Quote]:
        """Return the best sentences, best first; `ref` is the passage's id."""


class Tool(Protocol):
    """A function the model may call. Errors it raises as `HrdeskError` go back to the model as text."""

    @property
    def spec(self) -> ToolSpec:
        """The tool as the model is told of it."""

    @property
    def has_side_effects(self) -> bool:
        """Whether the user has to allow each call."""

    async def __call__(self, arguments: dict[str, Any]) -> str:
        """Run with arguments that match the schema and return the text for the model."""
