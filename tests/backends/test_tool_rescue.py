"""Tool calls that stand in the text of an answer."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hrdesk.backends.tool_rescue import MOST_CALLS, may_be_call, rescued
from hrdesk.core.runs import ToolSpec

TOOLS = (ToolSpec("lookup_policy", "", {}), ToolSpec("days_between", "", {}))
CALL = {"name": "lookup_policy", "arguments": {"query": "sick leave", "more": {"deep": [1, {"a": "}"}]}}}
JSON = json.dumps(CALL)

values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=10),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=10,
)


@pytest.mark.parametrize(
    "text",
    [
        JSON,
        f"  \n{JSON}\n",
        f"```json\n{JSON}\n```",
        f"```\n{JSON}",
        f"Let me look that up.\n```tool_call\n{JSON}\n```\nOne moment.",
        f"<tool_call>{JSON}</tool_call>",
        f"<tool_call>\n{JSON}\n",
        f"I will search.<tool_call>{JSON}</tool_call>",
        f"[TOOL_CALLS][{JSON}]",
        f"<|python_tag|>{JSON}",
        json.dumps({"type": "function", "function": CALL}),
        json.dumps({"tool_calls": [{"function": CALL}]}),
        json.dumps({"tool": "lookup_policy", "tool_input": CALL["arguments"]}),
        json.dumps({"function": "lookup_policy", "parameters": CALL["arguments"]}),
        json.dumps({"name": "lookup_policy", "arguments": json.dumps(CALL["arguments"])}),
    ],
)
def test_a_call_is_rescued_in_every_form_with_nested_json(text: str) -> None:
    (call,) = rescued(text, TOOLS)
    assert call.name == "lookup_policy"
    assert json.loads(call.arguments) == CALL["arguments"]


OTHER = json.dumps({"name": "days_between", "arguments": {"a": "2026-01-01"}})


@pytest.mark.parametrize(
    "text",
    [
        f"{JSON}\n{OTHER}",
        f"[{JSON}, {OTHER}]",
        f"<tool_call>{JSON}</tool_call>\n<tool_call>{OTHER}</tool_call>",
        f"```json\n{JSON}\n```\n```json\n{OTHER}\n```",
    ],
)
def test_several_calls_come_in_order_with_ids_of_their_own(text: str) -> None:
    calls = rescued(text, TOOLS)
    assert [call.name for call in calls] == ["lookup_policy", "days_between"]
    assert len({call.id for call in calls}) == 2


@pytest.mark.parametrize(
    "text",
    [
        "",
        "You have ten days of sick leave [p1].",
        '{"answer": "ten days"}',
        '{"name": "send_mail", "arguments": {}}',
        f"The policy says {JSON} and that is all.",
        "A long answer. " * 40 + f"```json\n{JSON}\n```",
        "A long answer. " * 40 + f"<tool_call>{JSON}</tool_call>",
        JSON + " A long answer." * 40,
        "{" * 15_000,
        "[" * 15_000,
        '{"name": "lookup_policy", "arguments": {"query": "sick',
    ],
)
def test_an_answer_stays_an_answer(text: str) -> None:
    assert rescued(text, TOOLS) == ()


def test_a_flood_of_calls_is_cut() -> None:
    assert len(rescued(JSON * 90, TOOLS)) == MOST_CALLS


@given(st.text())
def test_no_text_makes_the_rescue_raise(text: str) -> None:
    rescued(text, TOOLS)


@given(values, st.sampled_from(["{}", "```json\n{}\n```", "<tool_call>{}</tool_call>", "<tool_call>{}"]))
def test_only_known_tools_are_taken_whatever_the_json(value: object, form: str) -> None:
    for call in rescued(form.replace("{}", json.dumps(value)), TOOLS):
        assert call.name in {"lookup_policy", "days_between"}
        assert isinstance(call.arguments, str)


@given(st.dictionaries(st.text(max_size=8), values, max_size=4), st.integers(1, 5))
def test_arguments_come_through_as_they_are(arguments: dict[str, object], times: int) -> None:
    call = json.dumps({"name": "lookup_policy", "arguments": arguments})
    calls = rescued("\n".join([call] * times), TOOLS)
    assert len(calls) == times
    assert all(json.dumps(json.loads(one.arguments)) == json.dumps(arguments) for one in calls)


@given(
    st.text(max_size=60), st.sampled_from([JSON, f"```json\n{JSON}", f"<tool_call>{JSON}", "[TOOL_CALLS]["])
)
def test_a_beginning_is_held_as_long_as_it_may_be_a_call(text: str, call: str) -> None:
    for end in range(len(call)):
        assert may_be_call(call[:end])
    if text.strip() and text.strip()[0].isalpha():
        assert not may_be_call(text)


def test_a_mark_at_the_beginning_is_no_call() -> None:
    assert not may_be_call("[p1] says")
