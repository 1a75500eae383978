"""Stand-ins for the services of the settings page, all in memory."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path

from hrdesk.core.assistants import AssistantProfile
from hrdesk.core.usage import Budget, Price, Spent, Usage
from tests.ui.fakes import FakeConnections, Faulty

FIRST_DAY = datetime(2026, 3, 12, 12, 0, tzinfo=UTC)
LIST_DAY = date(2026, 11, 1)


@dataclass(frozen=True)
class FakeTool:
    """A tool in words."""

    name: str
    description: str
    has_side_effects: bool = False


TOOLS = (
    FakeTool("lookup_policy", "Searches your policies and returns the passages that fit a question."),
    FakeTool("send_mail", "Sends a mail from your account.", has_side_effects=True),
)


class FakeProfiles(Faulty):
    """Versions of the assistant in a list."""

    def __init__(self) -> None:
        super().__init__()
        self.kept = [
            AssistantProfile(
                1, "HR desk", "Answer from the policies only.", "", ("lookup_policy",), FIRST_DAY
            )
        ]

    async def current(self) -> AssistantProfile:
        self._call("current")
        return self.kept[0]

    async def versions(self) -> list[AssistantProfile]:
        self._call("versions")
        return list(self.kept)

    async def save(
        self, name: str, instructions: str, model: str, tools: tuple[str, ...]
    ) -> AssistantProfile:
        self._call("save", name)
        newest = self.kept[0]
        made = replace(newest, name=name, instructions=instructions, model=model, tools=tools)
        if made != newest:
            later = newest.created_at + timedelta(days=1)
            self.kept.insert(0, replace(made, version=newest.version + 1, created_at=later))
        return self.kept[0]

    def tools(self) -> Sequence[FakeTool]:
        return TOOLS


def price(model: str, fresh: str, cached: str, output: str, *, own: bool = False) -> Price:
    """Return a price in USD per million tokens."""
    return Price(model, Decimal(fresh), Decimal(output), Decimal(cached), LIST_DAY, own=own)


class FakeCosts(Faulty):
    """Prices, spending and a budget in memory."""

    as_of = LIST_DAY

    def __init__(self, count: int = 3) -> None:
        super().__init__()
        made = [price(f"model-{number:02}", "0.25", "0.025", "2") for number in range(count)]
        self.list = {one.model: one for one in made}
        self.own: dict[str, Price] = {}
        self.limit = Budget()
        self.spent = Spent(Usage(380_000, 32_300), Decimal("1.2412"), 0, 38)

    async def prices(self) -> list[Price]:
        self._call("prices")
        return list({**self.list, **self.own}.values())

    async def set_price(self, wanted: Price) -> None:
        self._call("set_price", wanted.model)
        self.own[wanted.model] = wanted

    async def drop_price(self, model: str) -> None:
        self._call("drop_price", model)
        self.own.pop(model, None)

    async def month(self) -> Spent:
        self._call("month")
        return self.spent

    async def budget(self) -> Budget:
        self._call("budget")
        return self.limit

    async def set_budget(self, budget: Budget) -> None:
        self._call("set_budget", budget.amount)
        self.limit = budget


@dataclass
class FakeFolders:
    """Only the root."""

    root: Path


@dataclass
class FakeDesk:
    """All services of the page."""

    paths: FakeFolders
    storage: str = "Not encrypted: this computer offers no key store."
    connections: FakeConnections = field(default_factory=FakeConnections)
    costs: FakeCosts = field(default_factory=FakeCosts)
    profiles: FakeProfiles = field(default_factory=FakeProfiles)
