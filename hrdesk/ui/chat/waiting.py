"""The question that is sent when the answer being written is done: a bubble that waits below it."""

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QSizePolicy, QVBoxLayout, QWidget

from hrdesk.ui import theme
from hrdesk.ui.chat.cards import BUBBLE_PAD_X, BUBBLE_PAD_Y, BUBBLE_SHARE
from hrdesk.ui.plain import PlainText

LINES = 4
WORDS = "Sent when this answer is done"


class WaitingQuestion(QWidget):
    """Shown while a question waits; `taken_back` asks for it to be typed again."""

    taken_back = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._bubble = _Bubble()
        self._back = theme.button("Take back", kind="textlink")
        self._back.setToolTip("Put this question back into the field")
        self._back.clicked.connect(self.taken_back)
        self.setAccessibleName("Waiting question")
        row = QHBoxLayout()
        row.setSpacing(12)
        words = theme.label(WORDS, tone="small", wrap=True)
        words.setMinimumWidth(80)
        words.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        row.addWidget(words, 1)
        row.addWidget(self._back)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self._bubble, 0, Qt.AlignmentFlag.AlignRight)
        column.addLayout(row)
        self.hide()

    @property
    def take_back_button(self) -> QPushButton:
        """Return the button named Take back."""
        return self._back

    @property
    def text(self) -> str:
        """Return the question that waits."""
        return self._bubble.text.toPlainText()

    def show_question(self, text: str) -> None:
        """Show another question; "" for none."""
        self._bubble.text.show_text(text)
        self._bubble.fit(self.width())
        self.setAccessibleDescription(f"{WORDS}: {text}" if text else "")
        self.setVisible(bool(text))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._bubble.fit(self.width())


class _Bubble(QWidget):
    def __init__(self) -> None:
        super().__init__()
        self.text = PlainText("Question", LINES)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def fit(self, width: int) -> None:
        """Take the width that the words need, at most the bubble's share of `width`."""
        lines = self.text.toPlainText()[:2000].split("\n")
        longest = max(self.text.fontMetrics().horizontalAdvance(line) for line in lines)
        limit = max(80, int(width * BUBBLE_SHARE) - 2 * BUBBLE_PAD_X)
        inner = min(limit, longest + 12)
        self.text.setParent(self)
        self.text.setFixedWidth(inner)
        self.text.grow()
        self.text.move(BUBBLE_PAD_X, BUBBLE_PAD_Y)
        self.setFixedSize(QSize(inner + 2 * BUBBLE_PAD_X, self.text.height() + 2 * BUBBLE_PAD_Y))

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(QColor(theme.tokens().faint), 1, Qt.PenStyle.DashLine))
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), 14, 14)
