"""What a user can set, without widgets. Every change is kept at once; keys never touch a file of ours."""

import asyncio
from dataclasses import replace
from pathlib import Path

from PySide6.QtCore import QObject, Signal

from hrdesk.core.connections import Connection
from hrdesk.system.settings import Settings
from hrdesk.ui.notices import Action, Notices
from hrdesk.ui.settings.keys import KeyPresenter
from hrdesk.ui.settings.ports import Connections
from hrdesk.ui.settings.trial import Trial
from hrdesk.ui.tasks import Tasks


class SettingsPresenter(QObject):
    """Owns the settings in force (read before the services are there) and which connection answers."""

    changed = Signal(object)
    """The `Settings` in force."""
    connections_changed = Signal(object)
    """All connections, a tuple."""
    connection_shown = Signal(object)
    """The `Connection` in force."""

    def __init__(
        self,
        tasks: Tasks,
        notices: Notices,
        settings: Settings,
        path: Path | None = None,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._tasks, self._notices, self._path = tasks, notices, path
        self._connections: Connections | None = None
        self._saving = asyncio.Lock()
        self.settings = settings
        self.shown: Connection | None = None
        self.keys = KeyPresenter(tasks, self)
        self.trial = Trial(tasks, self)

    def attach(self, connections: Connections) -> None:
        """Begin to work."""
        self._connections = connections
        self.keys.attach(connections)
        self.offer(self.settings.connection)

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

    def offer(self, name: str) -> None:
        """Offer the connections there are now, and put `name` in force (or the first where it is gone)."""
        if self._connections is not None:
            self.connections_changed.emit(self._connections.connections)
            self.show_connection(name)

    def show_connection(self, name: str) -> None:
        """Put a connection in force, and show it and its key."""
        if self._connections is None:
            return
        known = {one.name: one for one in self._connections.connections}
        self.shown = known.get(name, self._connections.connections[0])
        self.trial.clear()
        self.connection_shown.emit(self.shown)
        self.change(connection=self.shown.name)
        self.keys.show(self.shown)

    def describe(self, connection: Connection) -> str:
        """Say what leaves the computer through a connection."""
        return self._connections.describe(connection) if self._connections is not None else ""

    def test(self) -> None:
        """Try the connection shown with its stored key."""
        if self._connections is not None and self.shown is not None:
            test, name = self._connections.test, self.shown.name
            self.trial.run(lambda: test(name), "test connection", "Testing the connection…", str)

    def remove(self) -> None:
        """Remove the connection shown; "Undo" brings it back."""
        if self._connections is not None and self.shown is not None and not self.shown.is_local:
            self._tasks.start(self._remove(self._connections, self.shown), "remove connection")

    async def _remove(self, connections: Connections, connection: Connection) -> None:
        await connections.remove(connection.name)
        self.offer(connections.connections[0].name)
        is_offered = any(one.name == connection.name for one in connections.connections)
        what = "and its key were" if connection.needs_key else "was"
        end = "is as it was at first; its key was deleted" if is_offered else f"{what} removed"
        undo = Action("Undo", lambda: self._tasks.start(self._restore(connection), "restore connection"))
        self._notices.notify(
            f"“{connection.title}” {end}. This computer answers now.", action=undo, key="connections"
        )

    async def _restore(self, connection: Connection) -> None:
        if self._connections is not None:
            await self._connections.save(connection)
            self.offer(connection.name)
