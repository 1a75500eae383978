from datetime import date

import pytest

from hrdesk.documents.reading.dates import effective_from


@pytest.mark.parametrize(
    "text",
    [
        "Effective date: 1 January 2026",
        "Effective Date: January 1, 2026",
        "**Effective from:** 1st of January 2026",
        "Valid from 2026-01-01",
        "In force since: 1.1.2026",
        "This policy is effective as of January 1st, 2026.",
        "Effective date | 1 January 2026",
        "effective_date: 2026-01-01",
        "Gültig ab: 1. Januar 2026",
        "Effective: 01/01/2026",
    ],
)
def test_a_labelled_date_is_read(text):
    assert effective_from(f"Travel policy\n{text}\nMore") == date(2026, 1, 1)


@pytest.mark.parametrize(
    "text",
    [
        "Last updated: 1 January 2026",
        "The office opened on 1 January 2026.",
        "Effective date: 03/04/2026",
        "Effective date: 31 February 2026",
        "An effective team met on 1 January 2026",
        "x" * 1_500 + " Effective date: 1 January 2026",
    ],
)
def test_other_dates_are_left_alone(text):
    assert effective_from(text) is None


def test_a_day_over_twelve_decides_the_order():
    assert effective_from("Effective date: 13/02/2026") == date(2026, 2, 13)
    assert effective_from("Effective date: 02/13/2026") == date(2026, 2, 13)
