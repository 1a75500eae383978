"""What is answered, and how it ends."""

import pytest

from hrdesk.core.runs import MessageCompleted, RunStatus, UsageReported
from hrdesk.core.usage import Usage
from tests.contract.stage import QUESTION
from tests.contract.ways import not_for
from tests.openai_server import Call, CallTools, Fail, Found, Say
from tests.openai_server.hostile import HUGE, TEXTS
from tests.openai_server.script import Cite

POLLED = "Looks at this API show no text before the end."


async def test_a_plain_answer(stage):
    stage.server.script(Say("Ten days."))
    told = await stage.ask(tools=False)
    assert (told.status, told.text, told.error) == (RunStatus.COMPLETED, "Ten days.", "")
    assert isinstance(told.events[-1], MessageCompleted)
    assert isinstance(told.events[-2], UsageReported)
    assert QUESTION in told.snapshot.prompt
    assert told.snapshot.model == "gpt-test-mini"


@not_for(background=POLLED, polling=POLLED)
async def test_text_comes_in_order_while_it_is_written(stage):
    pieces = [f"word{number} " for number in range(50)]
    stage.server.script(Say("".join(pieces).strip(), pieces=tuple(pieces)))
    told = await stage.ask(tools=False)
    assert "".join(told.deltas).strip() == told.text.strip() == "".join(pieces).strip()


async def test_usage_is_added_up_over_the_rounds(stage):
    first, second = Usage(100, 7), Usage(300, 20)
    stage.server.script(CallTools(Call("lookup_policy", {"query": "sick"}), usage=first))
    stage.server.script(Say("Ten days [p1].", usage=second))
    told = await stage.ask()
    assert (told.snapshot.usage.input_tokens, told.snapshot.usage.output_tokens) == (400, 27)


async def test_a_server_that_is_silent_about_usage(stage):
    stage.server.script(Say("Ten days.", usage=None))
    told = await stage.ask(tools=False)
    assert (told.status, told.snapshot.usage) == (RunStatus.COMPLETED, Usage())


@pytest.mark.parametrize("text", ["", " \n\t "])
async def test_an_answer_without_words_is_not_passed_off_as_one(stage, text):
    stage.server.script(Say(text, pieces=(text,)))
    told = await stage.ask(tools=False)
    assert told.status.is_end
    assert told.text.strip() == ""
    assert told.status is not RunStatus.COMPLETED
    assert told.error


@pytest.mark.parametrize("ending", ["length", "content_filter"])
async def test_an_answer_cut_short_is_kept_and_marked(stage, ending):
    stage.server.script(Say("Ten days of", ending=ending))
    told = await stage.ask(tools=False)
    assert (told.status, told.text) == (RunStatus.INCOMPLETE, "Ten days of")
    assert told.error


async def test_a_run_that_fails_says_why(stage):
    stage.server.script(*[Fail(message="The model is overloaded.")] * 3)
    told = await stage.ask(tools=False)
    assert told.status is RunStatus.FAILED
    assert told.error


async def test_a_huge_answer_is_capped(stage):
    stage.server.script(
        Say(HUGE, pieces=tuple(HUGE[at : at + 100_000] for at in range(0, len(HUGE), 100_000)))
    )
    told = await stage.ask(tools=False)
    assert told.status is RunStatus.INCOMPLETE
    assert 190_000 < len(told.text) <= 200_000
    assert HUGE.startswith(told.text)
    assert told.error


@pytest.mark.parametrize(
    "name", [name for name in TEXTS if name not in ("white space", "empty", "long line")]
)
async def test_whatever_a_model_writes_arrives_as_text(stage, name):
    text = TEXTS[name]
    stage.server.script(Say(text, pieces=[text[at : at + 500] for at in range(0, len(text), 500)]))
    told = await stage.ask(tools=False)
    assert told.status in (RunStatus.COMPLETED, RunStatus.INCOMPLETE)
    assert told.text[:10] == text[:10] or name in ("markers", "nul")
    assert "\u3010" not in told.text
    assert "<|" not in told.text
    assert [entry.path for entry in stage.server.log if "pixel" in entry.path] == []


FOUND = (
    Found("file-1", "leave.pdf", "Employees get ten days of sick leave a year.", 0.8, {"sha256": "aa"}),
    Found("file-1", "leave.pdf", "Holidays are announced in January.", 0.7, {"sha256": "aa"}),
    Found("file-2", "pay.pdf", "Pay day is the last Friday.", None, {"sha256": "bb"}),
)


@not_for(chat="Chat completions have no file search of the provider's.")
async def test_what_the_provider_searched_is_cited(provider_stage):
    stage = provider_stage
    answer = "Employees get ten days of sick leave. Pay day is Friday."
    cites = (Cite("sick leave.", 0), Cite("is Friday.", 2))
    stage.server.script(Say(answer, found=FOUND, cites=cites))
    told = await stage.ask(tools=False)
    assert told.status is RunStatus.COMPLETED
    texts = {evidence.ref: evidence.text for evidence in told.snapshot.evidence}
    assert sorted(texts.values()) == sorted(found.text for found in FOUND)
    refs = {text: ref for ref, text in texts.items()}
    marked = told.text.replace(" [", "[")
    assert f"sick leave.[{refs[FOUND[0].text]}]" in marked or f"sick leave[{refs[FOUND[0].text]}]." in marked
    assert f"[{refs[FOUND[2].text]}]" in marked
    assert "\u3010" not in told.text
