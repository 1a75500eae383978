"""The search as a whole, on the sample policies."""

import json
from pathlib import Path

import pytest

from hrdesk.core.documents import Outcome
from hrdesk.core.runs import RunRequest
from hrdesk.services.desk import Desk
from hrdesk.services.policy import RunTools, policy_tool
from tests.services.desk import answer_to, copy_of, desk_at, import_policies

LOST = "Wo is my fuffzig Ombudspersn?"  # nothing is found, and the policies have a word near to one of these
GERMAN = (
    "Homeoffice ist an drei Tagen der Woche möglich, wenn der Dienst es erlaubt und die Leitung zustimmt.\n"
)


async def test_a_near_word_is_offered_where_nothing_is_found(desk: Desk) -> None:
    ranked = await desk.policy.search(LOST)
    assert ranked.outcome is Outcome.NOT_FOUND
    assert ranked.suggestion == "Wo is my fuffzig Ombudsperson?"
    assert ranked.notice.endswith(f"Did you mean: {ranked.suggestion}")


@pytest.mark.parametrize(
    "question", ["How many days of annual leave do I get after six years?", "Can I bring my horse?"]
)
async def test_nothing_is_offered_where_something_is_found_or_nothing_is_near(
    desk: Desk, question: str
) -> None:
    ranked = await desk.policy.search(question)
    assert ranked.suggestion == "" and "Did you mean" not in ranked.notice


async def test_the_answer_and_the_lookup_carry_the_offer(desk: Desk) -> None:
    answer = await answer_to(desk, LOST)
    assert "Did you mean: Wo is my fuffzig Ombudsperson?" in answer.text
    run = await desk.chat.seen(str(answer.run_id))
    assert run.lookups[0]["suggestion"] == "Wo is my fuffzig Ombudsperson?"


async def test_a_question_in_a_foreign_language_is_told_and_never_called_answered(desk: Desk) -> None:
    ranked = await desk.policy.search("Wie viele Tage Urlaub habe ich nach sechs Jahren?")
    assert ranked.notice.startswith("The question seems to be in German. I can search only English policies")
    assert ranked.outcome is not Outcome.ANSWERED


async def test_a_german_library_is_asked_in_german(tmp_path: Path) -> None:
    (tmp_path / "homeoffice.txt").write_text("Regeln zum Homeoffice\n\n" + GERMAN * 3, encoding="utf-8")
    await import_policies(tmp_path / "data", tmp_path / "homeoffice.txt")
    async with desk_at(tmp_path / "data") as desk:
        ranked = await desk.policy.search("An wie vielen Tagen der Woche ist Homeoffice möglich?")
        assert ranked.results and "seems to be" not in ranked.notice
        assert "Meaning is understood in English only" in ranked.notice
        foreign = await desk.policy.search("On how many days of the week may I work from home?")
        assert "I can search only German policies" in foreign.notice


async def test_the_tool_says_what_the_search_says(desk: Desk) -> None:
    request = RunRequest("r1", "t1", (), "", (policy_tool(()),))
    said = json.loads(await RunTools(desk.policy, request).tools["lookup_policy"]({"query": LOST}))
    assert said["outcome"] == "not_found" and "Did you mean" in said["notice"] and said["passages"] == []


async def test_the_search_goes_by_words_without_the_encoder(demo_library: Path, tmp_path: Path) -> None:
    async with desk_at(copy_of(demo_library, tmp_path), models=tmp_path) as desk:
        ranked = await desk.policy.search("annual leave after six years")
        assert ranked.lexical_only and ranked.results
