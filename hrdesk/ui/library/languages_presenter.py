"""Lets the multilingual pack, where it is installed, see what is new in the library; says how far it is."""

import asyncio

from PySide6.QtCore import QObject, Signal

from hrdesk.core.documents import Coverage
from hrdesk.ui.library.ports import Languages
from hrdesk.ui.tasks import Tasks


class LanguagesPresenter(QObject):
    """Makes the pack's vectors in the background; one run at a time."""

    changed = Signal(str)
    """How far the pack is, in words; not emitted where it is not installed."""

    def __init__(self, tasks: Tasks, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._tasks = tasks
        self._service: Languages | None = None
        self._filling: asyncio.Task[None] | None = None
        self._again = False

    def attach(self, service: Languages) -> None:
        """Begin to work."""
        self._service = service
        self.look()

    def look(self) -> None:
        """Go through the library again: there may be other passages."""
        self._again = self._filling is not None
        if self._service is not None and self._service.installed and self._filling is None:
            self._filling = self._tasks.start(self._fill(self._service), "prepare languages")
            self._filling.add_done_callback(self._ended)

    async def _fill(self, service: Languages) -> None:
        self._say(await service.coverage())
        await service.fill(self._say)
        self._say(await service.coverage())

    def _ended(self, task: asyncio.Task[None]) -> None:
        self._filling = None
        if self._again and not task.cancelled():
            self.look()

    def _say(self, coverage: Coverage) -> None:
        ready = f"{coverage.ready:,} of {coverage.passages:,} passages ready"
        done = f"all {coverage.passages:,} passages ready"
        self.changed.emit(f"Questions in other languages: {done if coverage.is_complete else ready}")
