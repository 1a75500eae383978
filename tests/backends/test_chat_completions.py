"""Language models behind chat completions, against a scripted server over a real socket."""

import json
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager

import pytest

from hrdesk.backends.base import ModelReply, ToolRound
from hrdesk.backends.chat_completions import ChatCompletionsModel
from hrdesk.backends.client import make_client
from hrdesk.core.connections import ConnectionKind
from hrdesk.core.errors import BackendUnavailable
from hrdesk.core.runs import RunRequest, ToolOutput
from hrdesk.core.usage import Usage
from tests.backends.requests import KEY, LOOKUP, PASSAGES, QUESTION, connection, events, request
from tests.openai_server import Answer, Call, CallTools, Fault, Say, scripted, serve

CHAT = "POST /v1/chat/completions"
REFUSED = Answer(400, {"error": {"message": "registry/smol does not support tools"}})


@asynccontextmanager
async def model_at(base_url: str, **more: object) -> AsyncIterator[ChatCompletionsModel]:
    model = ChatCompletionsModel(*_parts(base_url, **more))
    try:
        yield model
    finally:
        await model.aclose()


def _parts(base_url: str, **more: object):
    where = connection(base_url, ConnectionKind.CHAT, **more)
    return make_client(where, KEY), where


async def turn(
    model: ChatCompletionsModel, run: RunRequest, rounds: Sequence[ToolRound] = ()
) -> tuple[ModelReply, str]:
    """Take one turn; return the reply and what was written meanwhile."""
    written: list[str] = []
    reply = await model.respond(run, rounds, written.append)
    return reply, "".join(written)


def looked_up(reply: ModelReply, output: str = PASSAGES) -> ToolRound:
    return ToolRound(reply.calls, tuple(ToolOutput(call.id, output) for call in reply.calls))


def said(text: str, finish: str | None = "stop") -> list[dict[str, object]]:
    pieces = [{"index": 0, "delta": {"content": text}}, {"index": 0, "delta": {}, "finish_reason": finish}]
    return [{"id": "c", "choices": [piece]} for piece in pieces]


@pytest.mark.parametrize("stream", [True, False])
async def test_a_model_looks_up_and_answers(stream: bool) -> None:
    async with serve() as server, model_at(server.base_url, stream=stream) as model:
        server.script(
            CallTools(Call("lookup_policy", {"query": "sick"}), Call("lookup_policy", {"query": "ill"})),
            Say(text="Ten days [p1].", usage=Usage(30, 4, 10, 2)),
        )
        first, written = await turn(model, request())
        assert [json.loads(call.arguments) for call in first.calls] == [{"query": "sick"}, {"query": "ill"}]
        assert written == ""
        last, written = await turn(model, request(), [looked_up(first)])
        assert (last.text, written, last.ended_early) == ("Ten days [p1].", "Ten days [p1].", "")
        assert last.usage == Usage(30, 4, 10, 2)
        assert json.loads(last.prompt)["messages"][-1]["role"] == "tool"
        keys = [entry.idempotency_key for entry in server.log if entry.line == CHAT]
        assert keys == ["run_1-0", "run_1-1"]


async def test_the_transcript_goes_along_with_instructions_first() -> None:
    async with serve() as server, model_at(server.base_url) as model:
        await turn(model, request("Hello", "Good morning.", QUESTION))
        body = server.log[-1].body
    assert [(m["role"], m["content"]) for m in body["messages"]] == [
        ("system", "Answer from the policies."),
        ("user", "Hello"),
        ("assistant", "Good morning."),
        ("user", QUESTION),
    ]
    assert "store" not in body


async def test_a_call_in_the_text_is_rescued() -> None:
    call = '<tool_call>{"name": "lookup_policy", "arguments": {"query": "sick leave"}}</tool_call>'
    async with scripted(events(*said(call))) as server, model_at(server.base_url) as model:
        reply, written = await turn(model, request())
    assert [call.name for call in reply.calls] == ["lookup_policy"]
    assert written == ""


async def test_a_server_that_refuses_tools_gets_the_passages_first_and_is_not_asked_again() -> None:
    answer = events(*said("Ten days [p1]."))
    async with scripted(REFUSED, answer) as server, model_at(server.base_url) as model:
        first, _ = await turn(model, request())
        assert json.loads(first.calls[0].arguments) == {"query": QUESTION}
        last, written = await turn(model, request(), [looked_up(first)])
        assert last.text == written == "Ten days [p1]."
        sent = json.loads(last.prompt)
        assert "tools" not in sent and all(m["role"] != "tool" for m in sent["messages"])
        assert "[p1] Sick leave, Accrual, page 3:\nFull-time staff" in sent["messages"][-1]["content"]
        again, _ = await turn(model, request(run_id="run_2"))
        assert again.calls and len(server.requests) == 2


@pytest.mark.parametrize(
    ("status", "words"),
    [
        (404, "tools are not available"),
        (422, "extra fields: tools"),
        (500, "tools param requires --jinja flag"),
        (501, "function calling is not implemented"),
    ],
)
async def test_every_refusal_of_tools_is_understood(status: int, words: str) -> None:
    refusal = Answer(status, {"detail": words})
    async with scripted(refusal) as server, model_at(server.base_url) as model:
        assert (await turn(model, request()))[0].calls[0].name == "lookup_policy"


async def test_a_model_that_looks_nothing_up_gets_the_passages_first() -> None:
    async with (
        scripted(events(*said("I guess a hundred days."))) as server,
        model_at(server.base_url) as model,
    ):
        first, written = await turn(model, request())
        assert first.calls[0].name == "lookup_policy"
        assert written == "" and first.text == ""
        last, _ = await turn(model, request(), [looked_up(first)])
        assert "Full-time staff" in json.loads(last.prompt)["messages"][-1]["content"]
        await turn(model, request(run_id="run_2"))
        asked = len(server.requests)
        assert (await turn(model, request(run_id="run_3")))[0].calls
        assert len(server.requests) == asked


