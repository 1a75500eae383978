import pytest
from hypothesis import given
from hypothesis import strategies as st

from hrdesk.documents.amounts import amounts


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("two weeks (80 hours)", {"2", "2 week", "80", "80 hour"}),
        ("ten (10) business days", {"10", "10 day"}),
        ("a $5,000 referral bonus", {"5000", "5000 $"}),
        ("USD 5000", {"5000", "5000 $"}),
        ("1.25 of a day", {"1.25", "1.25 day"}),
        ("85% of the cost", {"85", "85 %"}),
        ("fifty percent", {"50", "50 %"}),
        ("15 Military Leave days each year", {"15", "15 day"}),
        ("two hundred dollars", {"200", "200 $"}),
        ("twenty-one days", {"21", "21 day"}),
        ("3-day course, 2½ hours", {"3", "3 day", "2.5", "2.5 hour"}),
        ("between 7 AM and 10:30 p.m.", {"07:00", "22:30"}),
        ("on Mondays and the 15th", {"monday", "15th"}),
        ("the second year", {"2th"}),
        ("October 17, 2025", {"2025", "month 10", "--10-17", "2025-10-17"}),
        ("17 October 2025", {"2025", "month 10", "--10-17", "2025-10-17"}),
        ("2025-10-17", {"2025", "month 10", "--10-17", "2025-10-17"}),
        ("since January 2026", {"2026", "month 1"}),
        ("no one, one of us, this one", set()),
        ("you may 10 times", {"10"}),
        ("nothing to count", set()),
    ],
)
def test_amounts_are_found_in_one_form(text, found):
    assert amounts(text) == found


@pytest.mark.parametrize(
    ("claim", "quote"),
    [
        ("10 days", "ten (10) business days"),
        ("$5,000", "a bonus of 5,000 dollars"),
        ("on 1 January", "from January 1, 2026"),
        ("in 2026", "from January 1, 2026"),
        ("50 percent", "we pay 50% of it"),
    ],
)
def test_a_claim_is_borne_out_whatever_the_form(claim, quote):
    assert amounts(claim) <= amounts(quote)


@pytest.mark.parametrize(
    ("claim", "quote"),
    [
        ("80 days", "80 hours"),
        ("$500", "$5,000"),
        ("50%", "50 days"),
        ("1 January 2026", "1 February 2026"),
        ("Monday", "Tuesday"),
        ("the second year", "two years"),
        ("9 AM", "9 PM"),
    ],
)
def test_another_amount_is_not_the_same(claim, quote):
    assert not amounts(claim) <= amounts(quote)


@given(st.text())
def test_any_text_can_be_looked_through(text):
    assert all(isinstance(amount, str) and amount for amount in amounts(text))


@given(st.integers(0, 10**9))
def test_a_number_is_itself_with_and_without_separators(number):
    assert amounts(f"{number:,} items") == amounts(f"{number} items") == {str(number)}
