from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hrdesk.core.connections import Connection, ConnectionKind
from hrdesk.core.errors import HrdeskError
from hrdesk.core.usage import Budget, Estimate, Price, Spent, Usage
from hrdesk.services.connections import LOCAL
from hrdesk.services.costs import CostService, PriceList, so_far, total
from hrdesk.services.store_thread import StoreThread
from hrdesk.store.database import Database
from hrdesk.store.spending import SpendingStore
from hrdesk.system.paths import resources
from tests.store.samples import run

REMOTE = Connection("r", "R", ConnectionKind.RESPONSES, "https://models.example/v1", "known")
KNOWN = Price("known", Decimal(2), Decimal(8), Decimal("0.5"), date(2026, 11, 1))
NOW = datetime(2026, 3, 15, tzinfo=UTC)


@pytest.fixture
async def costs(tmp_path: Path) -> AsyncIterator[CostService]:
    store, database = StoreThread(), Database.open(tmp_path / "store.sqlite", None)
    service = CostService(store, SpendingStore(database), PriceList(resources() / "prices.toml"), lambda: NOW)
    await service.set_price(KNOWN)
    yield service
    await store.aclose(database.close)


def test_the_price_table_has_a_date_and_exact_prices():
    prices = PriceList(resources() / "prices.toml")
    assert prices.as_of >= date(2026, 10, 1)
    assert all(0 <= price.cached <= price.input <= price.output for price in prices.prices.values())


async def test_a_dated_snapshot_costs_what_its_model_costs(costs: CostService):
    assert await costs.price("known-2026-03-05") == replace(KNOWN, own=True)


async def test_an_unknown_model_has_no_price_and_only_tokens(costs: CostService):
    assert await costs.price("known-large") is None
    spent = costs.priced(replace(run("t"), model="mystery", usage=Usage(100, 10)))
    assert spent.cost is None
    estimate = costs.estimate(replace(REMOTE, model="mystery"), "mystery", 4000)
    assert (estimate.cost, estimate.words) == (None, "about 1,400 tokens")


async def test_what_a_server_does_not_count_has_no_known_cost(costs: CostService):
    silent = replace(run("t"), model="known", prompt="[]")
    assert costs.priced(silent).cost is None
    assert costs.priced(run("t")).cost == 0  # no language model was asked


async def test_cached_tokens_are_cheaper_and_regions_dearer(costs: CostService):
    usage = Usage(1_000_000, 100_000, cached_tokens=400_000)
    assert KNOWN.cost(usage) == Decimal("2.2")
    regional = replace(KNOWN, regional=Decimal("1.1"))
    assert regional.cost(usage, in_region=True) == Decimal("2.42")


async def test_own_prices_go_before_the_table_and_can_be_dropped(costs: CostService):
    model = next(iter(PriceList(resources() / "prices.toml").prices))
    await costs.set_price(replace(KNOWN, model=model))
    mine = await costs.price(model)
    assert mine is not None and mine.own
    await costs.drop_price(model)
    theirs = await costs.price(model)
    assert theirs is not None and not theirs.own


async def test_senseless_prices_and_budgets_are_refused(costs: CostService):
    with pytest.raises(HrdeskError, match="negative"):
        await costs.set_price(replace(KNOWN, input=Decimal(-1)))
    with pytest.raises(HrdeskError, match="no model"):
        await costs.set_price(replace(KNOWN, model=" "))
    with pytest.raises(HrdeskError, match="negative"):
        await costs.set_budget(Budget(Decimal(-1)))


async def test_the_budget_warns_then_stops_what_costs_money(costs: CostService):
    estimate = costs.estimate(REMOTE, "known", 40_000)
    await costs.check(estimate)
    await costs.set_budget(Budget(Decimal(10), 0.8))
    assert await costs.warning() == ""
    costs._spending.note(replace(run("t"), cost=Decimal("8.5")))
    assert await costs.warning() == "This month's answers have cost 8.50 USD of 10.00 USD."
    await costs.check(estimate)
    costs._spending.note(replace(run("t", 2), cost=Decimal("1.5")))
    with pytest.raises(HrdeskError, match=r"10\.00 USD is used up"):
        await costs.check(estimate)
    with pytest.raises(HrdeskError, match="used up"):
        await costs.check(Estimate(Usage(1, 1), None, ""))
    await costs.check(costs.estimate(LOCAL, "", 40_000))


async def test_spending_of_a_month_leaves_other_months_out(costs: CostService):
    costs._spending.note(replace(run("t"), cost=Decimal(1), usage=Usage(5, 5)))
    costs._spending.note(replace(run("t", 2), cost=None, usage=Usage(7, 0)))
    later = replace(run("t", 3), cost=Decimal(1), created_at=datetime(2026, 4, 1, tzinfo=UTC))
    costs._spending.note(later)
    month = await costs.month()
    assert (month.cost, month.unpriced_tokens, month.runs) == (Decimal(1), 7, 2)
    assert (await costs.thread("t")).runs == 3


def test_what_a_thread_has_cost_is_said_in_money_or_else_in_tokens():
    assert so_far(Spent()) == ""
    assert so_far(Spent(Usage(900, 100), Decimal("0.5"))) == (
        "This thread has cost 0.50 USD so far (1,000 tokens)."
    )
    assert so_far(Spent(Usage(900, 100), unpriced_tokens=1000)) == "This thread has used 1,000 tokens so far."


@given(st.lists(st.integers(0, 10**9), max_size=5))
def test_costs_add_up_exactly(tokens: list[int]):
    each = [KNOWN.cost(Usage(count, count)) for count in tokens]
    assert sum(each, Decimal(0)) == KNOWN.cost(Usage(sum(tokens), sum(tokens)))
    assert total([]).cost == 0
