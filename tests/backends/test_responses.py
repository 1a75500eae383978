"""Runs over the Responses API, against a scripted server over a real socket."""

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import Any

import pytest

from hrdesk.backends.client import make_client
from hrdesk.backends.responses import ResponsesBackend
from hrdesk.backends.responses_run import NO_SEARCH
from hrdesk.core.connections import ConnectionKind, SearchPlace
from hrdesk.core.errors import BackendUnavailable, HrdeskError, NotFound
from hrdesk.core.runs import RunRef, RunRequest, RunSnapshot, RunStatus, StepKind, ToolOutput
from hrdesk.core.usage import Usage
from tests.backends.requests import KEY, PASSAGES, QUESTION, connection, events, request
from tests.backends.test_responses_stream import (
    added,
    call,
    completed,
    created,
    delta,
    message,
    response,
    searched,
)
from tests.openai_server import Answer, Call, CallTools, Fault, Found, Say, scripted, serve
from tests.openai_server.script import Cite

POST = "POST /v1/responses"
TEN = "Ten days of sick leave."
LOOKUPS = CallTools(Call("lookup_policy", {"query": "sick"}), Call("lookup_policy", {"query": "ill"}))


@asynccontextmanager
async def backend_at(
    base_url: str, *times: Callable[[], Any], **more: object
) -> AsyncIterator[ResponsesBackend]:
    where = connection(base_url, ConnectionKind.RESPONSES, **more)
    backend = ResponsesBackend(make_client(where, KEY), where, *times)
    try:
        yield backend
    finally:
        await backend.aclose()


async def streamed(backend: ResponsesBackend, ref: RunRef) -> list[RunSnapshot]:
    return [snapshot async for snapshot in backend.stream_run(ref)]


async def polled(backend: ResponsesBackend, ref: RunRef) -> RunSnapshot:
    """Look until the run has ended or waits for tools."""
    async with asyncio.timeout(30):
        while True:
            snapshot = await backend.poll_run(ref)
            if snapshot.status.is_end or snapshot.status is RunStatus.REQUIRES_ACTION:
                return snapshot


async def ran(backend: ResponsesBackend, run: RunRequest | None = None) -> RunSnapshot:
    """Drive a run to its end; every tool says the same."""
    snapshot = await backend.start_run(run or request())
    while not snapshot.status.is_end:
        if snapshot.status is RunStatus.REQUIRES_ACTION:
            snapshot = await backend.submit_tool_outputs(snapshot.ref, outputs(snapshot))
        elif backend.capabilities.streams:
            snapshot = (await streamed(backend, snapshot.ref))[-1]
        else:
            snapshot = await polled(backend, snapshot.ref)
    return snapshot


def outputs(snapshot: RunSnapshot) -> list[ToolOutput]:
    return [ToolOutput(call.id, PASSAGES) for call in snapshot.required_calls]


WAYS = pytest.mark.parametrize(
    "way",
    [{}, {"stream": False}, {"store": True}, {"background": True}],
    ids=["stream", "poll", "kept", "background"],
)


@WAYS
async def test_one_run_is_as_many_responses_as_tool_rounds_need(way: dict[str, Any]) -> None:
    async with serve() as server, backend_at(server.base_url, **way) as backend:
        server.script(LOOKUPS, Say(text=f"{TEN} [p1]", usage=Usage(30, 4, 10, 2)))
        last = await ran(backend)
        posts = [entry for entry in server.log if entry.line == POST]
    assert (last.status, last.text) == (RunStatus.COMPLETED, f"{TEN} [p1]")
    assert last.usage == Usage(50, 14, 10, 2)
    assert [step.kind for step in last.steps] == [StepKind.TOOL_CALLS, StepKind.MESSAGE_CREATION]
    assert [len(last.steps[0].calls), len(last.steps[0].outputs)] == [2, 2]
    assert [entry.idempotency_key for entry in posts] == ["run_1-0", "run_1-1"]
    assert all(entry.body["instructions"] and entry.body["metadata"] for entry in posts)
    assert all(not (entry.body.get("stream") and entry.body.get("background")) for entry in posts)
    assert last.prompt and QUESTION in last.prompt


