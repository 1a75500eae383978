from decimal import Decimal
from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData, Qt, QUrl
from PySide6.QtGui import QInputMethodEvent
from PySide6.QtWidgets import QApplication

from hrdesk.core.usage import Estimate, Usage
from hrdesk.ui.chat.composer import LINES, Composer


@pytest.fixture
def composer(themed, qtbot):
    composer = Composer()
    qtbot.addWidget(composer)
    composer.resize(500, 120)
    composer.refuse("")
    composer.show()
    return composer


def test_enter_sends_what_was_typed(composer, qtbot):
    qtbot.keyClicks(composer.field, "How many days?")
    with qtbot.waitSignal(composer.submitted, check_params_cb=lambda text: text == "How many days?"):
        qtbot.keyClick(composer.field, Qt.Key.Key_Return)
    assert composer.text == "How many days?"  # it goes when the question was taken, not before


def test_shift_enter_begins_a_line(composer, qtbot):
    qtbot.keyClicks(composer.field, "one")
    with qtbot.assertNotEmitted(composer.submitted):
        qtbot.keyClick(composer.field, Qt.Key.Key_Return, Qt.KeyboardModifier.ShiftModifier)
    assert composer.text == "one\n"


def test_enter_ends_a_composition_and_does_not_send(composer, qtbot):
    qtbot.keyClicks(composer.field, "x")
    QApplication.sendEvent(composer.field, QInputMethodEvent("にほ", []))
    with qtbot.assertNotEmitted(composer.submitted):
        qtbot.keyClick(composer.field, Qt.Key.Key_Return)
    done = QInputMethodEvent("", [])
    done.setCommitString("日本")
    QApplication.sendEvent(composer.field, done)
    with qtbot.waitSignal(composer.submitted):
        qtbot.keyClick(composer.field, Qt.Key.Key_Return)


def test_blanks_cannot_be_sent(composer, qtbot):
    qtbot.keyClicks(composer.field, "   ")
    assert not composer.send_button.isEnabled()
    with qtbot.assertNotEmitted(composer.submitted):
        qtbot.keyClick(composer.field, Qt.Key.Key_Return)


def test_a_refusal_is_said_in_words_beside_send(composer, qtbot):
    qtbot.keyClicks(composer.field, "next")
    composer.refuse("An answer is being written in this thread.")
    assert not composer.send_button.isEnabled()
    assert composer.send_button.accessibleDescription() == "An answer is being written in this thread."
    assert composer.hint == "An answer is being written in this thread."
    composer.refuse("")
    assert composer.send_button.isEnabled() and composer.hint == ""


def test_a_text_that_is_put_in_does_not_count_as_typed(composer, qtbot):
    with qtbot.assertNotEmitted(composer.text_changed):
        composer.set_text("from the store")
    assert composer.send_button.isEnabled()


def test_the_field_grows_with_its_text_up_to_a_limit(composer, qtbot):
    one = composer.field.height()
    composer.set_text("a\nb\nc")
    three = composer.field.height()
    composer.set_text("line\n" * 100)
    assert one < three < composer.field.height() <= one * LINES


def test_pasted_files_are_files_and_pasted_rich_text_is_plain(composer, qtbot, tmp_path):
    files = QMimeData()
    files.setUrls([QUrl.fromLocalFile(str(tmp_path / "leave.pdf"))])
    with qtbot.waitSignal(
        composer.files_pasted, check_params_cb=lambda paths: paths == [tmp_path / "leave.pdf"]
    ):
        composer.field.insertFromMimeData(files)
    rich = QMimeData()
    rich.setHtml("<b>bold</b>")
    rich.setText("bold")
    composer.field.insertFromMimeData(rich)
    assert composer.text == "bold" and Path(tmp_path).exists()


def test_words_that_do_not_fit_beside_send_get_their_own_row(composer, qtbot):
    composer.show_estimate(Estimate(Usage(2900, 220), Decimal("0.02"), "about 0.02 USD"))
    qtbot.keyClicks(composer.field, "How many?")
    send = composer.send_button
    assert composer.hint == "≈ 0.02 USD"
    qtbot.waitUntil(lambda: composer._hint.geometry().center().y() > send.y())
    composer.queue_behind(True)
    composer.resize(composer.minimumSizeHint().width(), 200)
    qtbot.waitUntil(lambda: composer._hint.geometry().bottom() < send.y())
    assert composer._hint.geometry().right() <= composer.width()
    composer.resize(700, 200)
    qtbot.waitUntil(lambda: composer._hint.geometry().bottom() > send.y())
