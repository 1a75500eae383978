"""Conversations over the sample policies, with the real store, search and answerer."""

from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest

from hrdesk.core.citations import CitationState
from hrdesk.core.documents import Outcome
from hrdesk.core.errors import HrdeskError, NotFound
from hrdesk.core.runs import MessageCompleted, Run, RunStatus, StatusChanged
from hrdesk.core.threads import MessageStatus, Role
from hrdesk.services.chat import Asked, Queued
from hrdesk.services.desk import Desk
from hrdesk.services.journal import title_of
from tests.services.desk import answer_to, copy_of, desk_at

DOUBLE = "How many sick days do I get in the first year, and do I need a doctor's note?"


async def test_a_double_question_is_answered_with_verified_citations(desk: Desk) -> None:
    events = [event async for event in desk.chat.ask(DOUBLE)]
    assert isinstance(events[0], Asked)
    statuses = [event.status for event in events if isinstance(event, StatusChanged)]
    assert {RunStatus.QUEUED, RunStatus.IN_PROGRESS, RunStatus.REQUIRES_ACTION, RunStatus.COMPLETED} <= {
        *statuses
    }
    words = [event.words for event in events if isinstance(event, StatusChanged)]
    assert any(
        said.startswith("Looking up: How many sick days") and "doctor's note" in said for said in words
    )
    assert any(said.startswith("Reading ") for said in words)
    assert "Writing" in words
    assert isinstance(events[-1], MessageCompleted)
    answer = events[-1].message
    assert answer.outcome is Outcome.ANSWERED
    assert "ten (10) days of paid sick leave" in answer.text
    assert "third consecutive day" in answer.text
    assert {citation.state for citation in answer.citations} == {CitationState.VERIFIED}
    assert [f"[{citation.number}]" in answer.text for citation in answer.citations] == [True] * len(
        answer.citations
    )
    run = await desk.chat.seen(answer.run_id or "")
    assert len(run.lookups) == 2
    assert any(candidate["sent"] for candidate in run.lookups[0]["candidates"])
    assert any(not candidate["sent"] for candidate in run.lookups[0]["candidates"])


async def test_the_version_in_force_answers(desk: Desk) -> None:
    answer = await answer_to(desk, "What is the hotel limit for a night in Berlin?")
    assert {citation.file for citation in answer.citations} & {"travel-policy-2026.pdf"}
    assert "travel-policy-2025.pdf" not in {citation.file for citation in answer.citations}


async def test_what_the_policies_do_not_say_is_said(desk: Desk) -> None:
    answer = await answer_to(desk, "Can I bring my dog to the office?")
    assert answer.outcome is not Outcome.ANSWERED
    assert "policies on file" in answer.text


async def test_a_follow_up_knows_the_question_before_it(desk: Desk) -> None:
    first = await answer_to(desk, "How many sick days do I get in the first year?")
    second = await answer_to(desk, "And in the second year?", first.thread_id)
    run = await desk.chat.seen(second.run_id or "")
    assert "sick days" in run.lookups[0]["query"]
    messages = await desk.chat.messages(first.thread_id)
    assert [message.role for message in messages] == [Role.USER, Role.ASSISTANT] * 2


async def test_threads_can_be_found_renamed_pinned_deleted_and_brought_back(desk: Desk) -> None:
    thread_id = (await answer_to(desk, "When are salaries paid?")).thread_id
    await answer_to(desk, "What is the hotel limit for a night in Berlin?")
    assert (await desk.chat.rename(thread_id, "  Pay   day ")).title == "Pay day"
    await desk.chat.pin(thread_id, True)
    page = await desk.chat.threads()
    assert (page.threads[0].id, page.total, page.hidden) == (thread_id, 2, 0)
    found = await desk.chat.threads("salaries")
    assert ([thread.id for thread in found.threads], found.hidden) == ([thread_id], 1)
    await desk.chat.delete(thread_id)
    assert thread_id not in [thread.id for thread in (await desk.chat.threads()).threads]
    assert (await desk.chat.undelete(thread_id)).title == "Pay day"
    with pytest.raises(HrdeskError):
        await desk.chat.rename(thread_id, "  ")