async def test_what_is_not_kept_is_sent_back_with_all_items() -> None:
    async with serve() as server, backend_at(server.base_url) as backend:
        server.script(LOOKUPS, Say(text=TEN))
        await ran(backend)
        body = server.log[-1].body
    kinds = [item["type"] for item in body["input"]]
    assert kinds == ["message", *["function_call"] * 2, *["function_call_output"] * 2]
    assert body["store"] is False and "previous_response_id" not in body


async def test_what_is_kept_is_chained() -> None:
    async with serve() as server, backend_at(server.base_url, store=True) as backend:
        server.script(LOOKUPS, Say(text=TEN))
        await ran(backend)
        first, last = server.log[0].body, server.log[-1].body
    assert "previous_response_id" not in first
    assert [item["type"] for item in last["input"]] == ["function_call_output"] * 2
    assert last["previous_response_id"].startswith("resp_")


async def test_text_is_shown_while_it_is_written_and_only_grows() -> None:
    gate = asyncio.Event()
    async with serve() as server, backend_at(server.base_url) as backend:
        server.script(Say(pieces=["Ten ", "days ", gate, "of sick leave."]))
        start = await backend.start_run(request())
        texts: list[str] = []
        async for snapshot in backend.stream_run(start.ref):
            texts.append(snapshot.text)
            if snapshot.text == "Ten days":
                gate.set()
    assert "Ten days" in texts and texts[-1] == TEN
    assert all(b.startswith(a) for a, b in pairwise(texts))


@pytest.mark.parametrize("wrong", [[], ["other"], ["other", "another", "third"]])
async def test_outputs_must_answer_every_call(wrong: list[str]) -> None:
    async with serve() as server, backend_at(server.base_url) as backend:
        server.script(LOOKUPS)
        ref = (await streamed(backend, (await backend.start_run(request())).ref))[-1].ref
        with pytest.raises(HrdeskError, match="does not wait"):
            await backend.submit_tool_outputs(ref, [ToolOutput(one, "") for one in wrong])


async def test_a_refused_submission_can_be_repeated_with_the_same_key() -> None:
    async with serve() as server, backend_at(server.base_url) as backend:
        server.script(LOOKUPS, Say(text=TEN))
        waiting = (await streamed(backend, (await backend.start_run(request())).ref))[-1]
        server.fault(Fault("status", on=POST, status=429, headers={"retry-after": "7"}))
        with pytest.raises(BackendUnavailable) as raised:
            await backend.submit_tool_outputs(waiting.ref, outputs(waiting))
        assert (raised.value.retry_after, raised.value.maybe_done) == (7.0, False)
        assert (await backend.poll_run(waiting.ref)).status is RunStatus.REQUIRES_ACTION
        await backend.submit_tool_outputs(waiting.ref, outputs(waiting))
        assert (await streamed(backend, waiting.ref))[-1].text == TEN
        keys = [entry.idempotency_key for entry in server.log]
    assert keys == ["run_1-0", "run_1-1", "run_1-1"]


@pytest.mark.parametrize("stream", [True, False])
async def test_a_broken_stream_keeps_the_text_and_says_so(stream: bool) -> None:
    lost = events(created(), added(message()), delta("Ten days"), done=False)
    async with scripted(lost) as server, backend_at(server.base_url, stream=stream) as backend:
        start = await backend.start_run(request())
        if stream:
            with pytest.raises(BackendUnavailable, match="broke off"):
                await streamed(backend, start.ref)
        last = await polled(backend, start.ref)
    assert (last.status, last.text) == (RunStatus.FAILED, "Ten days")
    assert last.last_error == "The connection broke off before the answer was complete."


async def test_a_kept_response_is_fetched_after_its_stream_broke() -> None:
    lost, whole = events(created(), delta("Ten"), done=False), Answer(body=response(message(TEN)))
    async with scripted(lost, whole) as server, backend_at(server.base_url, store=True) as backend:
        start = await backend.start_run(request())
        with pytest.raises(BackendUnavailable):
            await streamed(backend, start.ref)
        assert (await backend.poll_run(start.ref)).text == TEN


