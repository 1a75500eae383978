"""The run life cycle on this computer."""

import asyncio
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest

from hrdesk.backends.base import ModelReply, ToolRound
from hrdesk.backends.own_stack import OwnStack
from hrdesk.core.documents import Outcome
from hrdesk.core.errors import BackendUnavailable, HrdeskError, NotFound
from hrdesk.core.runs import NEXT, RunRef, RunRequest, RunSnapshot, RunStatus, ToolCall, ToolOutput
from hrdesk.core.usage import Usage

CALLS = (ToolCall("c1", "lookup_policy", "{}"), ToolCall("c2", "lookup_policy", "{}"))


class ScriptedModel:
    """Replies from a list; an exception in it is raised, `wait` in front of a reply holds it back."""

    name = "scripted"

    def __init__(self, *replies: ModelReply | BaseException, hold: asyncio.Event | None = None) -> None:
        self.replies = list(replies)
        self.hold = hold
        self.rounds: list[Sequence[ToolRound]] = []

    async def respond(
        self, request: RunRequest, rounds: Sequence[ToolRound], write: Callable[[str], None]
    ) -> ModelReply:
        self.rounds.append(list(rounds))
        reply = self.replies.pop(0)
        if isinstance(reply, BaseException):
            raise reply
        if reply.text:
            write(reply.text[:4])
        if self.hold is not None:
            await self.hold.wait()
        return reply


def request(run_id: str = "run_1") -> RunRequest:
    return RunRequest(run_id, "thread_1", (), "", ())


async def look_until_end(stack: OwnStack, ref: RunRef) -> list[RunSnapshot]:
    seen: list[RunSnapshot] = []
    while not seen or not seen[-1].status.is_end:
        seen.append(await stack.poll_run(ref))
        await asyncio.sleep(0)
        if seen[-1].status is RunStatus.REQUIRES_ACTION:
            break
    return seen


async def test_a_run_with_two_calls_shows_every_status_in_order() -> None:
    model = ScriptedModel(
        ModelReply(calls=CALLS, usage=Usage(5, 1)),
        ModelReply(text="Ten days.", usage=Usage(7, 2), outcome=Outcome.ANSWERED),
    )
    stack = OwnStack(model)
    first = await stack.start_run(request())
    before = await look_until_end(stack, first.ref)
    assert before[-1].required_calls == CALLS
    outputs = [ToolOutput("c2", "two"), ToolOutput("c1", "one")]
    after_submit = await stack.submit_tool_outputs(first.ref, outputs)
    after = await look_until_end(stack, first.ref)
    statuses = [first.status, *(s.status for s in before), after_submit.status, *(s.status for s in after)]
    changes = [a for a, b in zip(statuses, [None, *statuses], strict=False) if a is not b]
    assert changes == [
        RunStatus.QUEUED,
        RunStatus.IN_PROGRESS,
        RunStatus.REQUIRES_ACTION,
        RunStatus.QUEUED,
        RunStatus.IN_PROGRESS,
        RunStatus.COMPLETED,
    ]
    assert all(b in NEXT[a] for a, b in pairwise(changes))
    assert after[-1].text == "Ten days."
    assert after[-1].usage == Usage(12, 3)
    assert after[-1].outcome is Outcome.ANSWERED
    assert [output.output for output in after[-1].steps[0].outputs] == ["one", "two"]
    assert model.rounds[1][0].calls == CALLS


async def test_text_is_shown_while_it_is_written() -> None:
    hold = asyncio.Event()
    stack = OwnStack(ScriptedModel(ModelReply(text="Ten days."), hold=hold))
    ref = (await stack.start_run(request())).ref
    texts = []
    while "Ten " not in texts:
        texts.append((await stack.poll_run(ref)).text)
        await asyncio.sleep(0)
    hold.set()
    assert (await look_until_end(stack, ref))[-1].text == "Ten days."


@pytest.mark.parametrize(
    "outputs", [[], [ToolOutput("c1", "x")], [ToolOutput("c1", "x"), ToolOutput("other", "y")]]
)
async def test_outputs_must_answer_every_call(outputs: list[ToolOutput]) -> None:
    stack = OwnStack(ScriptedModel(ModelReply(calls=CALLS)))
    ref = (await stack.start_run(request())).ref
    await look_until_end(stack, ref)
    with pytest.raises(HrdeskError):
        await stack.submit_tool_outputs(ref, outputs)


