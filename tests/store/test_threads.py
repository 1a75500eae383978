from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hrdesk.core.citations import Citation, CitationState
from hrdesk.core.documents import Outcome, Span
from hrdesk.core.errors import NotFound, StoreUnavailable
from hrdesk.core.threads import MessageStatus, Role, Thread
from hrdesk.store.database import Database
from hrdesk.store.records import RecordStore
from hrdesk.store.runs import RunStore
from hrdesk.store.threads import ThreadStore
from tests.store.samples import message, run


def titles(threads: ThreadStore, search: str = "") -> list[str]:
    return [thread.title for thread in threads.threads(search).threads]


def test_a_new_thread_is_on_top_of_the_list(threads: ThreadStore):
    threads.create("First")
    threads.create("Second")
    assert titles(threads) == ["Second", "First"]


def test_a_thread_comes_back_as_it_was_made(threads: ThreadStore):
    thread = threads.create("Carry-over of leave")
    assert threads.get(thread.id) == thread


def test_pinned_threads_come_first(threads: ThreadStore):
    first = threads.create("First")
    threads.create("Second")
    assert threads.set_pinned(first.id, True).pinned
    assert titles(threads) == ["First", "Second"]
    threads.set_pinned(first.id, False)
    assert titles(threads) == ["Second", "First"]


def test_a_message_moves_its_thread_to_the_top(threads: ThreadStore):
    first = threads.create("First")
    threads.create("Second")
    threads.add_message(message(first.id, 1))
    assert titles(threads) == ["First", "Second"]
    assert threads.get(first.id).messages == 1


def test_renaming_keeps_the_place_in_the_list(threads: ThreadStore):
    first = threads.create("First")
    threads.create("Second")
    assert threads.rename(first.id, "Erste").title == "Erste"
    assert titles(threads) == ["Second", "Erste"]


def test_touching_notes_preview_and_outcome(threads: ThreadStore):
    thread = threads.create("First")
    threads.touch(thread.id, "Ten days", Outcome.ANSWERED)
    found = threads.get(thread.id)
    assert (found.preview, found.outcome) == ("Ten days", Outcome.ANSWERED)
    assert found.updated_at >= thread.updated_at


def test_the_order_does_not_depend_on_the_clock(threads: ThreadStore, database: Database):
    first, second = threads.create("First"), threads.create("Second")
    with database.transaction():
        database.execute("UPDATE threads SET updated_at = '2040-01-01' WHERE id = ?", [first.id])
        database.execute("UPDATE threads SET updated_at = '1970-01-01' WHERE id = ?", [second.id])
    rows = database.rows("SELECT id FROM threads ORDER BY pinned DESC, seq DESC")
    assert [row["id"] for row in rows] == [second.id, first.id]


def test_search_finds_beginnings_of_words_in_titles_and_texts(threads: ThreadStore):
    one, two = threads.create("Sick leave"), threads.create("Travel")
    threads.add_message(message(two.id, 1, "What about a doctor's note for Müller?"))
    assert titles(threads, "sic") == ["Sick leave"]
    assert titles(threads, "doct muller") == ["Travel"]
    assert titles(threads, "doctor sick") == []
    threads.add_message(message(one.id, 2, "The doctor"))
    assert titles(threads, "doctor sick") == ["Sick leave"]


def test_search_follows_changes(threads: ThreadStore):
    thread = threads.create("Sick leave")
    threads.add_message(message(thread.id, 1, "alpha"))
    threads.update_message(message(thread.id, 1, "beta"))
    threads.rename(thread.id, "Travel")
    assert titles(threads, "alpha") == titles(threads, "sick") == []
    assert titles(threads, "beta") == titles(threads, "travel") == ["Travel"]


def test_the_page_counts_what_the_filter_hides(threads: ThreadStore):
    for title in ("Sick leave", "Parental leave", "Travel"):
        threads.create(title)
    page = threads.threads("leave", limit=1)
    assert (len(page.threads), page.total, page.hidden) == (1, 2, 1)


@given(st.text(max_size=40))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60)
def test_no_search_text_is_query_syntax(threads: ThreadStore, search: str):
    threads.threads(search)


def test_pages_of_the_list_follow_each_other(threads: ThreadStore):
    made = [threads.create(str(number)) for number in range(7)]
    threads.set_pinned(made[3].id, True)
    found: list[Thread] = []
    while page := threads.threads(limit=2, after=found[-1] if found else None).threads:
        found += page
    assert [thread.title for thread in found] == ["3", "6", "5", "4", "2", "1", "0"]
    assert [thread.title for thread in threads.threads(limit=2, after=made[5].id).threads] == ["4", "2"]


