"""The server's good answers are what OpenAI describes, event by event."""

import json
from collections.abc import AsyncIterator
from typing import Any

import httpx2
import pytest

from tests.openai_server import Call, CallTools, Fail, Found, OpenAIServer, Say, serve
from tests.openai_server.openapi import problems
from tests.openai_server.script import Cite

TOOL = {
    "name": "lookup_policy",
    "description": "Search HR policy documents",
    "parameters": {"type": "object"},
}
FUNCTION = {"type": "function", "function": TOOL}
FOUND = (Found("file-1", "leave.pdf", "Ten days of sick leave.", 0.8, {"sha256": "aa"}),)
ASK = CallTools(Call("lookup_policy", {"query": "sick"}), Call("lookup_policy", "{"), text="One moment.")
ANSWER = Say("Ten days [p1]. Ask HR.", found=FOUND, cites=(Cite("Ten days"),))
CUT = Say("Ten da", ending="length")
BLOCKED = Say("", ending="content_filter")
TURNS = {"ask": ASK, "answer": ANSWER, "cut": CUT, "blocked": BLOCKED, "fail": Fail()}
with_turns = pytest.mark.parametrize("turn", TURNS.values(), ids=TURNS)


class Asking:
    """A client that understands nothing, so that nothing is put right on the way."""

    def __init__(self, server: OpenAIServer, client: httpx2.AsyncClient) -> None:
        self.server = server
        self._client = client

    async def __call__(self, line: str, body: Any = None, **more: Any) -> Any:
        method, path = line.split()
        answer = await self._client.request(method, self.server.base_url + path, json=body, **more)
        return answer.json()

    async def events(self, path: str, body: dict[str, Any]) -> list[tuple[str, Any]]:
        answer = await self._client.post(self.server.base_url + path, json={**body, "stream": True})
        return [_event(block) for block in answer.text.strip().split("\n\n")]


@pytest.fixture
async def ask() -> AsyncIterator[Asking]:
    async with serve() as server, httpx2.AsyncClient(trust_env=False, verify=False) as client:
        yield Asking(server, client)


def _event(block: str) -> tuple[str, Any]:
    fields = dict(line.split(": ", 1) for line in block.split("\n"))
    text = fields["data"]
    return fields.get("event", ""), text if text == "[DONE]" else json.loads(text)


@with_turns
async def test_chat_completions(ask, turn):
    body = {"model": "m", "messages": [{"role": "user", "content": "sick?"}], "tools": [FUNCTION]}
    ask.server.script(turn, turn)
    answer = await ask("POST /chat/completions", body)
    if isinstance(turn, Fail):
        assert problems(answer, "ErrorResponse") == []
        return
    assert problems(answer, "CreateChatCompletionResponse") == []
    events = await ask.events("/chat/completions", {**body, "stream_options": {"include_usage": True}})
    assert events.pop() == ("", "[DONE]")
    for _, data in events:
        assert problems(data, "CreateChatCompletionStreamResponse") == []


@with_turns
async def test_responses(ask, turn):
    include = ["file_search_call.results"]
    tools = [
        {"type": "function", **TOOL, "strict": False},
        {"type": "file_search", "vector_store_ids": ["vs"]},
    ]
    body = {"model": "m", "input": "sick?", "tools": tools, "include": include, "metadata": {"a": "b"}}
    ask.server.script(turn, turn, turn)
    assert problems(await ask("POST /responses", body), "Response") == []
    for name, data in await ask.events("/responses", body):
        assert problems(data, "ResponseStreamEvent") == []
        assert data["type"] == name
    begun = await ask("POST /responses", {**body, "background": True})
    for _ in range(3):
        assert problems(begun, "Response") == []
        begun = await ask(f"GET /responses/{begun['id']}")
    assert begun["status"] in ("completed", "incomplete", "failed")


async def test_a_cancelled_and_a_missing_response(ask):
    begun = await ask("POST /responses", {"model": "m", "input": "sick?", "background": True})
    cancelled = await ask(f"POST /responses/{begun['id']}/cancel")
    assert (cancelled["status"], problems(cancelled, "Response")) == ("cancelled", [])
    assert problems(await ask("GET /responses/resp_none"), "ErrorResponse") == []


