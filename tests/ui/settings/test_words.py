"""Dates and money in words."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from hrdesk.core.connections import ConnectionKind, SearchPlace
from hrdesk.ui.settings.words import KINDS, PLACES, day, figure, parse_amount, plural


@pytest.mark.parametrize(
    ("text", "amount"),
    [
        ("20", "20"), ("12.50", "12.5"), ("3,50", "3.5"), ("1,250.50", "1250.5"), ("1,250", "1250"),
        (" 1 000 ", "1000"), ("0", "0"), ("0,075", "75"),
    ],
)  # fmt: skip
def test_amounts_are_read_as_people_type_them(text, amount):
    assert parse_amount(text) == Decimal(amount)


@pytest.mark.parametrize("text", ["", "a lot", "-1", "NaN", "inf", "1e99", "5 USD", "1.2.3"])
def test_what_is_no_amount_is_none(text):
    assert parse_amount(text) is None


def test_prices_keep_the_places_they_need():
    assert [figure(Decimal(text)) for text in ("2", "0.5", "0.025", "100")] == [
        "2.00",
        "0.50",
        "0.025",
        "100.00",
    ]


def test_days_and_numbers_are_written_out():
    assert day(date(2026, 3, 12)) == "12 March 2026"
    assert day(datetime(2026, 3, 12, 12, tzinfo=UTC)) == "12 March 2026"
    assert (plural(1, "answer"), plural(2_000, "token")) == ("1 answer", "2,000 tokens")


def test_every_kind_and_place_has_words():
    assert set(KINDS) == set(ConnectionKind) and set(PLACES) == set(SearchPlace)
