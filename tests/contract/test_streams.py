"""Streams that break, stutter, repeat themselves or speak of other things."""

from typing import Any

import pytest

from hrdesk.core.runs import RunStatus
from tests.contract.stage import Stage, Told
from tests.contract.ways import not_for
from tests.openai_server import Fault, Say

TEXT = "Zehn Tage für Ängstliche \U0001f468\u200d\U0001f469\u200d\U0001f467, sagt die Regel von 2024 [p1]."
ANSWER = Say(TEXT)
NO_STREAM = "This way has no stream."
streamed = not_for(background=NO_STREAM, polling=NO_STREAM)
GOES_ON = ("assistants",)  # the run goes on at the server, and looks find its end


async def answered_with(stage: Stage, *faults: tuple[str, dict[str, Any]]) -> Told:
    """Let a stream go wrong."""
    for name, params in faults:
        stage.server.fault(Fault(name, on=stage.way.starts, **params))
    stage.server.script(ANSWER, ANSWER)
    return await stage.ask(tools=False)


def shown_once(told: Told) -> None:
    """Check that what was shown is a beginning of what is kept, each word once."""
    assert told.text.strip().startswith("".join(told.deltas).strip()) or not told.deltas
    assert told.text.count("Zehn") <= 1


@pytest.mark.parametrize("how", ["fin", "rst", "half_close"])
@pytest.mark.parametrize("at", [900, 1400, 1800, 2600, 4000])
@streamed
async def test_a_break_keeps_the_text_and_nothing_is_sent_twice(stage, how, at):
    told = await answered_with(stage, (how, {"at": at}))
    shown_once(told)
    assert len([entry for entry in stage.started() if entry.is_accepted]) == 1
    if told.status is RunStatus.COMPLETED:
        assert told.text == TEXT
    else:
        assert told.status in (RunStatus.FAILED, RunStatus.INCOMPLETE)
        assert TEXT.startswith(told.text)
        assert told.error
    assert told.status is RunStatus.COMPLETED or stage.way.name not in GOES_ON or not told.deltas


@pytest.mark.parametrize(
    "fault",
    [
        ("split", {"size": 1}),
        ("split", {"seed": 1}),
        ("crlf", {}),
        ("bom", {}),
        ("comments", {}),
        ("no_done", {}),
        ("double_done", {}),
        ("after_done", {}),
        ("gzip", {}),
        ("huge_line", {"event": 4, "size": 2_000_000}),
        ("content_type", {"kind": "text/plain"}),
        ("foreign", {}),
    ],
    ids=lambda fault: fault[0],
)
@streamed
async def test_what_does_not_touch_the_words_changes_nothing(stage, fault):
    told = await answered_with(stage, fault)
    assert (told.status, told.text) == (RunStatus.COMPLETED, TEXT)
    shown_once(told)
    assert len(stage.started()) == 1


@not_for(
    background=NO_STREAM,
    polling=NO_STREAM,
    chat="Chunks have no number: a chunk that comes twice cannot be told from a word said twice.",
)
async def test_every_event_twice_is_shown_once(stage):
    told = await answered_with(stage, ("duplicate", {}))
    assert (told.status, told.text) == (RunStatus.COMPLETED, TEXT)
    assert "".join(told.deltas) in (TEXT, "")


@pytest.mark.parametrize("seed", range(4))
@not_for(
    background=NO_STREAM,
    polling=NO_STREAM,
    chat="Chunks have no number: their order is all there is.",
)
async def test_events_out_of_order_end_in_the_right_text(stage, seed):
    told = await answered_with(stage, ("reorder", {"seed": seed}))
    assert (told.status, told.text) == (RunStatus.COMPLETED, TEXT)


@pytest.mark.parametrize("name", ["bad_json", "nul"])
@pytest.mark.parametrize("event", [1, 4, 8])
@streamed
async def test_one_event_that_cannot_be_read_does_not_end_the_rest(stage, name, event):
    told = await answered_with(stage, (name, {"event": event}))
    assert told.status.is_end
    assert told.status is not RunStatus.EXPIRED
    assert told.text.count("Zehn") <= 1
    if told.text != TEXT:
        assert told.status is not RunStatus.COMPLETED
        assert told.error


@pytest.mark.parametrize("event", [2, 5, 9])
@streamed
async def test_an_error_in_the_stream_is_told_and_the_text_kept(stage, event):
    told = await answered_with(stage, ("error_event", {"event": event}))
    shown_once(told)
    assert len([entry for entry in stage.started() if entry.is_accepted]) == 1
    if told.status is not RunStatus.COMPLETED:
        assert TEXT.startswith(told.text.strip())
        assert told.error


@pytest.mark.parametrize(
    "fault", [("garbage", {}), ("gzip", {"bomb": 50_000_000})], ids=lambda fault: fault[0]
)
@streamed
async def test_rubbish_behind_the_end_does_no_harm(stage, fault):
    told = await answered_with(stage, fault)
    assert told.status.is_end
    assert TEXT.startswith(told.text.strip())
