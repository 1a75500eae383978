from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal

from hrdesk.core.usage import Budget, Usage
from hrdesk.store.database import Database
from hrdesk.store.spending import Spending, SpendingStore, month_of
from tests.store.samples import price, run


def test_spending_is_kept_once_a_run_by_month_and_thread(database: Database):
    store = SpendingStore(database)
    one = replace(run("thread_1", 1), model="m", usage=Usage(100, 20), cost=Decimal("0.0000031"))
    store.note(replace(one, usage=Usage(1, 1)))
    store.note(one)
    store.note(replace(run("thread_2", 2), created_at=datetime(2026, 4, 1, tzinfo=UTC)))
    assert store.of_month("2026-03") == [Spending(Usage(100, 20), Decimal("0.0000031"), "USD")]
    assert [spent.cost for spent in store.of_thread("thread_2")] == [None]


def test_months_are_those_of_the_calendar():
    assert month_of(datetime(2026, 3, 31, 23, 59, tzinfo=UTC)) == "2026-03"


def test_own_prices_can_be_changed_and_dropped(database: Database):
    store = SpendingStore(database)
    store.put_price(price("m", "2"))
    store.put_price(price("m", "3"))
    assert store.own_prices() == [price("m", "3")]
    store.drop_price("m")
    assert store.own_prices() == []


def test_the_budget_is_kept(database: Database):
    store = SpendingStore(database)
    assert store.budget() == Budget()
    store.set_budget(Budget(Decimal("20.50"), 0.5))
    assert store.budget() == Budget(Decimal("20.50"), 0.5)
