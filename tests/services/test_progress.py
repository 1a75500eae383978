"""The words above the composer."""

import pytest

from hrdesk.core.runs import RunSnapshot, RunStatus, RunStep, StepKind, ToolCall
from hrdesk.services.progress import words
from tests.services.fakes import snapshot

CALL = ToolCall("c", "lookup_policy", '{"query": "sick leave", "category": "leave"}')
STEPS = (RunStep("s", StepKind.TOOL_CALLS, RunStatus.COMPLETED, (CALL,)),)


@pytest.mark.parametrize(
    ("shown", "said"),
    [
        (snapshot(RunStatus.QUEUED), "Queued"),
        (snapshot(RunStatus.IN_PROGRESS), "Reading the question"),
        (snapshot(RunStatus.REQUIRES_ACTION, required_calls=(CALL,)), "Looking up: sick leave (leave)"),
        (snapshot(RunStatus.IN_PROGRESS, steps=STEPS), "Reading 6 passages"),
        (snapshot(RunStatus.IN_PROGRESS, steps=STEPS, text="In"), "Writing"),
        (snapshot(RunStatus.CANCELLING, text="In"), "Stopping"),
        (snapshot(RunStatus.COMPLETED, text="In"), "Done"),
    ],
)
def test_every_wait_is_named(shown: RunSnapshot, said: str) -> None:
    assert words(shown, 6) == said


@pytest.mark.parametrize("status", list(RunStatus))
def test_every_status_has_words(status: RunStatus) -> None:
    assert words(snapshot(status), 0)


@pytest.mark.parametrize("arguments", ["", "[]", '{"other": 1}'])
def test_a_call_that_makes_no_sense_is_named_by_its_tool(arguments: str) -> None:
    call = ToolCall("c", "lookup_policy", arguments)
    shown = snapshot(RunStatus.REQUIRES_ACTION, required_calls=(call,))
    assert words(shown, 0) == "Looking up: lookup_policy"
