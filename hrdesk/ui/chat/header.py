"""The head of the conversation: its title, what questions are limited to, and where bytes go."""

from PySide6.QtCore import QPoint, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFontMetrics, QPainter, QPaintEvent, QPen, QResizeEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QMenu, QSizePolicy, QWidget

from hrdesk.core.connections import Connection, ConnectionKind
from hrdesk.ui import theme
from hrdesk.ui.chat.cards import elide
from hrdesk.ui.chat.limits import Limits

HEIGHT = 48
LONGEST_SCOPE = 180
NARROW, WIDE = 520, 760


class Pill(QLabel):
    """A fact in a rounded frame; it cannot be pressed."""

    def __init__(self, text: str = "") -> None:
        super().__init__(text)
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setProperty("tone", "small")
        self.setContentsMargins(11, 0, 11, 0)
        self._fit()
        theme.watcher.changed.connect(self._fit)

    def _fit(self) -> None:
        self.setFixedHeight(max(26, QFontMetrics(theme.small()).height() + 6))

    def say(self, text: str, longest: int = 1000) -> None:
        """Show another fact; a blank one hides the frame."""
        elide(self, text, longest)
        self.setVisible(bool(text))

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(QColor(theme.tokens().line), 1))
        radius = (self.height() - 1) / 2
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), radius, radius)
        painter.end()
        super().paintEvent(event)


class Title(QLabel):
    """A title that gives way: cut at its end, whole as a tooltip."""

    def __init__(self) -> None:
        super().__init__()
        self._whole = ""
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setProperty("tone", "title")
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)

    def say(self, whole: str) -> None:
        """Show another title."""
        self._whole = whole
        elide(self, whole, max(40, self.width()))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.say(self._whole)


class ThreadHeader(QFrame):
    """Title and facts of the thread shown."""

    copy_clicked = Signal()
    continue_clicked = Signal()
    keep_clicked = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._whole = ""
        self._is_usual_day = True
        self._place = ""
        self._title = Title()
        self._title.setAccessibleName("Thread title")
        self._scope, self._as_of, self._where = Pill(), Pill(), Pill()
        self._more = theme.button("", name="More about this thread", drawing="ellipsis")
        self._menu = QMenu(self)
        self._menu.addAction("Copy conversation", self.copy_clicked.emit)
        self._menu.addAction("Continue in a fresh thread", self.continue_clicked.emit)
        self._menu.addAction("Keep the last question as golden", self.keep_clicked.emit)
        self._more.clicked.connect(self._open_menu)
        self.setFixedHeight(HEIGHT)
        row = QHBoxLayout(self)
        row.setContentsMargins(24, 0, 12, 0)
        row.setSpacing(8)
        for part in (self._title, self._scope, self._as_of, self._where, self._more):
            row.addWidget(part, 1 if part is self._title else 0)
        self.show_title("")
        self.show_limits(Limits())
        self.show_connection(None)

    @property
    def title(self) -> str:
        """Return the whole title."""
        return self._whole

    def show_title(self, title: str) -> None:
        """Show another title; "" stands for a thread that has not begun."""
        self._whole = title or "New thread"
        self._more.setVisible(bool(title))
        self._title.say(self._whole)

    def show_limits(self, limits: Limits) -> None:
        """Show what the next question is limited to."""
        self._scope.say(f"Scope: {limits.scope}" if limits.scope else "", LONGEST_SCOPE)
        self._as_of.say(limits.as_of_words)
        self._is_usual_day = limits.as_of is None
        self._make_room()

    def show_connection(self, connection: Connection | None) -> None:
        """Show where bytes go."""
        self._place = where_words(connection)
        self._make_room()
        self._where.setToolTip(
            "Questions and policies stay on this computer."
            if connection is None or connection.is_local
            else f"Questions and the passages found for them are sent to {connection.host}."
        )

    def _open_menu(self) -> None:
        self._menu.popup(self._more.mapToGlobal(QPoint(0, self._more.height() + 2)))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._make_room()

    def _make_room(self) -> None:
        # In a narrow column the title matters more; the composer shows the same limits.
        room = self.width() / theme.watcher.text_scale
        self._scope.setVisible(bool(self._scope.text()) and room >= WIDE)
        self._as_of.setVisible(room >= NARROW or not self._is_usual_day)
        tip = self._where.toolTip()
        self._where.say(self._place, max(120, self.width() // 2))
        self._where.setToolTip(tip)

    def minimumSizeHint(self) -> QSize:
        return QSize(320, HEIGHT)

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        painter = QPainter(self)
        painter.fillRect(0, self.height() - 1, self.width(), 1, QColor(theme.tokens().line))


def where_words(connection: Connection | None) -> str:
    """Return the words of the chip that says where bytes go."""
    if connection is None or connection.is_local:
        return "This computer · nothing sent"
    if connection.is_here:
        return f"This computer · {connection.host}"
    stored = connection.store or connection.kind is ConnectionKind.ASSISTANTS
    return f"{connection.host or connection.title} · {'stored there' if stored else 'not stored'}"
