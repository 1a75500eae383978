"""Small builders for themed widgets, so that panes do not repeat properties."""

from PySide6.QtCore import QSize
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QSizePolicy, QVBoxLayout, QWidget

from hrdesk.ui.theme.current import watcher
from hrdesk.ui.theme.icons import icon


def button(
    text: str, *, name: str = "", drawing: str = "", kind: str = "", role: str = "", size: int = 16
) -> QPushButton:
    """Return a push button of `kind` "primary", "quiet", "chip", "danger", "icon" or "" (outlined).

    `name` is what screen readers and tests call it (the text by default), `drawing` its icon and `role`
    the icon's token. A button without text shows its name as a tooltip.
    """
    from PySide6.QtCore import Qt  # see `apply`: not before the first paint

    made = QPushButton(text)
    made.setAccessibleName(name or text)
    made.setProperty("kind", kind or ("" if text else "icon"))
    made.setCursor(Qt.CursorShape.PointingHandCursor)
    if drawing:
        made.setIcon(icon(drawing, size, role or ("on_accent" if kind == "primary" else "muted")))
        made.setIconSize(QSize(size + 4 if text else size, size))
    if not text:
        made.setToolTip(name)
    return made


def label(text: str = "", tone: str = "", *, wrap: bool = False) -> QLabel:
    """Return a label of plain text in a `tone` of the style sheet: "muted", "small", "title"..."""
    from PySide6.QtCore import Qt  # see `apply`: not before the first paint

    made = QLabel(text)
    made.setTextFormat(Qt.TextFormat.PlainText)
    made.setProperty("tone", tone)
    made.setWordWrap(wrap)
    return made


class Picture(QLabel):
    """An icon, `size` pixels wide, in the colour of the token `role`; it follows the theme."""

    def __init__(self, drawing: str, size: int, role: str = "muted") -> None:
        super().__init__()
        self._drawing, self._size, self._role = drawing, size, role
        self._draw()
        watcher.changed.connect(self._draw)

    def _draw(self) -> None:
        size = QSize(self._size, self._size)
        self.setPixmap(icon(self._drawing, self._size, self._role).pixmap(size, self.devicePixelRatioF()))


def divider() -> QFrame:
    """Return a horizontal line, one pixel high."""
    made = QFrame()
    made.setProperty("kind", "divider")
    made.setFixedHeight(1)
    made.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
    return made


def repolish(widget: QWidget) -> None:
    """Let the style sheet look again at a widget whose `kind` or `tone` changed."""
    style = widget.style()
    style.unpolish(widget)
    style.polish(widget)
    widget.update()


def centred_column(page: QWidget, widest: int) -> QVBoxLayout:
    """Return a column in the middle of `page`, at most `widest` pixels wide."""
    row = QHBoxLayout(page)
    row.setContentsMargins(24, 24, 24, 24)
    middle = QWidget()
    middle.setMaximumWidth(widest)
    row.addStretch(1)
    row.addWidget(middle, 1000)
    row.addStretch(1)
    column = QVBoxLayout(middle)
    column.setContentsMargins(0, 0, 0, 0)
    column.setSpacing(16)
    return column
