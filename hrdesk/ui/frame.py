"""The window before anything slow is imported: size, three empty columns, files dropped on it, its end.

Only QtWidgets and the theme are needed for it, so that it is on the screen about as soon as any Qt window.
"""

from pathlib import Path

from PySide6.QtCore import QByteArray, QMimeData, Signal
from PySide6.QtGui import QCloseEvent, QDragEnterEvent, QDragLeaveEvent, QDropEvent, QResizeEvent
from PySide6.QtWidgets import QFrame, QMainWindow, QSplitter, QStackedWidget, QVBoxLayout, QWidget

from hrdesk.system.settings import Settings
from hrdesk.ui import theme

SIZE = (1440, 900)
SMALLEST = (940, 560)
WIDTHS = (268, 684, 488)
LEAST_WIDTHS = (220, 400, 300)
DROP_MARGIN = 16


class Frame(QMainWindow):
    """An empty window. `closed` is emitted once; whoever runs it then puts things away and ends."""

    closed = Signal()
    files_dropped = Signal(list)
    """Paths of files and folders of this computer."""

    def __init__(self, settings: Settings) -> None:
        super().__init__()
        self.setWindowTitle("hrdesk")
        self.setAcceptDrops(True)
        self.resize(*SIZE)
        self.setMinimumSize(*SMALLEST)
        self.left, self.middle = _column("ground"), _column("panel")
        self.columns = QSplitter()
        self.columns.setHandleWidth(1)  # Qt makes the grip of such a thin handle five pixels wide
        self.columns.setChildrenCollapsible(False)
        for column in (self.left, self.middle, _column("ground")):
            self.columns.addWidget(column)
        self.columns.setStretchFactor(1, 1)
        self.columns.setSizes(list(WIDTHS))
        self.root = QStackedWidget()
        self.root.addWidget(self.columns)
        self.setCentralWidget(self.root)
        self._sheet: QFrame | None = None
        self._is_closing = False
        self._restore(settings)

    @property
    def is_closing(self) -> bool:
        """Whether the user has closed the window."""
        return self._is_closing

    def layout_state(self) -> dict[str, str]:
        """Return the window's size and columns as settings keep them."""
        return {"window": _base64(self.saveGeometry()), "splitters": _base64(self.columns.saveState())}

    def _restore(self, settings: Settings) -> None:
        if settings.window:
            self.restoreGeometry(QByteArray.fromBase64(settings.window.encode()))
        if settings.splitters:
            self.columns.restoreState(QByteArray.fromBase64(settings.splitters.encode()))

    def closeEvent(self, event: QCloseEvent) -> None:
        event.ignore()  # the window goes when everything is put away
        if not self._is_closing:
            self._is_closing = True
            self.hide()
            self.closed.emit()

    # Files dropped on the window

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if local_files(event.mimeData()):
            event.acceptProposedAction()
            self._cover()

    def dragLeaveEvent(self, event: QDragLeaveEvent) -> None:
        self._uncover()
        super().dragLeaveEvent(event)

    def dropEvent(self, event: QDropEvent) -> None:
        self._uncover()
        paths = local_files(event.mimeData())
        if paths:
            event.acceptProposedAction()
            self.files_dropped.emit(paths)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if self._sheet is not None:
            self._cover()

    def _cover(self) -> None:
        """Say over the whole window that files may be dropped."""
        if self._sheet is None:
            self._sheet = _drop_sheet(self)
        self._sheet.setGeometry(self.rect().adjusted(DROP_MARGIN, DROP_MARGIN, -DROP_MARGIN, -DROP_MARGIN))
        self._sheet.raise_()
        self._sheet.show()

    def _uncover(self) -> None:
        if self._sheet is not None:
            self._sheet.deleteLater()
            self._sheet = None


def local_files(data: QMimeData) -> list[Path]:
    """Return the files and folders of this computer among what is dragged; nothing else is ever opened."""
    if not data.hasUrls():
        return []
    return [Path(url.toLocalFile()) for url in data.urls() if url.isLocalFile() and url.toLocalFile()]


def _drop_sheet(window: QWidget) -> QFrame:
    from PySide6.QtCore import Qt  # see theme/apply.py: not before the first paint

    sheet = QFrame(window)
    sheet.setProperty("kind", "drop")
    sheet.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
    column = QVBoxLayout(sheet)
    column.addStretch(1)
    for label in (theme.Picture("upload", 32, "accent"), theme.label("Drop to add to the library", "title")):
        column.addWidget(label, 0, Qt.AlignmentFlag.AlignHCenter)
    column.addStretch(1)
    return sheet


def _column(kind: str) -> QFrame:
    frame = QFrame()
    frame.setProperty("kind", kind)
    inside = QVBoxLayout(frame)
    inside.setContentsMargins(0, 0, 0, 0)
    inside.setSpacing(0)
    return frame


def _base64(state: QByteArray) -> str:
    return bytes(state.toBase64().data()).decode()
