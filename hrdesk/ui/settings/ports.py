"""What the settings page needs of the services; `services.desk.Desk` has it all."""

from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Protocol

from hrdesk.core.assistants import AssistantProfile
from hrdesk.core.connections import Connection
from hrdesk.core.usage import Budget, Price, Spent


class Secret(Protocol):
    """How a call to the key store ended."""

    @property
    def state(self) -> str:
        """One of ok, missing, locked, timeout, unavailable, session."""

    @property
    def store(self) -> str:
        """The key store in words."""


class Connections(Protocol):
    """The ways to be answered, and their keys.

    Where a connection is asked for itself and not by name it need not be saved: an editor tries what is
    typed. `key` is what was typed for it; empty to use the stored one.
    """

    @property
    def connections(self) -> tuple[Connection, ...]:
        """All of them; the first is this computer."""

    async def save(self, connection: Connection) -> Connection:
        """Add or replace a connection; raises HrdeskError with the reason."""

    async def remove(self, name: str) -> None:
        """Forget a connection."""

    async def models(self, connection: str | Connection, key: str = "") -> list[str]:
        """Return what the server offers."""

    async def test(self, connection: str | Connection, key: str = "") -> str:
        """Try the connection; raises HrdeskError with advice."""

    async def key_state(self, name: str) -> Secret:
        """Say whether a key is stored."""

    async def store_key(self, name: str, key: str) -> Secret:
        """Store a key."""

    async def delete_key(self, name: str) -> Secret:
        """Delete the key."""

    async def where(self) -> str:
        """Say which key store is in use."""

    def describe(self, connection: Connection) -> str:
        """Say what leaves the computer, and what is kept elsewhere for how long."""

    def new_name(self, title: str) -> str:
        """Return a short name that is not taken."""


class Costs(Protocol):
    """What was spent, what may be spent, and what models cost."""

    @property
    def as_of(self) -> date:
        """The day of the price list."""

    async def prices(self) -> list[Price]:
        """Return the price list with the user's own prices in it."""

    async def set_price(self, price: Price) -> None:
        """Put a price of one's own in force."""

    async def drop_price(self, model: str) -> None:
        """Forget one's own price of a model."""

    async def month(self) -> Spent:
        """Return what was spent in this calendar month."""

    async def budget(self) -> Budget:
        """Return the limit in force."""

    async def set_budget(self, budget: Budget) -> None:
        """Put a limit in force."""


class ToolWords(Protocol):
    """A tool as a user is told of it."""

    @property
    def name(self) -> str:
        """Its name as models see it."""

    @property
    def description(self) -> str:
        """A sentence."""

    @property
    def has_side_effects(self) -> bool:
        """Whether it changes something outside hrdesk."""


class Profiles(Protocol):
    """The versions of the assistant."""

    async def current(self) -> AssistantProfile:
        """Return the version in force for new questions."""

    async def versions(self) -> list[AssistantProfile]:
        """Return all versions, the newest first."""

    async def save(
        self, name: str, instructions: str, model: str, tools: tuple[str, ...]
    ) -> AssistantProfile:
        """Keep a new version if something changed, and return the one in force."""

    def tools(self) -> Sequence[ToolWords]:
        """Return the tools there are."""


class Folders(Protocol):
    """Where things lie."""

    @property
    def root(self) -> Path:
        """The data folder."""


class SettingsDesk(Protocol):
    """The services of the settings page. `storage` says in a sentence how the data is protected."""

    @property
    def connections(self) -> Connections: ...
    @property
    def costs(self) -> Costs: ...
    @property
    def profiles(self) -> Profiles: ...
    @property
    def paths(self) -> Folders: ...
    @property
    def storage(self) -> str: ...
