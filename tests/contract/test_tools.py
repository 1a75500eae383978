"""What a model may ask for, and what comes of it."""

import asyncio
import json
from dataclasses import replace
from typing import Any

import pytest

from hrdesk.core.runs import ConfirmationAsked, RunStatus, StepKind
from tests.contract.stage import PACE, PASSAGES
from tests.openai_server import Call, CallTools, Say
from tests.openai_server.hostile import bad_arguments, too_many, unknown_tool, wrong_types

SICK, ILL = Call("lookup_policy", {"query": "sick"}), Call("lookup_policy", {"query": "ill"})
MAIL = Call("send_mail", {"to": "boss@example.com"})
ANSWER = Say("Ten days [p1].")


def heard_back(stage) -> list[Any]:
    """Return what the model was given as outputs of its last calls."""
    return [json.loads(output) for output in stage.server.turns.heard[-1].outputs]


async def test_one_lookup(stage):
    stage.server.script(CallTools(SICK), ANSWER)
    told = await stage.ask()
    assert (told.status, told.text) == (RunStatus.COMPLETED, "Ten days [p1].")
    assert stage.tools.look_up.asked == ["sick"]
    assert heard_back(stage) == [PASSAGES]
    assert "Looking up: sick" in told.words
    assert [step.kind for step in told.snapshot.steps] == [StepKind.TOOL_CALLS, StepKind.MESSAGE_CREATION]
    assert "ten days of sick leave" in told.snapshot.steps[0].outputs[0].output


async def test_parallel_calls_run_together_and_go_back_together(stage):
    stage.server.script(CallTools(SICK, ILL), ANSWER)
    told = await stage.ask()
    assert told.status is RunStatus.COMPLETED
    assert sorted(stage.tools.look_up.asked) == ["ill", "sick"]
    assert heard_back(stage) == [PASSAGES, PASSAGES]
    assert len(stage.started()) == 2


async def test_two_rounds(stage):
    stage.server.script(CallTools(SICK), CallTools(ILL), ANSWER)
    told = await stage.ask()
    assert (told.status, told.text) == (RunStatus.COMPLETED, "Ten days [p1].")
    assert stage.tools.look_up.asked == ["sick", "ill"]
    assert len(stage.started()) == 3


@pytest.mark.parametrize("turn", [unknown_tool(), bad_arguments(), wrong_types()], ids=lambda turn: "turn")
async def test_a_wrong_call_runs_nothing_and_the_model_is_told(stage, turn):
    stage.server.script(turn, ANSWER)
    told = await stage.ask()
    assert (told.status, told.text) == (RunStatus.COMPLETED, "Ten days [p1].")
    assert stage.tools.look_up.asked == []
    assert [list(output) for output in heard_back(stage)] == [["error"]]


async def test_one_wrong_call_does_not_hold_up_the_others(stage):
    stage.server.script(CallTools(SICK, Call("delete_everything")), ANSWER)
    told = await stage.ask()
    assert told.status is RunStatus.COMPLETED
    assert stage.tools.look_up.asked == ["sick"]
    assert PASSAGES in heard_back(stage)


async def test_a_model_that_never_stops_asking_is_ended(stage):
    stage.server.script(*[CallTools(SICK)] * 20)
    told = await stage.ask()
    assert told.status is RunStatus.FAILED
    assert "more than 8 times" in told.error
    assert len(stage.tools.look_up.asked) == 8


async def test_ten_thousand_calls_at_once(stage):
    stage.server.script(too_many(), ANSWER)
    told = await stage.ask()
    assert told.status.is_end
    assert len(stage.tools.look_up.asked) <= 32


async def test_a_tool_that_takes_too_long_is_an_error_for_the_model(stage):
    stage.pace = replace(PACE, tool=2)
    stage.tools.look_up.gate = asyncio.Event()
    stage.server.script(CallTools(SICK), ANSWER)
    told = await stage.ask()
    assert told.status is RunStatus.COMPLETED
    assert "took longer" in heard_back(stage)[0]["error"]


@pytest.mark.parametrize("allow", [True, False])
async def test_a_tool_with_side_effects_asks_first(stage, allow):
    stage.server.script(CallTools(MAIL), ANSWER)
    run, request = stage.run()
    asked = []
    async for event in stage.driver.start(run, request):
        if isinstance(event, ConfirmationAsked):
            asked.append(event.call.name)
            stage.driver.confirm(run.id, event.call.id, allow=allow)
    assert asked == ["send_mail"]
    assert stage.tools.send_mail.sent == (["boss@example.com"] if allow else [])
    output = stage.server.turns.heard[-1].outputs[0]
    assert ("Sent." in output) is allow
    assert ("not allow" in output) is not allow


async def test_nobody_answers_and_so_nothing_is_done(stage):
    stage.pace = replace(PACE, confirmation=2)
    stage.server.script(CallTools(MAIL, SICK), ANSWER)
    told = await stage.ask()
    assert told.status is RunStatus.COMPLETED
    assert stage.tools.send_mail.sent == []
    assert [event.until for event in told.statuses if event.words.startswith("Waiting for you")] != []


async def test_a_decision_that_comes_too_late_changes_nothing(stage):
    stage.pace = replace(PACE, confirmation=2)
    stage.server.script(CallTools(MAIL), ANSWER)
    run, request = stage.run()
    late = []
    async for event in stage.driver.start(run, request):
        if isinstance(event, ConfirmationAsked):
            late.append(event.call.id)
    stage.driver.confirm(run.id, late[0], allow=True)
    assert stage.tools.send_mail.sent == []
