"""What servers refuse, and how often they are asked again."""

import hashlib
import json
from typing import Any

import pytest

from hrdesk.core.runs import RunStatus
from tests.contract.stage import KEY, Stage
from tests.contract.ways import not_for
from tests.openai_server import Call, CallTools, Fault, Say, serve

ANSWER = Say("Ten days.")


def refusing(stage: Stage, status: int, times: int | None = 1, **params: Any) -> None:
    """Let the request that begins the work be refused."""
    stage.server.fault(Fault("status", on=stage.way.starts, times=times, status=status, **params))


@pytest.mark.parametrize(
    ("status", "code", "words"),
    [
        (401, "invalid_api_key", "key"),
        (403, None, "key"),
        (404, "model_not_found", "404|model"),
        (400, "context_length_exceeded", "too long|fresh thread"),
        (422, None, "422|refuse"),
        (413, None, "too large"),
        (429, "insufficient_quota", "credit"),
    ],
)
async def test_what_will_not_get_better_is_asked_once(stage, status, code, words):
    refusing(stage, status, times=None, code=code)
    told = await stage.ask(tools=False)
    assert told.status is RunStatus.FAILED
    assert any(word in told.error.lower() for word in words.split("|")), told.error
    assert KEY not in told.error
    assert len(stage.server.log.of(stage.way.starts)) == 1


@pytest.mark.parametrize("header", ["retry-after", "retry-after-ms"])
async def test_too_many_requests_is_waited_for_with_a_countdown(stage, header):
    wait = {"retry-after": "3", "retry-after-ms": "3000"}[header]
    refusing(stage, 429, headers={header: wait})
    stage.server.script(ANSWER)
    told = await stage.ask(tools=False)
    assert (told.status, told.text) == (RunStatus.COMPLETED, "Ten days.")
    waits = [event for event in told.statuses if event.until is not None]
    assert [event.words for event in waits] == ["The server asks to wait:"]
    assert stage.server.log.pauses(stage.way.starts)[0] >= 3 * stage.pace.second


@pytest.mark.parametrize("wait", ["121", "86400"])
async def test_a_long_wait_is_left_to_the_user(stage, wait):
    refusing(stage, 429, times=None, headers={"retry-after": wait})
    told = await stage.ask(tools=False)
    assert told.status is RunStatus.FAILED
    assert "wait" in told.error
    assert len(stage.server.log.of(stage.way.starts)) == 1


@pytest.mark.parametrize("wait", ["-5", "soon", "", "Wed, 21 Oct 1970 07:28:00 GMT", "1e999", "nan"])
async def test_a_wait_that_makes_no_sense_is_no_wait(stage, wait):
    refusing(stage, 429, headers={"retry-after": wait})
    stage.server.script(ANSWER)
    told = await stage.ask(tools=False)
    assert (told.status, told.text) == (RunStatus.COMPLETED, "Ten days.")


@pytest.mark.parametrize("status", [500, 502, 503, 529, 408, 409])
async def test_a_server_in_trouble_twice_is_asked_a_third_time(stage, status):
    refusing(stage, status, times=2)
    stage.server.script(ANSWER)
    told = await stage.ask(tools=False)
    assert (told.status, told.text) == (RunStatus.COMPLETED, "Ten days.")
    assert len(stage.server.log.of(stage.way.starts)) == 3


@pytest.mark.parametrize("status", [500, 503])
async def test_a_storm_ends_after_three_tries(stage, status):
    refusing(stage, status, times=100, body="<html>Bad gateway</html>" if status == 503 else None)
    told = await stage.ask(tools=False)
    assert told.status is RunStatus.FAILED
    assert told.error
    assert len(stage.server.log.of(stage.way.starts)) == 3


@pytest.mark.parametrize("done", [True, False])
async def test_a_request_that_may_have_arrived_is_not_sent_again(stage, done):
    stage.server.fault(Fault("drop", on=stage.way.starts, done=done))
    stage.server.script(ANSWER)
    told = await stage.ask(tools=False)
    assert told.status.is_end
    assert len(stage.server.log.of(stage.way.starts)) == 1
    if told.status is not RunStatus.COMPLETED:
        assert told.error


async def test_outputs_that_may_have_arrived_are_not_taken_twice(stage):
    skip = 1 if stage.way.submits == stage.way.starts else 0
    stage.server.fault(Fault("drop", on=stage.way.submits, skip=skip, done=True))
    stage.server.script(CallTools(Call("lookup_policy", {"query": "sick"})), ANSWER)
    told = await stage.ask()
    assert told.status.is_end
    assert stage.tools.look_up.asked == ["sick"]
    accepted = [entry for entry in stage.started() if entry.is_accepted]
    assert len(accepted) == 2


@not_for(chat="There is nothing to look at.", responses="There is nothing to look at.")
async def test_a_look_that_fails_is_repeated(stage):
    if stage.way.name == "assistants":
        stage.server.fault(Fault("fin", on=stage.way.starts, at=1500))
    stage.server.fault(Fault("drop", on=stage.way.looks, times=1))
    stage.server.fault(Fault("status", on=stage.way.looks, times=1, skip=1, status=502, body="<html>"))
    stage.server.script(ANSWER)
    told = await stage.ask(tools=False)
    assert (told.status, told.text) == (RunStatus.COMPLETED, "Ten days.")


async def test_a_login_page_is_no_answer(stage):
    stage.server.fault(Fault("html", on=stage.way.starts, times=None))
    told = await stage.ask(tools=False)
    assert told.status is RunStatus.FAILED
    assert "Sign in" not in told.text
    assert told.error


async def test_neither_key_nor_question_follow_a_redirect(stage):
    async with serve() as elsewhere:
        for path in ("POST *", "GET *"):
            stage.server.fault(Fault("redirect", on=path, times=None, to=f"{elsewhere.base_url}/models"))
        told = await stage.ask("Where is Jane Canary?", tools=False)
        assert told.status is RunStatus.FAILED
        assert list(elsewhere.log) == []
    assert "127.0.0.1" in told.error


async def test_the_key_goes_into_the_header_and_nowhere_else(stage):
    stage.server.script(ANSWER)
    told = await stage.ask(tools=False)
    assert {entry.key_hash for entry in stage.server.log} == {hashlib.sha256(KEY.encode()).hexdigest()}
    sent = [(entry.path, entry.query, entry.body, entry.headers) for entry in stage.server.log]
    assert KEY not in json.dumps(sent)
    assert KEY not in repr(told.events)
    assert KEY not in told.snapshot.prompt
