"""Money and tokens in few words, the same wherever they are said."""

from decimal import Decimal

HALF_A_CENT = Decimal("0.005")
LEAST = Decimal("0.00005")


def money(amount: Decimal, currency: str) -> str:
    """Return an amount with two digits, and with more only where they would all be zero: "0.0012 USD"."""
    if not 0 < amount < HALF_A_CENT:
        return f"{amount:,.2f} {currency}"
    return f"{amount:.4f} {currency}" if amount >= LEAST else f"less than 0.0001 {currency}"


def tokens(count: int) -> str:
    """Return a number of tokens: "1 token", "3,120 tokens"."""
    return "1 token" if count == 1 else f"{count:,} tokens"
