"""Connections and their keys: which ways to be answered there are, and whether they work."""

import asyncio
import re
from collections.abc import Iterable
from dataclasses import replace
from urllib.parse import urlsplit

from hrdesk.backends.client import list_models
from hrdesk.core.connections import LOOPBACK, Connection, ConnectionKind, SearchPlace
from hrdesk.core.errors import HrdeskError, NotFound
from hrdesk.services.store_thread import StoreThread
from hrdesk.store.connections import ConnectionStore
from hrdesk.system.secrets import SecretResult, SecretState, SecretVault

LOCAL = Connection("local", "This computer", ConnectionKind.LOCAL)
OPENAI = Connection("openai", "OpenAI", ConnectionKind.RESPONSES, "https://api.openai.com/v1", needs_key=True)
"""Offered from the start; it answers once a key is stored and a model chosen."""
LONGEST_KEY = 1_000  # characters; Windows keeps at most 1,280
RETIRED = ("openai.com", "openai.azure.com")
"""Hosts that switched their Assistants API off on 26 August 2026."""


class ConnectionService:
    """The connections and their API keys: one entry of the key store for each connection and host."""

    def __init__(self, store: StoreThread, kept: ConnectionStore, vault: SecretVault) -> None:
        self._store = store
        self._kept = kept
        self._vault = vault
        self._added = {connection.name: connection for connection in kept.all()}

    @property
    def connections(self) -> tuple[Connection, ...]:
        """Every connection; the first is always this computer, the second OpenAI unless it was changed."""
        offered = () if OPENAI.name in self._added else (OPENAI,)
        return (LOCAL, *offered, *self._added.values())

    def get(self, name: str) -> Connection:
        """Return a connection by its name. Raises `NotFound` and names those there are."""
        found = self.find(name)
        if found is not None:
            return found
        known = ", ".join(connection.name for connection in self.connections)
        raise NotFound(f"There is no connection named {name}.", f"Choose one of: {known}.")

    def find(self, name: str) -> Connection | None:
        """Return a connection by its name, None where there is none."""
        return next((connection for connection in self.connections if connection.name == name), None)

    async def save(self, connection: Connection) -> Connection:
        """Add a connection or change the one of its name; return it as it is kept.

        Raises `HrdeskError` with the reason for what cannot work, or would send a key in the clear.
        """
        checked = _checked(connection)
        await self._store(self._kept.put, checked)
        self._added[checked.name] = checked
        return checked

    async def remove(self, name: str) -> None:
        """Forget a connection and its key; answers stay. OpenAI goes back to how it was offered."""
        connection = self.get(name)
        if connection.is_local:
            raise HrdeskError("This computer can always answer.", "Other connections can be removed.")
        await self.delete_key(name)
        await self._store(self._kept.remove, name)
        self._added.pop(name, None)

    def new_name(self, title: str) -> str:
        """Return a short name for a new connection that none has yet."""
        wanted = re.sub(r"[^a-z0-9]+", "-", title.lower()).strip("-") or "connection"
        taken = {connection.name for connection in self.connections}
        names = (wanted if number == 1 else f"{wanted}-{number}" for number in range(1, len(taken) + 2))
        return next(name for name in names if name not in taken)

    # Keys

    async def key_state(self, name: str) -> SecretResult:
        """Say whether a key is stored, and where. The value is not meant to be shown."""
        return await asyncio.to_thread(self._vault.get, _entry(self.get(name)))

    async def store_key(self, name: str, key: str) -> SecretResult:
        """Keep the key in the OS keyring, or without one in memory until hrdesk closes; never in a file."""
        key = key.strip()
        if not key or len(key) > LONGEST_KEY or not key.isprintable() or not key.isascii():
            raise HrdeskError(
                "This does not look like an API key.", "Copy the key once more, without line breaks."
            )
        return await asyncio.to_thread(self._vault.set, _entry(self.get(name)), key)

    async def delete_key(self, name: str) -> SecretResult:
        """Delete the connection's key."""
        return await asyncio.to_thread(self._vault.delete, _entry(self.get(name)))

    async def key(self, connection: Connection) -> str:
        """Return the key to use, empty where none is needed. Raises `HrdeskError` where it is missing."""
        if connection.is_local:
            return ""
        stored = await asyncio.to_thread(self._vault.get, _entry(connection))
        if stored.value and stored.state in (SecretState.OK, SecretState.SESSION):
            return stored.value
        if not connection.needs_key:
            return ""
        if stored.state in (SecretState.LOCKED, SecretState.TIMEOUT):
            raise HrdeskError("The key store is locked.", "Unlock it, then ask again.")
        raise HrdeskError(
            f"No key is stored for {connection.title}.", "Store one under Settings, then ask again."
        )

    # Trying

    async def models(self, connection: str | Connection, key: str = "") -> list[str]:
        """Return the models that the server offers. Raises `HrdeskError` with advice.

        Takes a name, or a connection that is only typed yet; `key` goes before the stored one.
        """
        asked = self.get(connection) if isinstance(connection, str) else connection
        return [] if asked.is_local else await list_models(asked, key or await self.key(asked))

    async def test(self, connection: str | Connection, key: str = "") -> str:
        """Try a connection, by its name or as it is typed; return a sentence on what works.

        Raises `HrdeskError` with advice when there is no key, or the server cannot be reached or refuses.
        """
        asked = self.get(connection) if isinstance(connection, str) else connection
        if asked.is_local:
            return "This computer answers without a network and without a key."
        from hrdesk.backends.diagnosis import diagnose

        return await diagnose(asked, key or await self.key(asked))

    async def where(self) -> str:
        """Say which secret store is in use."""
        return await asyncio.to_thread(self._vault.where)

    def describe(self, connection: Connection) -> str:
        """Say what leaves this computer, what the provider keeps, and for how long."""
        if connection.is_local:
            return "Quotes your policies word for word. Nothing leaves this computer."
        return " ".join(_described(connection))