async def test_a_stale_in_progress_after_a_lost_stream_is_a_failure() -> None:
    clock = [0.0]
    answers = [events(created(), delta("Ten"), done=False), Answer(body=response(status="in_progress"))]
    times = (lambda: datetime.now(UTC), lambda: clock[0])
    async with scripted(*answers) as server, backend_at(server.base_url, *times, store=True) as backend:
        start = await backend.start_run(request())
        with pytest.raises(BackendUnavailable):
            await streamed(backend, start.ref)
        assert (await backend.poll_run(start.ref)).status is RunStatus.IN_PROGRESS
        clock[0] += 61
        assert (await backend.poll_run(start.ref)).status is RunStatus.FAILED


# What servers do


@pytest.mark.parametrize(
    "fault",
    [
        Fault("split", size=1),
        Fault("crlf"),
        Fault("bom"),
        Fault("comments"),
        Fault("no_usage"),
        Fault("gzip"),
        Fault("duplicate"),
        Fault("foreign"),
        Fault("content_type", kind="text/plain"),
        Fault("bad_json", event=5),
        Fault("nul", event=5),
        Fault("huge_line", event=3, size=20_000_000),
        *(Fault("reorder", seed=seed) for seed in range(3)),
    ],
    ids=lambda fault: f"{fault.name}-{fault.seed}",
)
async def test_the_answer_survives_odd_streams(fault: Fault) -> None:
    async with serve() as server, backend_at(server.base_url) as backend:
        server.script(Say(text="Zehn Tage, süß 🙂 [p1]."))
        server.fault(fault)
        last = await ran(backend, request(tools=()))
    assert (last.status, last.text) == (RunStatus.COMPLETED, "Zehn Tage, süß 🙂 [p1].")


async def test_a_server_that_does_not_stream_is_understood() -> None:
    whole = Answer(body=response(message(TEN)))
    async with scripted(whole) as server, backend_at(server.base_url) as backend:
        assert (await ran(backend)).text == TEN


@pytest.mark.parametrize(
    "answer", [events(), events(done=False), Answer(200, "<html>log in</html>"), Answer(200, {})]
)
async def test_zero_events_and_html_with_200_are_no_answer(answer: Answer) -> None:
    async with scripted(answer) as server, backend_at(server.base_url) as backend:
        with pytest.raises(BackendUnavailable, match="cannot be understood") as raised:
            await backend.start_run(request())
    assert raised.value.maybe_done


@pytest.mark.parametrize(
    "refusal",
    [
        {"error": {"message": "Encrypted content is not supported with this model."}},
        {"detail": "Unsupported value in include"},
        {"detail": [{"loc": ["body", "include"], "msg": "include is not permitted"}]},
    ],
)
async def test_a_400_for_include_is_answered_by_leaving_it_out(refusal: dict[str, Any]) -> None:
    answer = events(created(), completed(message(TEN)))
    async with scripted(Answer(400, refusal), answer) as server, backend_at(server.base_url) as backend:
        assert (await ran(backend)).text == TEN
        await ran(backend, request(run_id="run_2"))
        assert len(server.requests) == 3


@pytest.mark.parametrize(
    ("body", "words"),
    [
        ({"error": {"message": "no such store"}}, "no such store"),
        ({"detail": "no such store"}, "no such store"),
        ({"detail": [{"msg": "no such"}, {"msg": "store"}]}, "no such; store"),
    ],
)
async def test_error_texts_are_found_in_both_shapes(body: dict[str, Any], words: str) -> None:
    async with scripted(Answer(400, body)) as server, backend_at(server.base_url) as backend:
        with pytest.raises(BackendUnavailable) as raised:
            await backend.start_run(request())
    assert words in raised.value.advice


async def test_a_server_without_state_gets_everything_again() -> None:
    refusal = Answer(400, {"error": {"message": "previous_response_id is not supported"}})
    first, last = events(created(), completed(call())), events(created(), completed(message(TEN)))
    async with scripted(first, refusal, last) as server, backend_at(server.base_url, store=True) as backend:
        assert (await ran(backend)).text == TEN


async def test_a_redirect_is_refused_and_nothing_goes_elsewhere() -> None:
    async with serve() as elsewhere, serve() as server, backend_at(server.base_url) as backend:
        server.fault(Fault("redirect", to=f"{elsewhere.base_url}/responses"))
        with pytest.raises(BackendUnavailable, match="sends requests on"):
            await backend.start_run(request())
        assert len(elsewhere.log) == 0


