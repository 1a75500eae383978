"""Changing the categories themselves, beside the field in which one is chosen."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLineEdit

from hrdesk.core.categories import Category, Recategorised
from hrdesk.core.errors import HrdeskError
from tests.ui.fakes import FakeLibrary, Faulty, make_file
from tests.ui.library.bed import Testbed


class FakeCategories(Faulty):
    """Categories of a fake library."""

    def __init__(self, library: FakeLibrary) -> None:
        super().__init__()
        self.library = library

    async def categories(self) -> list[Category]:
        used = [file.category for file in self.library.kept.values()]
        return [Category(name, used.count(name)) for name in self.library.kinds]

    async def rename(self, old: str, new: str) -> Recategorised:
        self._call("rename", old, new)
        return self._file(old, new.lower())

    async def remove(self, name: str) -> Recategorised:
        self._call("remove", name)
        return self._file(name, None)

    async def undo(self, change: Recategorised) -> None:
        self._call("undo", change.old)
        for document_id in change.documents:
            await self.library.set_category(document_id, change.old)
        self.library.kinds = [*self.library.kinds, change.old]

    def _file(self, old: str, new: str | None) -> Recategorised:
        rows = [file for file in self.library.kept.values() if file.category == old]
        for row in rows:
            self.library._keep(type(row)(**{n: getattr(row, n) for n in row.__slots__} | {"category": new}))
        merged = new in self.library.kinds
        self.library.kinds = [name for name in self.library.kinds if name != old]
        self.library.kinds += [new] if new and not merged else []
        return Recategorised(old, new, tuple(str(row.document_id) for row in rows), (), {}, merged)


@pytest.fixture
def library() -> FakeLibrary:
    return FakeLibrary(
        [
            make_file("a.pdf", title="Leave A", document_id="d1", category="leave"),
            make_file("b.pdf", title="Leave B", document_id="d2", category="leave"),
        ]
    )


@pytest.fixture
def service(library) -> FakeCategories:
    return FakeCategories(library)


@pytest.fixture
def bed(qloop, qtbot, library, service) -> Testbed:
    bed = Testbed(qtbot, library)
    bed.pane.attach(library, categories=service)
    bed.settle()
    bed.select("Leave A")
    return bed


def filed(bed: Testbed) -> list[str | None]:
    return [file.category for file in bed.library.kept.values()]


def test_a_category_is_renamed_for_all_its_policies_and_back(bed):
    bed.press("Edit categories")
    card = bed.pane.details.categories
    assert card.category.currentText() == "Leave · 2 policies"
    bed.enter("New name", "Time off")
    assert filed(bed) == ["time off", "time off"]
    assert bed.notice.text == "“leave” is now called “time off”."
    assert bed.notice.advice == "2 policies followed."
    assert bed.pane.details.category.names.currentText() == "Time off"
    assert card.category.currentData() == "time off" and card.category.findData("leave") < 0
    bed.undo()
    assert filed(bed) == ["leave", "leave"] and card.category.currentData() == "leave"


def test_the_name_of_another_one_joins_both_and_it_is_said(bed):
    bed.press("Edit categories")
    bed.enter("New name", "Conduct")
    assert bed.notice.text == "“leave” and “conduct” are one category now."


def test_a_category_is_removed_and_comes_back(bed):
    bed.press("Edit categories")
    bed.press("Remove category")
    assert filed(bed) == [None, None]
    assert bed.notice.text == "The category “leave” was removed."
    assert bed.notice.advice == "2 policies have no category now."
    assert bed.pane.details.category.names.currentText() == "No category"
    bed.undo()
    assert filed(bed) == ["leave", "leave"]


def test_a_refused_name_stays_with_its_sentence(bed, service):
    service.troubles["rename"] = HrdeskError("A category needs a name.")
    bed.press("Edit categories")
    bed.enter("New name", "")
    assert [str(error) for error in bed.reports.errors] == ["A category needs a name."]


def test_the_card_is_left_with_done_escape_or_the_same_button(bed):
    card = bed.pane.details.categories
    for leave in (
        lambda: bed.press("Done with categories"),
        lambda: bed.qtbot.keyClick(bed.named(QLineEdit, "New name"), Qt.Key.Key_Escape),
        lambda: bed.press("Edit categories"),
    ):
        bed.press("Edit categories")
        assert card.isVisible() and card.name.hasFocus()
        leave()
        assert not card.isVisible()
