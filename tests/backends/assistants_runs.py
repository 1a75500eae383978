"""What the tests of the Assistants backend share: a question, a backend on a server, a small driver."""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from hrdesk.backends.assistants import AssistantsBackend
from hrdesk.backends.client import make_client
from hrdesk.core.connections import Connection, ConnectionKind
from hrdesk.core.errors import BackendUnavailable
from hrdesk.core.runs import RunRequest, RunSnapshot, RunStatus, ToolCall, ToolOutput, ToolSpec
from hrdesk.core.threads import Message, Role
from tests.openai_server import OpenAIServer

NOW = datetime(2026, 3, 1, 9, tzinfo=UTC)
LOOKUP = ToolSpec("lookup_policy", "Search HR policy documents", {"type": "object", "properties": {}})
MOST_LOOKS = 60
CONNECTION = Connection("team", "Team server", ConnectionKind.ASSISTANTS, model="gpt-test-mini")


def said(role: Role, text: str, number: int) -> Message:
    return Message(f"msg_{number}", "thread_1", role, text, NOW)


def request(question: str = "How many sick days?", **changes: Any) -> RunRequest:
    asked = RunRequest("run_1", "thread_1", (said(Role.USER, question, 1),), "Cite passages.", (LOOKUP,))
    return replace(asked, **changes)


@asynccontextmanager
async def backend_at(server: OpenAIServer, **changes: Any) -> AsyncIterator[AssistantsBackend]:
    connection = replace(CONNECTION, base_url=server.base_url, **changes)
    backend = AssistantsBackend(make_client(connection, "sk-test"), connection)
    try:
        yield backend
    finally:
        await backend.aclose()


def ten_days(call: ToolCall) -> str:
    return '{"passages": [{"id": "p1", "text": "Ten days a year."}]}'


async def follow(
    backend: AssistantsBackend, snapshot: RunSnapshot, tool: Callable[[ToolCall], str] = ten_days
) -> list[RunSnapshot]:
    """Follow a started run to its end by stream or looks; every snapshot."""
    shown = [snapshot]
    lost = False
    while not shown[-1].status.is_end:
        assert len(shown) < 10_000, "the run does not end"
        ref = shown[-1].ref
        if shown[-1].status is RunStatus.REQUIRES_ACTION:
            outputs = [ToolOutput(call.id, tool(call)) for call in shown[-1].required_calls]
            shown.append(await backend.submit_tool_outputs(ref, outputs))
            lost = False
        elif backend.capabilities.streams and not lost:
            lost = True
            with suppress(BackendUnavailable):  # a broken stream: looks go on
                async for seen in backend.stream_run(ref):
                    shown.append(seen)
        else:
            shown.append(await backend.poll_run(ref))
    return shown


async def waiting(backend: AssistantsBackend) -> RunSnapshot:
    """Start a run and follow it until it requires action."""
    shown = await backend.start_run(request())
    while shown.status is not RunStatus.REQUIRES_ACTION:
        if backend.capabilities.streams:
            shown = [seen async for seen in backend.stream_run(shown.ref)][-1]
        else:
            shown = await backend.poll_run(shown.ref)
    return shown


async def answered(
    backend: AssistantsBackend, asked: RunRequest | None = None, tool: Callable[[ToolCall], str] = ten_days
) -> list[RunSnapshot]:
    return await follow(backend, await backend.start_run(asked or request()), tool)
