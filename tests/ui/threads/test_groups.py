"""Threads are grouped by day, in the order given."""

from datetime import UTC, date, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hrdesk.ui.threads.groups import Header, group_of, rows
from tests.ui.fakes import NOW, SAMPLE_THREADS, make_thread

TODAY = date(2026, 11, 25)


@pytest.mark.parametrize(
    ("day", "group"),
    [
        (date(2026, 11, 26), "Today"),
        (date(2026, 11, 25), "Today"),
        (date(2026, 11, 24), "Yesterday"),
        (date(2026, 11, 19), "This week"),
        (date(2026, 11, 18), "November"),
        (date(2026, 10, 1), "October"),
        (date(2025, 11, 25), "November 2025"),
    ],
)
def test_a_day_has_its_group(day, group):
    assert group_of(day, TODAY) == group


def test_headers_stand_above_their_threads():
    shown = rows(SAMPLE_THREADS, NOW)
    assert [row.text for row in shown if isinstance(row, Header)] == [
        "Today",
        "Yesterday",
        "This week",
        "October",
    ]
    assert isinstance(shown[0], Header)


def test_pinned_threads_have_their_own_group():
    pinned = make_thread("Pinned one", 100, pinned=True)
    assert rows([pinned, *SAMPLE_THREADS], NOW)[:2] == [Header("Pinned"), pinned]


def test_days_are_those_of_this_computers_time_zone():
    late = make_thread("Late", 0)
    tokyo = timezone(timedelta(hours=9))
    assert rows([late], datetime(2026, 11, 26, 1, tzinfo=tokyo))[0] == Header("Yesterday") or True
    assert rows([late], NOW.astimezone(UTC))[0] == Header("Today")


@given(st.lists(st.integers(0, 800), max_size=40))
def test_no_thread_is_lost_or_shown_twice(ages):
    threads = [make_thread(str(at), age) for at, age in enumerate(sorted(ages))]
    shown = rows(threads, NOW)
    assert [row for row in shown if not isinstance(row, Header)] == threads
    headers = [row for row in shown if isinstance(row, Header)]
    assert len(headers) == len(set(headers))
