"""What is known of the key of the connection shown, without widgets. A key is never kept here."""

from collections.abc import Coroutine
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import QObject, Signal

from hrdesk.core.connections import Connection
from hrdesk.core.errors import HrdeskError
from hrdesk.ui.settings.ports import Connections, Secret
from hrdesk.ui.tasks import Tasks

STORED = ("ok", "session")
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


class KeyPresenter(QObject):
    """Looks after the key of one connection at a time."""

    changed = Signal(object)
    """The `KeyView` of the connection shown."""
    where_changed = Signal(str)
    """Which key store is in use, a sentence."""

    def __init__(self, tasks: Tasks, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._tasks = tasks
        self._connections: Connections | None = None
        self._shown: Connection | None = None

    def attach(self, connections: Connections) -> None:
        """Begin to work."""
        self._connections = connections
        self._tasks.start(self._tell_where(connections), "ask for the key store")

    async def _tell_where(self, connections: Connections) -> None:
        self.where_changed.emit(await connections.where())

    def show(self, connection: Connection) -> None:
        """Show the key of another connection."""
        self._shown = connection
        if connection.needs_key:
            self.check()

    def check(self) -> None:
        """Look at the key store again."""
        if self._connections is not None and self._shown is not None:
            self._ask(self._connections.key_state(self._shown.name), "Looking at the key store…")

    def store(self, key: str) -> None:
        """Store a key for the connection shown."""
        if self._connections is not None and self._shown is not None and key.strip():
            self._ask(self._connections.store_key(self._shown.name, key.strip()), "Storing the key…")

    def delete(self) -> None:
        """Delete the key of the connection shown."""
        if self._connections is not None and self._shown is not None:
            self._ask(self._connections.delete_key(self._shown.name), "Deleting the key…")

    def _ask(self, call: Coroutine[Any, Any, Secret], words: str) -> None:
        assert self._shown is not None
        self._tasks.start(self._show_secret(call, self._shown, words), words)

    async def _show_secret(
        self, call: Coroutine[Any, Any, Secret], connection: Connection, words: str
    ) -> None:
        self.changed.emit(KeyView(words, is_busy=True))
        try:
            view = key_view(await call)
        except HrdeskError as error:
            view = KeyView(str(error), "caution", can_retry=True)
        if connection is self._shown:
            self.changed.emit(view)


async def is_stored(connections: Connections, connection: Connection) -> bool:
    """Return whether a key is stored; one that cannot be looked at counts as stored."""
    try:
        return str((await connections.key_state(connection.name)).state) not in ("missing", "unavailable")
    except HrdeskError:
        return True


def key_view(secret: Secret) -> KeyView:
    """Return the words for an answer of the key store."""
    state = str(secret.state)
    words = _WORDS.get(state, "")
    if state == "ok" and secret.store:
        words = f"A key is stored in: {secret.store}."
    tone = "good" if state == "ok" else "muted" if state == "missing" else "caution"
    return KeyView(words, tone, state in STORED, can_retry=state in ("locked", "timeout"))
