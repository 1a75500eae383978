"""The table of files and its filter."""

from datetime import date

import pytest
from PySide6.QtCore import Qt

from hrdesk.core.documents import FileState
from hrdesk.ui.library.model import HEADS, IN_FORCE, PAGES, LibraryFilter, LibraryModel, Show
from tests.ui.fakes import make_file

FILES = [
    make_file("b.pdf", title="Benefits", pages=9, effective_from=date(2026, 1, 2)),
    make_file("a.pdf", title="Absence", pages=12, effective_from=date(2025, 12, 24)),
    make_file("scan.pdf", FileState.NO_TEXT, message="This is a scan."),
]


@pytest.fixture
def model(qapp) -> LibraryModel:
    made = LibraryModel()
    made.show(FILES)
    return made


def test_qt_finds_nothing_wrong(model, qtmodeltester):
    qtmodeltester.check(model)
    proxy = LibraryFilter()
    proxy.setSourceModel(model)
    qtmodeltester.check(proxy)


def test_the_heads_name_the_columns(model):
    heads = [model.headerData(at, Qt.Orientation.Horizontal) for at in range(model.columnCount())]
    assert tuple(heads) == HEADS


def test_a_row_is_shown_in_words(model):
    assert [model.index(0, column).data() for column in range(5)] == [
        "Benefits",
        "",
        "since 2 Jan 2026",
        "9",
        "Ready",
    ]


def test_a_version_that_was_replaced_tells_its_last_day(model):
    model.put(make_file("b.pdf", effective_from=date(2025, 1, 1), effective_to=date(2026, 1, 1)))
    assert model.index(0, IN_FORCE).data() == "until 31 Dec 2025"


def test_screen_readers_hear_title_state_and_reason(model):
    spoken = model.index(2, 0).data(Qt.ItemDataRole.AccessibleTextRole)
    assert spoken == "scan.pdf. No text. This is a scan."


def test_a_changed_file_changes_its_row_alone(model, qtbot):
    with qtbot.waitSignal(model.dataChanged) as changed:
        model.put(make_file("scan.pdf", FileState.READING))
    assert changed.args[0].row() == changed.args[1].row() == 2
    with qtbot.assertNotEmitted(model.dataChanged):
        model.put(make_file("scan.pdf", FileState.READING))


def test_a_new_file_comes_first_and_a_removed_one_goes(model):
    model.put(make_file("new.pdf"))
    assert model.files[0].file == "new.pdf"
    model.take("file_new.pdf")
    model.take("file_unknown.pdf")
    assert model.files == FILES


def test_the_filter_lists_one_kind(model):
    proxy = LibraryFilter()
    proxy.setSourceModel(model)
    shown = {}
    for what in Show:
        proxy.show(what)
        shown[what] = proxy.rowCount()
    assert shown == {Show.ALL: 3, Show.READY: 2, Show.ATTENTION: 1}


@pytest.mark.parametrize("column", [0, PAGES, IN_FORCE])
def test_sorting_goes_by_value_and_not_by_letters(model, column):
    proxy = LibraryFilter()
    proxy.setSourceModel(model)
    proxy.show(Show.READY)
    proxy.sort(column)
    titles = [proxy.index(row, 0).data() for row in range(2)]
    assert titles == (["Benefits", "Absence"] if column == PAGES else ["Absence", "Benefits"])
