"""Cards in place of a page: the passage as text where nothing can be marked, and troubles with Retry."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QScrollArea, QVBoxLayout, QWidget

from hrdesk.core.errors import HrdeskError
from hrdesk.ui import theme

HIGHEST = 220  # pixels of a passage before it scrolls


class PassageCard(QFrame):
    """Why nothing is marked, and the passage with the quote."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("kind", "notice-caution")
        self._why = theme.label(wrap=True)
        self._text = theme.label(wrap=True)
        self._text.setAccessibleName("Passage")
        self._text.setTextInteractionFlags(
            Qt.TextInteractionFlag.TextSelectableByMouse | Qt.TextInteractionFlag.TextSelectableByKeyboard
        )
        self._area = QScrollArea()
        self._area.setWidgetResizable(True)
        self._area.setFrameShape(QFrame.Shape.NoFrame)
        self._area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._area.setMaximumHeight(HIGHEST)
        self._area.viewport().setAutoFillBackground(False)
        self._text.setAutoFillBackground(False)
        self._area.setWidget(self._text)
        column = QVBoxLayout(self)
        column.setContentsMargins(14, 10, 14, 10)
        column.addWidget(self._why)
        column.addWidget(self._area)
        self.hide()

    @property
    def words(self) -> str:
        """Return the passage shown."""
        return self._text.text()

    def show_passage(self, why: str, passage: str, quote: str) -> None:
        """Show a reason and a passage; without a reason nothing is shown."""
        self.setVisible(bool(why))
        self._why.setText(why)
        self._area.setVisible(bool(passage or quote) and bool(passage))
        self._text.setText(passage or quote)


class TroubleCard(QFrame):
    """A trouble with what to do, and Retry."""

    retry_clicked = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("kind", "notice-error")
        self._title: QLabel = theme.label(tone="strong", wrap=True)
        self._advice: QLabel = theme.label(wrap=True)
        retry = theme.button("Retry", drawing="rotate-ccw")
        retry.clicked.connect(self.retry_clicked)
        words = QVBoxLayout()
        words.addWidget(self._title)
        words.addWidget(self._advice)
        row = QHBoxLayout(self)
        row.setContentsMargins(14, 10, 14, 10)
        row.addLayout(words, 1)
        row.addWidget(retry)
        self.hide()

    def show_trouble(self, trouble: HrdeskError) -> None:
        """Show a trouble as it stands."""
        self._title.setText(trouble.title)
        self._advice.setText(trouble.advice)
        self._advice.setVisible(bool(trouble.advice))
        self.show()
