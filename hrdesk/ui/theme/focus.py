"""The ring around the control that has the keyboard, shown only when it was reached by the keyboard."""

from PySide6.QtCore import QEvent, QObject, QPoint, QRect, QRectF
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractButton, QWidget
from shiboken6 import isValid

from hrdesk.ui.theme.current import tokens
from hrdesk.ui.theme.tokens import RADIUS

WIDTH = 2
_MOVES = (QEvent.Type.Move, QEvent.Type.Resize, QEvent.Type.Show, QEvent.Type.Hide)


class _Ring(QWidget):
    """A rounded frame on top of the window, transparent for the mouse, that stays around its control."""

    def __init__(self, window: QWidget) -> None:
        from PySide6.QtCore import Qt  # see `apply`: not before the first paint

        super().__init__(window)
        self._window = window
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self._watched: list[QWidget] = []

    def surround(self, control: QWidget | None) -> None:
        """Show the ring around `control`, or hide it."""
        for widget in self._watched:
            if isValid(widget):
                widget.removeEventFilter(self)
        self._watched = []
        while control is not None and control is not self._window:
            control.installEventFilter(self)
            self._watched.append(control)
            control = control.parentWidget()
        self._place()

    def eventFilter(self, _watched: QObject, event: QEvent) -> bool:
        if event.type() in _MOVES:
            self._place()
        return False

    def _place(self) -> None:
        control = self._watched[0] if self._watched else None
        if control is None or not isValid(control) or control.visibleRegion().isEmpty():
            self.hide()
        else:
            corner = control.mapTo(self._window, QPoint(0, 0))
            self.setGeometry(QRect(corner, control.size()).adjusted(-3, -3, 3, 3))
            self.raise_()
            self.show()

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(QColor(tokens().accent), WIDTH))
        edge = WIDTH / 2
        radius = min(RADIUS + 2.0, self.height() / 2)
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(edge, edge, -edge, -edge), radius, radius)


class FocusFollower(QObject):
    """Shows the ring around the button that got the focus by the keyboard.

    Text fields show their focus by their own border and lists by their current row. The ring is a child
    of the window it is shown in and goes with it, so it is made again for each window.
    """

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._ring: _Ring | None = None

    @property
    def ring(self) -> QWidget | None:
        """The ring, where one was ever shown."""
        return self._ring

    def follow(self, _old: QWidget | None, now: QWidget | None) -> None:
        """Move to the control `now`, or vanish; connected to QApplication.focusChanged."""
        if self._ring is not None and not isValid(self._ring):
            self._ring = None
        if isinstance(now, QAbstractButton) and _by_keyboard(now):
            if self._ring is None or self._ring.window() is not now.window():
                self._forget()
                self._ring = _Ring(now.window())
            self._ring.surround(now)
        elif self._ring is not None:
            self._ring.surround(None)

    def _forget(self) -> None:
        if self._ring is not None:
            self._ring.surround(None)
            self._ring.deleteLater()


def _by_keyboard(widget: QWidget) -> bool:
    from PySide6.QtCore import Qt  # see `apply`: not before the first paint

    return widget.window().testAttribute(Qt.WidgetAttribute.WA_KeyboardFocusChange)
