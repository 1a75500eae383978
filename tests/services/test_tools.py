"""Tool calls are checked before anything runs."""

import asyncio
import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hrdesk.core.errors import HrdeskError
from hrdesk.core.runs import ToolCall, ToolSpec
from hrdesk.services.tools import checked_arguments, run_calls

SCHEMA: dict[str, Any] = {
    "type": "object",
    "properties": {
        "query": {"type": "string"},
        "count": {"type": "integer"},
        "category": {"type": "string", "enum": ["leave", "conduct"]},
    },
    "required": ["query"],
}


class Recorder:
    """Remembers what it was called with."""

    spec = ToolSpec("lookup", "", SCHEMA)

    def __init__(self) -> None:
        self.called: list[dict[str, Any]] = []

    async def __call__(self, arguments: dict[str, Any]) -> str:
        self.called.append(arguments)
        if arguments["query"] == "never":
            await asyncio.Event().wait()
        if arguments["query"] == "trouble":
            raise HrdeskError("The library is closed.", "Come back later.")
        return "found"


async def outcome(arguments: str, name: str = "lookup") -> tuple[str, Recorder]:
    tool = Recorder()
    outputs = await run_calls([ToolCall("c", name, arguments)], {"lookup": tool}, seconds=0.05)
    return outputs[0].output, tool


@pytest.mark.parametrize(
    "arguments",
    [
        "",
        "{",
        "[]",
        "null",
        "{}",
        '{"query": 3}',
        '{"query": null}',
        '{"query": "a", "count": "many"}',
        '{"query": "a", "count": true}',
        '{"query": "a", "category": "secrets"}',
        '{"query": "a", "path": "/etc/passwd"}',
    ],
)
async def test_wrong_arguments_are_told_to_the_model_and_nothing_runs(arguments: str) -> None:
    output, tool = await outcome(arguments)
    assert "error" in json.loads(output)
    assert tool.called == []


async def test_an_unknown_tool_is_not_executed() -> None:
    output, tool = await outcome('{"query": "a"}', name="delete_everything")
    assert "no tool named delete_everything" in json.loads(output)["error"]
    assert tool.called == []


async def test_good_arguments_reach_the_tool_without_empty_ones() -> None:
    output, tool = await outcome('{"query": "a", "category": null, "count": 2}')
    assert output == "found"
    assert tool.called == [{"query": "a", "count": 2}]


async def test_a_slow_tool_is_given_up() -> None:
    output, _ = await outcome('{"query": "never"}')
    assert "took longer" in json.loads(output)["error"]


async def test_a_tool_in_trouble_tells_the_model() -> None:
    output, _ = await outcome('{"query": "trouble"}')
    assert json.loads(output)["error"] == "The library is closed. Come back later."


@given(st.text())
def test_no_text_makes_the_check_fall_over(text: str) -> None:
    try:
        arguments = checked_arguments(text, SCHEMA)
    except HrdeskError:
        return
    assert isinstance(arguments["query"], str)
