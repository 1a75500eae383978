"""Tables of the library page: what their models share, and plain ones of rows of text, chosen as a whole."""

from collections.abc import Mapping
from typing import Any, Generic, TypeVar

from PySide6.QtCore import (
    QAbstractItemModel,
    QAbstractTableModel,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    Qt,
)
from PySide6.QtGui import QColor, QPainter
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHeaderView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableView,
)

from hrdesk.ui import theme

PADDING = 9
ROW_ROLE = Qt.ItemDataRole.UserRole
"""What a row is about, in every column."""

Index = QModelIndex | QPersistentModelIndex
Row = TypeVar("Row")


class RowsModel(QAbstractTableModel, Generic[Row]):
    """One row for each thing, under fixed `heads`; a subclass says what stands in the cells."""

    heads: tuple[str, ...] = ()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.kept: list[Row] = []

    def rowCount(self, parent: Index = QModelIndex()) -> int:
        return 0 if parent.isValid() else len(self.kept)

    def columnCount(self, parent: Index = QModelIndex()) -> int:
        return 0 if parent.isValid() else len(self.heads)

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> Any:
        if orientation == Qt.Orientation.Horizontal and role == Qt.ItemDataRole.DisplayRole:
            return self.heads[section]
        return None


class _Padded(QStyledItemDelegate):
    """Cells that begin where their heads do."""

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        inner = QStyleOptionViewItem(option)
        inner.rect = option.rect.adjusted(PADDING, 0, 0, 0)
        if option.state & QStyle.StateFlag.State_Selected:
            painter.fillRect(option.rect, QColor(theme.tokens().selection))
            inner.state &= ~QStyle.StateFlag.State_Selected  # else the style fills the inner part
        super().paint(painter, inner, index)


def plain_table(model: QAbstractItemModel, name: str, widths: Mapping[int, int]) -> QTableView:
    """Return a table called `name`; `widths` of columns in pixels, the first column takes the rest."""
    table = QTableView()
    table.setAccessibleName(name)
    table.setModel(model)
    table.setItemDelegate(_Padded(table))
    table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
    table.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
    table.setShowGrid(False)
    table.setTabKeyNavigation(False)
    table.setCornerButtonEnabled(False)
    table.setWordWrap(False)
    table.verticalHeader().hide()
    head = table.horizontalHeader()
    head.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
    head.setHighlightSections(False)
    for column, width in widths.items():
        head.resizeSection(column, width)
    head.setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
    return table
