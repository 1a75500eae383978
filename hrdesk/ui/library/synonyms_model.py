"""The table of synonyms."""

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt

from hrdesk.core.synonyms import Synonym

SYNONYM_ROLE = Qt.ItemDataRole.UserRole
HEADS = ("Word or phrase", "Means the same as")

Index = QModelIndex | QPersistentModelIndex


class SynonymsModel(QAbstractTableModel):
    """One row a synonym."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._synonyms: list[Synonym] = []

    def show(self, synonyms: Sequence[Synonym]) -> None:
        """Show these synonyms."""
        self.beginResetModel()
        self._synonyms = list(synonyms)
        self.endResetModel()

    def rowCount(self, parent: Index = QModelIndex()) -> int:
        return 0 if parent.isValid() else len(self._synonyms)

    def columnCount(self, parent: Index = QModelIndex()) -> int:
        return 0 if parent.isValid() else len(HEADS)

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> Any:
        if orientation == Qt.Orientation.Horizontal and role == Qt.ItemDataRole.DisplayRole:
            return HEADS[section]
        return None

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if not index.isValid():
            return None
        synonym = self._synonyms[index.row()]
        if role == SYNONYM_ROLE:
            return synonym
        if role == Qt.ItemDataRole.DisplayRole:
            return (synonym.term, synonym.meaning)[index.column()]
        return None
