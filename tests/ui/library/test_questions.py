"""Golden questions on the library page, used as a user does."""

import asyncio
from collections.abc import Callable, Sequence
from datetime import timedelta
from pathlib import Path

import pytest
from PySide6.QtWidgets import QFileDialog, QLabel, QLineEdit

from hrdesk.core.errors import HrdeskError
from hrdesk.core.evaluations import Evaluation, Found, Gold, Question
from hrdesk.ui.library.plot import described
from hrdesk.ui.library.questions import WHY
from hrdesk.ui.library.questions_model import result
from tests.ui.fakes import NOW, FakeLibrary, Faulty, make_file
from tests.ui.library.bed import Testbed

ASKED = Question("How many days?", True, (Gold("leave.pdf", "Ten days"),), {}, "q1")
SILENT = Question("What does lunch cost?", False, (), {}, "q2")


def found(question: Question, rank: int | None = None, outcome: str = "answered") -> Found:
    return Found(question.id, question.question, question.answerable, rank, outcome, 0.7)


def run(number: int, *results: Found, recall: float = 1.0) -> Evaluation:
    figures = {"questions": 2, "recall@5": recall, "ndcg@10": 0.8, "auroc": None, "p50_ms": 31.2}
    return Evaluation(f"run_{number}", NOW + timedelta(days=number), figures, results)


class FakeEvaluations(Faulty):
    """Golden questions in memory; a run waits for `gate` where there is one."""

    def __init__(self) -> None:
        super().__init__()
        self.kept = {question.id: question for question in (ASKED, SILENT)}
        self.removed: dict[str, Question] = {}
        self.runs: list[Evaluation] = []
        self.gate: asyncio.Event | None = None
        self.rank: int | None = 1
        self.behind = False

    async def questions(self) -> list[Question]:
        return list(self.kept.values())

    async def evaluations(self) -> list[Evaluation]:
        return list(self.runs)

    async def is_behind(self) -> bool:
        return self.behind

    async def add(self, question: str, gold: Sequence[Gold], *, answerable: bool = True) -> Question:
        self._call("add", question, answerable)
        made = Question(question, answerable, tuple(gold), {}, f"q{len(self.kept) + 1}")
        self.kept[made.id] = made
        return made

    async def remove(self, question_id: str) -> None:
        self.removed[question_id] = self.kept.pop(question_id)

    async def restore(self, question_id: str) -> None:
        self.kept[question_id] = self.removed.pop(question_id)

    async def import_questions(self, path: Path) -> int:
        self._call("import", path.name)
        return 2

    async def export_questions(self, path: Path) -> int:
        self._call("export", path.name)
        return 2

    async def run(self, progress: Callable[[int, int], None]) -> Evaluation | None:
        self._call("run")
        progress(0, 2)
        if self.gate is not None:
            await self.gate.wait()
        self.runs.append(run(len(self.runs), found(ASKED, self.rank), found(SILENT, outcome="not_found")))
        return self.runs[-1]


@pytest.fixture
def service() -> FakeEvaluations:
    return FakeEvaluations()


@pytest.fixture
def bed(qloop, qtbot, service) -> Testbed:
    files = [make_file("leave.pdf", title="Leave", document_id="document_1")]
    bed = Testbed(qtbot, FakeLibrary(files))
    bed.pane.presenter.questions._quiet.setInterval(0)
    bed.pane.presenter.questions.attach(service)
    bed.pane._views.show()
    bed.pane._views.setCurrentIndex(1)
    bed.settle()
    return bed


def cells(bed: Testbed) -> list[tuple[str, str, str]]:
    model = bed.pane.questions.model
    return [tuple(model.index(row, column).data() for column in range(3)) for row in range(model.rowCount())]


def test_questions_are_listed_with_what_is_expected(bed, qtmodeltester):
    assert cells(bed) == [
        ("How many days?", "leave.pdf", "Not asked yet"),
        ("What does lunch cost?", "Not in the policies", "Not asked yet"),
    ]
    assert bed.pane.questions.state.text() == WHY and not bed.pane.questions.plot.isVisible()
    qtmodeltester.check(bed.pane.questions.model)


