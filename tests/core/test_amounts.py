from decimal import Decimal

import pytest

from hrdesk.core.amounts import money, tokens


@pytest.mark.parametrize(
    ("amount", "words"),
    [
        ("0", "0.00 USD"),
        ("0.021", "0.02 USD"),
        ("0.0012", "0.0012 USD"),
        ("0.00001", "less than 0.0001 USD"),
        ("1234.5", "1,234.50 USD"),
    ],
)
def test_small_amounts_keep_the_digits_that_say_something(amount, words):
    assert money(Decimal(amount), "USD") == words


def test_tokens_are_counted_in_words():
    assert tokens(1) == "1 token" and tokens(3120) == "3,120 tokens"
