"""Synonyms on the library page, used as a user does."""

from dataclasses import dataclass, replace
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QFileDialog, QLineEdit

from hrdesk.core.errors import HrdeskError
from hrdesk.core.evaluations import Question
from hrdesk.core.synonyms import Synonym
from hrdesk.ui.library.pane import SYNONYMS
from tests.ui.fakes import FakeLibrary, Faulty, make_file
from tests.ui.library.bed import Testbed

PTO = Synonym("PTO", "annual leave", "s1")
WFH = Synonym("WFH", "remote work", "s2")


@dataclass(frozen=True)
class Came:
    added: int
    left_out: int


class FakeSynonyms(Faulty):
    """Synonyms in memory."""

    def __init__(self) -> None:
        super().__init__()
        self.kept = {one.id: one for one in (PTO, WFH)}
        self.removed: dict[str, Synonym] = {}
        self.came = Came(3, 1)

    async def synonyms(self) -> list[Synonym]:
        return list(self.kept.values())

    async def add(self, term: str, meaning: str) -> Synonym:
        self._call("add", term, meaning)
        made = Synonym(term, meaning, f"s{len(self.kept) + len(self.removed) + 1}")
        self.kept[made.id] = made
        return made

    async def change(self, synonym: Synonym) -> Synonym:
        self._call("change", synonym.term)
        self.kept[synonym.id] = synonym
        return synonym

    async def remove(self, synonym_id: str) -> None:
        self.removed[synonym_id] = self.kept.pop(synonym_id)

    async def restore(self, synonym_id: str) -> None:
        self.kept[synonym_id] = self.removed.pop(synonym_id)

    async def import_csv(self, path: Path) -> Came:
        self._call("import", path.name)
        return self.came

    async def export_csv(self, path: Path) -> int:
        self._call("export", path.name)
        return len(self.kept)


@pytest.fixture
def service() -> FakeSynonyms:
    return FakeSynonyms()


@pytest.fixture
def bed(qloop, qtbot, service) -> Testbed:
    bed = Testbed(qtbot, FakeLibrary([make_file("leave.pdf", title="Leave", document_id="document_1")]))
    bed.pane.attach(bed.library, None, service)
    bed.pane._views.setCurrentIndex(SYNONYMS)
    bed.settle()
    return bed


def cells(bed: Testbed) -> list[tuple[str, str]]:
    model = bed.pane.synonyms.model
    return [(model.index(row, 0).data(), model.index(row, 1).data()) for row in range(model.rowCount())]


def test_synonyms_are_listed_in_a_view_of_their_own(bed, qtmodeltester):
    assert bed.pane.synonyms.isVisible() and bed.pane.synonyms.table.isVisible()
    assert cells(bed) == [("PTO", "annual leave"), ("WFH", "remote work")]
    assert not bed.pane._views.isTabVisible(1)  # there are no golden questions here
    qtmodeltester.check(bed.pane.synonyms.model)


def test_one_is_added_with_the_keyboard_and_taken_back(bed, service):
    bed.press("Add synonym")
    assert bed.named(QLineEdit, "Word or phrase").hasFocus()
    bed.named(QLineEdit, "Word or phrase").setText("LOA")
    bed.enter("Means the same as", "leave of absence")
    assert service.kept["s3"] == Synonym("LOA", "leave of absence", "s3")
    assert not bed.pane.synonyms.form.isVisible()
    assert bed.notice.text == "“LOA” and “leave of absence” are searched together."
    bed.undo()
    assert list(service.kept) == ["s1", "s2"]


def test_a_second_meaning_is_said(bed):
    bed.press("Add synonym")
    bed.named(QLineEdit, "Word or phrase").setText("PTO")
    bed.enter("Means the same as", "vacation")
    assert bed.notice.advice == "“PTO” also means “annual leave”; all are searched."


def test_one_is_edited_from_the_table_and_changed_back(bed, service):
    bed.pane.synonyms.table.selectRow(0)
    bed.pane.synonyms.table.setFocus()
    bed.qtbot.keyClick(bed.pane.synonyms.table, Qt.Key.Key_Return)
    assert bed.named(QLineEdit, "Word or phrase").text() == "PTO"
    bed.enter("Means the same as", "vacation")
    assert service.kept["s1"] == replace(PTO, meaning="vacation")
    bed.undo()
    assert service.kept["s1"] == PTO


def test_what_is_refused_stays_in_the_form_with_its_sentence(bed, service):
    service.troubles["add"] = HrdeskError("“it” is too common: nearly every question has it.")
    bed.press("Add synonym")
    bed.named(QLineEdit, "Word or phrase").setText("it")
    bed.press("Save synonym")
    assert [str(error) for error in bed.reports.errors] == [
        "“it” is too common: nearly every question has it."
    ]
    assert bed.named(QLineEdit, "Word or phrase").text() == "it"


def test_escape_leaves_the_form_and_not_the_page(bed):
    left = []
    QShortcut(QKeySequence("Esc"), bed.pane).activated.connect(lambda: left.append("page"))
    bed.press("Add synonym")
    bed.qtbot.keyClick(bed.named(QLineEdit, "Word or phrase"), Qt.Key.Key_Escape)
    assert not bed.pane.synonyms.form.isVisible() and left == []


def test_several_are_removed_with_delete_and_come_back(bed, service):
    bed.pane.synonyms.table.selectAll()
    assert not bed.pane.synonyms.edit.isEnabled()
    bed.pane.synonyms.table.setFocus()
    bed.qtbot.keyClick(bed.pane.synonyms.table, Qt.Key.Key_Delete)
    bed.settle()
    assert service.kept == {} and bed.notice.text == "2 synonyms were removed."
    assert not bed.pane.synonyms.table.isVisible()  # only the sentence what they are for
    bed.undo()
    assert set(service.kept) == {"s1", "s2"}


def test_tables_come_in_and_go_out_without_blocking(bed, service):
    bed.press("Import synonyms")
    [dialog] = bed.pane.synonyms.findChildren(QFileDialog)
    dialog.filesSelected.emit(["/x/words.csv"])
    dialog.close()
    bed.settle()
    assert bed.notice.text == "3 new synonyms were imported from words.csv."
    assert bed.notice.advice == "Left out: 1, kept already or of no use to the search."
    bed.pane.presenter.synonyms.export_file(Path("/x/out.csv"))
    bed.settle()
    assert bed.notice.text == "2 synonyms written to out.csv."


def test_golden_questions_are_asked_again_after_a_change(bed):
    questions = bed.pane.presenter.questions
    questions.questions = [Question("How many days?", False, (), {}, "q1")]
    bed.pane.synonyms.table.selectRow(0)
    bed.press("Remove synonyms")
    assert questions._quiet.isActive()
    questions.stop()
