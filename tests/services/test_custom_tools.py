import json
from collections.abc import Callable
from importlib.metadata import EntryPoint
from typing import Any, Literal

import pytest

from hrdesk.core.errors import HrdeskError
from hrdesk.services.custom_tools import CustomTool, custom_tools


def count_days(
    start: str, end: str, kind: Literal["working", "calendar"] = "working", pause: int | None = None
):
    """Count the days between two dates."""
    return {"days": 3, "kind": kind}


async def send_mail(to: str, urgent: bool = False) -> str:
    return f"sent to {to}"


def broken(text: str) -> str:
    raise ValueError(f"secret {text}")


def lost(thing: complex) -> str:
    return ""


def point(name: str, function: Callable[..., Any] | None = None) -> EntryPoint:
    return EntryPoint(name, f"{__name__}:{(function or count_days).__name__}", "hrdesk.tools")


def test_a_typed_function_becomes_a_schema():
    tool = CustomTool("count_days", count_days)
    assert tool.spec.description == "Count the days between two dates."
    assert tool.spec.parameters == {
        "type": "object",
        "properties": {
            "start": {"type": "string"},
            "end": {"type": "string"},
            "kind": {"type": "string", "enum": ["working", "calendar"]},
            "pause": {"type": "integer"},
        },
        "required": ["start", "end"],
        "additionalProperties": False,
    }


def test_every_tool_is_confirmed_unless_it_says_that_it_only_reads():
    def reads() -> str:
        return ""

    reads.read_only = True  # type: ignore[attr-defined]
    assert CustomTool("send_mail", send_mail).has_side_effects
    assert not CustomTool("reads", reads).has_side_effects


async def test_plain_and_async_functions_are_called():
    said = await CustomTool("count_days", count_days)({"start": "a", "end": "b"})
    assert json.loads(said) == {"days": 3, "kind": "working"}
    assert await CustomTool("send_mail", send_mail)({"to": "x"}) == "sent to x"


async def test_a_fault_of_a_tool_is_told_without_its_contents():
    with pytest.raises(HrdeskError, match="ValueError") as raised:
        await CustomTool("broken", broken)({"text": "name"})
    assert "secret" not in str(raised.value)


def test_tools_come_from_entry_points_and_bad_ones_are_left_out():
    nowhere = EntryPoint("gone", "tests.no_such_module:tool", "hrdesk.tools")
    found = custom_tools([point("days"), point("lost", lost), nowhere])
    assert list(found) == ["days"]
