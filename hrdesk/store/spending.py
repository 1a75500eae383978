"""What runs consumed, and the prices that the user typed in.

Spending outlives its thread: a month's total does not shrink because a conversation was removed.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from hrdesk.core.runs import Run
from hrdesk.core.usage import Budget, Price, Usage
from hrdesk.store import codec
from hrdesk.store.database import Database, Row
from hrdesk.store.rows import Table, put

_FIELDS = ("run_id", "thread_id", "month", "model", "usage", "cost", "currency")
SPENDING = Table("spending", _FIELDS, key=("run_id",), thread="thread_id")
PRICES = Table("prices", ("model", "body"), key=("model",))
_BUDGET = "budget"


@dataclass(frozen=True, slots=True)
class Spending:
    """What one run consumed; `cost` is None where its model had no known price."""

    usage: Usage
    cost: Decimal | None
    currency: str


class SpendingStore:
    """Reads and writes spending, own prices and the monthly budget."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def note(self, run: Run) -> None:
        """Write down what a run consumed; the same run twice is one row."""
        values = {
            "run_id": run.id,
            "thread_id": run.thread_id,
            "month": month_of(run.created_at),
            "model": run.model,
            "usage": codec.dump(run.usage),
            "cost": None if run.cost is None else str(run.cost),
            "currency": run.currency,
        }
        with self._database.transaction():
            put(self._database, SPENDING, values)

    def of_month(self, month: str) -> list[Spending]:
        """Return the spending of a calendar month such as "2026-11" (UTC)."""
        return _spendings(self._database.rows("SELECT * FROM spending WHERE month = ?", [month]))

    def of_thread(self, thread_id: str) -> list[Spending]:
        """Return the spending of a thread."""
        return _spendings(self._database.rows("SELECT * FROM spending WHERE thread_id = ?", [thread_id]))

    def own_prices(self) -> list[Price]:
        """Return the prices that the user typed in."""
        rows = self._database.rows("SELECT * FROM prices ORDER BY model")
        return [codec.load_row(Price, row["body"], {"model": row["model"]}) for row in rows]

    def put_price(self, price: Price) -> None:
        """Keep the user's price of a model."""
        body = codec.plain(price)
        model = body.pop("model")
        with self._database.transaction():
            put(self._database, PRICES, {"model": model, "body": codec.dump(body)})

    def drop_price(self, model: str) -> None:
        """Forget the user's price of a model."""
        with self._database.transaction():
            self._database.execute("DELETE FROM prices WHERE model = ?", [model])

    def budget(self) -> Budget:
        """Return the monthly budget."""
        text = self._database.value("SELECT value FROM meta WHERE name = ?", [_BUDGET])
        return Budget() if text is None else codec.load(Budget, text)

    def set_budget(self, budget: Budget) -> None:
        """Keep the monthly budget."""
        with self._database.transaction():
            self._database.execute(
                "INSERT INTO meta (name, value) VALUES (?, ?)"
                " ON CONFLICT (name) DO UPDATE SET value = excluded.value",
                [_BUDGET, codec.dump(budget)],
            )


def month_of(moment: datetime) -> str:
    """Return the calendar month of a moment, as spending is kept."""
    return f"{moment:%Y-%m}"


def _spendings(rows: Iterable[Row]) -> list[Spending]:
    return [
        Spending(
            codec.load(Usage, row["usage"]),
            None if row["cost"] is None else Decimal(row["cost"]),
            row["currency"],
        )
        for row in rows
    ]
