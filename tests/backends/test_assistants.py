"""A whole run on an Assistants server, streamed and polled, over a real socket."""

import asyncio
import json
import warnings
from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest

from hrdesk.core.connections import SearchPlace
from hrdesk.core.errors import NotFound
from hrdesk.core.runs import RunRef, RunStatus, StepKind, ToolOutput
from hrdesk.core.threads import Role
from hrdesk.core.usage import Usage
from tests.backends.assistants_runs import answered, backend_at, follow, request, said
from tests.openai_server import Call, CallTools, Fail, Found, Say, serve
from tests.openai_server.script import Cite

both_ways = pytest.mark.parametrize("stream", [True, False], ids=["streamed", "polled"])
LOOKUPS = CallTools(Call("lookup_policy", {"query": "sick"}), Call("lookup_policy", {"query": "leave"}))


@both_ways
async def test_parallel_calls_are_answered_together_and_the_run_completes(stream):
    async with serve() as server, backend_at(server, stream=stream) as backend:
        server.script(LOOKUPS, Say("You have ten days [p1]."))
        shown = await answered(backend)
        last = shown[-1]
        assert last.status is RunStatus.COMPLETED
        assert last.text == "You have ten days [p1]."
        assert [step.kind for step in last.steps] == [StepKind.TOOL_CALLS, StepKind.MESSAGE_CREATION]
        calls = last.steps[0]
        assert [json.loads(call.arguments)["query"] for call in calls.calls] == ["sick", "leave"]
        assert [output.call_id for output in calls.outputs] == [call.id for call in calls.calls]
        assert all(step.status is RunStatus.COMPLETED for step in last.steps)
        (submitted,) = server.log.of("POST /v1/threads/*/submit_tool_outputs")
        assert len(submitted.body["tool_outputs"]) == 2
        assert last.usage == Usage(40, 20)
        assert last.model == "gpt-test-mini"
        assert server.log.twice() == []


@both_ways
async def test_every_status_on_the_way_is_shown(stream):
    async with serve() as server, backend_at(server, stream=stream) as backend:
        server.script(LOOKUPS, Say("Ten days."))
        seen = [snapshot.status for snapshot in await answered(backend)]
        order = [
            status for number, status in enumerate(seen) if number == 0 or status is not seen[number - 1]
        ]
        assert order == [
            RunStatus.QUEUED,
            RunStatus.IN_PROGRESS,
            RunStatus.REQUIRES_ACTION,
            RunStatus.QUEUED,
            RunStatus.IN_PROGRESS,
            RunStatus.COMPLETED,
        ]


async def test_streamed_text_only_grows():
    async with serve() as server, backend_at(server) as backend:
        server.script(Say("One two three four five six."))
        texts = [snapshot.text for snapshot in await answered(backend)]
        assert len(set(texts)) > 4
        assert all(later.startswith(earlier) for earlier, later in pairwise(texts))


async def test_a_run_expires_ten_minutes_after_its_creation_and_polls_when_the_server_wishes():
    async with serve() as server, backend_at(server, stream=False) as backend:
        server.poll_after_ms = 7
        server.script(Say("Yes."))
        started = await backend.start_run(request())
        looked = await backend.poll_run(started.ref)
        assert started.expires_at is not None
        left = started.expires_at - datetime.now(UTC)
        assert timedelta(minutes=9) < left <= timedelta(minutes=10)
        assert looked.poll_after_ms == 7
        await follow(backend, looked)


async def test_instructions_model_and_our_ids_go_with_every_run_and_each_creation_has_a_key():
    async with serve() as server, backend_at(server) as backend:
        await answered(backend)
        (run,) = server.log.of("POST /v1/threads/*/runs")
        assert run.body["instructions"] == "Cite passages."
        assert run.body["model"] == "gpt-test-mini"
        assert run.body["metadata"] == {"hrdesk_run": "run_1"}
        assert run.body["stream"] is True
        assert [entry.idempotency_key for entry in server.log if entry.method == "POST"] == [
            "run_1-assistant",
            "run_1-thread",
            "run_1-0",
            "run_1-1",
        ]
        (assistant,) = server.assistants.values()
        assert assistant["name"] == "hrdesk"
        assert assistant["tools"][0]["function"]["name"] == "lookup_policy"


