"""Connections and their keys: which ways to be answered there are, and whether a key works."""

import asyncio

from hrdesk.backends.client import list_models
from hrdesk.core.connections import Connection, ConnectionKind
from hrdesk.core.errors import HrdeskError, NotFound
from hrdesk.system.secrets import SecretResult, SecretState, SecretVault

LOCAL = Connection("local", "This computer", ConnectionKind.LOCAL)
OPENAI = Connection(
    "openai",
    "OpenAI",
    ConnectionKind.RESPONSES,
    base_url="https://api.openai.com/v1",
    needs_key=True,
)
LONGEST_KEY = 1_000  # characters; Windows keeps at most 1,280


class ConnectionService:
    """The connections and their API keys, one keyring entry for each connection."""

    def __init__(self, vault: SecretVault, connections: tuple[Connection, ...] = (LOCAL, OPENAI)) -> None:
        self._vault = vault
        self.connections = connections

    async def key_state(self, name: str) -> SecretResult:
        """Say whether a key is stored, and where. The value is not meant to be shown."""
        return await asyncio.to_thread(self._vault.get, self._entry(name))

    async def store_key(self, name: str, key: str) -> SecretResult:
        """Keep the key in the OS keyring, or without one in memory until hrdesk closes; never in a file."""
        key = key.strip()
        if not key or len(key) > LONGEST_KEY or not key.isprintable():
            raise HrdeskError(
                "This does not look like an API key.", "Copy the key once more, without line breaks."
            )
        return await asyncio.to_thread(self._vault.set, self._entry(name), key)

    async def delete_key(self, name: str) -> SecretResult:
        """Delete the connection's key."""
        return await asyncio.to_thread(self._vault.delete, self._entry(name))

    async def test(self, name: str) -> str:
        """Try the connection with its stored key; return a sentence on what works.

        Raises `HrdeskError` with advice when there is no key, or the server cannot be reached or refuses.
        """
        connection = self._connection(name)
        if connection.kind is ConnectionKind.LOCAL:
            return "This computer answers without a network and without a key."
        stored = await self.key_state(name)
        if stored.state not in (SecretState.OK, SecretState.SESSION) or not stored.value:
            raise HrdeskError("No key is stored for this connection.", "Store a key, then test it.")
        models = await list_models(connection, stored.value)
        return f"The key works: {connection.title} offers {len(models)} models."

    async def where(self) -> str:
        """Say which secret store is in use."""
        return await asyncio.to_thread(self._vault.where)

    def _connection(self, name: str) -> Connection:
        for connection in self.connections:
            if connection.name == name:
                return connection
        known = ", ".join(connection.name for connection in self.connections)
        raise NotFound(f"There is no connection named {name}.", f"Choose one of: {known}.")

    def _entry(self, name: str) -> str:
        return f"key-{self._connection(name).name}"