async def test_a_request_lost_on_the_way_may_have_been_done() -> None:
    async with serve() as server, backend_at(server.base_url) as backend:
        server.fault(Fault("drop", on=POST, done=True))
        with pytest.raises(BackendUnavailable) as raised:
            await backend.start_run(request())
    assert raised.value.maybe_done


# Background


async def test_a_background_run_is_queued_and_then_looked_at() -> None:
    async with serve() as server, backend_at(server.base_url, background=True) as backend:
        server.script(Say(text=TEN, looks=("queued", "in_progress")))
        start = await backend.start_run(request())
        statuses = [start.status, *[(await backend.poll_run(start.ref)).status for _ in range(3)]]
    wanted = [RunStatus.QUEUED, RunStatus.QUEUED, RunStatus.IN_PROGRESS, RunStatus.COMPLETED]
    assert statuses == wanted
    assert not backend.capabilities.streams


async def test_a_background_response_that_is_gone_has_expired() -> None:
    async with serve() as server, backend_at(server.base_url, background=True) as backend:
        start = await backend.start_run(request())
        server.responses.clear()
        last = await backend.poll_run(start.ref)
    assert last.status is RunStatus.EXPIRED and "no longer keeps" in last.last_error


async def test_a_background_response_that_never_ends_expires() -> None:
    now = [datetime(2026, 1, 1, tzinfo=UTC)]
    async with serve() as server, backend_at(server.base_url, lambda: now[0], background=True) as backend:
        server.script(Say(text=TEN, gate=asyncio.Event()))
        start = await backend.start_run(request())
        assert not (await backend.poll_run(start.ref)).status.is_end
        now[0] += timedelta(hours=2)
        assert (await backend.poll_run(start.ref)).status is RunStatus.EXPIRED


async def test_a_look_that_fails_changes_nothing() -> None:
    async with serve() as server, backend_at(server.base_url, background=True) as backend:
        server.script(Say(text=TEN))
        start = await backend.start_run(request())
        server.fault(Fault("status", on="GET /v1/responses/*", status=503))
        with pytest.raises(BackendUnavailable) as raised:
            await backend.poll_run(start.ref)
        assert raised.value.retryable
        assert (await polled(backend, start.ref)).text == TEN


async def test_a_background_run_is_taken_up_after_a_restart() -> None:
    async with serve() as server:
        async with backend_at(server.base_url, background=True) as before:
            server.script(LOOKUPS, Say(text=TEN, usage=Usage(7, 7)))
            waiting = await polled(before, (await before.start_run(request())).ref)
        async with backend_at(server.base_url, background=True) as after:
            again = await after.resume_run(request(), waiting)
            assert again.status is RunStatus.REQUIRES_ACTION
            assert (again.required_calls, again.usage) == (waiting.required_calls, waiting.usage)
            await after.submit_tool_outputs(again.ref, outputs(again))
            last = await polled(after, again.ref)
        posts = [entry for entry in server.log if entry.line == POST]
    assert (last.text, last.usage) == (TEN, waiting.usage + Usage(7, 7))
    assert [step.kind for step in last.steps] == [StepKind.TOOL_CALLS, StepKind.MESSAGE_CREATION]
    assert len(posts) == 2 and posts[1].body["previous_response_id"] == waiting.ref.remote_id


@pytest.mark.parametrize("way", [{}, {"background": True}])
async def test_a_run_that_is_gone_cannot_be_taken_up(way: dict[str, Any]) -> None:
    ref = RunRef("run_1", "thread_1", "resp_../../x")
    async with serve() as server, backend_at(server.base_url, **way) as backend:
        with pytest.raises(NotFound):
            await backend.resume_run(request(), RunSnapshot(ref, RunStatus.IN_PROGRESS))
        with pytest.raises(NotFound):
            await backend.poll_run(ref)


# Stopping


@WAYS
async def test_a_stopped_run_keeps_its_text(way: dict[str, Any]) -> None:
    gate = asyncio.Event()
    async with serve() as server, backend_at(server.base_url, **way) as backend:
        server.script(Say(pieces=["Ten days", gate, " more"], gate=gate))
        start = await backend.start_run(request())
        text = ""
        while not text and not way.get("background"):
            text = (await backend.poll_run(start.ref)).text
        stopping = await backend.cancel_run(start.ref)
        last = await backend.poll_run(start.ref)
    assert (stopping.status, last.status) == (RunStatus.CANCELLING, RunStatus.CANCELLED)
    assert last.text == text


