"""What a user can set, without widgets. Every change is kept at once; keys never touch a file of ours."""

import asyncio
from collections.abc import Awaitable
from dataclasses import dataclass, replace
from pathlib import Path

from PySide6.QtCore import QObject, Signal

from hrdesk.core.connections import Connection
from hrdesk.core.errors import HrdeskError
from hrdesk.system.settings import Settings
from hrdesk.ui.settings.ports import Connections, Secret
from hrdesk.ui.tasks import Tasks

BUSY = {"store": "Storing the key…", "test": "Testing the connection…", "delete": "Deleting the key…"}
_WORDS = {
    "ok": "A key is stored.",
    "session": "A key is kept for this start only; it is gone when hrdesk closes.",
    "missing": "No key is stored.",
    "locked": "The key store is locked. Unlock it, then choose Check again.",
    "timeout": "The key store does not answer. Check it, then choose Check again.",
    "unavailable": "This computer offers no key store; a key is kept for this start only.",
}


@dataclass(frozen=True, slots=True)
class KeyView:
    """What is known of the key of a connection: words, their tone, and what can be done now."""

    words: str = ""
    tone: str = "muted"
    is_stored: bool = False
    can_retry: bool = False
    is_busy: bool = False


class SettingsPresenter(QObject):
    """Owns the settings in force; they are read before the services are there."""

    changed = Signal(object)
    """The `Settings` in force."""
    connection_shown = Signal(object)
    """The `Connection` whose key is shown."""
    key_changed = Signal(object)
    """The `KeyView` of the connection shown."""
    where_changed = Signal(str)
    """Which key store is in use, a sentence."""

    def __init__(
        self, tasks: Tasks, settings: Settings, path: Path | None = None, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._tasks, self._path = tasks, path
        self._connections: Connections | None = None
        self._saving = asyncio.Lock()
        self.settings = settings
        self.shown: Connection | None = None

    def attach(self, connections: Connections) -> None:
        """Begin to work."""
        self._connections = connections
        self._tasks.start(self._tell_where(connections), "ask for the key store")
        self.show_connection(self.settings.connection)

    async def _tell_where(self, connections: Connections) -> None:
        self.where_changed.emit(await connections.where())

    def change(self, **values: str | int) -> None:
        """Put settings in force and keep them."""
        wanted = replace(self.settings, **values)  # type: ignore[arg-type]
        if wanted != self.settings:
            self.settings = wanted
            self.changed.emit(wanted)
            self._tasks.start(self._save(), "save settings")

    async def _save(self) -> None:
        # One after the other, so that an older state is never written last.
        async with self._saving:
            if self._path is not None:
                await asyncio.to_thread(self.settings.save, self._path)

    def show_connection(self, name: str) -> None:
        """Put a connection in force, and show it and its key."""
        if self._connections is None:
            return
        known = {one.name: one for one in self._connections.connections}
        self.shown = known.get(name, self._connections.connections[0])
        self.connection_shown.emit(self.shown)
        self.change(connection=self.shown.name)
        if self.shown.needs_key:
            self.check_key()

    def check_key(self) -> None:
        """Look at the key store again."""
        if self._connections is not None and self.shown is not None:
            self._ask(self._connections.key_state(self.shown.name), "Looking at the key store…")

    def store_key(self, key: str) -> None:
        """Store a key for the connection shown."""
        if self._connections is not None and self.shown is not None and key.strip():
            self._ask(self._connections.store_key(self.shown.name, key.strip()), BUSY["store"])

    def delete_key(self) -> None:
        """Delete the key of the connection shown."""
        if self._connections is not None and self.shown is not None:
            self._ask(self._connections.delete_key(self.shown.name), BUSY["delete"])

    def test_key(self) -> None:
        """Try the connection shown with its stored key."""
        if self._connections is not None and self.shown is not None:
            self._tasks.start(self._test(self._connections, self.shown), "test connection")

    def _ask(self, call: Awaitable[Secret], words: str) -> None:
        assert self.shown is not None
        self._tasks.start(self._show_secret(call, self.shown, words), words)

    async def _show_secret(self, call: Awaitable[Secret], connection: Connection, words: str) -> None:
        self.key_changed.emit(KeyView(words, is_busy=True))
        try:
            view = _view(await call)
        except HrdeskError as error:
            view = KeyView(str(error), "caution", can_retry=True)
        if connection is self.shown:
            self.key_changed.emit(view)

    async def _test(self, connections: Connections, connection: Connection) -> None:
        self.key_changed.emit(KeyView(BUSY["test"], is_stored=True, is_busy=True))
        try:
            view = KeyView(await connections.test(connection.name), "good", is_stored=True)
        except HrdeskError as error:
            view = KeyView(str(error), "caution", is_stored=True)
        if connection is self.shown:
            self.key_changed.emit(view)


def _view(secret: Secret) -> KeyView:
    state = str(secret.state)
    is_stored = state in ("ok", "session")
    words = _WORDS.get(state, "")
    if state == "ok" and secret.store:
        words = f"A key is stored in: {secret.store}."
    tone = "good" if state == "ok" else "muted" if state == "missing" else "caution"
    return KeyView(words, tone, is_stored, can_retry=state in ("locked", "timeout"))
