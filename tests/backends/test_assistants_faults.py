"""What networks and servers do to a run: nothing is lost, nothing is made twice, everything ends in words."""

import asyncio

import pytest

from hrdesk.backends import assistants_wire
from hrdesk.core.errors import BackendUnavailable
from hrdesk.core.runs import RunStatus, ToolOutput
from hrdesk.core.threads import Role
from tests.backends.assistants_runs import answered, backend_at, follow, request, said, waiting
from tests.openai_server import Call, CallTools, Fault, Say, serve

RUNS = "POST /v1/threads/*/runs"
SUBMIT = "POST /v1/threads/*/submit_tool_outputs"
MESSAGES = "POST /v1/threads/*/messages"
TEXT = "You have ten days of sick leave a year [p1]. 𝄞 Ünused days lapse."
LOOKUP = CallTools(Call("lookup_policy", {"query": "sick"}))

both_ways = pytest.mark.parametrize("stream", [True, False], ids=["streamed", "polled"])


@pytest.mark.parametrize(
    "fault",
    [
        Fault("fin", on=RUNS, at=2_500),
        Fault("rst", on=RUNS, at=2_500),
        Fault("half_close", on=RUNS, at=2_500),
        Fault("bad_json", on=RUNS, event=3),
        Fault("nul", on=RUNS, event=4),
        Fault("huge_line", on=RUNS, event=5, size=9_000_000),
        Fault("comments", on=RUNS),
        Fault("split", on=RUNS, size=1),
        Fault("split", on=RUNS, seed=3),
        Fault("crlf", on=RUNS),
        Fault("bom", on=RUNS),
        Fault("no_done", on=RUNS),
        Fault("double_done", on=RUNS),
        Fault("after_done", on=RUNS),
        Fault("garbage", on=RUNS),
        Fault("content_type", on=RUNS, kind="text/plain"),
        Fault("error_event", on=RUNS, event=6),
        Fault("error_event", on=RUNS, event=0),
        Fault("duplicate", on=RUNS),
        Fault("duplicate", on=RUNS, event=7),
        Fault("reorder", on=RUNS, seed=1),
        Fault("reorder", on=RUNS, seed=2, share=0.6),
        Fault("foreign", on=RUNS),
        Fault("no_usage", on=RUNS),
    ],
    ids=lambda fault: "-".join([fault.name, *map(str, fault.params.values())]),
)
async def test_whatever_happens_to_the_stream_the_answer_is_whole(fault):
    async with serve() as server, backend_at(server) as backend:
        server.script(Say(TEXT))
        fault.struck = 0
        server.fault(fault)
        shown = await answered(backend)
        assert shown[-1].status is RunStatus.COMPLETED
        assert shown[-1].text == TEXT
        assert all("FOREIGN" not in one.text and "TOO LATE" not in one.text for one in shown)
        assert len(server.runs) == 1
        assert server.log.twice() == []


async def test_a_stream_that_says_everything_twice_is_shown_once():
    async with serve() as server, backend_at(server) as backend:
        server.script(Say("ten ten days", pieces=["ten", " ", "ten", " ", "days"]))
        server.fault(Fault("duplicate", on=RUNS))
        shown = await answered(backend)
        assert all("ten ten days".startswith(one.text) for one in shown)
        assert len(shown[-1].steps) == 1


async def test_a_stream_that_falls_silent_is_followed_by_looks(monkeypatch):
    monkeypatch.setattr(assistants_wire, "THINKING_SECONDS", 0.3)
    async with serve() as server, backend_at(server) as backend:
        server.script(Say(TEXT))
        server.fault(Fault("blackhole", on=RUNS, at=2_500))
        started = await backend.start_run(request())
        with pytest.raises(BackendUnavailable) as trouble:
            async for _ in backend.stream_run(started.ref):
                pass
        assert trouble.value.retryable
        assert (await follow(backend, await backend.poll_run(started.ref)))[-1].text == TEXT


@both_ways
async def test_a_run_that_was_made_though_the_connection_broke_is_found(stream):
    async with serve() as server, backend_at(server, stream=stream) as backend:
        server.script(Say(TEXT))
        server.fault(Fault("drop", on=RUNS, done=True))
        shown = await answered(backend)
        assert shown[-1].text == TEXT
        assert len(server.runs) == len(server.log.of(RUNS)) == 1