async def _run(ask: Asking) -> tuple[str, dict[str, Any]]:
    assistant = await ask("POST /assistants", {"model": "m", "name": "hr", "tools": [FUNCTION]})
    thread = await ask("POST /threads", {"metadata": {"hrdesk_thread": "t"}})
    message = await ask(f"POST /threads/{thread['id']}/messages", {"role": "user", "content": "sick?"})
    assert problems(assistant, "AssistantObject") == []
    assert problems(thread, "ThreadObject") == []
    assert problems(message, "MessageObject") == []
    return f"/threads/{thread['id']}", {"assistant_id": assistant["id"]}


@with_turns
async def test_an_assistants_run_that_is_polled(ask, turn):
    thread, body = await _run(ask)
    ask.server.script(turn)
    run = await ask(f"POST {thread}/runs", body)
    for _ in range(3):
        assert problems(run, "RunObject") == []
        run = await ask(f"GET {thread}/runs/{run['id']}")
    assert run["status"] in ("requires_action", "completed", "incomplete", "failed")
    await _check_lists(ask, thread, run["id"])


async def _check_lists(ask: Asking, thread: str, run_id: str) -> None:
    include = "include[]=step_details.tool_calls[*].file_search.results[*].content"
    steps = await ask(f"GET {thread}/runs/{run_id}/steps?{include}")
    assert problems(steps, "ListRunStepsResponse") == []
    assert problems(await ask(f"GET {thread}/messages"), "ListMessagesResponse") == []
    assert problems(await ask(f"GET {thread}/runs"), "ListRunsResponse") == []


@with_turns
async def test_an_assistants_run_that_is_streamed(ask, turn):
    thread, body = await _run(ask)
    ask.server.script(turn, ANSWER)
    events = await ask.events(f"{thread}/runs", body)
    last = events[-2][1]
    if last["status"] == "requires_action":
        calls = last["required_action"]["submit_tool_outputs"]["tool_calls"]
        outputs = [{"tool_call_id": call["id"], "output": "{}"} for call in calls]
        path = f"{thread}/runs/{last['id']}/submit_tool_outputs"
        events += await ask.events(path, {"tool_outputs": outputs})
    for name, data in events:
        assert problems({"event": name, "data": data}, "AssistantStreamEvent") == []
    await _check_lists(ask, thread, last["id"])


async def test_files_and_vector_stores(ask):
    upload = {"files": {"file": ("leave.txt", b"Ten days of sick leave.")}, "data": {"purpose": "assistants"}}
    file = await ask("POST /files", **upload)
    assert problems(file, "OpenAIFile") == []
    store = await ask("POST /vector_stores", {"name": "hr", "file_ids": [file["id"]]})
    assert problems(store, "VectorStoreObject") == []
    path = f"/vector_stores/{store['id']}"
    added = await ask(f"POST {path}/files", {"file_id": file["id"], "attributes": {"sha256": "aa"}})
    batch = await ask(f"POST {path}/file_batches", {"file_ids": [file["id"]]})
    found = await ask(f"POST {path}/search", {"query": "sick leave"})
    assert problems(added, "VectorStoreFileObject") == []
    assert problems(batch, "VectorStoreFileBatchObject") == []
    assert problems(found, "VectorStoreSearchResultsPage") == []
    assert found["data"]
    for answer, name in (
        (await ask(f"GET {path}/files"), "ListVectorStoreFilesResponse"),
        (await ask(f"GET {path}/files/{file['id']}/content"), "VectorStoreFileContentResponse"),
        (await ask("GET /vector_stores"), "ListVectorStoresResponse"),
        (await ask("GET /files"), "ListFilesResponse"),
        (await ask("GET /models"), "ListModelsResponse"),
        (await ask(f"DELETE {path}/files/{file['id']}"), "DeleteVectorStoreFileResponse"),
        (await ask(f"DELETE {path}"), "DeleteVectorStoreResponse"),
        (await ask(f"DELETE /files/{file['id']}"), "DeleteFileResponse"),
    ):
        assert problems(answer, name) == []


def test_the_judge_finds_what_is_wrong():
    found = problems({"id": "m", "object": "model", "created": 1.5}, "Model")
    assert sorted(found) == ["Model.created: 1.5 is not integer", "Model: owned_by is missing"]