def _entry(connection: Connection) -> str:
    # The host is part of the name, so that a key is never found for another host than its own.
    return f"key {connection.name} {connection.host}"


def _described(connection: Connection) -> Iterable[str]:
    sent = "Your question, what was said before in the thread, and the passages that were looked up"
    yield f"{sent} are sent to {connection.host}."
    if connection.kind is ConnectionKind.ASSISTANTS:
        yield "The server keeps threads and messages until they are deleted there."
    elif connection.background:
        yield "Answers are written there even while hrdesk is closed; the provider keeps them for 30 days."
    elif connection.store:
        yield "The provider may keep questions and answers, OpenAI for at least 30 days."
    elif connection.kind is ConnectionKind.RESPONSES:
        yield "The provider is asked to store nothing (store is off)."
    else:
        yield "What the server keeps is for its operator to say."
    if connection.search is not SearchPlace.OWN:
        yield f"Policies are looked up in its vector store {connection.vector_store}."


def _checked(connection: Connection) -> Connection:
    """Return the connection in its proper form, or raise what is wrong with it."""
    if connection.is_local or connection.name == LOCAL.name:
        raise HrdeskError("This computer needs no set-up.", "Add another connection instead.")
    if not re.fullmatch(r"[a-z0-9][a-z0-9-]{0,40}", connection.name):
        raise HrdeskError("The short name may have small letters, digits and dashes.", "For example: office.")
    if not connection.title.strip():
        raise HrdeskError("The connection needs a name.", "Type one that you will recognise.")
    if not connection.region:
        _check_address(connection)
    if connection.region and connection.kind is not ConnectionKind.RESPONSES:
        raise HrdeskError("Only OpenAI's Responses API has regions.", "Leave the region empty.")
    if connection.background and not connection.store:
        raise HrdeskError(
            "Answers in the background have to be kept by the provider.",
            "Allow the provider to keep answers, or switch the background off.",
        )
    if connection.search is not SearchPlace.OWN and not connection.vector_store.strip():
        raise HrdeskError("There is no vector store to look policies up in.", "Type its id, or look up here.")
    if not connection.model.strip():
        raise HrdeskError("No model is chosen.", "Fetch the server's list and choose one.")
    return replace(
        connection,
        title=connection.title.strip(),
        base_url=connection.base_url.strip().rstrip("/"),
        model=connection.model.strip(),
        vector_store=connection.vector_store.strip(),
    )


def _check_address(connection: Connection) -> None:
    try:
        parts = urlsplit(connection.base_url.strip())
        host, _ = parts.hostname or "", parts.port
    except ValueError:
        host, parts = "", urlsplit("")
    if parts.scheme not in ("http", "https") or not host:
        raise HrdeskError("This is no address of a server.", "It looks like https://models.example.com/v1.")
    if parts.username or parts.password:
        raise HrdeskError(
            "The address holds a password.", "Store the key instead; take it out of the address."
        )
    if parts.scheme == "http" and host not in LOOPBACK:
        raise HrdeskError(
            "Over http everybody on the way can read questions and key.",
            "Use https. Plain http is possible to this computer only.",
        )
    retired = any(host == name or host.endswith(f".{name}") for name in RETIRED)
    if connection.kind is ConnectionKind.ASSISTANTS and retired:
        raise HrdeskError(
            "OpenAI switched its Assistants API off on 26 August 2026.",
            "Choose the kind OpenAI (Responses), its successor, for this address.",
        )