@both_ways
async def test_when_nobody_knows_whether_a_run_was_made_it_is_said(stream):
    async with serve() as server, backend_at(server, stream=stream) as backend:
        server.script(Say(TEXT))
        server.fault(Fault("drop", on=RUNS))
        with pytest.raises(BackendUnavailable) as trouble:
            await backend.start_run(request())
        assert trouble.value.maybe_done
        assert (await answered(backend))[-1].text == TEXT  # if it is tried again after all
        assert len(server.threads) == 1


@both_ways
async def test_a_refused_start_goes_on_where_it_stopped(stream):
    async with serve() as server, backend_at(server, stream=stream) as backend:
        server.script(Say(TEXT))
        server.fault(Fault("status", on=RUNS, status=429, headers={"retry-after": "3"}))
        with pytest.raises(BackendUnavailable) as trouble:
            await backend.start_run(request())
        assert (trouble.value.retryable, trouble.value.retry_after, trouble.value.maybe_done) == (
            True,
            3.0,
            False,
        )
        assert (await answered(backend))[-1].text == TEXT
        assert len(server.log.of("POST /v1/threads")) == len(server.log.of("POST /v1/assistants")) == 1


@pytest.mark.parametrize("done", [True, False])
async def test_a_question_arrives_once_though_the_connection_broke(done):
    async with serve() as server, backend_at(server) as backend:
        first = (await answered(backend))[-1]
        more = request(
            run_id="run_2",
            messages=(*request().messages, said(Role.USER, "And holidays?", 2)),
            remote_thread=first.ref.remote_thread,
            known_messages=1,
        )
        server.fault(Fault("drop", on=MESSAGES, done=done))
        if not done:
            with pytest.raises(BackendUnavailable) as trouble:
                await backend.start_run(more)
            assert trouble.value.retryable and not trouble.value.maybe_done
        await answered(backend, more)
        asked = [one["content"][0]["text"]["value"] for one in server.messages[first.ref.remote_thread]]
        assert asked.count("And holidays?") == 1


async def test_what_an_earlier_start_brought_to_the_thread_is_not_said_again():
    async with serve() as server, backend_at(server) as backend:
        server.script(Say("Ten days."))
        first = (await answered(backend))[-1]
        server.messages[first.ref.remote_thread][0]["metadata"] = {"hrdesk_message": "msg_1"}
        more = request(
            run_id="run_2",
            messages=(
                *request().messages,
                said(Role.ASSISTANT, "Ten  days.", 2),
                said(Role.USER, "And holidays?", 3),
            ),
            remote_thread=first.ref.remote_thread,
            known_messages=0,
        )
        await answered(backend, more)
        assert [entry.body["content"] for entry in server.log.of(MESSAGES)] == ["And holidays?"]


@both_ways
@pytest.mark.parametrize("done", [True, False], ids=["taken", "not taken"])
async def test_outputs_are_handed_in_once_though_the_connection_broke(stream, done):
    async with serve() as server, backend_at(server, stream=stream) as backend:
        server.script(LOOKUP, Say(TEXT))
        server.fault(Fault("drop", on=SUBMIT, done=done))
        asked = await waiting(backend)
        outputs = [ToolOutput(call.id, "[]") for call in asked.required_calls]
        if done:
            went_on = await backend.submit_tool_outputs(asked.ref, outputs)
        else:
            with pytest.raises(BackendUnavailable) as trouble:
                await backend.submit_tool_outputs(asked.ref, outputs)
            assert trouble.value.maybe_done
            went_on = await backend.submit_tool_outputs(asked.ref, outputs)
        last = (await follow(backend, went_on))[-1]
        assert (last.status, last.text) == (RunStatus.COMPLETED, TEXT)
        assert last.steps[0].outputs == tuple(outputs)
        assert server.log.twice() == []


@both_ways
async def test_outputs_that_come_too_late_show_how_the_run_ended(stream):
    async with serve() as server, backend_at(server, stream=stream) as backend:
        server.script(LOOKUP)
        asked = await waiting(backend)
        (run,) = server.runs.values()
        run.end("expired")
        late = await backend.submit_tool_outputs(asked.ref, [ToolOutput(asked.required_calls[0].id, "[]")])
        assert late.status is RunStatus.EXPIRED


