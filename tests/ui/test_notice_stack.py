"""What the window says without a dialog, and how it looks."""

import logging

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QPushButton, QWidget

from hrdesk.core.errors import HrdeskError
from hrdesk.ui.notice_stack import NoticeStack
from hrdesk.ui.notices import Action, Notices, bug_report


@pytest.fixture
def notices() -> Notices:
    return Notices()


@pytest.fixture
def stack(themed, qtbot, notices) -> NoticeStack:
    host = QWidget()
    host.resize(700, 500)
    qtbot.addWidget(host)
    shown = NoticeStack(notices, host)
    host.show()
    return shown


def test_nothing_to_say_covers_nothing(stack):
    assert not stack.isVisible()


def test_a_notice_is_shown_with_its_accessible_name_and_words(stack, notices):
    notices.notify("The thread was deleted.")
    [card] = stack.cards
    assert card.isVisible() and card.height() >= 32
    assert (card.accessibleName(), card.accessibleDescription()) == ("Notice", "The thread was deleted.")
    assert _texts(card) == ["The thread was deleted."]


def test_a_trouble_is_shown_with_its_advice(stack, notices):
    notices.report(HrdeskError("The disk is full.", "Free some space."))
    assert _texts(stack.cards[0]) == ["The disk is full.", "Free some space."]
    assert stack.cards[0].property("kind") == "notice-error"


def test_a_bug_is_logged_and_offers_a_report_without_its_words(stack, notices, qtbot, themed, caplog):
    with caplog.at_level(logging.ERROR):
        notices.report(_raised(ValueError("Frau Meyer has a fever")))
    assert "Something went wrong" in _texts(stack.cards[0])
    qtbot.mouseClick(_button(stack.cards[0], "Copy report"), Qt.MouseButton.LeftButton)
    report = themed.clipboard().text()
    assert "ValueError" in report and "test_notice_stack.py" in report
    assert "Meyer" not in report


def test_the_action_runs_once_and_takes_the_notice_away(stack, notices, qtbot):
    done = []
    notices.notify("The thread was deleted.", action=Action("Undo", lambda: done.append("undone")))
    qtbot.mouseClick(_button(stack.cards[0], "Undo"), Qt.MouseButton.LeftButton)
    assert done == ["undone"]
    assert not stack.isVisible()


def test_infos_go_by_themselves_and_cautions_stay(stack, notices, qtbot):
    notices.notify("Words only.", "caution")
    notices.notify("Saved.")
    info, caution = stack.cards
    info._timer.setInterval(1)
    info.announce()
    qtbot.waitUntil(lambda: stack.cards == [caution])
    assert not caution._timer.isActive()


def test_a_notice_with_the_same_key_replaces_the_earlier_one(stack, notices):
    notices.notify("1 of 3 files read.", key="import")
    notices.notify("2 of 3 files read.", key="import")
    assert [_texts(card) for card in stack.cards] == [["2 of 3 files read."]]
    notices.withdraw("import")
    assert stack.cards == []


def test_at_most_three_are_shown_and_infos_give_way_first(stack, notices):
    notices.notify("An error.", "error")
    for number in range(5):
        notices.notify(f"Info {number}")
    assert [_texts(card)[0] for card in stack.cards] == ["Info 4", "Info 3", "An error."]


def test_the_newest_can_be_dismissed_from_the_keyboard(stack, notices):
    notices.notify("First.", "caution")
    notices.notify("Second.", "caution")
    assert stack.dismiss_newest()
    assert [_texts(card) for card in stack.cards] == [["First."]]
    assert stack.dismiss_newest()
    assert not stack.dismiss_newest()


def test_the_stack_stays_inside_a_window_that_shrinks(stack, notices):
    notices.notify("A long sentence that has to be broken into several lines. " * 5, "caution")
    host = stack.parentWidget()
    before = stack.height()
    host.resize(360, 400)
    assert host.rect().contains(stack.geometry())
    assert stack.height() > before


def test_words_are_never_taken_as_markup(stack, notices):
    notices.notify("<img src='http://example.org/x.png'>")
    assert _texts(stack.cards[0]) == ["<img src='http://example.org/x.png'>"]
    assert all(label.textFormat() == Qt.TextFormat.PlainText for label in _labels(stack.cards[0]))


def test_a_report_names_version_and_place():
    report = bug_report(_raised(KeyError("x")))
    assert report.startswith("hrdesk ") and report.rstrip().endswith("KeyError")


def _raised(error: Exception) -> Exception:
    try:
        raise error
    except type(error) as caught:
        return caught


def _labels(card: QWidget) -> list[QLabel]:
    return [label for label in card.findChildren(QLabel) if label.text()]


def _texts(card: QWidget) -> list[str]:
    return [label.text() for label in _labels(card)]


def _button(card: QWidget, text: str) -> QPushButton:
    return next(button for button in card.findChildren(QPushButton) if button.text() == text)
