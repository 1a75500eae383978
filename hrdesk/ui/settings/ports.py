"""What the settings page needs of the services; `services.connections.ConnectionService` has it."""

from typing import Protocol

from hrdesk.core.connections import Connection


class Secret(Protocol):
    """How a call to the key store ended."""

    @property
    def state(self) -> str:
        """One of ok, missing, locked, timeout, unavailable, session."""

    @property
    def store(self) -> str:
        """The key store in words."""


class Connections(Protocol):
    """The ways to be answered, and their keys."""

    connections: tuple[Connection, ...]

    async def key_state(self, name: str) -> Secret:
        """Say whether a key is stored."""

    async def store_key(self, name: str, key: str) -> Secret:
        """Store a key."""

    async def delete_key(self, name: str) -> Secret:
        """Delete the key."""

    async def test(self, name: str) -> str:
        """Try the connection; raises HrdeskError with advice."""

    async def where(self) -> str:
        """Say which key store is in use."""
