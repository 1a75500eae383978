from hypothesis import given
from hypothesis import strategies as st

from hrdesk.core.documents import Span
from hrdesk.ui.viewer.page_text import readable, utf16


def test_a_word_broken_at_the_end_of_a_line_is_joined():
    assert readable("employ\ufffe\r\nees accrue\r\nleave")[0] == "employees accrue leave"


def test_the_marked_words_stay_the_marked_words():
    text = "Paid employ\ufffe\r\nees accrue 🙂 ten days."
    start = text.index("employ")
    shown, ((first, last),) = readable(text, (Span(1, start, text.index(" ten")),))
    assert shown[first:last] == "employees accrue 🙂"


def test_full_lines_flow_and_short_ones_stay():
    text = (
        "5. Sick leave\nEmployees who fall ill tell their manager before ten\no'clock on the first day.\nEnd"
    )
    assert readable(text)[0].splitlines() == [
        "5. Sick leave",
        "Employees who fall ill tell their manager before ten o'clock on the first day.",
        "End",
    ]


def test_places_count_as_qt_does():
    assert utf16("🙂a", 2) == 3


@given(st.text(max_size=60), st.data())
def test_places_lie_within_the_shown_text_whatever_the_span(text, data):
    start = data.draw(st.integers(0, 80))
    end = data.draw(st.integers(start, 90))
    shown, places = readable(text, (Span(1, start, end),))
    assert all(0 <= first <= last <= len(shown) for first, last in places)
    assert "\ufffe" not in shown and "\r" not in shown
