"""What a user can do with synonyms, without widgets: add, change, remove (with Undo), import, export."""

from collections.abc import Coroutine, Sequence
from pathlib import Path
from typing import Any

from PySide6.QtCore import QObject, Signal

from hrdesk.core.synonyms import Synonym
from hrdesk.ui.library.ports import Synonyms
from hrdesk.ui.notices import Action, Notices
from hrdesk.ui.tasks import Tasks

SYNONYMS = "synonyms"
"""The key of notices about synonyms: the newest one is enough."""


class SynonymsPresenter(QObject):
    """Holds the synonyms."""

    changed = Signal()
    """Other synonyms are to be shown."""
    kept = Signal()
    """What was entered is kept: the form can go."""
    search_changed = Signal()
    """A search may find something else now."""

    def __init__(self, tasks: Tasks, notices: Notices, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._tasks, self._notices = tasks, notices
        self._service: Synonyms | None = None
        self.synonyms: list[Synonym] = []

    def attach(self, service: Synonyms) -> None:
        """Begin to work."""
        self._service = service
        self._start(self._load(service), "load synonyms")

    def save(self, synonym: Synonym) -> None:
        """Keep a new synonym (without id) or a changed one."""
        if self._service is not None:
            self._start(self._save(self._service, synonym), "save synonym")

    def remove(self, synonyms: Sequence[Synonym]) -> None:
        """Take synonyms out."""
        if self._service is not None and synonyms:
            self._start(self._remove(self._service, list(synonyms)), "remove synonyms")

    def import_file(self, path: Path) -> None:
        """Keep the synonyms of a table."""
        if self._service is not None:
            self._start(self._import(self._service, path), "import synonyms")

    def export_file(self, path: Path) -> None:
        """Write the synonyms as a table."""
        if self._service is not None:
            self._start(self._export(self._service, path), "export synonyms")

    async def _load(self, service: Synonyms) -> None:
        self.synonyms = await service.synonyms()
        self.changed.emit()

    async def _reload(self, service: Synonyms) -> None:
        await self._load(service)
        self.search_changed.emit()

    async def _save(self, service: Synonyms, synonym: Synonym) -> None:
        before = next((one for one in self.synonyms if one.id == synonym.id), None)
        made = await (service.change(synonym) if before else service.add(synonym.term, synonym.meaning))
        self.kept.emit()
        await self._reload(service)

        async def undo() -> None:
            await (service.change(before) if before else service.remove(made.id))
            await self._reload(service)

        others = [one.meaning for one in self.synonyms if one.term == made.term and one.id != made.id]
        advice = f"“{made.term}” also means {_listed(others)}; all are searched." if others else ""
        self._tell(f"“{made.term}” and “{made.meaning}” are searched together.", undo, advice)

    async def _remove(self, service: Synonyms, synonyms: list[Synonym]) -> None:
        for one in synonyms:
            await service.remove(one.id)
        await self._reload(service)

        async def undo() -> None:
            for one in synonyms:
                await service.restore(one.id)
            await self._reload(service)

        what = f"“{synonyms[0].term}” was" if len(synonyms) == 1 else f"{len(synonyms)} synonyms were"
        self._tell(f"{what} removed.", undo)

    async def _import(self, service: Synonyms, path: Path) -> None:
        came = await service.import_csv(path)
        await self._reload(service)
        words = "1 new synonym was" if came.added == 1 else f"{came.added} new synonyms were"
        advice = (
            f"Left out: {came.left_out}, kept already or of no use to the search." if came.left_out else ""
        )
        self._notices.notify(f"{words} imported from {path.name}.", advice=advice, key=SYNONYMS)

    async def _export(self, service: Synonyms, path: Path) -> None:
        count = await service.export_csv(path)
        words = "1 synonym" if count == 1 else f"{count} synonyms"
        self._notices.notify(f"{words} written to {path.name}.", key=SYNONYMS)

    def _tell(self, text: str, undo: Any, advice: str = "") -> None:
        action = Action("Undo", lambda: self._start(undo(), "undo synonyms"))
        self._notices.notify(text, action=action, advice=advice, key=SYNONYMS)

    def _start(self, coroutine: Coroutine[Any, Any, None], name: str) -> None:
        self._tasks.start(coroutine, name)


def _listed(words: Sequence[str]) -> str:
    return ", ".join(f"“{word}”" for word in words)