async def test_a_short_question_is_looked_up_with_the_one_before() -> None:
    async with scripted(REFUSED) as server, model_at(server.base_url) as model:
        reply, _ = await turn(model, request(QUESTION, "Ten days.", "And in Texas?"))
    assert json.loads(reply.calls[0].arguments) == {"query": f"{QUESTION} And in Texas?"}


async def test_nothing_found_is_told_to_the_model() -> None:
    async with (
        scripted(REFUSED, events(*said("I cannot say."))) as server,
        model_at(server.base_url) as model,
    ):
        first, _ = await turn(model, request())
        nothing = json.dumps({"outcome": "not_found", "notice": "", "passages": []})
        last, _ = await turn(model, request(), [looked_up(first, nothing)])
    assert "Nothing was found" in json.loads(last.prompt)["messages"][-1]["content"]


async def test_without_tools_the_answer_is_written_at_once() -> None:
    async with scripted(events(*said("Hello."))) as server, model_at(server.base_url) as model:
        assert (await turn(model, request(tools=())))[1] == "Hello."


async def test_stream_options_are_left_out_where_they_are_refused() -> None:
    refusal = Answer(400, {"detail": [{"msg": "stream_options: extra inputs are not permitted"}]})
    answer = events(*said("Ten days."))
    async with scripted(refusal, answer) as server, model_at(server.base_url) as model:
        assert (await turn(model, request(tools=())))[0].text == "Ten days."
        await turn(model, request(tools=()))
        assert len(server.requests) == 3


@pytest.mark.parametrize(
    ("fault", "status"),
    [
        (Fault("no_usage"), ""),
        (Fault("no_done"), ""),
        (Fault("double_done"), ""),
        (Fault("finish_reason", reason=None), ""),
        (Fault("comments"), ""),
        (Fault("crlf"), ""),
        (Fault("bom"), ""),
        (Fault("split", size=1), ""),
        (Fault("content_type", kind="text/plain"), ""),
        (Fault("gzip"), ""),
        (Fault("garbage", data="\x00trash"), ""),
        (Fault("huge_line", event=2, size=20_000_000), ""),
    ],
    ids=lambda value: getattr(value, "name", ""),
)
async def test_the_answer_survives_odd_streams(fault: Fault, status: str) -> None:
    async with serve() as server, model_at(server.base_url) as model:
        server.script(Say(text="Zehn Tage, süß 🙂 [p1]."))
        server.fault(fault)
        reply, _ = await turn(model, request(tools=()))
    assert (reply.text, reply.ended_early) == ("Zehn Tage, süß 🙂 [p1].", status)


async def test_a_lost_piece_is_named() -> None:
    async with serve() as server, model_at(server.base_url) as model:
        server.script(Say(text="Ten days of sick leave."))
        server.fault(Fault("bad_json", event=2))
        reply, _ = await turn(model, request(tools=()))
    assert reply.text != "Ten days of sick leave."
    assert "could not be read" in reply.ended_early


@pytest.mark.parametrize("name", ["fin", "rst"])
async def test_a_stream_that_breaks_off_says_so(name: str) -> None:
    async with serve() as server, model_at(server.base_url) as model:
        server.script(Say(text="Ten days of sick leave."))
        server.fault(Fault(name, at=700))
        with pytest.raises(BackendUnavailable, match="broke off") as raised:
            await turn(model, request(tools=()))
    assert raised.value.maybe_done


async def test_a_stream_that_ends_without_an_end_says_so() -> None:
    async with scripted(events(said("Ten")[0], done=False)) as server, model_at(server.base_url) as model:
        with pytest.raises(BackendUnavailable, match="broke off"):
            await turn(model, request(tools=()))


async def test_a_login_page_with_status_200_is_no_answer() -> None:
    async with scripted(Answer(200, "<html>log in</html>")) as server, model_at(server.base_url) as model:
        with pytest.raises(BackendUnavailable, match="cannot be understood"):
            await turn(model, request())


async def test_a_rate_limit_names_the_wait() -> None:
    limit = Answer(429, {"error": {"message": "slow"}}, headers=(("retry-after", "7"),))
    async with scripted(limit) as server, model_at(server.base_url) as model:
        with pytest.raises(BackendUnavailable) as raised:
            await turn(model, request())
    assert (raised.value.retryable, raised.value.retry_after, raised.value.maybe_done) == (True, 7.0, False)


async def test_a_model_the_server_does_not_know_is_no_refusal_of_tools() -> None:
    missing = Answer(404, {"error": {"message": "The model 'tool-x' is gone", "code": "model_not_found"}})
    async with scripted(missing) as server, model_at(server.base_url) as model:
        with pytest.raises(BackendUnavailable, match="does not know"):
            await turn(model, request())


async def test_an_answer_of_five_megabytes_is_cut_off() -> None:
    answer = events(*(said("x" * 50_000)[0] for _ in range(100)))
    async with scripted(answer) as server, model_at(server.base_url) as model:
        reply, _ = await turn(model, request(tools=()))
    assert len(reply.text) == 200_000 and "very long" in reply.ended_early


async def test_openai_itself_is_asked_not_to_keep_what_is_said() -> None:
    client, _ = _parts("https://api.openai.com/v1")
    model = ChatCompletionsModel(client, connection("https://api.openai.com/v1", ConnectionKind.CHAT))
    assert model._body(request(), [])["store"] is False
    await model.aclose()
    assert LOOKUP.name == "lookup_policy"
