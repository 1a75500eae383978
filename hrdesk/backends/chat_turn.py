"""One turn of a chat-completions model, put together from the chunks of its answer.

Servers differ in what they leave out: ids, indexes, usage, the reason for the end. Thoughts that a model
writes before its answer (`<think>`) are no part of it.
"""

import json
from collections.abc import Callable
from typing import Any

from hrdesk.backends.annotations import GrowingText, clean
from hrdesk.backends.base import LONGEST_ANSWER
from hrdesk.backends.event_stream import TextPieces, plain
from hrdesk.backends.raw_answers import usage_in
from hrdesk.backends.tool_rescue import may_be_call
from hrdesk.backends.troubles import quoted
from hrdesk.core.errors import BackendUnavailable
from hrdesk.core.ids import new_id
from hrdesk.core.runs import ToolCall
from hrdesk.core.usage import Usage

MOST_CALLS = 256

TOO_LONG = "The answer was cut off because it is very long."
ENDED_EARLY = {
    "length": "The model stopped at its length limit.",
    "content_filter": "The provider's content filter ended the answer.",
}
UNREADABLE = "A part of the answer could not be read."
EMPTY = "The model gave no answer."
BROKE_OFF = "The connection broke off before the answer was complete."

_THINK, _THOUGHT = "<think>", "</think>"


class Turn:
    """What the model said so far. `write` gets the text of the answer as soon as it is known to be one."""

    def __init__(self, write: Callable[[str], None] | None) -> None:
        self.usage = Usage()
        self.finish = ""
        self.damaged = False
        self._write = write
        self._pieces = TextPieces()
        self._said: list[str] = []
        self._length = 0
        self._calls: dict[object, dict[str, str]] = {}
        self._growing = GrowingText()
        self._opening = ""  # held back while it may be a thought or a tool call
        self._is_answer = False
        self._id: object = None
        self._same_id = 0

    @property
    def is_full(self) -> bool:
        """Whether the answer is longer than any answer should be."""
        return self._length > LONGEST_ANSWER

    def take(self, chunk: dict[str, Any]) -> None:
        """Take the next chunk, or a whole completion. Raises `BackendUnavailable` for an error in it."""
        if chunk.get("error"):
            raise BackendUnavailable("The server broke the answer off.", quoted(chunk), maybe_done=True)
        if self._is_foreign(chunk.get("id")):
            return
        if isinstance(chunk.get("usage"), dict):
            self.usage = usage_in(chunk["usage"])
        choices = chunk.get("choices")
        for choice in choices if isinstance(choices, list) else []:
            if isinstance(choice, dict) and not choice.get("index"):
                self._take_choice(choice)

    def text(self) -> str:
        """Return the whole text, without thoughts and leaked markers."""
        return clean(self.raw_text()).strip()[:LONGEST_ANSWER]

    def raw_text(self) -> str:
        """Return the whole text, without thoughts."""
        whole = "".join(self._said)
        answer = _unthought(whole)
        return "" if answer is None else answer

    def calls(self) -> tuple[ToolCall, ...]:
        """Return the tool calls, each with an id of its own."""
        seen: set[str] = set()
        calls = []
        for parts in self._calls.values():
            call_id = parts["id"] if parts["id"] and parts["id"] not in seen else new_id("call")
            seen.add(call_id)
            calls.append(ToolCall(call_id, parts["name"], plain(parts["arguments"]) or "{}"))
        return tuple(calls)

    def ended_early(self) -> str:
        """Say in a sentence why the answer is not whole; "" where it is."""
        if self.is_full:
            return TOO_LONG
        if self.finish in ENDED_EARLY:
            return ENDED_EARLY[self.finish]
        if self.damaged:
            return UNREADABLE
        return "" if self.text() else EMPTY

    def _is_foreign(self, chunk_id: object) -> bool:
        """Return whether a chunk belongs to another answer; servers that number chunks are let be."""
        if chunk_id is None:
            return False
        if self._id is None:
            self._id = chunk_id
        self._same_id += chunk_id == self._id
        return chunk_id != self._id and self._same_id > 1

    def _take_choice(self, choice: dict[str, Any]) -> None:
        self.finish = str(choice.get("finish_reason") or self.finish)
        delta = choice.get("delta") or choice.get("message")
        if not isinstance(delta, dict):
            return
        self._say(text_in(delta.get("content")) or text_in(delta.get("refusal")))
        calls = delta.get("tool_calls")
        for call in calls if isinstance(calls, list) else []:
            if isinstance(call, dict):
                self._take_call(call)

    def _say(self, piece: str) -> None:
        piece = self._pieces.add(piece)
        if not piece or self.is_full:
            return
        self._length += len(piece)
        self._said.append(piece)
        if self._write is None:
            return
        if not self._is_answer:
            self._opening += piece
            answer = _unthought(self._opening)
            if answer is None or may_be_call(answer):
                return
            self._is_answer, piece = True, answer
        shown = len(self._growing.text)
        self._growing.add(piece)
        if len(self._growing.text) > shown:
            self._write(self._growing.text[shown:])

    def _take_call(self, call: dict[str, Any]) -> None:
        key = call.get("index")
        if key is None:  # not OpenAI's way; then a call comes whole, or its pieces follow each other
            key = call.get("id") or (next(reversed(self._calls)) if self._calls else 0)
        if key not in self._calls and len(self._calls) >= MOST_CALLS:
            return
        parts = self._calls.setdefault(key, {"id": "", "name": "", "arguments": ""})
        function = call.get("function")
        function = function if isinstance(function, dict) else {}
        parts["id"] = parts["id"] or str(call.get("id") or "")
        parts["name"] = parts["name"] or str(function.get("name") or "")
        arguments = function.get("arguments") or ""
        if not isinstance(arguments, str):
            arguments = json.dumps(arguments, ensure_ascii=False)
        if len(parts["arguments"]) < LONGEST_ANSWER:
            parts["arguments"] += arguments


def text_in(content: object) -> str:
    """Return the text of a content that is a string, a list of parts, or nothing."""
    if isinstance(content, str):
        return content
    parts = content if isinstance(content, list) else []
    return "".join(
        part if isinstance(part, str) else str(part.get("text") or "")
        for part in parts
        if isinstance(part, (str, dict))
    )


def _unthought(text: str) -> str | None:
    """Return the text after the thoughts at its beginning; None while nothing else can be there yet."""
    start = text.lstrip()
    if start.startswith(_THINK):
        _, closed, start = start.partition(_THOUGHT)
        return start.lstrip() if closed else None
    return None if start and _THINK.startswith(start) else start