async def test_nothing_is_stored_for_a_blank_question(desk: Desk) -> None:
    with pytest.raises(HrdeskError):
        await answer_to(desk, "  \n ")
    assert (await desk.chat.threads()).total == 0


async def test_an_unknown_thread_is_refused(desk: Desk) -> None:
    with pytest.raises(NotFound):
        await answer_to(desk, "When are salaries paid?", "thread_unknown")


async def test_a_draft_is_kept_and_becomes_the_question(desk: Desk) -> None:
    await desk.chat.save_draft(None, "When are sal")
    assert await desk.chat.draft(None) == "When are sal"
    await answer_to(desk, "When are salaries paid?")
    assert await desk.chat.draft(None) == ""


async def test_stop_ends_the_run_and_keeps_the_question(desk: Desk) -> None:
    last = None
    async for event in desk.chat.ask(DOUBLE):
        if isinstance(event, Asked):
            await desk.chat.stop(event.run_id)
        last = event
    assert isinstance(last, MessageCompleted)
    assert last.message.status is MessageStatus.INCOMPLETE
    assert last.message.note == "You stopped this answer."
    assert (await desk.chat.messages(last.message.thread_id))[0].text == DOUBLE


async def test_a_second_question_waits_for_the_first(desk: Desk) -> None:
    async for event in desk.chat.ask(DOUBLE):
        if isinstance(event, Asked):
            thread_id = event.thread.id
            second = desk.chat.ask("When are salaries paid?", thread_id)
            assert await anext(second) == Queued(thread_id, "When are salaries paid?")
            with pytest.raises(HrdeskError, match="question is waiting"):
                await answer_to(desk, "And a third one?", thread_id)
    assert isinstance(await anext(second), Asked)
    assert [event async for event in second]
    texts = [message.text for message in await desk.chat.messages(thread_id) if message.role is Role.USER]
    assert texts == [DOUBLE, "When are salaries paid?"]
    assert await desk.chat.draft(thread_id) == ""


async def test_a_waiting_question_can_be_taken_back(desk: Desk) -> None:
    async for event in desk.chat.ask(DOUBLE):
        if isinstance(event, Asked):
            thread_id = event.thread.id
            second = desk.chat.ask("When are salaries paid?", thread_id)
            await anext(second)
            assert await desk.chat.unqueue(thread_id) == "When are salaries paid?"
    assert [event async for event in second] == []
    assert len(await desk.chat.messages(thread_id)) == 2


async def test_a_question_that_waited_when_hrdesk_ended_is_a_draft(
    demo_library: Path, tmp_path: Path
) -> None:
    folder = copy_of(demo_library, tmp_path)
    async with desk_at(folder) as desk:
        events = desk.chat.ask(DOUBLE)
        asked = await anext(events)
        assert isinstance(asked, Asked)
        second = desk.chat.ask("When are salaries paid?", asked.thread.id)
        await anext(second)
        await second.aclose()  # type: ignore[attr-defined]
    async with desk_at(folder) as desk:
        await desk.chat.save_draft(asked.thread.id, "typed later")
        for _ in range(2):  # whoever asks twice hears the same
            assert await desk.chat.draft(asked.thread.id) == "When are salaries paid?\ntyped later"


async def test_a_thread_goes_on_in_a_fresh_one_with_an_editable_summary(desk: Desk) -> None:
    answer = await answer_to(desk, "When are salaries paid?")
    proposed = await desk.chat.summary(answer.thread_id)
    assert "Asked: When are salaries paid?" in proposed
    fresh = await desk.chat.continue_thread(answer.thread_id, proposed)
    (carried,) = await desk.chat.messages(fresh.id)
    assert (carried.role, carried.text) == (Role.SUMMARY, proposed)
    assert (await desk.chat.edit_summary(carried.id, "Paid on the 25th.")).text == "Paid on the 25th."
    with pytest.raises(HrdeskError, match="Only what was carried over"):
        await desk.chat.edit_summary(answer.id, "changed")
    again = await answer_to(desk, "When are salaries paid?", fresh.id)
    assert again.text == answer.text


