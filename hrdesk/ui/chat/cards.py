"""One message as a widget: the question as a soft bubble at the right, and what was carried over.

Cards lay themselves out by hand: the transcript asks `lay_out(width)` for the height, and a card that was
taken from the pool shows another message without being built again.
"""

from PySide6.QtCore import QRect, QRectF, Qt, Signal
from PySide6.QtGui import QColor, QPainter, QPainterPath, QPaintEvent, QPen
from PySide6.QtWidgets import QLabel, QWidget

from hrdesk.core.threads import Message
from hrdesk.ui import theme
from hrdesk.ui.chat.facts import RunFacts
from hrdesk.ui.chat.text import MessageText

GAP = 8
BUBBLE_PAD_X, BUBBLE_PAD_Y = 14, 9
BUBBLE_SHARE = 0.78  # of the column, at most
SUMMARY_PAD = 14
BELOW_QUESTION, BELOW_ANSWER = 14, 24


class Card(QWidget):
    """What all messages have in common; `edit_clicked` is a summary's, the other signals an answer's."""

    citation_clicked = Signal(object, int)  # Message, number
    seen_clicked = Signal(str)  # run id
    copy_clicked = Signal(object)  # Message
    ask_again_clicked = Signal(object)  # Message
    suggestion_clicked = Signal(str)  # the question that may have been meant
    edit_clicked = Signal(object)  # Message

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.message: Message | None = None
        self.text = MessageText(self)

    def show_message(self, message: Message, facts: RunFacts | None, current: int | None) -> None:
        """Show another message, or another state of the same."""
        raise NotImplementedError

    def lay_out(self, width: int) -> int:
        """Place everything in `width` pixels and return the height with the space below."""
        raise NotImplementedError

    def stops(self) -> list[QWidget]:
        """Return what the Tab key visits, in order."""
        return [self.text]


class QuestionCard(Card):
    """What the user asked, as typed."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._bubble = QRect()
        self.text.setAccessibleName("Question")

    def show_message(self, message: Message, _facts: RunFacts | None, _current: int | None) -> None:
        self.message = message
        self.text.show_plain(message.text)

    def lay_out(self, width: int) -> int:
        limit = max(80, int(width * BUBBLE_SHARE) - 2 * BUBBLE_PAD_X)
        inner = self.text.natural_width(limit)
        height = self.text.height_for(inner)
        outer = inner + 2 * BUBBLE_PAD_X
        self._bubble = QRect(width - outer, 0, outer, height + 2 * BUBBLE_PAD_Y)
        self.text.setGeometry(self._bubble.left() + BUBBLE_PAD_X, BUBBLE_PAD_Y, inner, height)
        self.update()
        return self._bubble.height() + BELOW_QUESTION

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        box = QRectF(self._bubble)
        shape = QPainterPath()
        shape.addRoundedRect(box, 14, 14)
        corner = QPainterPath()
        corner.addRoundedRect(QRectF(box.right() - 20, box.bottom() - 20, 20, 20), 4, 4)
        painter.fillPath(shape.united(corner), QColor(theme.tokens().accent_soft))


class SummaryCard(Card):
    """What was carried over from an earlier thread: shown as typed, with a way to change it."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._frame = QRect()
        self._head = theme.label("Carried over", tone="caption")
        self._why = theme.label("from an earlier thread", tone="small")
        self._edit = theme.button("Edit", kind="link", name="Edit what was carried over")
        for part in (self._head, self._why, self._edit):
            part.setParent(self)
        self.text.setAccessibleName("Carried over")
        self._edit.clicked.connect(lambda: self.edit_clicked.emit(self.message))

    def show_message(self, message: Message, _facts: RunFacts | None, _current: int | None) -> None:
        self.message = message
        self.text.show_plain(message.text)

    def stops(self) -> list[QWidget]:
        return [self._edit, self.text]

    def lay_out(self, width: int) -> int:
        inner = width - 2 * SUMMARY_PAD
        high = max(28, self._edit.sizeHint().height())
        edit = self._edit.sizeHint()
        head, why = self._head.sizeHint(), self._why.sizeHint()
        self._head.setGeometry(SUMMARY_PAD, 8, head.width(), high)
        left = SUMMARY_PAD + head.width() + GAP
        right = width - SUMMARY_PAD - edit.width()
        self._why.setGeometry(left, 8, max(0, min(why.width(), right - left - GAP)), high)
        self._edit.setGeometry(right, 8, edit.width(), high)
        height = self.text.height_for(inner)
        self.text.setGeometry(SUMMARY_PAD, 8 + high + 2, inner, height)
        self._frame = QRect(0, 0, width, 8 + high + 2 + height + 12)
        self.update()
        return self._frame.height() + BELOW_ANSWER

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(QColor(theme.tokens().line), 1))
        painter.setBrush(QColor(theme.tokens().ground))
        box = QRectF(self._frame).adjusted(0.5, 0.5, -0.5, -0.5)
        painter.drawRoundedRect(box, theme.CARD_RADIUS, theme.CARD_RADIUS)


def flow(
    parts: list[QWidget],
    width: int,
    y: int,
    *,
    gap_x: int = GAP,
    gap_y: int = GAP,
    height: int | None = None,
    left: int = 0,
) -> int:
    """Place `parts` in rows `width` pixels wide; return the height below the last row."""
    x, row = left, 0
    for part in parts:
        size = part.sizeHint()
        wide, high = min(size.width(), width), height or size.height()
        if x > left and x + wide > width:
            x, y, row = left, y + row + gap_y, 0
        part.setGeometry(x, y, wide, high)
        x, row = x + wide + gap_x, max(row, high)
    return y + row


def elide(label: QLabel, text: str, width: int, tail: str = "") -> None:
    """Show `text` in a label, cut at its end to `width` pixels; the whole text is its tooltip then.

    `tail` comes behind it and is never cut.
    """
    shown = label.fontMetrics().elidedText(text, Qt.TextElideMode.ElideRight, width)
    label.setText(shown + tail)
    label.setToolTip(text if shown != text else "")