async def test_the_prompt_is_kept_with_the_run():
    async with serve() as server, backend_at(server) as backend:
        prompt = json.loads((await answered(backend))[-1].prompt)
        assert prompt["messages"] == [{"role": "user", "content": "How many sick days?"}]
        assert prompt["instructions"] == "Cite passages."


async def test_an_assistant_is_found_again_by_its_configuration():
    async with serve() as server:
        for number, instructions in enumerate(["A", "A", "B"]):
            async with backend_at(server) as backend:
                await answered(backend, request(run_id=f"run_{number}", instructions=instructions))
                await answered(backend, request(run_id=f"again_{number}", instructions=instructions))
        assert len(server.assistants) == 2
        assert len(server.log.of("GET /v1/assistants")) == 3


async def test_a_thread_is_used_again_and_gets_only_what_is_new():
    async with serve() as server, backend_at(server) as backend:
        first = (await answered(backend))[-1]
        messages = (
            *request().messages,
            said(Role.ASSISTANT, "Ten days.", 2),
            said(Role.USER, "And holidays?", 3),
        )
        more = request(
            run_id="run_2",
            messages=messages,
            remote_thread=first.ref.remote_thread,
            known_messages=2,
        )
        again = (await answered(backend, more))[-1]
        assert again.ref.remote_thread == first.ref.remote_thread
        (added,) = server.log.of("POST /v1/threads/*/messages")
        assert added.body["content"] == "And holidays?"
        assert server.log.of("GET /v1/threads/*/messages") == []


async def test_a_forgotten_thread_is_made_anew_from_our_transcript_in_pieces():
    count = 75
    messages = [said(Role.USER if n % 2 == 0 else Role.ASSISTANT, f"Words {n}", n) for n in range(count)]
    async with serve() as server, backend_at(server) as backend:
        asked = request(messages=tuple(messages), remote_thread="thread_gone", known_messages=count - 1)
        last = (await answered(backend, asked))[-1]
        thread = server.messages[last.ref.remote_thread]
        texts = [one["content"][0]["text"]["value"] for one in thread]
        assert texts[:count] == [message.text for message in messages]
        (created,) = server.log.of("POST /v1/threads")
        assert len(created.body["messages"]) == 32


async def test_a_summary_comes_as_the_users_words_and_empty_answers_are_left_out():
    messages = (
        said(Role.SUMMARY, "We spoke of leave.", 1),
        said(Role.ASSISTANT, "", 2),
        said(Role.USER, "And now?", 3),
    )
    async with serve() as server, backend_at(server) as backend:
        await answered(backend, request(messages=messages))
        (created,) = server.log.of("POST /v1/threads")
        assert [(one["role"], one["content"]) for one in created.body["messages"]] == [
            ("user", "Summary of an earlier conversation:\nWe spoke of leave."),
            ("user", "And now?"),
        ]


LEAVE = Found("file-leave", "leave.pdf", "Staff accrue ten days of sick leave.", attributes={"sha256": "abc"})
NOTICE = Found("file-leave", "leave.pdf", "The notice period is four weeks.", score=None)


@both_ways
async def test_the_servers_own_search_becomes_evidence_and_its_annotations_our_marks(stream):
    text = "You have ten days of sick leave. The notice period is four weeks."
    cites = (Cite("sick leave", 0), Cite("four weeks", 1))
    async with (
        serve() as server,
        backend_at(server, stream=stream, search=SearchPlace.PROVIDER, vector_store="vs_1") as backend,
    ):
        server.script(Say(text, found=(LEAVE, NOTICE), cites=cites))
        shown = await answered(backend, request(tools=()))
        last = shown[-1]
        assert last.text == "You have ten days of sick leave [h1]. The notice period is four weeks [h2]."
        assert [(one.ref, one.file, one.text) for one in last.evidence] == [
            ("h1", "leave.pdf", LEAVE.text),
            ("h2", "leave.pdf", NOTICE.text),
        ]
        assert all("【" not in snapshot.text for snapshot in shown)
        (assistant,) = server.assistants.values()
        assert assistant["tool_resources"] == {"file_search": {"vector_store_ids": ["vs_1"]}}
        assert [step.calls[0].name for step in last.steps if step.calls] == ["file_search"]


