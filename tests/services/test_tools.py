"""Tool calls are checked before anything runs."""

import asyncio
import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hrdesk.core.errors import HrdeskError
from hrdesk.core.runs import ToolCall, ToolSpec
from hrdesk.services.pace import Pace
from hrdesk.services.tools import NOT_ALLOWED, checked_arguments, run_calls

FAST = Pace(second=0.002)
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
    has_side_effects = False

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
    outputs = await run_calls([ToolCall("c", name, arguments)], {"lookup": tool}, never, FAST)
    return outputs[0].output, tool


async def never(call: ToolCall) -> bool:
    return False


async def always(call: ToolCall) -> bool:
    return True


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


@pytest.mark.parametrize(("allow", "runs"), [(always, 1), (never, 0)])
async def test_a_tool_with_side_effects_runs_only_where_the_user_allows_it(allow: Any, runs: int) -> None:
    tool = Recorder()
    tool.has_side_effects = True
    outputs = await run_calls([ToolCall("c", "lookup", '{"query": "a"}')], {"lookup": tool}, allow, FAST)
    assert len(tool.called) == runs
    assert (NOT_ALLOWED in outputs[0].output) is (runs == 0)


async def test_a_wrong_call_is_refused_before_the_user_is_asked() -> None:
    tool = Recorder()
    tool.has_side_effects = True

    async def asked(call: ToolCall) -> bool:
        raise AssertionError("the user was asked")

    await run_calls([ToolCall("c", "lookup", "{}")], {"lookup": tool}, asked, FAST)


async def test_of_ten_thousand_calls_only_some_run_and_each_gets_an_output() -> None:
    tool = Recorder()
    calls = [ToolCall(f"c{number}", "lookup", '{"query": "a"}') for number in range(10_000)]
    outputs = await run_calls(calls, {"lookup": tool}, never, FAST)
    assert [output.call_id for output in outputs] == [call.id for call in calls]
    assert len(tool.called) == FAST.calls


@given(st.text())
def test_no_text_makes_the_check_fall_over(text: str) -> None:
    try:
        arguments = checked_arguments(text, SCHEMA)
    except HrdeskError:
        return
    assert isinstance(arguments["query"], str)
