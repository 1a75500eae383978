"""Imports on the library page: pause, go on, cancel and undo, a full disk, and passwords."""

import asyncio
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLineEdit, QPushButton

from hrdesk.core.documents import FileState
from hrdesk.ui.library.progress import Progress
from hrdesk.ui.library.words import Counts
from hrdesk.ui.notices import NoticeKind
from tests.ui.fakes import FakeLibrary, make_file
from tests.ui.library.bed import Testbed

PATHS = [Path(f"/x/{name}.pdf") for name in "abc"]
LOCKED = make_file("pay.pdf", FileState.NEEDS_PASSWORD, reason="password", message="Protected.")


@pytest.fixture
def bed(qloop, qtbot) -> Testbed:
    return Testbed(qtbot, FakeLibrary([make_file("handbook.pdf", title="Handbook")]))


def pause_at_first(bed: Testbed) -> None:
    bed.library._gate.clear()
    bed.pane.presenter.add(PATHS)
    bed.qtbot.waitUntil(lambda: len(bed.rows()) == 4)


def ready(bed: Testbed) -> int:
    return sum(state == "Ready" for _, state in bed.rows())


def test_a_paused_import_waits_and_goes_on(bed):
    pause_at_first(bed)
    assert bed.named(QPushButton, "Go on with import").isVisible()
    assert bed.pane._progress._words.text() == "Paused: 0 of 3 files read"
    assert ready(bed) == 1
    bed.press("Go on with import")
    assert ready(bed) == 4
    assert not bed.pane._progress.isVisible()


def test_pause_is_a_button_that_turns_into_go_on(bed):
    bed.library._gate.clear()
    bed.pane.presenter.add(PATHS)
    bed.library._gate.set()
    bed.pane.presenter.imports.pause()
    bed.qtbot.waitUntil(lambda: ("pause",) in bed.library.calls)
    bed.qtbot.waitUntil(bed.pane._progress.go_on.isVisible)
    assert not bed.pane._progress.pause.isVisible()
    bed.press("Go on with import")
    assert ready(bed) == 4


def test_what_is_added_meanwhile_joins_the_same_progress(bed):
    pause_at_first(bed)
    bed.pane.presenter.add([Path("/x/late.pdf")])
    bed.qtbot.waitUntil(lambda: "of 4 files" in bed.pane._progress._words.text())
    assert bed.notice.text == "The import is paused. This waits with the others."
    assert bed.notice.action is not None
    with bed.qtbot.waitSignal(bed.pane.presenter.imports.ended) as ended:
        bed.notice.action.run()
    bed.settle()
    assert ended.args == [Counts(files=4, ready=4)]


def test_a_cancelled_import_drops_what_waits_and_undo_brings_it_back(bed):
    pause_at_first(bed)
    bed.shown.clear()
    bed.press("Cancel import")
    assert bed.rows() == [("Handbook", "Ready")]
    assert bed.notice.text == "The import was cancelled. 3 files not added."
    assert not bed.pane.presenter.imports.is_running
    assert [notice.text for notice in bed.shown] == [bed.notice.text]
    bed.undo()
    assert ready(bed) == 4


def test_a_file_that_is_removed_while_it_waits_counts_no_more(bed):
    pause_at_first(bed)
    [first, *_] = [file for file in bed.pane.presenter.model.files if file.file == "a.pdf"]
    bed.pane.presenter.remove([first])
    bed.qtbot.waitUntil(lambda: "of 2 files" in bed.pane._progress._words.text())
    assert len(bed.rows()) == 3
    bed.press("Go on with import")


def test_a_pause_of_the_last_start_still_holds(qloop, qtbot):
    library = FakeLibrary([make_file("late.pdf", FileState.QUEUED)])
    library.was_paused = True
    bed = Testbed(qtbot, library, settled=False)
    qtbot.waitUntil(bed.pane._progress.isVisible)
    assert bed.notice.text == "The import is paused since the last time."
    bed.press("Go on with import")
    assert bed.rows() == [("Late", "Ready")]


def test_a_full_disk_pauses_with_one_notice_and_go_on_tries_again(bed):
    library, tries = bed.library, []

    def full(row):
        tries.append(row.file)
        library._gate.clear()
        library.because = "storage"
        return replace(row, state=FileState.STOPPED, reason="storage", message="The disk is full.")

    ended, library._ended = library._ended, full
    bed.pane.presenter.add(PATHS)
    bed.qtbot.waitUntil(lambda: bool(bed.shown))
    bed.qtbot.waitUntil(lambda: bed.pane._progress._words.text().endswith("to write: 1 of 3 files read"))
    assert bed.notice.text == "The import is paused: the disk is full or refuses to write."
    assert tries == ["a.pdf"] and len(bed.shown) == 1
    library._ended = ended
    assert bed.notice.action is not None
    bed.notice.action.run()
    bed.settle()
    assert ready(bed) == 4


