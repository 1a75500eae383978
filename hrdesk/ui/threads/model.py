"""The rows of the thread list. Changes are told row by row, so selection and scrolling stay."""

from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from typing import Any

from PySide6.QtCore import QAbstractListModel, QModelIndex, QObject, QPersistentModelIndex, Qt, Signal

from hrdesk.core.threads import Thread
from hrdesk.ui.threads.groups import Header, Row

ROW_ROLE = Qt.ItemDataRole.UserRole
"""The `Header` or `Thread` of a row."""
RUNNING_ROLE = Qt.ItemDataRole.UserRole + 1
"""What the run on its way in the row's thread does now (str), None where there is none."""
UNREAD_ROLE = Qt.ItemDataRole.UserRole + 2
"""Whether a run ended in the row's thread while nobody looked at it."""

Index = QModelIndex | QPersistentModelIndex


class ThreadModel(QAbstractListModel):
    """Headers and threads. A title edited in the view is only asked for: `renamed` tells the presenter."""

    renamed = Signal(str, str)
    """Thread id and the title that was typed."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._rows: list[Row] = []
        self._running: dict[str, str] = {}
        self._unread: set[str] = set()

    @property
    def threads(self) -> list[Thread]:
        """The threads in the order shown."""
        return [row for row in self._rows if isinstance(row, Thread)]

    def rowCount(self, parent: Index = QModelIndex()) -> int:
        return 0 if parent.isValid() else len(self._rows)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if not index.isValid():
            return None
        row = self._rows[index.row()]
        if role == ROW_ROLE:
            return row
        if role == RUNNING_ROLE:
            return self._running.get(row.id) if isinstance(row, Thread) else None
        if role == UNREAD_ROLE:
            return isinstance(row, Thread) and row.id in self._unread
        if isinstance(row, Header):
            return row.text if role == Qt.ItemDataRole.DisplayRole else None
        return self._thread_data(row, role)

    def _thread_data(self, thread: Thread, role: int) -> str | None:
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.EditRole):
            return thread.title
        if role == Qt.ItemDataRole.AccessibleTextRole:
            second = self._running.get(thread.id, thread.preview)
            marks = [
                *(["running"] if thread.id in self._running else []),
                *(["unread answer"] if thread.id in self._unread else []),
                *(["pinned"] if thread.pinned else []),
            ]
            return ". ".join(part for part in (thread.title, second, *marks) if part)
        if role == Qt.ItemDataRole.ToolTipRole:
            return None
        return None

    def setData(self, index: Index, value: object, role: int = Qt.ItemDataRole.EditRole) -> bool:
        thread = self.thread_at(index)
        title = str(value).strip()
        if role == Qt.ItemDataRole.EditRole and thread is not None and title not in ("", thread.title):
            self.renamed.emit(thread.id, title)
        return False  # the row changes when the store has changed

    def flags(self, index: Index) -> Qt.ItemFlag:
        if self.thread_at(index) is None:
            return Qt.ItemFlag.NoItemFlags
        return Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable | Qt.ItemFlag.ItemIsEditable

    def thread_at(self, index: Index) -> Thread | None:
        """Return the thread at `index`, None for headers and invalid indexes."""
        row = self._rows[index.row()] if index.isValid() else None
        return row if isinstance(row, Thread) else None

    def index_of(self, thread_id: str | None) -> QModelIndex:
        """Return the index of a thread, an invalid one where it is not shown."""
        for at, row in enumerate(self._rows):
            if isinstance(row, Thread) and row.id == thread_id:
                return self.index(at)
        return QModelIndex()

    def set_running(self, words: dict[str, str]) -> None:
        """Mark the threads in which a run is on its way; `words` by thread id say what it does."""
        before, self._running = self._running, dict(words)
        for thread_id in {**before, **words}:
            index = self.index_of(thread_id)
            if before.get(thread_id) == words.get(thread_id):
                continue
            if index.isValid():
                self.dataChanged.emit(index, index, [RUNNING_ROLE])

    def set_unread(self, thread_ids: AbstractSet[str]) -> None:
        """Mark the threads whose last answer nobody has seen."""
        changed, self._unread = self._unread ^ thread_ids, set(thread_ids)
        for thread_id in changed:
            index = self.index_of(thread_id)
            if index.isValid():
                self.dataChanged.emit(index, index, [UNREAD_ROLE, Qt.ItemDataRole.AccessibleTextRole])

    def show(self, rows: Sequence[Row]) -> None:
        """Show `rows`, telling views exactly which were removed, moved, inserted and changed."""
        wanted = {_key(row) for row in rows}
        for at in reversed(range(len(self._rows))):
            if _key(self._rows[at]) not in wanted:
                self.beginRemoveRows(QModelIndex(), at, at)
                del self._rows[at]
                self.endRemoveRows()
        known = {_key(row) for row in self._rows}
        for at, row in enumerate(rows):
            if _key(row) in known:
                self._move(row, at)
            else:
                self.beginInsertRows(QModelIndex(), at, at)
                self._rows.insert(at, row)
                self.endInsertRows()

    def _move(self, row: Row, to: int) -> None:
        at = next(at for at in range(to, len(self._rows)) if _key(self._rows[at]) == _key(row))
        if at != to:
            self.beginMoveRows(QModelIndex(), at, at, QModelIndex(), to)
            self._rows.insert(to, self._rows.pop(at))
            self.endMoveRows()
        if self._rows[to] != row:
            self._rows[to] = row
            self.dataChanged.emit(self.index(to), self.index(to))


def _key(row: Row) -> str:
    return row.text if isinstance(row, Header) else row.id