async def test_cancelling_a_run_that_has_ended_shows_how_it_ended():
    async with serve() as server, backend_at(server) as backend:
        server.script(Say(TEXT))
        last = (await answered(backend))[-1]
        cancelled = await backend.cancel_run(last.ref)
        assert (cancelled.status, cancelled.text) == (RunStatus.COMPLETED, TEXT)


async def test_a_run_may_be_cancelling_for_ever_and_keeps_its_text():
    async with serve() as server, backend_at(server, stream=False) as backend:
        started = await backend.start_run(request())
        (run,) = server.runs.values()
        run.stays_cancelling = True
        await backend.cancel_run(started.ref)
        looks = [(await backend.poll_run(started.ref)).status for _ in range(5)]
        assert set(looks) == {RunStatus.CANCELLING}


@pytest.mark.parametrize("empty", [False, True])
async def test_a_list_of_assistants_without_end_ends(empty):
    async with serve() as server, backend_at(server) as backend:
        server.fault(Fault("endless_list", on="GET /v1/assistants", times=None, empty=empty))
        await answered(backend)
        assert len(server.log.of("GET /v1/assistants")) <= 2


async def test_an_assistant_that_was_deleted_meanwhile_is_made_again():
    async with serve() as server, backend_at(server) as backend:
        await answered(backend)
        server.assistants.clear()
        assert (await answered(backend, request(run_id="run_2")))[-1].status is RunStatus.COMPLETED


@pytest.mark.parametrize("status", [404, 410])
async def test_a_retired_service_is_named_with_the_way_out(status):
    async with serve() as server, backend_at(server) as backend:
        server.fault(Fault("status", on="*/assistants", status=status, times=None))
        with pytest.raises(BackendUnavailable) as trouble:
            await backend.start_run(request())
        assert "does not offer the Assistants API" in trouble.value.title
        assert "Responses" in trouble.value.advice
        assert not trouble.value.retryable


@both_ways
async def test_a_model_that_is_not_there_is_no_missing_assistant(stream):
    async with serve() as server, backend_at(server, stream=stream) as backend:
        server.fault(Fault("status", on=RUNS, status=404, code="model_not_found", message="No gpt-9 here."))
        with pytest.raises(BackendUnavailable) as trouble:
            await backend.start_run(request())
        assert "No gpt-9 here." in trouble.value.advice
        assert len(server.log.of(RUNS)) == 1


@both_ways
async def test_a_login_page_in_between_is_no_answer(stream):
    async with serve() as server, backend_at(server, stream=stream) as backend:
        server.fault(Fault("html", on=RUNS))
        with pytest.raises(BackendUnavailable):
            await backend.start_run(request())


@pytest.mark.parametrize("reply", [{"status": "sleeping"}, {"status": 7}, {"status": "requires_action"}])
async def test_a_status_nobody_knows_means_on_its_way(reply):
    async with serve() as server, backend_at(server, stream=False) as backend:
        started = await backend.start_run(request())
        server.fault(Fault("json", on="GET /v1/threads/*/runs/*", changes=reply))
        assert (await backend.poll_run(started.ref)).status is RunStatus.IN_PROGRESS


async def test_an_answer_of_five_megabytes_is_cut_and_marked():
    async with serve() as server, backend_at(server) as backend:
        server.script(Say(pieces=["word " * 10_000] * 100))
        last = (await answered(backend))[-1]
        assert last.status is RunStatus.INCOMPLETE
        assert len(last.text) == 200_000
        assert "longer" in last.last_error


async def test_a_stream_that_nobody_follows_is_closed_when_the_run_is_stopped():
    gate = asyncio.Event()
    async with serve() as server, backend_at(server) as backend:
        server.script(Say(TEXT, gate=gate))
        started = await backend.start_run(request())
        await backend.cancel_run(started.ref)
        assert backend._streams == {}
        assert (await backend.poll_run(started.ref)).status is RunStatus.CANCELLED


async def test_a_start_that_is_given_up_leaves_nothing_open():
    async with serve() as server, backend_at(server) as backend:
        server.fault(Fault("blackhole", on=RUNS, at=0))
        start = asyncio.create_task(backend.start_run(request()))
        while not server.runs:
            await asyncio.sleep(0)
        start.cancel()
        with pytest.raises(asyncio.CancelledError):
            await start
        resumed = await backend.start_run(request())
        assert (await follow(backend, resumed))[-1].status is RunStatus.COMPLETED
