"""The ways of being answered that the contract holds for."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeVar

from hrdesk.backends.assistants import AssistantsBackend
from hrdesk.backends.base import AssistantBackend
from hrdesk.backends.chat_completions import ChatCompletionsModel
from hrdesk.backends.own_stack import OwnStack
from hrdesk.backends.responses import ResponsesBackend
from hrdesk.core.connections import Connection, ConnectionKind

if TYPE_CHECKING:
    from openai import AsyncOpenAI

T = TypeVar("T", bound=Callable[..., object])


@dataclass(frozen=True)
class Way:
    """One way: what connection it takes, and which requests make the server work.

    `starts` lets the model begin, `submits` hands in outputs (the same request where an API has no other),
    `looks` shows how a run is doing, where there is such a request.
    """

    name: str
    kind: ConnectionKind
    starts: str
    submits: str
    looks: str = ""
    background: bool = False
    stream: bool = True

    def connection(self, base_url: str) -> Connection:
        """Return a connection of this way."""
        return Connection(
            self.name,
            self.name.title(),
            self.kind,
            base_url,
            "gpt-test-mini",
            needs_key=True,
            store=self.background,
            background=self.background,
            stream=self.stream,
        )

    def backend(self, client: "AsyncOpenAI", connection: Connection) -> AssistantBackend:
        """Return the backend as hrdesk makes it."""
        if self.kind is ConnectionKind.RESPONSES:
            return ResponsesBackend(client, connection)
        if self.kind is ConnectionKind.ASSISTANTS:
            return AssistantsBackend(client, connection)
        return OwnStack(ChatCompletionsModel(client, connection))


_RUNS = "/v1/threads/*/runs"
CHAT = Way("chat", ConnectionKind.CHAT, "POST /v1/chat/completions", "POST /v1/chat/completions")
RESPONSES = Way("responses", ConnectionKind.RESPONSES, "POST /v1/responses", "POST /v1/responses")
BACKGROUND = Way(
    "background",
    ConnectionKind.RESPONSES,
    "POST /v1/responses",
    "POST /v1/responses",
    "GET /v1/responses/*",
    background=True,
)
ASSISTANTS = Way(
    "assistants",
    ConnectionKind.ASSISTANTS,
    f"POST {_RUNS}",
    f"POST {_RUNS}/*/submit_tool_outputs",
    f"GET {_RUNS}/*",
)
POLLING = Way(
    "polling",
    ConnectionKind.ASSISTANTS,
    f"POST {_RUNS}",
    f"POST {_RUNS}/*/submit_tool_outputs",
    f"GET {_RUNS}/*",
    stream=False,
)
WAYS = (CHAT, RESPONSES, BACKGROUND, ASSISTANTS, POLLING)
NAMES = frozenset(way.name for way in WAYS)


def not_for(**reasons: str) -> Callable[[T], T]:
    """Leave a behaviour out for some ways, each with the reason why it cannot have it."""
    assert reasons.keys() <= NAMES

    def mark(test: T) -> T:
        test.not_for = reasons  # type: ignore[attr-defined]
        return test

    return mark
