"""Lucide icons in the colours of the theme.

An icon is painted from its SVG in the colour its role has at that moment, so a change of theme needs no
new icons. Images are kept per size and colour; a missing file paints nothing and is logged once.
"""

from functools import lru_cache

from PySide6.QtCore import QByteArray, QPoint, QRect, QRectF, QSize
from PySide6.QtGui import QColor, QIcon, QIconEngine, QImage, QPainter, QPixmap

from hrdesk.ui.theme.current import tokens
from hrdesk.ui.theme.files import icon_file


@lru_cache(maxsize=128)
def _source(name: str) -> str | None:
    try:
        return icon_file(name).read_text("utf-8")
    except OSError:
        import logging  # not before it is needed: the first paint waits for this module

        logging.getLogger(__name__).warning("The icon %s is missing.", name)
        return None


# Images and not pixmaps: they may outlive the application object.
@lru_cache(maxsize=512)
def _image(name: str, pixels: int, colour: str) -> QImage:
    image = QImage(pixels, pixels, QImage.Format.Format_ARGB32_Premultiplied)
    image.fill(0)
    source = _source(name)
    if source is None:
        return image
    from PySide6.QtSvg import QSvgRenderer

    renderer = QSvgRenderer(QByteArray(source.replace("currentColor", colour).encode()))
    painter = QPainter(image)
    renderer.render(painter, QRectF(0, 0, pixels, pixels))
    painter.end()
    return image


class _Engine(QIconEngine):
    """Paints one icon in the current colour of its role; disabled ones in the faint colour."""

    def __init__(self, name: str, size: int, role: str) -> None:
        super().__init__()
        self._name, self._size, self._role = name, size, role

    def _colour(self, mode: QIcon.Mode) -> str:
        role = "faint" if mode == QIcon.Mode.Disabled else self._role
        return str(getattr(tokens(), role))

    def paint(self, painter: QPainter, rect: QRect, mode: QIcon.Mode, _state: QIcon.State) -> None:
        side = min(rect.width(), rect.height(), self._size)
        ratio = painter.device().devicePixelRatioF()
        image = _image(self._name, max(1, round(side * ratio)), self._colour(mode))
        # A rectangle wider than high leaves air between the icon and the text that follows it.
        target = QRect(rect.x(), rect.y() + (rect.height() - side) // 2, side, side)
        painter.drawImage(target, image)

    def scaledPixmap(self, size: QSize, mode: QIcon.Mode, _state: QIcon.State, scale: float) -> QPixmap:
        pixmap = QPixmap(size * scale)
        pixmap.setDevicePixelRatio(scale)
        pixmap.fill(QColor(0, 0, 0, 0))
        painter = QPainter(pixmap)
        self.paint(painter, QRect(QPoint(0, 0), size), mode, QIcon.State.Off)
        painter.end()
        return pixmap

    def pixmap(self, size: QSize, mode: QIcon.Mode, state: QIcon.State) -> QPixmap:
        return self.scaledPixmap(size, mode, state, 1.0)

    def actualSize(self, size: QSize, _mode: QIcon.Mode, _state: QIcon.State) -> QSize:
        return size

    def clone(self) -> QIconEngine:
        return _Engine(self._name, self._size, self._role)


def icon(name: str, size: int = 16, role: str = "text") -> QIcon:
    """Return Lucide's icon `name` in the colour of the token `role`, at most `size` pixels wide."""
    return QIcon(_Engine(name, size, role))


def paint_icon(painter: QPainter, name: str, at: QPoint, size: int = 16, role: str = "muted") -> None:
    """Paint an icon with its top left corner at `at`; for delegates."""
    ratio = painter.device().devicePixelRatioF()
    image = _image(name, max(1, round(size * ratio)), str(getattr(tokens(), role)))
    painter.drawImage(QRect(at, QSize(size, size)), image)


def exists(name: str) -> bool:
    """Whether there is a drawing for `name`."""
    return icon_file(name).is_file()
