"""The picture of a cited table, shown beside its text: there is seen which cell stands under which head."""

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QFrame, QScrollArea, QWidget

from hrdesk.core.documents import Rect
from hrdesk.ui import theme
from hrdesk.ui.viewer.images import ShownPage
from hrdesk.ui.viewer.page_view import paint_marks

HIGHEST = 300  # pixels; a longer table scrolls
LARGEST = 1.0  # pixels of the screen to one of the picture; more is only blurred


class TablePicture(QScrollArea):
    """The part of a page that holds a table, with its marks, as wide as there is room."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._sheet = _Sheet()
        self.setWidget(self._sheet)
        self.setAccessibleName("Picture of the table")
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setAlignment(Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignTop)
        self.verticalScrollBar().setSingleStep(40)
        theme.watcher.changed.connect(self._sheet.update)
        self.hide()

    def show_table(self, page: ShownPage, part: Rect) -> None:
        """Show a part of a page."""
        self._sheet.page, self._sheet.part = page, part
        self.setAccessibleDescription(f"The table as it is printed on page {page.page.page}.")
        self.show()
        self._fit()

    def forget(self) -> None:
        """Show nothing."""
        self._sheet.page = None
        self.hide()

    def _fit(self) -> None:
        if self._sheet.page is None:
            return
        natural = self._sheet.natural_size()
        scale = min(LARGEST, self.viewport().width() / max(1, natural.width()))
        size = QSize(max(1, round(natural.width() * scale)), max(1, round(natural.height() * scale)))
        self._sheet.resize(size)
        self.setFixedHeight(min(HIGHEST, size.height()))
        self._sheet.update()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if event.oldSize().width() != event.size().width():
            self._fit()


class _Sheet(QWidget):
    """Paints the part of the page that it is as large as."""

    def __init__(self) -> None:
        super().__init__()
        self.page: ShownPage | None = None
        self.part = Rect(0, 0, 1, 1)

    def natural_size(self) -> QSize:
        """Return the size of the part in pixels of the page's picture, as the screen counts them."""
        assert self.page is not None
        ratio = self.devicePixelRatioF()
        across, down = self.part.x1 - self.part.x0, self.part.y1 - self.part.y0
        image = self.page.image
        return QSize(round(across * image.width() / ratio), round(down * image.height() / ratio))

    def paintEvent(self, _event: QPaintEvent) -> None:
        if self.page is None:
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        part, colours = self.part, theme.tokens()
        wide = self.width() / max(1e-6, part.x1 - part.x0)
        high = self.height() / max(1e-6, part.y1 - part.y0)
        page = QRectF(-part.x0 * wide, -part.y0 * high, wide, high)
        painter.drawImage(page, self.page.image)
        paint_marks(painter, page, self.page.page.rects, colours.highlight)
        painter.setPen(QColor(colours.paper_line))
        painter.drawRect(self.rect().adjusted(0, 0, -1, -1))
