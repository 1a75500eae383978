"""Spending, budget and prices, without widgets."""

from dataclasses import dataclass, field, replace
from datetime import date, datetime
from decimal import Decimal

from PySide6.QtCore import QObject, Signal

from hrdesk.core.amounts import money
from hrdesk.core.usage import Budget, Price, Spent
from hrdesk.ui.notices import Action, Notices
from hrdesk.ui.settings.ports import Costs
from hrdesk.ui.settings.words import figure, parse_amount, plural
from hrdesk.ui.tasks import Tasks

WARNINGS = (0.5, 0.7, 0.8, 0.9)
NO_AMOUNT = "Type an amount such as 20 or 12.50."


@dataclass(frozen=True, slots=True)
class MoneyView:
    """What was spent this month and what may be spent."""

    spent: Spent = field(default_factory=Spent)
    budget: Budget = field(default_factory=Budget)

    @property
    def share(self) -> float | None:
        """How much of the budget is spent (1 is all); None without a budget."""
        if self.budget.amount is None:
            return None
        return float(self.spent.cost / self.budget.amount) if self.budget.amount else 1.0

    @property
    def tone(self) -> str:
        """How near the limit is: muted, or caution from the warning on."""
        return "caution" if self.share is not None and self.share >= self.budget.warn_at else "muted"


class MoneyPresenter(QObject):
    """Changes count at once."""

    changed = Signal(object)
    """The `MoneyView`."""
    prices_changed = Signal(object)
    """All prices, a list."""
    limit_refused = Signal(str)
    """What is wrong with the limit that was typed; "" when nothing is."""

    def __init__(self, tasks: Tasks, notices: Notices, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._tasks, self._notices = tasks, notices
        self._costs: Costs | None = None
        self.view = MoneyView()
        self.prices: list[Price] = []

    def attach(self, costs: Costs) -> None:
        """Begin to work."""
        self._costs = costs
        self._tasks.start(self._load_prices(costs), "load prices")
        self.refresh()

    def refresh(self) -> None:
        """Count again what was spent."""
        if self._costs is not None:
            self._tasks.start(self._load(self._costs), "load spending")

    async def _load(self, costs: Costs) -> None:
        self._show(MoneyView(await costs.month(), await costs.budget()))

    async def _load_prices(self, costs: Costs) -> None:
        self.prices = await costs.prices()
        self.prices_changed.emit(self.prices)

    def _show(self, view: MoneyView) -> None:
        self.view = view
        self.changed.emit(view)

    @property
    def as_of(self) -> date | None:
        """The day of the price list."""
        return self._costs.as_of if self._costs is not None else None

    # The limit

    def limit(self, text: str) -> None:
        """Take over a monthly limit as it was typed; an empty one is none."""
        amount = parse_amount(text) if text.strip() else None
        refused = bool(text.strip()) and amount is None
        self.limit_refused.emit(NO_AMOUNT if refused else "")
        if not refused:
            self._set(replace(self.view.budget, amount=amount))

    def warn_at(self, share: float) -> None:
        """Warn from this share of the limit on."""
        self._set(replace(self.view.budget, warn_at=share))

    def _set(self, budget: Budget) -> None:
        if self._costs is not None and budget != self.view.budget:
            self._show(replace(self.view, budget=budget))
            self._tasks.start(self._costs.set_budget(budget), "save budget")

    # Prices

    def set_price(self, price: Price) -> None:
        """Put a price of one's own in force."""
        if self._costs is not None:
            self._tasks.start(self._set_price(self._costs, price), "save price")

    async def _set_price(self, costs: Costs, price: Price) -> None:
        await costs.set_price(price)
        await self._load_prices(costs)

    def drop_price(self, price: Price) -> None:
        """Go back to the list's price of a model; "Undo" brings one's own back."""
        if self._costs is not None:
            self._tasks.start(self._drop_price(self._costs, price), "drop price")

    async def _drop_price(self, costs: Costs, price: Price) -> None:
        await costs.drop_price(price.model)
        await self._load_prices(costs)
        is_listed = any(one.model == price.model for one in self.prices)
        words = (
            "has the list's price again" if is_listed else "has no price any more; it counts in tokens only"
        )
        undo = Action("Undo", lambda: self.set_price(price))
        self._notices.notify(f"{price.model} {words}.", action=undo, key="prices")


def read_price(
    model: str, fresh: str, cached: str, output: str, known: Price | None, currency: str
) -> Price | dict[str, str]:
    """Return the price that was typed, or what is wrong as sentences by field.

    Without a price for cached input it costs what other input costs.
    """
    amounts = {"input": parse_amount(fresh), "output": parse_amount(output)}
    amounts["cached"] = parse_amount(cached) if cached.strip() else amounts["input"]
    faults = {field: NO_AMOUNT for field, amount in amounts.items() if amount is None}
    if not cached.strip():
        faults.pop("cached", None)
    if not model.strip():
        faults["model"] = "Type the model's name exactly as the server has it."
    if faults:
        return faults
    new, out, again = (amounts[field] or Decimal(0) for field in ("input", "output", "cached"))
    today = datetime.now().astimezone().date()
    made = Price(model.strip(), new, out, again, today, currency=currency, own=True)
    return replace(made, window=known.window, regional=known.regional) if known else made


def spent_words(spent: Spent) -> str:
    """Return "412,300 tokens in 38 answers"."""
    if not spent.runs:
        return "No question has gone to a language model this month."
    return f"{plural(spent.usage.total_tokens, 'token')} in {plural(spent.runs, 'answer')}."


def unpriced_words(spent: Spent) -> str:
    """Return what is missing in the sum, "" if nothing."""
    if not spent.unpriced_tokens:
        return ""
    tokens = plural(spent.unpriced_tokens, "token")
    return f"Not in the sum: {tokens} of models without a known price. Add their price below to count them."


def limit_words(view: MoneyView) -> str:
    """Say what the limit does."""
    amount = view.budget.amount
    if amount is None:
        return "Without one, nothing stops a question."
    warn = money(amount * Decimal(str(view.budget.warn_at)), view.spent.currency)
    return (
        f"You are warned from {warn} on. At {money(amount, view.spent.currency)} no more questions are sent "
        "until the next month begins or you raise the limit."
    )


def share_words(view: MoneyView) -> str:
    """Return "62 % of 2.00 USD", "" without a limit."""
    if view.share is None or view.budget.amount is None:
        return ""
    spent = f"{view.share:.0%}".replace("%", " %")
    words = f"{spent} of {money(view.budget.amount, view.spent.currency)}"
    return f"{words}: the limit is reached, no more questions are sent." if view.share >= 1 else words


def price_words(price: Price) -> str:
    """Return the prices of a model in one line."""
    parts = [f"input {figure(price.input)}", f"output {figure(price.output)} {price.currency}"]
    if price.cached != price.input:
        parts.insert(1, f"cached input {figure(price.cached)}")
    return " · ".join(parts)
