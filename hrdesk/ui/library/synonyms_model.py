"""The table of synonyms."""

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import Qt

from hrdesk.core.synonyms import Synonym
from hrdesk.ui.library.tables import ROW_ROLE, Index, RowsModel

HEADS = ("Word or phrase", "Means the same as")


class SynonymsModel(RowsModel[Synonym]):
    """One row a synonym."""

    heads = HEADS

    def show(self, synonyms: Sequence[Synonym]) -> None:
        """Show these synonyms."""
        self.beginResetModel()
        self.kept = list(synonyms)
        self.endResetModel()

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if not index.isValid():
            return None
        synonym = self.kept[index.row()]
        if role == ROW_ROLE:
            return synonym
        if role == Qt.ItemDataRole.DisplayRole:
            return (synonym.term, synonym.meaning)[index.column()]
        return None
