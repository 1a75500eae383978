"""One passage that was found, as a row that opens: rank, place, score as a bar, sent or not."""

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontMetrics, QFontMetricsF, QPainter, QPaintEvent
from PySide6.QtWidgets import QFrame, QPushButton, QVBoxLayout, QWidget

from hrdesk.ui import theme
from hrdesk.ui.viewer.seen_rows import Candidate
from hrdesk.ui.viewer.words import section_words

LEAST_HEIGHT = 50
PAD = 10
BAR = 64
BADGE = 11.0


def row_height() -> int:
    """Return the height of a row at the text size in force."""
    return max(LEAST_HEIGHT, QFontMetrics(theme.body()).height() + QFontMetrics(theme.small()).height() + 14)


class CandidateRow(QPushButton):
    """The line that is always seen; checked while the passage below it is open."""

    def __init__(self, candidate: Candidate, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._candidate = candidate
        self._section = section_words(candidate.section, candidate.title)
        self.setCheckable(True)
        self._fit()
        theme.watcher.changed.connect(self._fit)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        sent = "sent" if candidate.sent else "not sent"
        self.setAccessibleName(f"Passage {candidate.rank}: {candidate.place}, {sent}")
        self.setAccessibleDescription(f"{self._section}. {candidate.scores}")
        self.setToolTip(f"{candidate.place}\n{self._section}\n{candidate.scores}")

    def _fit(self) -> None:
        self.setFixedHeight(row_height())

    def sizeHint(self) -> QSize:
        return QSize(320, row_height())

    def minimumSizeHint(self) -> QSize:
        return QSize(200, row_height())

    def paintEvent(self, _event: QPaintEvent) -> None:
        colours = theme.tokens()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if self.underMouse() or self.isChecked():
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(colours.hover))
            painter.drawRoundedRect(QRectF(self.rect()), 8, 8)
        right = self._paint_right(painter)
        self._paint_words(painter, 40, right - 40 - 10)
        painter.setFont(theme.small())
        painter.setPen(QColor(colours.muted))
        painter.drawText(
            QRectF(0, 0, 30, self.height()),
            Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter,
            str(self._candidate.rank),
        )

    def _paint_words(self, painter: QPainter, left: float, room: float) -> None:
        colours, found = theme.tokens(), self._candidate
        line, second = QFontMetricsF(theme.body()).height(), QFontMetricsF(theme.small()).height()
        top = (self.height() - line - second - 2) / 2
        for words, tail, font, colour, at in (
            (
                found.title,
                f", p. {found.page}",
                theme.strong() if found.sent else theme.body(),
                colours.text,
                top,
            ),
            (self._section, "", theme.small(), colours.muted, top + line + 2),
        ):
            painter.setFont(font)
            painter.setPen(QColor(colour))
            metrics = QFontMetricsF(font)
            left_over = room - metrics.horizontalAdvance(tail)
            cut = metrics.elidedText(words, Qt.TextElideMode.ElideRight, left_over) + tail
            painter.drawText(QRectF(left, at, room, metrics.height()), Qt.AlignmentFlag.AlignVCenter, cut)

    def _paint_right(self, painter: QPainter) -> float:
        """Paint score and badge; return their left edge."""
        colours, found = theme.tokens(), self._candidate
        badge = theme.font(BADGE, QFont.Weight.DemiBold)
        words = f"sent as {found.ref}" if found.sent and found.ref else "sent" if found.sent else "not sent"
        width = QFontMetricsF(badge).horizontalAdvance("sent as p00") + 12
        middle, high = self.height() / 2, QFontMetricsF(badge).height() + 6
        box = QRectF(self.width() - PAD - width, middle - high / 2, width, high)
        painter.setPen(Qt.PenStyle.NoPen)
        if found.sent:
            painter.setBrush(QColor(colours.accent_soft))
            painter.drawRoundedRect(box, 6, 6)
        painter.setFont(badge)
        painter.setPen(QColor(colours.accent if found.sent else colours.muted))
        painter.drawText(box, Qt.AlignmentFlag.AlignCenter, words)
        bar = QRectF(box.left() - PAD - BAR, middle + 7, BAR, 4)
        painter.setFont(theme.small())
        painter.setPen(QColor(colours.muted))
        painter.drawText(
            bar.adjusted(0, -6 - QFontMetricsF(theme.small()).height(), 0, -6),
            Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter,
            f"{found.score:.2f}",
        )
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(colours.line))
        painter.drawRoundedRect(bar, 2, 2)
        painter.setBrush(QColor(colours.accent if found.sent else colours.faint))
        bar.setWidth(max(3.0, BAR * min(1.0, max(0.0, found.score))))
        painter.drawRoundedRect(bar, 2, 2)
        return bar.left() if bar.width() else box.left()


class CandidateCard(QFrame):
    """A row and, once it was opened, the passage below it."""

    def __init__(self, candidate: Candidate, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._candidate = candidate
        self.row = CandidateRow(candidate)
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(0)
        self._column.addWidget(self.row)
        self._passage: QWidget | None = None
        self.row.toggled.connect(self._open)

    def _open(self, is_open: bool) -> None:
        if self._passage is None:
            self._passage = self._make()
            self._column.addWidget(self._passage)
        self._passage.setVisible(is_open)

    def _make(self) -> QWidget:
        made = QWidget()
        column = QVBoxLayout(made)
        column.setContentsMargins(40, 4, 12, 12)
        column.setSpacing(6)
        column.addWidget(theme.label(self._candidate.scores, tone="small", wrap=True))
        text = theme.label(self._candidate.text, wrap=True)
        text.setTextInteractionFlags(
            Qt.TextInteractionFlag.TextSelectableByMouse | Qt.TextInteractionFlag.TextSelectableByKeyboard
        )
        column.addWidget(text)
        return made