def test_closing_during_an_import_says_nothing(bed, qloop):
    pause_at_first(bed)
    bed.shown.clear()
    ending = qloop.create_task(bed.tasks.cancel_all())
    bed.qtbot.waitUntil(ending.done)
    assert bed.shown == [] and bed.tasks.names == []


# --- passwords


@pytest.fixture
def locked(qloop, qtbot) -> Testbed:
    return Testbed(qtbot, FakeLibrary([LOCKED, replace(LOCKED, id="file_two", file="two.pdf")]))


def enter(bed: Testbed, text: str) -> None:
    bed.press("Enter password")
    bed.named(QLineEdit, "Password").setText(text)  # keys for other scripts QTest has none
    bed.press("Open with password")


def test_a_wrong_password_says_so_and_the_right_one_opens(locked):
    locked.select("pay.pdf")
    assert not locked.pane.details.retry.isVisible()
    enter(locked, "sesame")
    assert locked.pane.details._message.text() == "Wrong."
    assert locked.named(QLineEdit, "Password").text() == ""
    enter(locked, "open sesame")
    assert ("Pay", "Ready") in locked.rows()
    assert not locked.pane.details.unlock.isVisible()


def test_one_password_is_tried_on_all_that_are_selected(locked):
    locked.select("pay.pdf", "two.pdf")
    enter(locked, "sesame")
    assert "2 of the files" in locked.pane.details.password.words.text()
    enter(locked, "open sesame")
    assert [state for _, state in locked.rows()] == ["Ready", "Ready"]


@pytest.mark.parametrize("password", ["   ", " pässwört ", "пароль", "密码"])
def test_a_password_is_taken_as_it_was_typed(locked, password):
    locked.library.password = password
    locked.select("pay.pdf")
    enter(locked, password)
    assert locked.library.passwords == [password]
    assert locked.named(QPushButton, "Remove").isVisible()
    assert locked.pane.details.password.field.text() == ""


def test_a_password_can_be_seen_while_it_is_typed_and_is_forgotten(locked):
    locked.select("pay.pdf")
    locked.press("Enter password")
    field = locked.named(QLineEdit, "Password")
    assert field.echoMode() == QLineEdit.EchoMode.Password and field.hasFocus() is field.isActiveWindow()
    locked.press("Show password")
    assert field.echoMode() == QLineEdit.EchoMode.Normal
    locked.qtbot.keyClicks(field, "half")
    locked.select("two.pdf")
    assert field.text() == "" and field.echoMode() == QLineEdit.EchoMode.Password
    locked.press("Enter password")
    locked.qtbot.keyClick(field, Qt.Key.Key_Escape)
    assert not locked.pane.details.password.isVisible()


def test_a_notice_tells_of_protected_files_and_asks(locked):
    shown: list[str] = []
    imports = locked.pane.presenter.imports
    imports.tell_end(Counts(3, 1, 0, 2, 0, 2), lambda: shown.append("library"), locked.pane.ask_password)
    assert (locked.notice.text, locked.notice.kind) == ("2 files need a password.", NoticeKind.CAUTION)
    assert locked.notice.advice == "1 file is ready to be asked."
    assert locked.notice.action is not None
    locked.notice.action.run()
    assert len(locked.pane.selected()) == 2
    assert locked.named(QLineEdit, "Password").isVisible()


def test_files_that_were_there_already_are_said_to_be(bed):
    imports = bed.pane.presenter.imports
    imports.tell_end(Counts(3, 3, 0, 0, 2), lambda: None, lambda: None)
    assert bed.notice.text == "1 file is ready to be asked. 2 files were in the library already."


def test_the_page_that_is_recognised_is_told(bed):
    told: list[str] = []
    bed.pane.presenter.imports.progress_changed.connect(lambda progress: told.append(progress.sentence))
    scan = make_file("scan.pdf", FileState.READING, message="Recognising text: page 1 of 8.")
    seen = asyncio.Event()

    async def add(paths, category=None):
        yield scan
        await seen.wait()
        yield replace(scan, state=FileState.INDEXED)

    bed.library.add = add
    bed.pane.presenter.add(PATHS)
    bed.qtbot.waitUntil(lambda: bool(told))
    seen.set()
    bed.settle()
    assert told[0] == "Reading 1 of 1 file: scan.pdf · Recognising text: page 1 of 8"


def test_a_long_or_hostile_name_gives_way_to_the_words(bed):
    line = bed.pane._progress
    wide = bed.pane.minimumSizeHint().width()
    line.show_progress(Progress(0, 2, "\u202e" + "gnol " * 100, "Recognising text: page 1 of 8", 0.1, 300))
    bed.qtbot.waitUntil(lambda: "\u2026" in line._words.text())
    assert line._words.text().endswith("page 1 of 8 · about 5 minutes left")
    assert "\u202e" not in line._words.text() and bed.pane.minimumSizeHint().width() <= wide + 400
    line.show_progress(Progress())
