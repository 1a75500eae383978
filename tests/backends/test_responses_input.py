"""What is sent to a Responses server."""

from typing import Any

from hrdesk.backends.responses_input import Plan, body, first_items, journal_items, sent_back
from hrdesk.core.connections import ConnectionKind, SearchPlace
from hrdesk.core.runs import RunStatus, RunStep, StepKind, ToolCall, ToolOutput
from tests.backends.requests import LOOKUP, MODEL, QUESTION, connection, request

HERE = "http://127.0.0.1:9/v1"


def sent(plan: Plan | None = None, left_out: tuple[str, ...] = (), **more: object) -> dict[str, Any]:
    where = connection(HERE, ConnectionKind.RESPONSES, **more)
    run = request("Hello", "Good morning.", QUESTION)
    return body(where, run, plan or Plan(first_items(run)), left_out)


def test_nothing_is_kept_and_reasoning_comes_back_encrypted() -> None:
    found = sent()
    assert (found["store"], found["include"]) == (False, ["reasoning.encrypted_content"])
    assert (found["model"], found["metadata"]) == (MODEL, {"hrdesk_run": "run_1"})
    assert [item["role"] for item in found["input"]] == ["user", "assistant", "user"]


def test_background_and_stream_never_go_together() -> None:
    foreground, background = sent(), sent(background=True)
    assert foreground["stream"] is True and "background" not in foreground
    assert background["background"] is True and "stream" not in background
    assert background["store"] is True and "include" not in background


def test_instructions_and_tools_go_along_behind_a_chain_too() -> None:
    fresh = [{"type": "function_call_output", "call_id": "c", "output": "ten"}]
    found = sent(Plan([], fresh, "resp_1"), store=True)
    assert found["instructions"] == "Answer from the policies."
    assert found["tools"] and found["input"] == fresh
    assert found["previous_response_id"] == "resp_1"


def test_without_a_chain_everything_is_sent() -> None:
    plan = Plan([{"all": 1}], [{"new": 1}], "resp_1")
    assert sent(plan, ("previous_response_id",))["input"] == [{"all": 1}]


def test_what_a_server_refuses_is_left_out() -> None:
    assert "include" not in sent(left_out=("reasoning.encrypted_content",))
    assert "metadata" not in sent(left_out=("metadata",))


def test_functions_are_flat_and_name_strict() -> None:
    (tool,) = sent()["tools"]
    assert tool == {
        "type": "function",
        "name": "lookup_policy",
        "description": LOOKUP.description,
        "parameters": LOOKUP.parameters,
        "strict": False,
    }


def test_the_providers_search_takes_the_place_of_ours() -> None:
    found = sent(search=SearchPlace.PROVIDER, vector_store="vs_1", code_interpreter=True)
    assert found["tools"] == [
        {"type": "file_search", "vector_store_ids": ["vs_1"]},
        {"type": "code_interpreter", "container": {"type": "auto"}},
    ]
    assert "file_search_call.results" in found["include"]
    assert "score_threshold" not in str(found)


def test_output_items_are_sent_back_as_they_came_but_without_nulls() -> None:
    items: list[dict[str, Any]] = [
        {"type": "reasoning", "id": "rs_1", "encrypted_content": "secret", "status": None},
        {"type": "reasoning", "id": "rs_2", "encrypted_content": None},
        {"type": "message", "id": None, "phase": "commentary", "content": []},
        {"type": "function_call", "id": "fc_1", "call_id": "call_1"},
    ]
    assert sent_back(items) == [
        {"type": "reasoning", "id": "rs_1", "encrypted_content": "secret"},
        {"type": "message", "phase": "commentary", "content": []},
        {"type": "function_call", "id": "fc_1", "call_id": "call_1"},
    ]


def test_a_run_from_the_journal_has_calls_and_outputs() -> None:
    calls, outputs = (ToolCall("c1", "lookup_policy", "{}"),), (ToolOutput("c1", "ten"),)
    done = RunStep("s1", StepKind.TOOL_CALLS, RunStatus.COMPLETED, calls, outputs)
    waiting = RunStep("s2", StepKind.TOOL_CALLS, RunStatus.IN_PROGRESS, calls)
    kinds = [item["type"] for item in journal_items(request(), (done, waiting))]
    assert kinds == ["message", "function_call", "function_call_output"]
