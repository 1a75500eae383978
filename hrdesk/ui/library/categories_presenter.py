"""What a user can do with categories as a whole, without widgets: rename, join, remove; each with Undo."""

from PySide6.QtCore import QObject, Signal

from hrdesk.core.categories import Recategorised
from hrdesk.ui.library.facts_presenter import SAVED
from hrdesk.ui.library.ports import Categories
from hrdesk.ui.notices import Action, Notices
from hrdesk.ui.tasks import Tasks


class CategoriesPresenter(QObject):
    """Holds the categories."""

    changed = Signal(list)
    """Every `Category`, in order."""
    chosen = Signal(str)
    """The name of the category that was renamed, or has its old name again."""
    library_changed = Signal()
    """Policies are filed under other names."""

    def __init__(self, tasks: Tasks, notices: Notices, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._tasks, self._notices = tasks, notices
        self._service: Categories | None = None

    def attach(self, service: Categories) -> None:
        """Begin to work."""
        self._service = service
        self.look()

    def look(self) -> None:
        """Ask for the categories again: a policy was filed."""
        if self._service is not None:
            self._tasks.start(self._load(self._service), "load categories")

    def rename(self, old: str, new: str) -> None:
        """Give a category another name; with one that is there already it becomes one."""
        if self._service is not None:
            self._tasks.start(self._rename(self._service, old, new), "rename category")

    def remove(self, name: str) -> None:
        """Remove a category; its policies have none then."""
        if self._service is not None:
            self._tasks.start(self._remove(self._service, name), "remove category")

    async def _load(self, service: Categories) -> None:
        self.changed.emit(await service.categories())

    async def _rename(self, service: Categories, old: str, new: str) -> None:
        change = await service.rename(old, new)
        joined = f"“{change.old}” and “{change.new}” are one category now."
        renamed = f"“{change.old}” is now called “{change.new}”."
        await self._tell(service, change, joined if change.merged else renamed)

    async def _remove(self, service: Categories, name: str) -> None:
        change = await service.remove(name)
        await self._tell(service, change, f"The category “{change.old}” was removed.")

    async def _tell(self, service: Categories, change: Recategorised, text: str) -> None:
        async def undo() -> None:
            await service.undo(change)
            await self._show(service, change.old)

        count = len(change.documents)
        policies = "1 policy" if count == 1 else f"{count} policies"
        verb = "has no category now" if count == 1 else "have no category now"
        advice = f"{policies} {verb if change.new is None else 'followed'}." if count else ""
        action = Action("Undo", lambda: self._tasks.start(undo(), "undo category"))
        self._notices.notify(text, action=action, advice=advice, key=SAVED)
        await self._show(service, change.new or "")

    async def _show(self, service: Categories, name: str) -> None:
        await self._load(service)
        self.chosen.emit(name)
        self.library_changed.emit()
