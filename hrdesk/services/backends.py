"""Opens the backend of a connection at first need, and keeps it while the connection stays as it is."""

import asyncio
import gc
from collections.abc import Callable

from hrdesk.backends.base import AssistantBackend
from hrdesk.core.connections import Connection, ConnectionKind
from hrdesk.services.connections import ConnectionService

Opened = tuple[Connection, str, AssistantBackend]


class Backends:
    """The backends by connection. `own` makes the built-in answerer's."""

    def __init__(self, connections: ConnectionService, own: Callable[[], AssistantBackend]) -> None:
        self._connections = connections
        self._own = own
        self._opened: dict[str, Opened] = {}
        self._outdated: list[AssistantBackend] = []
        self._opening = asyncio.Lock()

    async def __call__(self, name: str) -> AssistantBackend:
        """Return the backend of a connection. Raises `NotFound`, and `HrdeskError` without its key.

        A changed connection or key gets a new backend; runs on their way keep the old one.
        """
        async with self._opening:
            connection = self._connections.get(name)
            key = await self._connections.key(connection)
            opened = self._opened.get(name)
            if opened is not None:
                if opened[:2] == (connection, key):
                    return opened[2]
                self._outdated.append(opened[2])
            # The SDK takes most of a second to load, too long for the window's thread.
            backend = await asyncio.to_thread(self._open, connection, key)
            gc.freeze()  # the SDK stays: a full collection that walks through it takes 150 ms
            self._opened[name] = (connection, key, backend)
            return backend

    async def aclose(self) -> None:
        """Let go of every backend."""
        for backend in [*self._outdated, *(opened[2] for opened in self._opened.values())]:
            await backend.aclose()
        self._opened.clear()
        self._outdated.clear()

    def _open(self, connection: Connection, key: str) -> AssistantBackend:
        if connection.kind is ConnectionKind.LOCAL:
            return self._own()
        from hrdesk.backends.client import make_client

        client = make_client(connection, key)
        if connection.kind is ConnectionKind.RESPONSES:
            from hrdesk.backends.responses import ResponsesBackend

            return ResponsesBackend(client, connection)
        if connection.kind is ConnectionKind.ASSISTANTS:
            from hrdesk.backends.assistants import AssistantsBackend

            return AssistantsBackend(client, connection)
        from hrdesk.backends.chat_completions import ChatCompletionsModel
        from hrdesk.backends.own_stack import OwnStack

        return OwnStack(ChatCompletionsModel(client, connection))