async def test_cancel_keeps_the_text_so_far() -> None:
    stack = OwnStack(ScriptedModel(ModelReply(text="Ten days."), hold=asyncio.Event()))
    ref = (await stack.start_run(request())).ref
    while not (await stack.poll_run(ref)).text:
        await asyncio.sleep(0)
    assert (await stack.cancel_run(ref)).status is RunStatus.CANCELLING
    last = await stack.poll_run(ref)
    assert (last.status, last.text) == (RunStatus.CANCELLED, "Ten ")
    await stack.aclose()


async def test_a_run_that_nobody_answers_expires() -> None:
    now = [datetime(2026, 1, 1, tzinfo=UTC)]
    stack = OwnStack(ScriptedModel(ModelReply(calls=CALLS)), now=lambda: now[0])
    ref = (await stack.start_run(request())).ref
    await look_until_end(stack, ref)
    now[0] += timedelta(seconds=600)
    assert (await stack.poll_run(ref)).status is RunStatus.EXPIRED


async def test_a_model_in_trouble_fails_the_run_with_its_sentence() -> None:
    stack = OwnStack(ScriptedModel(BackendUnavailable("No answer.", "Try again.")))
    ref = (await stack.start_run(request())).ref
    last = (await look_until_end(stack, ref))[-1]
    assert (last.status, last.last_error) == (RunStatus.FAILED, "No answer. Try again.")


async def test_a_bug_in_a_model_reaches_who_polls() -> None:
    stack = OwnStack(ScriptedModel(ZeroDivisionError()))
    ref = (await stack.start_run(request())).ref
    await asyncio.sleep(0)
    with pytest.raises(ZeroDivisionError):
        await look_until_end(stack, ref)


async def test_an_unknown_run_is_not_found() -> None:
    with pytest.raises(NotFound):
        await OwnStack(ScriptedModel()).poll_run(RunRef("run_x", "thread_x"))


async def test_more_runs_than_places_wait_in_the_queue() -> None:
    hold = asyncio.Event()
    replies = [ModelReply(text="Yes, so.") for _ in range(3)]
    stack = OwnStack(ScriptedModel(*replies, hold=hold))
    refs = [(await stack.start_run(request(f"run_{n}"))).ref for n in range(3)]
    for _ in range(5):
        await asyncio.sleep(0)
    assert (await stack.poll_run(refs[2])).status is RunStatus.QUEUED
    hold.set()
    assert (await look_until_end(stack, refs[2]))[-1].status is RunStatus.COMPLETED
    await stack.aclose()


async def test_an_answer_that_ended_early_is_incomplete_and_says_why() -> None:
    stack = OwnStack(ScriptedModel(ModelReply(text="Ten", ended_early="Too long.", model="m-2")))
    last = (await look_until_end(stack, (await stack.start_run(request())).ref))[-1]
    assert (last.status, last.last_error, last.model) == (RunStatus.INCOMPLETE, "Too long.", "m-2")


async def test_a_refusal_for_now_is_told_to_who_polls_and_then_asked_again() -> None:
    slow = BackendUnavailable("Too many.", retryable=True, retry_after=7.0)
    model = ScriptedModel(slow, ModelReply(text="Ten days."))
    stack = OwnStack(model)
    ref = (await stack.start_run(request())).ref
    with pytest.raises(BackendUnavailable) as raised:
        await look_until_end(stack, ref)
    assert raised.value.retry_after == 7.0
    assert (await look_until_end(stack, ref))[-1].text == "Ten days."
    assert len(model.rounds) == 2


async def test_what_may_have_been_done_is_not_asked_again() -> None:
    lost = BackendUnavailable("Lost.", retryable=True, maybe_done=True)
    stack = OwnStack(ScriptedModel(lost))
    last = (await look_until_end(stack, (await stack.start_run(request())).ref))[-1]
    assert last.status is RunStatus.FAILED


class Babbler(ScriptedModel):
    """Writes very many pieces at once, and holds connections."""

    closed = False

    async def respond(
        self, request: RunRequest, rounds: Sequence[ToolRound], write: Callable[[str], None]
    ) -> ModelReply:
        for _ in range(50_000):
            write("bla ")
        return ModelReply(text="bla " * 50_000)

    async def aclose(self) -> None:
        self.closed = True


async def test_many_pieces_are_one_look_and_the_model_is_closed_with_the_stack() -> None:
    model = Babbler()
    stack = OwnStack(model)
    seen = await look_until_end(stack, (await stack.start_run(request())).ref)
    assert len(seen) < 10 and len(seen[-1].text) == 200_000
    await stack.aclose()
    assert model.closed