def test_archived_threads_are_hidden_unless_asked_for(threads: ThreadStore):
    thread = threads.create("Old")
    threads.set_archived(thread.id, True)
    assert threads.threads() == replace(threads.threads(), threads=[], total=0, hidden=1)
    assert [one.title for one in threads.threads(archived=True).threads] == ["Old"]


def test_deleting_can_be_undone(threads: ThreadStore):
    first = threads.create("First")
    threads.create("Second")
    threads.add_message(message(first.id, 1))
    threads.delete(first.id)
    assert titles(threads) == ["Second"] and threads.threads("first").total == 0
    assert [thread.id for thread in threads.deleted()] == [first.id]
    with pytest.raises(NotFound):
        threads.get(first.id)
    assert threads.undelete(first.id).title == "First"
    assert titles(threads) == ["First", "Second"]
    assert len(threads.messages(first.id)) == 1


def test_purging_removes_all_but_the_sealed_record(
    threads: ThreadStore, runs: RunStore, records: RecordStore
):
    thread = threads.create("First")
    threads.add_message(message(thread.id, 1, "unmistakable"))
    threads.set_draft(thread.id, "a draft")
    runs.create(run(thread.id))
    records.seal(thread.id, "run_1", {"answer": "x"})
    threads.purge(thread.id)
    assert titles(threads, "unmistakable") == [] and threads.deleted() == []
    assert runs.for_thread(thread.id) == [] and threads.draft(thread.id) == ""
    assert records.verify().faults == [] == records.check_rows()
    assert records.for_run("run_1") is not None


def test_messages_keep_the_order_in_which_they_were_added(threads: ThreadStore):
    thread = threads.create("First")
    for number in (3, 1, 2):
        threads.add_message(message(thread.id, number))
    assert [one.id for one in threads.messages(thread.id)] == ["msg_3", "msg_1", "msg_2"]


def test_an_answer_comes_back_with_its_citations(threads: ThreadStore):
    thread = threads.create("First")
    citation = Citation(
        1, "p1", "doc_1", "Leave policy", "ab" * 32, "leave.pdf", 3, "Leave", "Ten days.", "Ten days. More.",
        CitationState.VERIFIED, (Span(3, 10, 19), Span(4, 0, 5)),
    )  # fmt: skip
    answer = replace(
        message(thread.id, 1, "Ten days [1]", Role.ASSISTANT),
        run_id="run_1",
        outcome=Outcome.ANSWERED,
        citations=(citation,),
        status=MessageStatus.INCOMPLETE,
        note="You stopped this answer.",
    )
    threads.add_message(answer)
    assert threads.messages(thread.id) == [answer]
    assert threads.message(answer.id) == answer


def test_adding_the_same_message_again_leaves_one_in_its_place(threads: ThreadStore):
    thread = threads.create("First")
    for number in (1, 2):
        threads.add_message(message(thread.id, number))
    threads.add_message(message(thread.id, 1, "changed"))
    assert [one.text for one in threads.messages(thread.id)] == ["changed", "How many days?"]
    assert threads.get(thread.id).messages == 2


def test_updating_a_message_that_was_never_added_is_refused(threads: ThreadStore):
    thread = threads.create("First")
    with pytest.raises(NotFound):
        threads.update_message(message(thread.id, 1))


def test_a_message_for_an_unknown_thread_is_refused_whole(threads: ThreadStore, database: Database):
    with pytest.raises(NotFound):
        threads.add_message(message("thread_x", 1))
    assert database.value("SELECT count(*) FROM messages") == 0


def test_any_text_can_be_kept(threads: ThreadStore):
    thread = threads.create("\ud83d title \0")
    threads.add_message(message(thread.id, 1, "a\0b\udfff😀"))
    assert threads.messages(thread.id)[0].text == "a\0b\ufffd😀"
    assert threads.get(thread.id).title == "\ufffd title \0"


def test_drafts_are_kept_for_each_thread_and_for_the_next_one(threads: ThreadStore):
    thread = threads.create("First")
    threads.set_draft(thread.id, "half a ques")
    threads.set_draft(None, "a new one")
    assert (threads.draft(thread.id), threads.draft(None)) == ("half a ques", "a new one")
    threads.set_draft(thread.id, "")
    assert threads.draft(thread.id) == ""


def test_unknown_threads_are_not_found(threads: ThreadStore):
    for call in (threads.get, threads.messages, threads.delete, threads.purge, threads.undelete):
        with pytest.raises(NotFound):
            call("thread_x")


def test_a_message_that_makes_no_sense_is_named_damaged(threads: ThreadStore, database: Database):
    thread = threads.create("First")
    threads.add_message(message(thread.id, 1))
    with database.transaction():
        database.execute("UPDATE messages SET body = '{'")
    with pytest.raises(StoreUnavailable, match="damaged"):
        threads.messages(thread.id)