async def test_a_run_that_waits_for_tools_can_be_stopped() -> None:
    async with serve() as server, backend_at(server.base_url) as backend:
        server.script(LOOKUPS)
        waiting = (await streamed(backend, (await backend.start_run(request())).ref))[-1]
        assert (await backend.cancel_run(waiting.ref)).required_calls == ()
        assert (await backend.poll_run(waiting.ref)).status is RunStatus.CANCELLED


async def test_a_stop_that_comes_too_late_gets_the_answer() -> None:
    async with serve() as server, backend_at(server.base_url, background=True) as backend:
        start = await backend.start_run(request(tools=()))
        server.responses[start.ref.remote_id].finish()
        assert (await backend.cancel_run(start.ref)).status is RunStatus.COMPLETED


async def test_closing_hangs_up_on_every_stream() -> None:
    async with serve() as server, backend_at(server.base_url) as backend:
        server.script(Say(text=TEN, gate=asyncio.Event()))
        await backend.start_run(request())
    assert [task for task in asyncio.all_tasks() if task is not asyncio.current_task()] == []


# The provider's own search

HOSTED: dict[str, Any] = {"search": SearchPlace.PROVIDER, "vector_store": "vs_1"}


@pytest.mark.parametrize("way", [{}, {"background": True}])
async def test_the_providers_search_brings_evidence_and_marks(way: dict[str, Any]) -> None:
    found = Found("0b1f", "0b1f", TEN, None, {"file_id": "file-1", "filename": "sick.pdf"})
    async with serve() as server, backend_at(server.base_url, **HOSTED, **way) as backend:
        server.script(Say(text=f"{TEN} Ask HR.", found=(found,), cites=(Cite("leave."),)))
        last = await ran(backend)
    assert last.text == f"{TEN} [h1] Ask HR."
    assert [(one.ref, one.file, one.text, one.score) for one in last.evidence] == [
        ("h1", "sick.pdf", TEN, None)
    ]


async def test_200_without_file_search_call_is_answered_by_our_own_lookup() -> None:
    first = events(
        created(), added(message()), delta("A hundred days!"), completed(message("A hundred days!"))
    )
    last = events(created(), completed(message(TEN)))
    async with scripted(first, last) as server, backend_at(server.base_url, **HOSTED) as backend:
        start = await backend.start_run(request())
        seen = await streamed(backend, start.ref)
        assert all(snapshot.text == "" for snapshot in seen)
        assert [one.name for one in seen[-1].required_calls] == ["lookup_policy"]
        assert json.loads(seen[-1].required_calls[0].arguments) == {"query": QUESTION}
        await backend.submit_tool_outputs(start.ref, outputs(seen[-1]))
        end = await polled(backend, start.ref)
    assert (end.text, end.status) == (TEN, RunStatus.COMPLETED)
    assert "Full-time staff" in end.prompt and "function_call_output" not in end.prompt


async def test_without_a_lookup_to_fall_back_on_the_lack_of_search_is_said() -> None:
    answer = events(created(), completed(message(TEN)))
    async with scripted(answer) as server, backend_at(server.base_url, **HOSTED) as backend:
        last = await ran(backend, request(tools=()))
    assert (last.status, last.last_error, last.text) == (RunStatus.INCOMPLETE, NO_SEARCH, TEN)


async def test_a_model_that_chose_not_to_search_is_believed() -> None:
    tools = [{"type": "file_search", "vector_store_ids": ["vs_1"]}]
    answer = events(created(tools=tools), completed(message("Hello."), tools=tools))
    async with scripted(answer) as server, backend_at(server.base_url, **HOSTED) as backend:
        assert (await ran(backend)).status is RunStatus.COMPLETED


async def test_references_are_unique_over_the_rounds_of_a_run() -> None:
    one = {"file_id": "file-1", "filename": "a.pdf", "text": TEN}
    first = events(created(), completed(searched(one), call()))
    last = events(created(), completed(searched(one), message(TEN)))
    async with scripted(first, last) as server, backend_at(server.base_url, **HOSTED) as backend:
        assert [found.ref for found in (await ran(backend)).evidence] == ["h1", "h2"]
