"""The page as paper: its image, the marks painted over it, and a bar in the margin beside the current one."""

from collections.abc import Sequence

from PySide6.QtCore import QPointF, QRectF, QSizeF, Qt, Signal
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPalette, QPen, QResizeEvent, QWheelEvent
from PySide6.QtWidgets import QAbstractScrollArea, QFrame, QWidget

from hrdesk.core.documents import Rect
from hrdesk.ui import theme
from hrdesk.ui.viewer.highlights import Highlight
from hrdesk.ui.viewer.images import ShownPage

MARGIN = 24
ZOOMS = (0.5, 0.75, 1.0, 1.25, 1.5, 2.0, 3.0)
USUAL_SHAPE = 1.414  # height to width of A4, until the real page is known
BAR_WIDTH, SHORTEST_BAR = 4, 14
ABOVE = 0.25  # of the view: how far from its top a mark is brought


class PageView(QAbstractScrollArea):
    """Shows one page. `width_changed` says how many device pixels wide it is painted."""

    width_changed = Signal(int)
    zoom_changed = Signal(float)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._page: ShownPage | None = None
        self._shape = USUAL_SHAPE
        self._mark: Highlight | None = None
        self._zoom = 1.0
        self.setAccessibleName("Page")
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setCornerWidget(QWidget())
        self.viewport().setBackgroundRole(QPalette.ColorRole.Window)
        self.viewport().setAutoFillBackground(True)
        for bar in (self.verticalScrollBar(), self.horizontalScrollBar()):
            bar.setSingleStep(40)
        theme.watcher.changed.connect(self.viewport().update)

    @property
    def zoom(self) -> float:
        """Return the zoom; 1 fits the page into the width of the column."""
        return self._zoom

    def wait(self) -> None:
        """Show an empty sheet while a page is on its way."""
        self._page = None
        self._mark = None
        self.verticalScrollBar().setValue(0)
        self.viewport().update()

    def show_page(self, page: ShownPage) -> None:
        """Show a page in place of the last one."""
        self._page = page
        self._shape = page.page.height / max(1, page.page.width)
        self._update_bars()
        self.viewport().update()

    def show_mark(self, mark: Highlight | None) -> None:
        """Make a mark the current one and bring it into sight."""
        self._mark = mark
        if mark is not None:
            sheet = self._sheet_size()
            high = self.viewport().height()
            wanted = MARGIN + mark.top * sheet.height() - ABOVE * high
            self.verticalScrollBar().setValue(int(wanted))
        self.viewport().update()

    def set_zoom(self, zoom: float) -> None:
        """Enlarge or reduce; the place in the middle stays in the middle."""
        zoom = min(max(zoom, ZOOMS[0]), ZOOMS[-1])
        if zoom == self._zoom:
            return
        bar, high = self.verticalScrollBar(), self.viewport().height()
        middle = (bar.value() + high / 2 - MARGIN) / self._sheet_size().height()
        self._zoom = zoom
        self._update_bars()
        bar.setValue(int(middle * self._sheet_size().height() + MARGIN - high / 2))
        self.viewport().update()
        self.zoom_changed.emit(zoom)
        self._tell_width()

    def step_zoom(self, by: int) -> None:
        """Go to the next larger (1) or smaller (-1) zoom."""
        larger = [zoom for zoom in ZOOMS if zoom > self._zoom + 0.01]
        smaller = [zoom for zoom in ZOOMS if zoom < self._zoom - 0.01]
        if by > 0 and larger:
            self.set_zoom(larger[0])
        elif by < 0 and smaller:
            self.set_zoom(smaller[-1])

    def _sheet_size(self) -> QSizeF:
        # Of the whole view, so that a scroll bar that comes or goes does not change the size of the page.
        width = max(120.0, (self.width() - 2 * MARGIN) * self._zoom)
        return QSizeF(width, width * self._shape)

    def sheet(self) -> QRectF:
        """Return where the sheet lies in the viewport."""
        size = self._sheet_size()
        left = max(float(MARGIN), (self.width() - size.width()) / 2)
        place = QPointF(left - self.horizontalScrollBar().value(), MARGIN - self.verticalScrollBar().value())
        return QRectF(place, size)

    def _update_bars(self) -> None:
        size, port = self._sheet_size(), self.viewport().size()
        for bar, extent, room in (
            (self.verticalScrollBar(), size.height(), port.height()),
            (self.horizontalScrollBar(), size.width(), port.width()),
        ):
            bar.setPageStep(room)
            bar.setRange(0, max(0, int(extent + 2 * MARGIN - room)))

    def _tell_width(self) -> None:
        self.width_changed.emit(round(self._sheet_size().width() * self.devicePixelRatioF()))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._update_bars()
        self._tell_width()

    def wheelEvent(self, event: QWheelEvent) -> None:
        if event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            self.step_zoom(1 if event.angleDelta().y() > 0 else -1)
        else:
            super().wheelEvent(event)

    def scrollContentsBy(self, _dx: int, _dy: int) -> None:
        self.viewport().update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self.viewport())
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        sheet = self.sheet()
        colours = theme.tokens()
        painter.fillRect(sheet, QColor(colours.paper))
        if self._page is None:
            _paint_skeleton(painter, sheet)
        else:
            painter.drawImage(sheet, self._page.image)
            paint_marks(painter, sheet, self._page.page.rects, colours.highlight)
        painter.setPen(QPen(QColor(colours.paper_line), 1))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRect(sheet.adjusted(-0.5, -0.5, 0.5, 0.5))
        if self._mark is not None and self._page is not None:
            _paint_bar(painter, sheet, self._mark, colours.accent)


