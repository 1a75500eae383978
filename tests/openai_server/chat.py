"""Chat completions: one turn a request, whole or in chunks. Source: CreateChatCompletionResponse."""

import time
from collections.abc import AsyncIterator
from typing import Any

from hrdesk.core.usage import Usage
from tests.openai_server.http import Event, Reply, Request, refusal
from tests.openai_server.ids import new_id
from tests.openai_server.script import CallTools, Fail, Heard, Say, Script, Turn, opened, spoken


class Chat:
    """POST /chat/completions."""

    def __init__(self, script: Script) -> None:
        self._script = script

    async def create(self, request: Request) -> Reply:
        """Answer with the next turn."""
        body = request.json
        if (missing := _unanswered(body.get("messages", []))) is not None:
            message = f"An assistant message with 'tool_calls' must be followed by tool messages: {missing}"
            return refusal(400, message, param="messages")
        turn = self._script.next(heard(body))
        if isinstance(turn, Fail):
            await opened(turn)
            return refusal(500, turn.message, turn.code)
        if body.get("stream"):
            wants_usage = (body.get("stream_options") or {}).get("include_usage", False)
            return Reply(events=_chunks(body["model"], turn, wants_usage))
        await opened(turn)
        return Reply(_completion(body["model"], turn))


def heard(body: dict[str, Any]) -> Heard:
    """Return what a chat request tells the model."""
    messages = body.get("messages", [])
    last = max((i for i, message in enumerate(messages) if message["role"] == "user"), default=-1)
    question = _text(messages[last].get("content")) if last >= 0 else ""
    outputs = tuple(_text(m.get("content")) for m in messages[last + 1 :] if m["role"] == "tool")
    tools = tuple(tool["function"]["name"] for tool in body.get("tools") or [])
    return Heard(question, outputs, tools)


def _text(content: Any) -> str:
    if isinstance(content, list):
        return "".join(part.get("text", "") for part in content)
    return content or ""


def _unanswered(messages: list[dict[str, Any]]) -> str | None:
    """Return the id of a tool call that no tool message answers."""
    asked = [call["id"] for message in messages for call in message.get("tool_calls") or []]
    answered = {message.get("tool_call_id") for message in messages if message["role"] == "tool"}
    return next((call_id for call_id in asked if call_id not in answered), None)


def _calls(turn: Turn) -> list[dict[str, Any]]:
    if not isinstance(turn, CallTools):
        return []
    return [
        {"id": new_id("call"), "type": "function", "function": {"name": call.name, "arguments": call.json}}
        for call in turn.calls
    ]


def _finish(turn: Turn) -> str:
    if isinstance(turn, CallTools):
        return "tool_calls"
    return turn.ending if isinstance(turn, Say) else "stop"


def usage_body(usage: Usage) -> dict[str, Any]:
    """Return usage in the words of chat completions."""
    return {
        "prompt_tokens": usage.input_tokens,
        "completion_tokens": usage.output_tokens,
        "total_tokens": usage.total_tokens,
        "prompt_tokens_details": {"cached_tokens": usage.cached_tokens},
        "completion_tokens_details": {"reasoning_tokens": usage.reasoning_tokens},
    }


def _completion(model: str, turn: Turn) -> dict[str, Any]:
    text = turn.whole
    calls = _calls(turn)
    message: dict[str, Any] = {"role": "assistant", "content": None if calls else text, "refusal": None}
    if calls:
        message |= {"content": text or None, "tool_calls": calls}
    choice = {"index": 0, "message": message, "finish_reason": _finish(turn), "logprobs": None}
    answer = {**_frame("chat.completion", model), "choices": [choice]}
    return answer if turn.usage is None else answer | {"usage": usage_body(turn.usage)}


def _frame(kind: str, model: str) -> dict[str, Any]:
    return {"id": new_id("chatcmpl"), "object": kind, "created": int(time.time()), "model": model}


async def _chunks(model: str, turn: Turn, wants_usage: bool) -> AsyncIterator[Event]:
    frame = _frame("chat.completion.chunk", model)

    def chunk(delta: dict[str, Any], finish: str | None = None) -> Event:
        choice = {"index": 0, "delta": delta, "finish_reason": finish, "logprobs": None}
        return Event({**frame, "choices": [choice]})

    yield chunk({"role": "assistant", "content": ""})
    async for piece in spoken(turn):
        yield chunk({"content": piece})
    for index, call in enumerate(_calls(turn)):
        arguments = call["function"]["arguments"]
        begin = {**call, "index": index, "function": {**call["function"], "arguments": ""}}
        yield chunk({"tool_calls": [begin]})
        for part in (arguments[: len(arguments) // 2], arguments[len(arguments) // 2 :]):
            yield chunk({"tool_calls": [{"index": index, "function": {"arguments": part}}]})
    yield chunk({}, _finish(turn))
    if wants_usage and turn.usage is not None:
        yield Event({**frame, "choices": [], "usage": usage_body(turn.usage)})
    yield Event("[DONE]")
