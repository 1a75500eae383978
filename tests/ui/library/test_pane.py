"""The library page, used as a user does."""

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFileDialog, QPushButton

from hrdesk.core.documents import FileState
from hrdesk.core.errors import HrdeskError
from hrdesk.ui.library.words import Counts
from tests.ui.fakes import FakeLibrary, make_file
from tests.ui.library.bed import Testbed

FILES = [
    make_file("handbook.pdf", title="Handbook", document_id="document_1", category="conduct"),
    make_file("leave.docx", title="Leave policy", document_id="document_2"),
    make_file("scan.pdf", FileState.NO_TEXT, message="This is a scan."),
]


@pytest.fixture
def bed(qloop, qtbot) -> Testbed:
    return Testbed(qtbot, FakeLibrary(FILES))


def test_files_are_listed_with_their_states_and_counted(bed):
    assert bed.rows() == [("Handbook", "Ready"), ("Leave policy", "Ready"), ("scan.pdf", "No text")]
    assert bed.pane.summary.text() == "3 files · 2 ready to be asked · 1 needs attention"


def test_names_for_screen_readers(bed):
    assert bed.pane.accessibleName() == "Library"
    assert bed.pane.table.accessibleName() == "Documents"
    names = {button.accessibleName() for button in bed.pane.findChildren(QPushButton)}
    assert {
        "Add files",
        "Add folder",
        "Retry",
        "Remove",
        "Pause import",
        "Cancel import",
        "Enter password",
    } <= names


def test_an_empty_library_invites_to_drop_files(qloop, qtbot):
    bed = Testbed(qtbot, FakeLibrary())
    assert bed.pane._empty.isVisible() and not bed.pane.table.isVisible()
    bed.pane.presenter.add([Path("/x/travel.pdf")])
    bed.settle()
    assert bed.pane.table.isVisible()


def test_added_files_go_through_their_states_to_an_end(bed, qtbot):
    bed.library.ends["broken.pdf"] = FileState.DAMAGED
    with qtbot.waitSignal(bed.pane.presenter.imports.ended) as ended:
        bed.pane.presenter.add([Path("/x/travel-policy.pdf"), Path("/x/broken.pdf")])
    assert ended.args == [Counts(files=2, ready=1, waiting=0, attention=1)]
    assert bed.rows()[:2] == [("Broken", "Damaged"), ("Travel policy", "Ready")]
    assert not bed.pane._progress.isVisible()


def test_files_left_waiting_by_an_earlier_start_go_on_by_themselves(qloop, qtbot):
    bed = Testbed(qtbot, FakeLibrary([make_file("late.pdf", FileState.QUEUED)]))
    assert bed.rows() == [("Late", "Ready")]


def test_a_selected_file_tells_what_happened_and_can_be_tried_again(bed):
    bed.select("scan.pdf")
    assert bed.pane.details._message.text() == "This is a scan."
    assert bed.pane.details.retry.isVisible()
    bed.press("Retry")
    assert bed.rows()[2] == ("Scan", "Ready")
    assert not bed.pane.details.retry.isVisible()


def test_removed_files_come_back_by_undo(bed):
    bed.select("Handbook", "scan.pdf")
    bed.press("Remove")
    assert bed.rows() == [("Leave policy", "Ready")]
    assert bed.notice.text == "2 files were removed from the library."
    bed.notice.action.run()
    bed.settle()
    assert len(bed.rows()) == 3


def test_the_delete_key_removes(bed):
    bed.select("Handbook")
    bed.qtbot.keyClick(bed.pane.table, Qt.Key.Key_Delete)
    bed.settle()
    assert bed.library.removed.keys() == {"file_handbook.pdf"}


def test_a_category_is_chosen_or_typed_for_all_that_are_selected(bed):
    bed.select("Handbook", "Leave policy")
    field = bed.pane.details.category.names
    field.setEditText("Working time")
    bed.qtbot.keyClick(field.lineEdit(), Qt.Key.Key_Return)
    bed.settle()
    assert {file.category for file in bed.library.kept.values() if file.document_id} == {"working time"}
    bed.undo()
    assert [bed.library.kept[f"file_{name}"].category for name in ("handbook.pdf", "leave.docx")] == [
        "conduct",
        None,
    ]


def test_no_category_can_be_chosen(bed):
    bed.select("Handbook")
    assert bed.pane.details.category.names.currentText() == "Conduct"
    bed.pane.details.category.names.textActivated.emit("No category")
    bed.settle()
    assert bed.library.kept["file_handbook.pdf"].category is None


def test_the_list_can_show_only_what_needs_attention(bed):
    bed.qtbot.mouseClick(
        next(b for b in bed.pane.findChildren(QPushButton) if b.text().startswith("Needs attention")),
        Qt.MouseButton.LeftButton,
    )
    assert bed.rows() == [("scan.pdf", "No text")]


def test_choosing_files_opens_a_dialog_that_does_not_block(bed, themed):
    themed.setAttribute(Qt.ApplicationAttribute.AA_DontUseNativeDialogs)
    bed.press("Add files")
    [dialog] = bed.pane.findChildren(QFileDialog)
    assert dialog.fileMode() == QFileDialog.FileMode.ExistingFiles
    dialog.filesSelected.emit(["/x/from-dialog.pdf"])
    dialog.close()
    bed.settle()
    assert ("From dialog", "Ready") in bed.rows()


def test_columns_grow_with_the_text(bed, themed):
    from hrdesk.ui import theme

    before = bed.pane.table.columnWidth(2), bed.pane.table.rowHeight(0)
    theme.apply(themed, "light", text_scale=1.5)
    after = bed.pane.table.columnWidth(2), bed.pane.table.rowHeight(0)
    assert after[0] == round(before[0] * 1.5) and after[1] > before[1]


def test_a_trouble_is_reported_and_the_page_stays_usable(bed):
    bed.library.trouble = HrdeskError("The disk is full.")
    bed.pane.presenter.add([Path("/x/a.pdf")])
    bed.settle()
    assert [str(error) for error in bed.reports.errors] == ["The disk is full."]
    assert not bed.pane.presenter.imports.is_running
    assert len(bed.rows()) == 3