@both_ways
@pytest.mark.parametrize(
    ("turn", "status", "words"),
    [
        (Fail("server_error", "It burns."), RunStatus.FAILED, "It burns."),
        (Fail("rate_limit_exceeded", "Slowly."), RunStatus.FAILED, "limit for requests"),
        (Fail(status="expired"), RunStatus.EXPIRED, "longer than the server allows"),
        (Say("So far", ending="length"), RunStatus.INCOMPLETE, "length"),
        (Say("So far", ending="content_filter"), RunStatus.INCOMPLETE, "ended"),
    ],
    ids=["failed", "rate limit", "expired", "too long", "filtered"],
)
async def test_a_bad_end_is_said_in_words_and_keeps_the_text(turn, status, words, stream):
    async with serve() as server, backend_at(server, stream=stream) as backend:
        server.script(turn)
        last = (await answered(backend))[-1]
        assert last.status is status
        assert words in last.last_error
        assert last.text == turn.whole


async def test_a_run_is_cancelled_and_keeps_what_it_said():
    async with serve() as server, backend_at(server) as backend:
        gate = asyncio.Event()
        server.script(Say("Ten days a year.", gate=gate))
        started = await backend.start_run(request())
        async for seen in backend.stream_run(started.ref):
            if seen.text:
                break
        cancelling = await backend.cancel_run(started.ref)
        assert cancelling.status is RunStatus.CANCELLING
        ended = await backend.poll_run(started.ref)
        assert ended.status is RunStatus.CANCELLED
        assert "Ten days a year.".startswith(ended.text.strip())
        assert ended.text


async def test_a_run_of_an_earlier_start_is_taken_up_in_the_middle_of_a_tool_round():
    async with serve() as server:
        server.script(LOOKUPS, Say("Ten days."))
        async with backend_at(server) as backend:
            started = await backend.start_run(request())
            so_far = [seen async for seen in backend.stream_run(started.ref)][-1]
        assert so_far.status is RunStatus.REQUIRES_ACTION
        async with backend_at(server) as backend:
            resumed = await backend.resume_run(request(), so_far)
            assert resumed.required_calls == so_far.required_calls
            assert resumed.steps == so_far.steps
            last = (await follow(backend, resumed))[-1]
        assert last.status is RunStatus.COMPLETED
        assert last.text == "Ten days."
        assert len(server.log.of("POST /v1/threads/*/runs")) == 1


async def test_a_run_whose_id_was_lost_is_found_by_ours():
    async with serve() as server, backend_at(server) as backend:
        server.script(Say("Ten days."))
        started = await backend.start_run(request())
        bare = RunRef("run_1", "thread_1", "", started.ref.remote_thread)
        resumed = await backend.resume_run(request(), type(started)(bare, RunStatus.QUEUED))
        assert resumed.ref.remote_id == started.ref.remote_id


async def test_what_the_server_does_not_know_is_not_found():
    async with serve() as server, backend_at(server) as backend:
        nowhere = RunRef("run_1", "thread_1", "run_gone", "thread_gone")
        for asked in (
            backend.poll_run(nowhere),
            backend.poll_run(RunRef("run_1", "thread_1")),
            backend.submit_tool_outputs(nowhere, [ToolOutput("call_1", "{}")]),
            backend.cancel_run(nowhere),
        ):
            with pytest.raises(NotFound):
                await asked


async def test_no_warning_of_the_sdk_comes_out_and_no_other_is_kept_back():
    async with serve() as server, backend_at(server) as backend:
        with warnings.catch_warnings(record=True) as caught:
            warnings.simplefilter("always")
            await answered(backend)
            warnings.warn(
                "The Assistants API is deprecated, says somebody else", DeprecationWarning, stacklevel=1
            )
        assert ["somebody else" in str(one.message) for one in caught] == [True]
