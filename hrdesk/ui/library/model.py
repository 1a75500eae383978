"""The table of files, one row each, and the filter over it."""

from collections import Counter
from collections.abc import Sequence
from datetime import date, timedelta
from enum import StrEnum
from typing import Any

from PySide6.QtCore import (
    QModelIndex,
    QObject,
    QSortFilterProxyModel,
    Qt,
)

from hrdesk.core.documents import FileState, LibraryFile
from hrdesk.ui.library.tables import ROW_ROLE, Index, RowsModel
from hrdesk.ui.library.words import WORDS, Counts, needs_attention, title

FILE_ROLE = ROW_ROLE
"""The `LibraryFile` of a row, in every column."""
HEADS = ("Document", "Category", "In force", "Pages", "State")
FEW = 20
DOCUMENT, CATEGORY, IN_FORCE, PAGES, STATE = range(len(HEADS))


class LibraryModel(RowsModel[LibraryFile]):
    """Files in the order they were given, newest first.

    The last one kept is shown first, so that a new one moves none.
    """

    heads = HEADS

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._places: dict[str, int] = {}
        self._states: Counter[FileState] = Counter()

    @property
    def files(self) -> list[LibraryFile]:
        """All files."""
        return self.kept[::-1]

    @property
    def counts(self) -> Counts:
        """How many files are in which kind of state."""
        return Counts.by_state(self._states)

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> Any:
        if role == Qt.ItemDataRole.TextAlignmentRole and section == PAGES:
            return Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
        return super().headerData(section, orientation, role)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if not index.isValid():
            return None
        file = self.kept[-1 - index.row()]
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
        self.kept = list(reversed(files))
        self._count()
        self.endResetModel()

    def put(self, *files: LibraryFile) -> None:
        """Show files that are new (on top, the last one first) or changed."""
        new = {file.id: file for file in files if file.id not in self._places}
        if new:
            self.beginInsertRows(QModelIndex(), 0, len(new) - 1)
            self._places.update((name, len(self.kept) + at) for at, name in enumerate(new))
            self.kept.extend(new.values())
            self._states.update(file.state for file in new.values())
            self.endInsertRows()
        changed = sorted(row for file in files if (row := self._change(file)) is not None)
        if len(changed) > FEW:  # row by row the view would do all its work again
            self.dataChanged.emit(self.index(changed[0], 0), self.index(changed[-1], len(HEADS) - 1))
            return
        for row in changed:
            self.dataChanged.emit(self.index(row, 0), self.index(row, len(HEADS) - 1))

    def take(self, *file_ids: str) -> None:
        """Show files no more."""
        gone = set(file_ids) & self._places.keys()
        if len(gone) > FEW:  # row by row the view would do all its work again
            self.show([file for file in self.files if file.id not in gone])
            return
        for name in gone:
            row = len(self.kept) - 1 - self._places[name]
            self.beginRemoveRows(QModelIndex(), row, row)
            del self.kept[self._places[name]]
            self._count()
            self.endRemoveRows()

    def _change(self, file: LibraryFile) -> int | None:
        """Keep a file as it is now, and return its row if it is another than before."""
        place = self._places[file.id]
        before = self.kept[place]
        if before == file:
            return None
        self.kept[place] = file
        self._states.subtract([before.state])
        self._states.update([file.state])
        return len(self.kept) - 1 - place

    def _count(self) -> None:
        self._places = {file.id: place for place, file in enumerate(self.kept)}
        self._states = Counter(file.state for file in self.kept)


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