def test_a_run_shows_figures_results_and_what_changed(bed, service):
    bed.press("Run now")
    assert [cell[2] for cell in cells(bed)] == ["Found in place 1", "Refused, as it should be"]
    names = {label.accessibleName() for label in bed.pane.questions.figures.findChildren(QLabel)}
    assert {
        "Found in the first five: 100%",
        "nDCG@10: 0.80",
        "Abstention (AUROC): –",
        "Median time: 31 ms",
    } <= names
    service.rank = None
    bed.press("Run now")
    assert cells(bed)[0][2] == "Not found (was: found in place 1)"
    assert bed.pane.questions.state.text() == "Since the run before: 1 worse."
    assert bed.pane.questions.plot.accessibleDescription().count("Recall@5") == 2
    assert not bed.pane.questions.plot.grab().isNull()


def test_a_run_says_where_it_is_and_can_be_stopped(bed, service, qtbot):
    service.gate = asyncio.Event()
    bed.pane.questions.run.click()
    qtbot.waitUntil(lambda: bed.pane.questions.state.text() == "Asking question 1 of 2…")
    bed.press("Stop run")
    assert service.runs == [] and bed.pane.questions.run.isVisible()


def test_questions_run_by_themselves_after_the_library_changed(bed, service, qtbot):
    bed.pane.presenter.add([Path("/x/travel.pdf")])
    qtbot.waitUntil(lambda: len(service.runs) == 1)
    bed.settle()


def test_many_changes_make_one_run(bed, service, qtbot):
    questions = bed.pane.presenter.questions
    for _ in range(5):
        questions.library_changed()
    qtbot.waitUntil(lambda: len(service.runs) == 1)
    bed.settle()
    assert service.calls.count(("run",)) == 1 and not questions._quiet.isActive()


def test_a_question_is_added_and_taken_back(bed, service):
    bed.press("Add question")
    bed.named(QLineEdit, "Question").setText("May I work from home?")
    bed.named(QLineEdit, "Quote that answers (optional)").setText("three days a week")
    bed.press("Add this question")
    made = service.kept["q3"]
    assert (made.question, made.gold) == ("May I work from home?", (Gold("leave.pdf", "three days a week"),))
    assert not bed.pane.questions.form.isVisible()
    bed.undo()
    assert "q3" not in service.kept


def test_a_question_that_the_policies_do_not_answer_needs_no_document(bed, service):
    bed.press("Add question")
    bed.named(QLineEdit, "Question").setText("Who won?")
    bed.pane.questions.form.unanswerable.setChecked(True)
    assert not bed.pane.questions.form.document.isEnabled()
    bed.press("Add this question")
    assert service.kept["q3"].answerable is False


def test_what_was_entered_stays_when_it_is_refused(bed, service):
    service.troubles["add"] = HrdeskError("Write a question first.")
    bed.press("Add question")
    bed.press("Add this question")
    assert [str(error) for error in bed.reports.errors] == ["Write a question first."]
    assert bed.pane.questions.form.isVisible()


def test_removed_questions_come_back_by_undo(bed, service):
    bed.pane.questions.table.selectRow(0)
    bed.press("Remove questions")
    assert list(service.kept) == ["q2"] and bed.notice.text == "1 question was removed."
    bed.undo()
    assert set(service.kept) == {"q1", "q2"}


def test_files_are_chosen_without_blocking(bed, service, themed):
    bed.press("Import questions")
    [dialog] = bed.pane.questions.findChildren(QFileDialog)
    dialog.filesSelected.emit(["/x/questions.jsonl"])
    dialog.close()
    bed.settle()
    assert bed.notice.text == "2 new questions were imported from questions.jsonl."
    bed.pane.presenter.questions.stop()
    bed.pane.presenter.questions.export_file(Path("/x/out.jsonl"))
    bed.settle()
    assert bed.notice.text == "2 questions written to out.jsonl."


def test_results_are_said_in_words():
    assert result(found(ASKED, 7), found(ASKED, 2)).words == "Found in place 7 (was: found in place 2)"
    assert result(found(ASKED, 7), None).is_good is False
    assert result(found(SILENT), None).words == "Answered, but should not be"
    assert result(found(SILENT, outcome="closest"), None).is_good


def test_a_run_is_described_in_words():
    assert described(run(0)) == "25 Nov 2026: Recall@5 1.00, nDCG@10 0.80"


def test_a_library_that_changed_meanwhile_is_asked_anew(qloop, qtbot, service):
    service.behind = True
    bed = Testbed(qtbot, FakeLibrary([]))
    bed.pane.presenter.questions._quiet.setInterval(0)
    bed.pane.presenter.questions.attach(service)
    qtbot.waitUntil(lambda: len(service.runs) == 1)
