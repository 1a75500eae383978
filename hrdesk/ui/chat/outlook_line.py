"""What the next question will take, in the composer: how full the thread is, and an estimate."""

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QHBoxLayout, QPushButton, QSizePolicy, QWidget

from hrdesk.core.usage import ContextMeter, Estimate
from hrdesk.ui import theme

NEARLY_FULL = 0.7
BAR = QSize(44, 4)


class MeterBar(QWidget):
    """A thin bar: how much of what may be sent the thread takes. Its words are tooltip and description."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._meter: ContextMeter | None = None
        self.setAccessibleName("Context")
        self.setFixedSize(BAR.width(), 20)  # higher than the bar, so that the pointer finds it
        self.hide()

    def show_meter(self, meter: ContextMeter | None) -> None:
        """Show another thread's share; nothing where nothing is sent."""
        self._meter = meter
        has_limit = meter is not None and meter.limit > 0
        self.setVisible(has_limit)
        words = meter.words if meter is not None else ""
        self.setToolTip(words)
        self.setAccessibleDescription(words)
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        colours = theme.tokens()
        share = min(1.0, max(0.0, self._meter.share)) if self._meter else 0.0
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(colours.line))
        track = QRectF(0, (self.height() - BAR.height()) / 2, self.width(), BAR.height())
        painter.drawRoundedRect(track, 2, 2)
        painter.setBrush(QColor(colours.caution if share >= NEARLY_FULL else colours.muted))
        if share > 0:
            track.setWidth(max(4.0, track.width() * share))
            painter.drawRoundedRect(track, 2, 2)


class ContextNote(QWidget):
    """Says in words that a thread is nearly full, or what of it is not sent any more, and the way out."""

    continue_clicked = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._words = theme.label(tone="small", wrap=True)
        self._words.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        self._words.setMinimumWidth(120)
        self._fresh = theme.button("Continue in a fresh thread", kind="textlink")
        self._fresh.clicked.connect(self.continue_clicked)
        said = QHBoxLayout()
        said.setSpacing(8)
        said.addWidget(theme.Picture("info", 14), 0, Qt.AlignmentFlag.AlignVCenter)
        said.addWidget(self._words, 1)
        self._box = QBoxLayout(QBoxLayout.Direction.LeftToRight, self)
        self._box.setContentsMargins(2, 0, 2, 0)
        self._box.setSpacing(8)
        self._box.addLayout(said, 1)
        self._box.addWidget(self._fresh, 0, Qt.AlignmentFlag.AlignRight)
        self.hide()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        narrow = self.width() < 2.8 * self._fresh.sizeHint().width()
        down, across = QBoxLayout.Direction.TopToBottom, QBoxLayout.Direction.LeftToRight
        self._box.setDirection(down if narrow else across)
        self._box.setSpacing(0 if narrow else 8)

    def minimumSizeHint(self) -> QSize:
        return QSize(160, super().minimumSizeHint().height())

    @property
    def continue_button(self) -> QPushButton:
        """Return the button named Continue in a fresh thread."""
        return self._fresh

    @property
    def words(self) -> str:
        """Return what is said."""
        return self._words.text()

    def show_meter(self, meter: ContextMeter | None) -> None:
        """Speak from `NEARLY_FULL` on, or when messages are left out."""
        speaks = meter is not None and meter.limit > 0 and (meter.share >= NEARLY_FULL or meter.left_out > 0)
        self._words.setText(meter.words if meter is not None and speaks else "")
        self.setVisible(speaks)


def estimate_words(estimate: Estimate | None) -> str:
    """Return an estimate as it stands beside Send: "≈ 0.02 USD"."""
    if estimate is None:
        return ""
    about = "about "
    return f"≈ {estimate.words.removeprefix(about)}" if estimate.words.startswith(about) else estimate.words


def estimate_details(estimate: Estimate | None) -> str:
    """Return the estimate in a sentence: what is sent, and what the answer may add."""
    if estimate is None:
        return ""
    usage = estimate.usage
    if not usage.total_tokens:
        return f"This question: {estimate.words}."
    return (
        f"This question: {estimate.words}. About {usage.input_tokens:,} tokens are sent, "
        f"and the answer may take {usage.output_tokens:,}."
    )