def place(sheet: QRectF, rect: Rect) -> QRectF:
    """Return where a rectangle of a page lies on the sheet."""
    return QRectF(
        QPointF(sheet.left() + rect.x0 * sheet.width(), sheet.top() + rect.y0 * sheet.height()),
        QPointF(sheet.left() + rect.x1 * sheet.width(), sheet.top() + rect.y1 * sheet.height()),
    )


def paint_marks(painter: QPainter, sheet: QRectF, rects: Sequence[Rect], colour: str) -> None:
    """Paint marks over a page so that its ink stays as dark as it is."""
    painter.save()
    painter.setCompositionMode(QPainter.CompositionMode.CompositionMode_Multiply)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(QColor(colour))
    for rect in rects:
        painter.drawRoundedRect(place(sheet, rect).adjusted(-1.5, -0.5, 1.5, 0.5), 2, 2)
    painter.restore()


def _paint_bar(painter: QPainter, sheet: QRectF, mark: Highlight, colour: str) -> None:
    """A cue that is not a colour: a bar at the edge of the sheet, as high as the mark."""
    top = sheet.top() + mark.top * sheet.height()
    bottom = sheet.top() + mark.bottom * sheet.height()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(QColor(colour))
    missing = max(0.0, SHORTEST_BAR - (bottom - top)) / 2
    bar = QRectF(sheet.left() + 6, top - missing, BAR_WIDTH, bottom - top + 2 * missing)
    painter.drawRoundedRect(bar, 2, 2)


def _paint_skeleton(painter: QPainter, sheet: QRectF) -> None:
    """Grey lines where text will be; they do not move."""
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(QColor(27, 36, 48, 16))  # the sheet is white in both themes
    pad, step = sheet.width() * 0.1, max(16.0, sheet.width() * 0.045)
    widths = (0.4, 0.0, 1.0, 0.96, 0.99, 0.6, 0.0, 1.0, 0.93, 0.97, 0.98, 0.35)
    for number, share in enumerate(widths):
        line = QRectF(
            sheet.left() + pad,
            sheet.top() + pad + number * step,
            (sheet.width() - 2 * pad) * share,
            step * 0.45,
        )
        painter.drawRoundedRect(line, 3, 3)
    painter.restore()
