"""Golden questions and the runs over them, kept in the library."""

from dataclasses import replace

import pytest

from hrdesk.core.errors import NotFound
from hrdesk.store import questions as module
from hrdesk.store.database import Database
from hrdesk.store.questions import QuestionStore, record
from tests.store.samples import evaluation, question


@pytest.fixture
def questions(database: Database) -> QuestionStore:
    return QuestionStore(database)


def test_questions_come_back_as_they_were_written(questions: QuestionStore):
    given = [question(1), question(2, answerable=False, gold=(), fields={"tags": ["typo"]})]
    questions.put(given)
    kept = questions.questions()
    assert [(one.id, one.question, one.answerable, one.gold) for one in kept] == [
        (one.id, one.question, one.answerable, one.gold) for one in given
    ]
    assert kept[1].fields["tags"] == ["typo"]
    assert record(kept[1]) == {
        "tags": ["typo"],
        "question": "How many days of leave 2?",
        "answerable": False,
        "gold": [],
    }


def test_a_question_is_changed_in_place_and_removing_can_be_undone(questions: QuestionStore):
    questions.put([question(1), question(2)])
    questions.put([replace(question(1), question="And sick leave?")])
    assert [one.question for one in questions.questions()] == ["And sick leave?", "How many days of leave 2?"]
    questions.remove("q_1")
    assert [one.id for one in questions.questions()] == ["q_2"]
    questions.remove("q_1", removed=False)
    assert [one.id for one in questions.questions()] == ["q_1", "q_2"]
    with pytest.raises(NotFound):
        questions.remove("q_9")


def test_runs_are_kept_in_order_and_the_oldest_go(questions: QuestionStore, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(module, "KEPT_RUNS", 3)
    for number in range(5):
        questions.add_evaluation(evaluation(number, rank=number or None))
    kept = questions.evaluations()
    assert kept == [evaluation(number, rank=number) for number in (2, 3, 4)]
