"""The table of files, one row each, and the filter over it."""

from collections.abc import Sequence
from datetime import date, timedelta
from enum import StrEnum
from typing import Any

from PySide6.QtCore import (
    QAbstractTableModel,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QSortFilterProxyModel,
    Qt,
)

from hrdesk.core.documents import LibraryFile
from hrdesk.ui.library.words import WORDS, Counts, needs_attention, title

FILE_ROLE = Qt.ItemDataRole.UserRole
"""The `LibraryFile` of a row, in every column."""
HEADS = ("Document", "Category", "In force", "Pages", "State")
DOCUMENT, CATEGORY, IN_FORCE, PAGES, STATE = range(len(HEADS))

Index = QModelIndex | QPersistentModelIndex


class LibraryModel(QAbstractTableModel):
    """Files in the order they were given, newest first."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._files: list[LibraryFile] = []

    @property
    def files(self) -> list[LibraryFile]:
        """All files."""
        return list(self._files)

    @property
    def counts(self) -> Counts:
        """How many files are in which kind of state."""
        return Counts.of(self._files)

    def rowCount(self, parent: Index = QModelIndex()) -> int:
        return 0 if parent.isValid() else len(self._files)

    def columnCount(self, parent: Index = QModelIndex()) -> int:
        return 0 if parent.isValid() else len(HEADS)

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> Any:
        if orientation == Qt.Orientation.Horizontal and role == Qt.ItemDataRole.DisplayRole:
            return HEADS[section]
        if role == Qt.ItemDataRole.TextAlignmentRole and section == PAGES:
            return Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
        return None

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if not index.isValid():
            return None
        file = self._files[index.row()]
        if role == FILE_ROLE:
            return file
        if role == Qt.ItemDataRole.DisplayRole:
            return _text(file, index.column())
        if role == Qt.ItemDataRole.AccessibleTextRole and index.column() == DOCUMENT:
            return f"{title(file)}. {WORDS[file.state]}. {file.message}".strip()
        return None

    def show(self, files: Sequence[LibraryFile]) -> None:
        """Show exactly these files."""
        self.beginResetModel()
        self._files = list(files)
        self.endResetModel()

    def put(self, file: LibraryFile) -> None:
        """Show a file that is new (on top) or changed."""
        at = self._row(file.id)
        if at is None:
            self.beginInsertRows(QModelIndex(), 0, 0)
            self._files.insert(0, file)
            self.endInsertRows()
        elif self._files[at] != file:
            self._files[at] = file
            self.dataChanged.emit(self.index(at, 0), self.index(at, len(HEADS) - 1))

    def take(self, file_id: str) -> None:
        """Show a file no more."""
        at = self._row(file_id)
        if at is not None:
            self.beginRemoveRows(QModelIndex(), at, at)
            del self._files[at]
            self.endRemoveRows()

    def _row(self, file_id: str) -> int | None:
        return next((at for at, file in enumerate(self._files) if file.id == file_id), None)


def _text(file: LibraryFile, column: int) -> str:
    if column == DOCUMENT:
        return title(file)
    if column == CATEGORY:
        return (file.category or "").capitalize()
    if column == IN_FORCE:
        return _in_force(file)
    if column == PAGES:
        return str(file.pages) if file.pages else ""
    return WORDS[file.state]


def _in_force(file: LibraryFile) -> str:
    if file.effective_to is not None:  # the first day on which it is no longer in force
        return f"until {_date(file.effective_to - timedelta(days=1))}"
    return f"since {_date(file.effective_from)}" if file.effective_from else ""


def _date(day: date) -> str:
    return f"{day.day} {day:%b %Y}"


class Show(StrEnum):
    """Which files are listed."""

    ALL = "all"
    READY = "ready"
    ATTENTION = "attention"


class LibraryFilter(QSortFilterProxyModel):
    """Lists the files of one kind; sorting by a column keeps their order otherwise."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._show = Show.ALL
        self.setSortCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)

    def show(self, what: Show) -> None:
        """List only files of this kind."""
        self.beginFilterChange()
        self._show = what
        self.endFilterChange()

    def filterAcceptsRow(self, row: int, parent: Index) -> bool:
        file = self.sourceModel().index(row, 0, parent).data(FILE_ROLE)
        if self._show is Show.READY:
            return bool(file.state.is_searchable)
        return self._show is Show.ALL or needs_attention(file)

    def lessThan(self, left: Index, right: Index) -> bool:
        if left.column() == PAGES:
            return bool(left.data(FILE_ROLE).pages < right.data(FILE_ROLE).pages)
        if left.column() == IN_FORCE:
            return _day(left) < _day(right)
        return super().lessThan(left, right)


def _day(index: Index) -> str:
    day = index.data(FILE_ROLE).effective_from
    return day.isoformat() if day else ""
