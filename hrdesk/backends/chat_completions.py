"""Any model behind an OpenAI-compatible chat-completions endpoint, as a model of the own stack.

Tools are called natively, or rescued from the text. Where the server or the model cannot call tools, the
passages come first: this module asks for the lookup itself and puts what was found into the prompt.
"""

import json
from collections.abc import Callable, Sequence
from contextlib import aclosing
from typing import TYPE_CHECKING, Any

from hrdesk.backends import chat_messages
from hrdesk.backends.base import ModelReply, ToolRound
from hrdesk.backends.chat_turn import BROKE_OFF, Turn
from hrdesk.backends.event_stream import EventStream, post
from hrdesk.backends.tool_rescue import rescued
from hrdesk.backends.troubles import in_words, refuses
from hrdesk.core.connections import Connection
from hrdesk.core.errors import BackendUnavailable
from hrdesk.core.runs import RunRequest

if TYPE_CHECKING:
    from openai import AsyncOpenAI

MISSES = 2  # first turns without a tool call, until a model counts as one that cannot call tools
TOOL_WORDS = ("tool", "function", "jinja")

Write = Callable[[str], None]


class ChatCompletionsModel:
    """A language model. What it turns out not to be able to do is remembered as long as this object lives."""

    def __init__(self, client: "AsyncOpenAI", connection: Connection) -> None:
        self.name = connection.model
        self._client = client
        self._connection = connection
        self._calls_tools = True
        self._ever_called = False
        self._misses = 0
        self._reports_usage = True

    async def aclose(self) -> None:
        """Let go of the connections."""
        await self._client.close()

    async def respond(self, request: RunRequest, rounds: Sequence[ToolRound], write: Write) -> ModelReply:
        """Take the next turn of a run."""
        if not rounds:
            return await self._first(request, write)
        if self._calls_tools and not chat_messages.was_lookup_first(rounds):
            try:
                return await self._with_tools(request, rounds, write)
            except _ToolsRefused:
                self._calls_tools = False
        return await self._without_tools(request, rounds, write)

    async def _first(self, request: RunRequest, write: Write) -> ModelReply:
        """Find out whether the model asks for tools; its text is held back until then."""
        lookup = any(tool.name == chat_messages.LOOKUP for tool in request.tools)
        if not request.tools:
            return await self._without_tools(request, (), write)
        reply = ModelReply()
        if self._calls_tools:
            try:
                reply = await self._with_tools(request, (), None)
            except _ToolsRefused:
                self._calls_tools = False
            else:
                self._learn(called=bool(reply.calls))
        if reply.calls:
            return reply
        if lookup:
            return ModelReply(
                calls=(chat_messages.lookup_first(request),), usage=reply.usage, prompt=reply.prompt
            )
        if not self._calls_tools and not reply.prompt:
            return await self._without_tools(request, (), write)
        write(reply.text)
        return reply

    def _learn(self, *, called: bool) -> None:
        self._ever_called |= called
        self._misses = 0 if called else self._misses + 1
        self._calls_tools = self._ever_called or self._misses < MISSES

    async def _with_tools(
        self, request: RunRequest, rounds: Sequence[ToolRound], write: Write | None
    ) -> ModelReply:
        messages = chat_messages.native(request, rounds)
        body = self._body(request, messages) | {"tools": chat_messages.offered(request.tools)}
        turn = await self._turn(body, f"{request.run_id}-{len(rounds)}", write)
        calls = turn.calls() or rescued(turn.raw_text(), request.tools)
        if calls and turn.finish not in ("length", "content_filter"):
            return ModelReply(calls=calls, usage=turn.usage, prompt=_shown(body), model=body["model"])
        return _answer(turn, body)

    async def _without_tools(
        self, request: RunRequest, rounds: Sequence[ToolRound], write: Write
    ) -> ModelReply:
        body = self._body(request, chat_messages.with_passages(request, rounds))
        return _answer(await self._turn(body, f"{request.run_id}-{len(rounds)}-text", write), body)

    def _body(self, request: RunRequest, messages: list[dict[str, Any]]) -> dict[str, Any]:
        body: dict[str, Any] = {"model": request.model or self._connection.model, "messages": messages}
        host = self._connection.hostname
        if host == "api.openai.com" or host.endswith(".api.openai.com"):
            body["store"] = self._connection.store  # others may not know the field
        return body

    async def _turn(self, body: dict[str, Any], key: str, write: Write | None) -> Turn:
        """Ask once and read the answer to its end."""
        stream = await self._open(body, key)
        turn = Turn(write)
        async with aclosing(stream.objects()) as chunks:
            async for chunk in chunks:
                turn.take(chunk)
                if turn.is_full:
                    break
        turn.damaged = stream.damaged
        if not (stream.done or turn.finish or turn.is_full):
            raise BackendUnavailable(BROKE_OFF, "Ask again.", maybe_done=True)
        return turn

    async def _open(self, body: dict[str, Any], key: str) -> EventStream:
        """Send the request, without the option of a stream that a server refuses."""
        import openai

        how: dict[str, Any] = {"stream": self._connection.stream}
        if self._connection.stream and self._reports_usage:
            how["stream_options"] = {"include_usage": True}
        try:
            return await post(self._client, "/chat/completions", body | how, key)
        except openai.APIStatusError as error:
            if "stream_options" in how and refuses(error.response, "stream_options", "include_usage"):
                self._reports_usage = False
            elif "tools" in body and refuses(error.response, *TOOL_WORDS):
                raise _ToolsRefused from error
            else:
                raise in_words(error, creates=True) from error
        except openai.OpenAIError as error:
            raise in_words(error, creates=True) from error
        return await self._open(body, f"{key}-plain")


class _ToolsRefused(Exception):
    """The server does not take tools for this model."""


def _answer(turn: Turn, body: dict[str, Any]) -> ModelReply:
    return ModelReply(text=turn.text(), usage=turn.usage, prompt=_shown(body), ended_early=turn.ended_early())


def _shown(body: dict[str, Any]) -> str:
    return json.dumps(body, ensure_ascii=False, indent=2)
