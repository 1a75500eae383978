"""What a connection leads to, opened at its first need and kept while the connection stays as it is."""

import asyncio
from collections.abc import Callable
from typing import Generic, Protocol, TypeVar

from hrdesk.core.connections import Connection
from hrdesk.services.connections import ConnectionService


class Closes(Protocol):
    """Something that holds network connections."""

    async def aclose(self) -> None:
        """Let go of them."""


T = TypeVar("T", bound=Closes)


class Opened(Generic[T]):
    """One `T` a connection. `make` gets the connection and its key; it may take time and runs in a thread.

    `matters` returns the part of a connection that it depends on; the whole, unless said otherwise.
    """

    def __init__(
        self,
        connections: ConnectionService,
        make: Callable[[Connection, str], T],
        matters: Callable[[Connection], object] = lambda connection: connection,
    ) -> None:
        self._connections = connections
        self._make = make
        self._matters = matters
        self._opened: dict[str, tuple[object, str, T]] = {}
        self._outdated: list[T] = []
        self._opening = asyncio.Lock()

    async def __call__(self, connection: Connection) -> T:
        """Return what the connection leads to. Raises `HrdeskError` without its key.

        A change of what matters, or of the key, opens anew; who works with what was opened before keeps it.
        """
        async with self._opening:
            key = await self._connections.key(connection)
            state = self._matters(connection), key
            opened = self._opened.get(connection.name)
            if opened is not None:
                if opened[:2] == state:
                    return opened[2]
                self._outdated.append(opened[2])
            # The SDK takes most of a second to load, too long for the window's thread.
            made = await asyncio.to_thread(self._make, connection, key)
            self._opened[connection.name] = (*state, made)
            return made

    async def aclose(self) -> None:
        """Close all that was opened."""
        for one in [*self._outdated, *(opened[2] for opened in self._opened.values())]:
            await one.aclose()
        self._opened.clear()
        self._outdated.clear()