async def test_this_computer_sends_nothing_and_costs_nothing(desk: Desk) -> None:
    answer = await answer_to(desk, "When are salaries paid?")
    assert (await desk.chat.estimate(answer.thread_id, "And bonuses?")).words == "nothing is sent"
    assert (await desk.chat.meter(answer.thread_id)).words == "Nothing of this thread leaves this computer."
    assert (answer.cost, answer.uncited) == (Decimal(0), ())
    assert (await desk.costs.month()).cost == 0


async def test_a_run_pins_the_version_of_the_assistant(desk: Desk) -> None:
    first = await answer_to(desk, "When are salaries paid?")
    changed = await desk.profiles.save("Ada", "Be brief.", "", ["lookup_policy"])
    second = await answer_to(desk, "When are salaries paid?", first.thread_id)
    versions = [(await desk.chat.seen(one.run_id or "")).profile for one in (first, second)]
    assert versions == [1, changed.version] == [1, 2]


async def test_without_a_model_nothing_is_stored_or_sent(desk: Desk) -> None:
    desk.chat.use("openai")
    with pytest.raises(HrdeskError, match="No model is chosen for OpenAI"):
        await answer_to(desk, "When are salaries paid?")
    assert (await desk.chat.threads()).total == 0


async def test_an_answer_survives_closing_with_its_citations(demo_library: Path, tmp_path: Path) -> None:
    folder = copy_of(demo_library, tmp_path)
    async with desk_at(folder) as desk:
        before = await answer_to(desk, "When are salaries paid?")
    async with desk_at(folder) as desk:
        assert (await desk.chat.messages(before.thread_id))[-1] == before
        assert await desk.chat.settle() == []
        assert (await desk.records.verify()).faults == ()


def local(run: Run) -> Run:
    return replace(run, connection="local")


async def test_a_run_cut_short_is_settled_once(demo_library: Path, tmp_path: Path) -> None:
    folder = copy_of(demo_library, tmp_path)
    async with desk_at(folder) as desk:
        begun = await desk.chat._journal.begin("When are salaries paid?", None, local)
    async with desk_at(folder) as desk:
        settled = await desk.chat.settle()
        assert [message.id for message in settled] == [begun.answer.id]
        assert settled[0].status is MessageStatus.INCOMPLETE
        assert await desk.chat.settle() == []


async def test_a_run_of_another_window_is_left_alone(demo_library: Path, tmp_path: Path) -> None:
    folder = copy_of(demo_library, tmp_path)
    async with desk_at(folder) as window:
        await window.chat._journal.begin("When are salaries paid?", None, local)
        async with desk_at(folder) as command:
            assert await command.chat.settle() == []
        assert len(await window.chat.settle()) == 1


async def test_without_the_model_words_alone_still_answer(demo_library: Path, tmp_path: Path) -> None:
    async with desk_at(copy_of(demo_library, tmp_path), models=tmp_path / "none") as desk:
        assert "words only" in desk.notices[0]
        answer = await answer_to(desk, "When are salaries paid?")
        assert "25th of each month" in answer.text
        run = await desk.chat.seen(answer.run_id or "")
        assert run.lookups[0]["lexical_only"] is True


async def test_the_preview_shows_the_answer_without_its_dress(desk: Desk) -> None:
    await answer_to(desk, DOUBLE)
    (thread,) = (await desk.chat.threads()).threads
    assert thread.preview.startswith("Full-time employees accrue ten (10) days")


def test_a_title_is_cut_between_words() -> None:
    assert title_of("When  are salaries\npaid?") == "When are salaries paid?"
    assert title_of("word " * 40).endswith("word…")
    assert len(title_of("word " * 40)) <= 60
