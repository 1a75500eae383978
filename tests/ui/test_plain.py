"""Text from strangers: nothing in it is hidden, and copying gives it back."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtGui import QTextCursor

from hrdesk.ui.plain import LONGEST_LINE, PlainText, visible


@pytest.fixture
def text(themed, qtbot):
    made = PlainText("Argument body", 5)
    qtbot.addWidget(made)
    made.resize(300, 100)
    made.show()
    return made


@pytest.mark.parametrize(
    "sign", ["\u202e", "\u2066", "\u200b", "\u00ad", "\x00", "\x1b", "\x7f", "\ufeff", "\U000e0041"]
)
def test_invisible_signs_are_shown_by_their_number(sign):
    assert visible(f"a{sign}b") == f"a‹U+{ord(sign):04X}›b"


def test_what_people_write_stays_as_it_is():
    written = "Grüße,\n\tأهلا שלום 你好 👩‍💻 می‌خواهم"
    assert visible(written) == written
    assert visible("one\r\ntwo") == "one\ntwo"


@given(st.text())
def test_nothing_that_turns_the_order_round_is_left(text):
    assert not set(visible(text)) & set(
        "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u200e\u200f\x00\r"
    )


def test_the_field_is_as_high_as_its_text_up_to_its_limit(text):
    text.show_text("one")
    one = text.height()
    text.show_text("one\ntwo\nthree")
    three = text.height()
    text.show_text("line\n" * 100)
    assert one < three < text.height() <= 5 * one


def test_markup_is_shown_and_not_taken_for_markup(text):
    text.show_text("<b>bold</b> &amp; **stars**")
    assert text.toPlainText() == "<b>bold</b> &amp; **stars**"


def test_what_is_copied_is_what_was_shown_without_our_breaks(text):
    written = "x" * (3 * LONGEST_LINE) + "\nend"
    text.show_text(written)
    text.selectAll()
    assert text.createMimeDataFromSelection().text() == written
    text.moveCursor(QTextCursor.MoveOperation.Start)


def test_it_is_read_only_and_tab_leads_on(text):
    assert text.isReadOnly() and text.tabChangesFocus() and text.accessibleName() == "Argument body"
