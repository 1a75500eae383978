"""The messages of the thread shown, as a Qt model.

`MESSAGE` is the domain value, `FACTS` the figures under an answer (RunFacts or None). A change is reported
for exactly the row and role that changed, so that a growing answer touches one widget.
"""

from collections.abc import Sequence
from dataclasses import replace
from enum import IntEnum

from PySide6.QtCore import QAbstractListModel, QModelIndex, QObject, QPersistentModelIndex, Qt

from hrdesk.core.threads import Message, Role
from hrdesk.ui.chat.facts import RunFacts

Index = QModelIndex | QPersistentModelIndex
WHO = {Role.USER: "Question", Role.ASSISTANT: "Answer", Role.SUMMARY: "Carried over"}


class TranscriptRole(IntEnum):
    """The roles beside display and accessible text."""

    MESSAGE = Qt.ItemDataRole.UserRole + 1
    FACTS = Qt.ItemDataRole.UserRole + 2
    TEXT = Qt.ItemDataRole.UserRole + 3  # never asked for: names the change when only the text grew


class TranscriptModel(QAbstractListModel):
    """Messages in the order of the conversation."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._messages: list[Message] = []
        self._rows: dict[str, int] = {}
        self._facts: dict[str, RunFacts] = {}

    def rowCount(self, parent: Index = QModelIndex()) -> int:
        return 0 if parent.isValid() else len(self._messages)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        if not self.checkIndex(index, QAbstractListModel.CheckIndexOption.IndexIsValid):
            return None
        message = self._messages[index.row()]
        if role == TranscriptRole.MESSAGE:
            return message
        if role == TranscriptRole.FACTS:
            return self._facts.get(message.id)
        if role == Qt.ItemDataRole.DisplayRole:
            return message.text
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return f"{WHO[message.role]}: {message.text}"
        return None

    @property
    def messages(self) -> tuple[Message, ...]:
        """Return all messages."""
        return tuple(self._messages)

    def message(self, row: int) -> Message:
        """Return the message of a row."""
        return self._messages[row]

    def facts(self, row: int) -> RunFacts | None:
        """Return the figures of the row's answer, if known."""
        return self._facts.get(self._messages[row].id)

    def row_of(self, message_id: str) -> int | None:
        """Return where a message stands, None if it is not in this thread."""
        return self._rows.get(message_id)

    def reset(self, messages: Sequence[Message]) -> None:
        """Show another thread."""
        self.beginResetModel()
        self._messages = list(messages)
        self._rows = {message.id: row for row, message in enumerate(messages)}
        self._facts.clear()
        self.endResetModel()

    def put(self, message: Message) -> None:
        """Replace the message with this id, or add it at the end."""
        row = self._rows.get(message.id)
        if row is None:
            row = len(self._messages)
            self.beginInsertRows(QModelIndex(), row, row)
            self._messages.append(message)
            self._rows[message.id] = row
            self.endInsertRows()
        elif self._messages[row] != message:
            self._messages[row] = message
            self._report(row, TranscriptRole.MESSAGE)

    def set_text(self, message_id: str, text: str) -> None:
        """Show the text of a message that is being written."""
        row = self._rows.get(message_id)
        if row is not None and text != self._messages[row].text:
            self._messages[row] = replace(self._messages[row], text=text)
            self._report(row, TranscriptRole.TEXT)

    def set_facts(self, message_id: str, facts: RunFacts) -> None:
        """Set the figures under an answer."""
        row = self._rows.get(message_id)
        if row is not None:
            self._facts[message_id] = facts
            self._report(row, TranscriptRole.FACTS)

    def _report(self, row: int, role: TranscriptRole) -> None:
        index = self.index(row)
        shown = [Qt.ItemDataRole.DisplayRole] if role == TranscriptRole.TEXT else []
        self.dataChanged.emit(index, index, [role, *shown])
