from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hrdesk.ui.library.days import DayField, day_words, parse_day

JANUARY = date(2026, 1, 31)


@pytest.mark.parametrize(
    "text",
    [
        "2026-01-31",
        "31 Jan 2026",
        "31 january 2026",
        "31.1.2026",
        "31. 01. 2026",
        "January 31, 2026",
        "31st Jan 2026",
    ],
)
def test_a_day_is_read_in_the_ways_people_write_it(text):
    assert parse_day(f"  {text} ") == JANUARY


@pytest.mark.parametrize("text", ["1/2/2026", "31 Feb 2026", "soon", "31 Foo 2026", "2026"])
def test_what_is_no_day_or_could_be_two_is_refused(text):
    with pytest.raises(ValueError):
        parse_day(text)


@given(st.none() | st.dates())
def test_words_are_read_back(day):
    if day is None or day.year >= 1000:
        assert parse_day(day_words(day)) == day


def test_a_field_tells_of_another_day_once(themed, qtbot):
    field = DayField("Review by")
    chosen: list[date | None] = []
    refused: list[str] = []
    qtbot.addWidget(field)
    field.chosen.connect(chosen.append)
    field.refused.connect(refused.append)
    field.show_day(JANUARY)
    qtbot.keyClicks(field, "x")
    field.editingFinished.emit()
    assert chosen == [] and refused[-1]
    field.selectAll()
    qtbot.keyClicks(field, "2026-02-01")
    field.editingFinished.emit()
    field.editingFinished.emit()
    assert chosen == [date(2026, 2, 1)] and refused[-1] == "" and field.text() == "1 Feb 2026"
