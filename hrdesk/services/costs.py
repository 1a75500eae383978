"""What answers cost: prices, spending by thread and month, the budget, and estimates before sending.

A model without a known price is counted in tokens, never in guessed money.
"""

import re
import tomllib
from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

from hrdesk.core.amounts import money, tokens
from hrdesk.core.connections import Connection
from hrdesk.core.errors import HrdeskError
from hrdesk.core.runs import Run
from hrdesk.core.usage import Budget, Estimate, Price, Spent, Usage
from hrdesk.services.store_thread import StoreThread
from hrdesk.store.spending import Spending, SpendingStore, month_of

NOTHING = Estimate(Usage(), Decimal(0), "nothing is sent")
ANSWER_TOKENS = 400  # of a typical answer, its lookups included
_SNAPSHOT = re.compile(r"-\d{4}-\d{2}-\d{2}$")  # a dated snapshot costs what its model costs


class PriceList:
    """The table of `resources/prices.toml`, with the date it was collected on."""

    def __init__(self, path: Path) -> None:
        data = tomllib.loads(path.read_text(encoding="utf-8"))
        self.as_of: date = data["as_of"]
        self.prices = {
            name: _price(name, values, self.as_of, data["currency"])
            for name, values in data["models"].items()
        }


class CostService:
    """Prices, spending and the budget. `now` is the clock, for tests."""

    def __init__(
        self,
        store: StoreThread,
        spending: SpendingStore,
        prices: PriceList,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self._store = store
        self._spending = spending
        self._list = prices
        self._now = now
        self._own = {price.model: price for price in spending.own_prices()}

    # Prices

    @property
    def as_of(self) -> date:
        """The day on which the price table was collected."""
        return self._list.as_of

    async def prices(self) -> list[Price]:
        """Return every known price by model; the user's own take the place of the table's."""
        return [price for _, price in sorted(self._known.items())]

    @property
    def _known(self) -> dict[str, Price]:
        return self._list.prices | self._own

    async def price(self, model: str) -> Price | None:
        """Return the price of a model; None where it is not known."""
        return self.known_price(model)

    def known_price(self, model: str) -> Price | None:
        """Return the price of a model or of a dated snapshot of it; None where it is not known."""
        known = self._known
        return known.get(model) or known.get(_SNAPSHOT.sub("", model))

    async def set_price(self, price: Price) -> None:
        """Keep the user's own price. Raises `HrdeskError` for a nameless model or a negative price."""
        if not price.model.strip():
            raise HrdeskError("The price has no model.", "Type the model's name as the server lists it.")
        if min(price.input, price.output, price.cached) < 0:
            raise HrdeskError("A price cannot be negative.", "Type what a million tokens cost.")
        own = replace(price, model=price.model.strip(), own=True)
        await self._store(self._spending.put_price, own)
        self._own[own.model] = own

    async def drop_price(self, model: str) -> None:
        """Forget the user's price; the table's holds again, if it has one."""
        await self._store(self._spending.drop_price, model)
        self._own.pop(model, None)

    def priced(self, run: Run) -> Run:
        """Return the run with what it cost; None where price or tokens are not known."""
        if not run.asked_a_model:
            return replace(run, cost=Decimal(0))
        price = self.known_price(run.model)
        if price is None or not run.usage.total_tokens:
            return replace(run, cost=None)
        return replace(run, cost=price.cost(run.usage, in_region=bool(run.region)), currency=price.currency)

    # Spending

    async def month(self) -> Spent:
        """Return what this calendar month (UTC) has cost so far."""
        return total(await self._store(self._spending.of_month, month_of(self._now())))

    async def thread(self, thread_id: str) -> Spent:
        """Return what a thread has cost so far."""
        return total(await self._store(self._spending.of_thread, thread_id))

    async def budget(self) -> Budget:
        """Return the monthly budget."""
        return await self._store(self._spending.budget)

    async def set_budget(self, budget: Budget) -> None:
        """Keep the monthly budget; raises `HrdeskError` for a negative one."""
        if budget.amount is not None and budget.amount < 0:
            raise HrdeskError("A budget cannot be negative.", "Leave it empty for no limit.")
        await self._store(self._spending.set_budget, budget)

    async def warning(self) -> str:
        """Say that the month's budget runs out; empty while it does not."""
        budget, spent = await self.budget(), await self.month()
        if budget.amount is None or spent.cost < budget.amount * Decimal(str(budget.warn_at)):
            return ""
        of = f"{money(spent.cost, spent.currency)} of {money(budget.amount, spent.currency)}"
        return f"This month's answers have cost {of}."

    async def check(self, estimate: Estimate) -> None:
        """Raise `HrdeskError` when a question would go over the month's budget; a free one never does."""
        budget = await self.budget()
        if budget.amount is None or estimate.cost == 0:
            return
        spent = await self.month()
        if spent.cost + (estimate.cost or 0) > budget.amount or spent.cost >= budget.amount:
            raise HrdeskError(
                f"This month's budget of {money(budget.amount, spent.currency)} is used up.",
                "Raise it under Settings, Money, or ask this computer instead. Nothing was sent.",
            )

    # Estimates

    def estimate(self, connection: Connection, model: str, characters: int) -> Estimate:
        """Estimate a question that sends `characters` in all, lookups included."""
        if connection.is_local:
            return NOTHING
        usage = Usage(tokens_in(characters), ANSWER_TOKENS)
        price = self.known_price(model)
        if price is None:
            return Estimate(usage, None, f"about {tokens(usage.total_tokens)}")
        cost = price.cost(usage, in_region=bool(connection.region))
        return Estimate(usage, cost, f"about {money(cost, price.currency)}")


def tokens_in(characters: int) -> int:
    """Return about how many tokens a text has: one for four characters of English."""
    return (characters + 3) // 4


def so_far(spent: Spent) -> str:
    """Say what a thread has cost; empty while it cost nothing."""
    if not spent.usage.total_tokens:
        return ""
    used = tokens(spent.usage.total_tokens)
    if spent.unpriced_tokens == spent.usage.total_tokens:
        return f"This thread has used {used} so far."
    return f"This thread has cost {money(spent.cost, spent.currency)} so far ({used})."


def total(spendings: Iterable[Spending]) -> Spent:
    """Add spending up; money in one currency, that of the first priced run."""
    spent = Spent()
    for one in spendings:
        unpriced = one.usage.total_tokens if one.cost is None else 0
        spent = Spent(
            spent.usage + one.usage,
            spent.cost + (one.cost or 0),
            spent.unpriced_tokens + unpriced,
            spent.runs + 1,
            one.currency,
        )
    return spent


def _price(name: str, values: dict[str, Any], as_of: date, currency: str) -> Price:
    return Price(
        model=name,
        input=Decimal(values["input"]),
        output=Decimal(values["output"]),
        cached=Decimal(values["cached"]),
        as_of=as_of,
        window=values.get("window", 0),
        currency=currency,
        regional=Decimal(values.get("regional", "1")),
    )
