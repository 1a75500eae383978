"""Requests, connections and odd answers that the tests of the remote backends share."""

import json
from datetime import UTC, datetime

from hrdesk.core.connections import Connection, ConnectionKind
from hrdesk.core.runs import RunRequest, ToolSpec
from hrdesk.core.threads import Message, Role
from tests.openai_server import Answer

KEY = "sk-canary-0123456789"
MODEL = "gpt-test-mini"
LOOKUP = ToolSpec(
    "lookup_policy",
    "Search HR policy documents",
    {"type": "object", "properties": {"query": {"type": "string"}}, "required": ["query"]},
)
QUESTION = "How many days of sick leave are there?"
PASSAGES = json.dumps(
    {
        "outcome": "answered",
        "passages": [
            {
                "id": "p1",
                "document": "Sick leave",
                "section": "Accrual",
                "page": 3,
                "text": "Full-time staff get ten days of sick leave. More is unpaid.",
            }
        ],
    }
)


def connection(base_url: str, kind: ConnectionKind, **more: object) -> Connection:
    """Return a connection to a test server."""
    return Connection("remote", "Remote", kind, base_url, model=MODEL, **more)  # type: ignore[arg-type]


def message(role: Role, text: str) -> Message:
    """Return a message of the thread."""
    return Message("m", "thread_1", role, text, datetime(2026, 1, 1, tzinfo=UTC))


def request(*said: str, run_id: str = "run_1", tools: tuple[ToolSpec, ...] = (LOOKUP,)) -> RunRequest:
    """Return a run on a thread in which user and assistant took turns; without words, on one question."""
    roles = [Role.USER, Role.ASSISTANT]
    messages = tuple(message(roles[i % 2], text) for i, text in enumerate(said or (QUESTION,)))
    return RunRequest(run_id, "thread_1", messages, "Answer from the policies.", tools)


def events(*objects: object, done: bool = True) -> Answer:
    """Return an answer of server-sent events; a text goes out as it is."""
    lines = [f"data: {one if isinstance(one, str) else json.dumps(one)}\n\n" for one in objects]
    return Answer(body="".join([*lines, "data: [DONE]\n\n" if done else ""]))
