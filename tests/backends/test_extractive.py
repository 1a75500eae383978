"""The built-in answerer quotes and frames; it never says anything of its own about a policy."""

import json
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from hrdesk.backends.base import ModelReply, ToolRound
from hrdesk.backends.extractive import CLOSEST, NOT_FOUND, PART_NOT_FOUND, ExtractiveModel
from hrdesk.core.documents import Outcome, Quote
from hrdesk.core.runs import RunRequest, ToolOutput
from hrdesk.core.threads import Message, Role


class FirstSentence:
    """Chooses the first sentence of each passage."""

    def __init__(self) -> None:
        self.questions: list[str] = []

    async def choose(self, question: str, passages: Sequence[dict[str, Any]]) -> Sequence[Quote]:
        self.questions.append(question)
        return [
            Quote(str(p["id"]), 0, p["text"].index(".") + 1, p["text"].split(".")[0] + ".") for p in passages
        ]


def parts(question: str, before: str) -> list[str]:
    asked = question.split(" and ")
    return [f"{before} {part}".strip() if part == "then" else part for part in asked]


def model() -> ExtractiveModel:
    return ExtractiveModel(FirstSentence(), parts)


def asking(*questions: str) -> RunRequest:
    messages = tuple(
        Message(f"m{n}", "t", Role.USER, text, datetime.now(UTC)) for n, text in enumerate(questions)
    )
    return RunRequest("r", "t", messages, "", ())


async def answer(question: str, *outputs: object) -> tuple[ModelReply, str]:
    request = asking(question)
    calls = (await model().respond(request, [], lambda _: None)).calls
    said = tuple(
        ToolOutput(call.id, output if isinstance(output, str) else json.dumps(output))
        for call, output in zip(calls, outputs, strict=True)
    )
    written: list[str] = []
    reply = await model().respond(request, [ToolRound(calls, said)], written.append)
    return reply, "".join(written)


def found(outcome: str, *texts: str) -> dict[str, Any]:
    passages = [{"id": f"p{n}", "text": text} for n, text in enumerate(texts, 1)]
    return {"outcome": outcome, "notice": "", "passages": passages}


async def test_a_double_question_becomes_two_parallel_lookups() -> None:
    reply = await model().respond(asking("sick days and doctor's note"), [], lambda _: None)
    assert [json.loads(call.arguments) for call in reply.calls] == [
        {"query": "sick days"},
        {"query": "doctor's note"},
    ]
    assert {call.name for call in reply.calls} == {"lookup_policy"}


async def test_a_follow_up_is_looked_up_with_the_question_before_it() -> None:
    reply = await model().respond(asking("sick days", "then"), [], lambda _: None)
    assert json.loads(reply.calls[0].arguments)["query"] == "sick days then"


async def test_sentences_are_chosen_for_what_was_searched() -> None:
    chooser = FirstSentence()
    shown = ExtractiveModel(chooser, parts)
    (call,) = (await shown.respond(asking("PTO days"), [], lambda _: None)).calls
    output = {**found("answered", "Ten days."), "searched": "annual leave days"}
    await shown.respond(
        asking("PTO days"), [ToolRound((call,), (ToolOutput(call.id, json.dumps(output)),))], lambda _: None
    )
    assert chooser.questions == ["annual leave days"]


async def test_quotes_carry_the_ids_of_their_passages() -> None:
    reply, written = await answer("sick days", found("answered", "Ten days. More.", "A note. More."))
    assert reply.text == "“Ten days.” [p1]\n\n“A note.” [p2]"
    assert written.strip() == reply.text
    assert reply.outcome is Outcome.ANSWERED


async def test_closest_passages_are_called_that() -> None:
    reply, _ = await answer("sick days", found("closest", "Ten days. More."))
    assert reply.text == f"{CLOSEST}\n\n“Ten days.” [p1]"
    assert reply.outcome is Outcome.CLOSEST


async def test_nothing_found_is_said_plainly_and_quotes_nothing() -> None:
    reply, written = await answer("space travel", found("not_found", "Ten days. More."))
    assert (reply.text, written) == (NOT_FOUND, "")
    assert reply.outcome is Outcome.NOT_FOUND


async def test_an_unanswered_half_is_named() -> None:
    reply, _ = await answer("sick days and dogs", found("answered", "Ten days. More."), found("not_found"))
    assert reply.text.endswith(PART_NOT_FOUND.format(part="dogs"))
    assert "“Ten days.” [p1]" in reply.text
    assert reply.outcome is Outcome.ANSWERED


async def test_an_error_text_from_the_tool_is_shown_not_quoted() -> None:
    reply, _ = await answer("sick days", "the disk is on fire")
    assert reply.text == f"{NOT_FOUND}\n\nthe disk is on fire"


class AllSentences:
    """Chooses every sentence of every passage, last first."""

    async def choose(self, question: str, passages: Sequence[dict[str, Any]]) -> Sequence[Quote]:
        quotes: list[Quote] = []
        for passage in passages:
            text, start = passage["text"], 0
            while start < len(text):
                end = text.index(".", start) + 1
                quotes.insert(0, Quote(passage["id"], start, end, text[start:end]))
                start = end + 1
        return quotes


async def test_sentences_that_follow_each_other_become_one_quote() -> None:
    joining = ExtractiveModel(AllSentences(), parts)
    request = asking("sick days")
    calls = (await joining.respond(request, [], lambda _: None)).calls
    outputs = (ToolOutput(calls[0].id, json.dumps(found("answered", "One. Two. Three.", "Four."))),)
    reply = await joining.respond(request, [ToolRound(calls, outputs)], lambda _: None)
    assert reply.text == "“Four.” [p2]\n\n“One. Two. Three.” [p1]"


@given(st.lists(st.text(st.characters(blacklist_characters="."), min_size=1), min_size=1, max_size=4))
async def test_every_sentence_is_framing_or_an_exact_quote(sentences: list[str]) -> None:
    texts = [f"{sentence}. rest" for sentence in sentences]
    reply, _ = await answer("sick days", found("answered", *texts))
    expected = [f"“{sentence}.” [p{n}]" for n, sentence in enumerate(sentences, 1)]
    assert reply.text == "\n\n".join(expected)
