"""The card that asks for leave: what it shows comes from a model and must not deceive."""

import json
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtWidgets import QLabel, QPlainTextEdit

from hrdesk.core.runs import ConfirmationAsked, ToolCall
from hrdesk.ui.chat.confirming import HIGHEST, LONGEST_SHOWN, TOO_LONG, ConfirmationCard, pairs


@pytest.fixture
def card(themed, qtbot):
    made = ConfirmationCard()
    qtbot.addWidget(made)
    made.resize(600, 300)
    return made


def asked(arguments: object, name: str = "send_mail") -> ConfirmationAsked:
    text = arguments if isinstance(arguments, str) else json.dumps(arguments)
    return ConfirmationAsked("run_1", ToolCall("c1", name, text), datetime.now(UTC) + timedelta(seconds=581))


def values(card: ConfirmationCard) -> list[str]:
    return [text.toPlainText() for text in card.findChildren(QPlainTextEdit)]


def test_arguments_are_names_and_values_to_read(card):
    card.show_asking([asked({"to": ["a@x", "b@x"], "subject": "Leave", "copies": 2, "draft": False})])
    assert values(card) == ["a@x\nb@x", "Leave", "2", "false"]
    captions = [label.text() for label in card.findChildren(QLabel) if label.property("tone") == "caption"]
    assert captions == ["to", "subject", "copies", "draft"]


def test_nothing_that_misleads_the_eye_stays_invisible(card):
    card.show_asking([asked({"file": "cv\u202efdp.exe", "x\u200b": "<b>1</b>"}, name="send\u2066mail")])
    assert card.words == "Allow send‹U+2066›mail?"
    assert values(card) == ["cv‹U+202E›fdp.exe", "<b>1</b>"]


def test_what_is_no_json_object_is_shown_as_it_came(card):
    card.show_asking([asked("not json")])
    assert values(card) == ["not json"]


@given(st.text(max_size=60))
def test_any_text_can_be_asked_about(text):
    assert isinstance(pairs(text), list)


def test_deeply_nested_arguments_are_shown_as_they_came():
    nested = "[" * 100_000
    assert pairs(nested) == [("", nested)]


def test_allow_works_only_after_a_moment_and_do_not_allow_at_once(card, qtbot):
    card.show_asking([asked({})])
    assert not card.allow_button.isEnabled() and card.refuse_button.isEnabled()
    qtbot.waitUntil(card.allow_button.isEnabled)
    with qtbot.waitSignal(card.decided, check_params_cb=lambda _asked, allowed: allowed is True):
        card.allow_button.click()


def test_what_nobody_can_read_cannot_be_allowed(card, qtbot):
    card.show_asking([asked({"body": "x" * LONGEST_SHOWN})])
    assert TOO_LONG in [label.text() for label in card.findChildren(QLabel)] and values(card) == []
    qtbot.waitUntil(lambda: not card._moment.isActive())
    assert not card.allow_button.isEnabled()


def test_long_arguments_scroll_and_leave_the_buttons_in_sight(card, qtbot):
    card.show()
    card.show_asking([asked({"body": "line\n" * 3000})])
    qtbot.waitUntil(lambda: card._arguments.verticalScrollBar().maximum() > 0)
    assert card._arguments.sizeHint().height() == HIGHEST


def test_screen_readers_hear_the_whole_question(card):
    card.show_asking([asked({})])
    assert card.accessibleName() == "Confirmation"
    assert card.accessibleDescription().startswith("The assistant asks: Allow send_mail? 9:4")


def test_no_question_hides_the_card(card):
    card.show_asking([asked({})])
    card.show_asking([])
    assert card.isHidden()
