"""A card of the settings page: a title, a sentence, and rows of label and control."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from hrdesk.ui import theme

LABEL_WIDTH = 150


class Section(QFrame):
    """One card."""

    def __init__(self, title: str, sentence: str = "") -> None:
        super().__init__()
        self.setProperty("kind", "card")
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(20, 16, 20, 18)
        self._column.setSpacing(12)
        head = QVBoxLayout()
        head.setSpacing(2)
        head.addWidget(theme.label(title, "title"))
        if sentence:
            head.addWidget(theme.label(sentence, "muted", wrap=True))
        self._column.addLayout(head)

    def add_row(self, name: str, control: QWidget, note: QLabel | None = None) -> QWidget:
        """Add a control with its name at the left and a note below; return the row."""
        place = QWidget()
        row = QHBoxLayout(place)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(12)
        named = theme.label(name)
        named.setBuddy(control)
        named.setFixedWidth(LABEL_WIDTH)
        row.addWidget(named, 0, Qt.AlignmentFlag.AlignTop)
        named.setMinimumHeight(theme.CONTROL_HEIGHT)
        column = QVBoxLayout()
        column.setSpacing(6)
        column.addWidget(control)
        if note is not None:
            column.addWidget(note)
        row.addLayout(column, 1)
        self._column.addWidget(place)
        return place

    def add_widget(self, widget: QWidget) -> None:
        """Add something that is as wide as the card."""
        self._column.addWidget(widget)
