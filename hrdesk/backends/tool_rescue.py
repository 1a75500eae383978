"""Tool calls that a model wrote into its answer instead of calling.

Many small models know how to ask for a tool but not in the way their server expects: the call stands in the
text, as bare JSON, in a fenced block or between `<tool_call>` tags. Only tools of the request are taken, and
only where the text holds little else: an answer that quotes something like a call stays an answer.
"""

import json
import re
from collections.abc import Iterator, Sequence
from typing import Any

from hrdesk.backends.event_stream import plain
from hrdesk.core.ids import new_id
from hrdesk.core.runs import ToolCall, ToolSpec

LONGEST = 20_000  # characters; a text longer than this is no call
MOST_CALLS = 16
SMALL_TALK = 300  # characters a model may say around its calls

_TAGGED = re.compile(r"<tool_call>(.*?)(?:</tool_call>|\Z)", re.DOTALL)
_FENCED = re.compile(r"```[\w-]*[ \t]*\n(.*?)(?:```|\Z)", re.DOTALL)
_BEFORE_BARE = re.compile(r"\s*(?:<\|[\w|]{1,30}\|?>|\[TOOL_CALLS\])?\s*(?=[\[{])")
_BETWEEN = re.compile(r"[\s,;]*")
_OPENINGS = ("{", "[{", "[TOOL_CALLS]", "<tool_call>", "<|", "```")
_NAMES, _ARGUMENTS = ("name", "tool", "tool_name"), ("arguments", "parameters", "args", "input", "tool_input")
_DECODER = json.JSONDecoder()


def rescued(text: str, tools: Sequence[ToolSpec]) -> tuple[ToolCall, ...]:
    """Return the calls of known `tools` that stand in `text`, in order; empty where it is an answer."""
    if len(text) > LONGEST:
        return ()
    known = {tool.name for tool in tools}
    for form in (_TAGGED, _FENCED):
        blocks = form.findall(text)
        if blocks and len(form.sub("", text).strip()) <= SMALL_TALK:
            found = [call for block in blocks for call in _calls(block, known)]
            if found:
                return tuple(found[:MOST_CALLS])
    return tuple(_calls(text, known))[:MOST_CALLS]


def may_be_call(beginning: str) -> bool:
    """Return whether a text that begins like this may still turn out to be a tool call."""
    start = beginning.lstrip()
    return not start or any(start.startswith(known) or known.startswith(start) for known in _OPENINGS)


def _calls(text: str, known: set[str]) -> Iterator[ToolCall]:
    """Yield the calls in a text that is JSON and nothing else: one value, or several one after the other."""
    values: list[Any] = []
    begin = _BEFORE_BARE.match(text)
    position = begin.end() if begin else len(text)
    while position < len(text):
        try:
            value, position = _DECODER.raw_decode(text, position)
        except (ValueError, RecursionError):
            if len(text) - position > SMALL_TALK:
                return
            break
        values.append(value)
        gap = _BETWEEN.match(text, position)
        position = gap.end() if gap else position
    for value in values:
        yield from _taken(value, known)


def _taken(value: object, known: set[str], depth: int = 0) -> Iterator[ToolCall]:
    """Yield the calls in a JSON value, whichever way they are wrapped."""
    if depth > 3:
        return
    if isinstance(value, list):
        for one in value:
            yield from _taken(one, known, depth + 1)
        return
    if not isinstance(value, dict):
        return
    name = next((value[key] for key in _NAMES if isinstance(value.get(key), str)), None)
    if name in known:
        yield ToolCall(new_id("call"), name, _arguments(value))
        return
    for wrapper in ("function", "tool_calls", "tool_call"):
        inner = value.get(wrapper)
        if isinstance(inner, str) and inner in known:
            yield ToolCall(new_id("call"), inner, _arguments(value))
        else:
            yield from _taken(inner, known, depth + 1)


def _arguments(call: dict[str, Any]) -> str:
    """Return the arguments as JSON text; what is wrong with them is told to the model by the tool."""
    given: object = next((call[key] for key in _ARGUMENTS if key in call), {})
    return plain(given if isinstance(given, str) else json.dumps(given or {}, ensure_ascii=False))
