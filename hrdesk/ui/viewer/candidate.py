"""One passage that was found, as a row that opens: rank, place, score as a bar, sent or not."""

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter, QPaintEvent
from PySide6.QtWidgets import QFrame, QPushButton, QVBoxLayout, QWidget

from hrdesk.ui import theme
from hrdesk.ui.viewer.seen_rows import Candidate
from hrdesk.ui.viewer.words import section_words

HEIGHT = 50
PAD = 10
BAR = 64


class CandidateRow(QPushButton):
    """The line that is always seen; checked while the passage below it is open."""

    def __init__(self, candidate: Candidate, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._candidate = candidate
        self._section = section_words(candidate.section, candidate.title)
        self.setCheckable(True)
        self.setFixedHeight(HEIGHT)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        sent = "sent" if candidate.sent else "not sent"
        self.setAccessibleName(f"Passage {candidate.rank}: {candidate.place}, {sent}")
        self.setAccessibleDescription(f"{self._section}. {candidate.scores}")
        self.setToolTip(f"{candidate.place}\n{self._section}\n{candidate.scores}")

    def sizeHint(self) -> QSize:
        return QSize(320, HEIGHT)

    def minimumSizeHint(self) -> QSize:
        return QSize(200, HEIGHT)

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
            QRectF(0, 0, 30, HEIGHT),
            Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter,
            str(self._candidate.rank),
        )

    def _paint_words(self, painter: QPainter, left: float, room: float) -> None:
        colours, found = theme.tokens(), self._candidate
        for words, tail, font, colour, top in (
            (
                found.title,
                f", p. {found.page}",
                theme.strong() if found.sent else theme.body(),
                colours.text,
                6,
            ),
            (self._section, "", theme.small(), colours.muted, 25),
        ):
            painter.setFont(font)
            painter.setPen(QColor(colour))
            metrics = QFontMetricsF(font)
            left_over = room - metrics.horizontalAdvance(tail)
            cut = metrics.elidedText(words, Qt.TextElideMode.ElideRight, left_over) + tail
            painter.drawText(QRectF(left, top, room, 20), Qt.AlignmentFlag.AlignVCenter, cut)

    def _paint_right(self, painter: QPainter) -> float:
        """Paint score and badge; return their left edge."""
        colours, found = theme.tokens(), self._candidate
        badge = theme.font(11.0, QFont.Weight.DemiBold)
        words = f"sent as {found.ref}" if found.sent and found.ref else "sent" if found.sent else "not sent"
        width = QFontMetricsF(badge).horizontalAdvance("sent as p00") + 12
        box = QRectF(self.width() - PAD - width, HEIGHT / 2 - 10, width, 20)
        painter.setPen(Qt.PenStyle.NoPen)
        if found.sent:
            painter.setBrush(QColor(colours.accent_soft))
            painter.drawRoundedRect(box, 6, 6)
        painter.setFont(badge)
        painter.setPen(QColor(colours.accent if found.sent else colours.muted))
        painter.drawText(box, Qt.AlignmentFlag.AlignCenter, words)
        bar = QRectF(box.left() - PAD - BAR, HEIGHT / 2 + 7, BAR, 4)
        painter.setFont(theme.small())
        painter.setPen(QColor(colours.muted))
        painter.drawText(
            bar.adjusted(0, -24, 0, -6),
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
