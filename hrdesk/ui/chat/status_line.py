"""The line above the composer that says what the run does, for how long, and stops it."""

import time

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QAccessible,
    QAccessibleEvent,
    QColor,
    QFontMetrics,
    QPainter,
    QPaintEvent,
    QResizeEvent,
)
from PySide6.QtWidgets import (
    QHBoxLayout,
    QPushButton,
    QSizePolicy,
    QStyle,
    QStyleOptionButton,
    QStylePainter,
    QWidget,
)

from hrdesk.ui import theme
from hrdesk.ui.chat.cards import elide
from hrdesk.ui.chat.flights import Flight, countdown, joint
from hrdesk.ui.chat.ticking import TickingFrame

TICK_MS = 100
LEAST_WORDS = 300  # pixels of words that are worth more than the figures
SWEEP_SECONDS = 1.8
KEY, KEY_SIZE = "Esc", 11.0


class RunStatusLine(TickingFrame):
    """Shown while a run is in flight in the thread shown."""

    stop_clicked = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(TICK_MS, parent)
        self._flight: Flight | None = None
        self._dot = Dot()
        self._words = theme.label()
        self._words.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self._sweep = Sweep()
        self._figures = theme.label(tone="small")
        self._stop = StopButton()
        self._stop.clicked.connect(self.stop_clicked)
        self.tick.timeout.connect(self._show_time)
        self.setProperty("kind", "card")
        self.setAccessibleName("Run status")
        self.setFixedHeight(46)
        self._lay_out()
        self.hide()

    def _lay_out(self) -> None:
        row = QHBoxLayout(self)
        row.setContentsMargins(12, 0, 8, 0)
        row.setSpacing(10)
        row.addWidget(self._dot)
        row.addWidget(self._words, 1)
        row.addWidget(self._sweep)
        row.addWidget(self._figures)
        row.addSpacing(4)
        row.addWidget(self._stop)

    @property
    def stop_button(self) -> QPushButton:
        """Return the button named Stop."""
        return self._stop

    @property
    def words(self) -> str:
        """Return what is said now."""
        return self._flight.words if self._flight else ""

    def show_flight(self, flight: Flight | None) -> None:
        """Show how far a run is; None hides the line."""
        said = self.words
        self._flight = flight
        self.setVisible(flight is not None)
        if flight is None:
            return
        self._stop.setEnabled(flight.can_stop)
        self._show_words()
        self._show_time()
        if flight.words != said:
            self.setAccessibleDescription(self._whole())
            QAccessible.updateAccessibility(QAccessibleEvent(self, QAccessible.Event.DescriptionChanged))

    def _whole(self) -> str:
        return self.words + self._left()

    def _left(self) -> str:
        """Return the countdown with its joint; "" where nothing runs out."""
        if self._flight is None or self._flight.until is None:
            return ""
        return joint(self._flight.words) + countdown(self._flight.until)

    def _show_words(self) -> None:
        if self._flight is not None:
            self._words.setFont(theme.strong())
            left = self._left()
            self._make_room(self._words.fontMetrics().horizontalAdvance(self._flight.words + left))
            room = self._words.width() - self._words.fontMetrics().horizontalAdvance(left)
            elide(self._words, self._flight.words, max(60, room), left)

    def _make_room(self, words: int) -> None:
        """Let the bar go, then the figures, where the words need the room."""
        fixed = self._stop.sizeHint().width() + self._dot.width() + 54
        figures = self._figures.fontMetrics().horizontalAdvance("00.0 s · poll 00") + 10
        self._sweep.setVisible(fixed + figures + self._sweep.width() + 10 + words <= self.width())
        self._figures.setVisible(
            fixed + figures + min(words, LEAST_WORDS * theme.watcher.text_scale) <= self.width()
        )
        layout = self.layout()
        if layout is not None:
            layout.activate()

    def _show_time(self) -> None:
        if self._flight is not None:
            polls = f" · poll {self._flight.polls}" if self._flight.polls else ""
            self._figures.setText(f"{time.monotonic() - self._flight.started:.1f} s{polls}")
            self._sweep.update()
            if self._flight.until is not None and not self._words.text().endswith(self._left()):
                self._show_words()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._show_words()


class StopButton(QPushButton):
    """Stop, with the key that does the same in a small frame."""

    def __init__(self) -> None:
        super().__init__("Stop")
        self.setAccessibleName("Stop")
        self.setToolTip("Stop the answer; what was said so far is kept (Esc)")
        self.setCursor(Qt.CursorShape.PointingHandCursor)

    def _key_width(self) -> int:
        return QFontMetrics(theme.font(KEY_SIZE)).horizontalAdvance(KEY) + 10

    def sizeHint(self) -> QSize:
        return super().sizeHint() + QSize(self._key_width() + 8, 0)

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QStylePainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        option = QStyleOptionButton()
        self.initStyleOption(option)
        option.text = ""
        painter.drawControl(QStyle.ControlElement.CE_PushButton, option)
        key = QRectF(self.width() - self._key_width() - 9.5, self.height() / 2 - 9, self._key_width(), 18)
        colours = theme.tokens()
        painter.setPen(QColor(colours.text if self.isEnabled() else colours.faint))
        painter.drawText(
            QRectF(12, 0, key.left() - 12, self.height()), Qt.AlignmentFlag.AlignVCenter, self.text()
        )
        painter.setPen(QColor(colours.line))
        painter.drawRoundedRect(key, 4, 4)
        painter.setPen(QColor(colours.muted))
        painter.setFont(theme.font(KEY_SIZE))
        painter.drawText(key, Qt.AlignmentFlag.AlignCenter, KEY)


class Dot(QWidget):
    """A point in the accent: something is going on."""

    def __init__(self) -> None:
        super().__init__()
        self.setFixedSize(8, 8)

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(theme.tokens().accent))
        painter.drawEllipse(self.rect())


class Sweep(QWidget):
    """A thin bar along which a piece moves: how long it takes is not known."""

    def __init__(self) -> None:
        super().__init__()
        self.setFixedSize(86, 4)

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(theme.tokens().line))
        painter.drawRoundedRect(self.rect(), 2, 2)
        part = time.monotonic() / SWEEP_SECONDS % 2
        part = part if part <= 1 else 2 - part
        painter.setBrush(QColor(theme.tokens().accent))
        painter.drawRoundedRect(QRectF(part * (self.width() - 30), 0, 30, 4), 2, 2)
