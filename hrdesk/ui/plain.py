"""Text from strangers, shown as it stands: nothing is interpreted, and nothing invisible stays so.

What a model, a policy or a server wrote may hold signs that turn the reading order round or hide words.
They are shown by their number, so that a person reads what a program would take.
"""

import re

from PySide6.QtCore import QMimeData, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen, QResizeEvent
from PySide6.QtWidgets import QPlainTextEdit, QWidget

from hrdesk.ui import theme

BREAK = "\u200b"
LONGEST_LINE = 2_000  # Qt lays a line out as a whole: longer ones are shown as several

# Controls, marks of the reading order, blanks without width, tags (Unicode 16, section 23).
_HIDDEN = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u00ad\u061c\u180e\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb"
    "\U000e0000-\U000e007f]"
)
_LONG_LINE = re.compile(rf"[^\n]{{{LONGEST_LINE}}}(?=[^\n])")


def visible(text: str) -> str:
    """Return `text` with every invisible sign in the form "‹U+202E›"; tabs and line ends stay."""
    lines = text.replace("\r\n", "\n")
    return _HIDDEN.sub(lambda match: f"‹U+{ord(match[0]):04X}›", lines)


class PlainText(QPlainTextEdit):
    """Text to read and to select, as high as it needs to be and at most `lines` lines; then it scrolls."""

    def __init__(self, name: str, lines: int, *, fixed: bool = False, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._lines, self._fixed = lines, fixed
        self.setAccessibleName(name)
        self.setReadOnly(True)
        self.setTextInteractionFlags(
            Qt.TextInteractionFlag.TextSelectableByMouse | Qt.TextInteractionFlag.TextSelectableByKeyboard
        )
        self.setTabChangesFocus(True)
        self.setUndoRedoEnabled(False)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.document().setDocumentMargin(0)
        self.viewport().setAutoFillBackground(False)
        theme.watcher.changed.connect(self._use_font)
        self._use_font()

    def show_text(self, text: str) -> None:
        """Show another text."""
        self.setPlainText(_LONG_LINE.sub(lambda match: f"{match[0]}{BREAK}\n", visible(text)))
        self.grow()

    def grow(self) -> None:
        """Take the height that the text needs."""
        lines = max(1, min(self._lines, int(self.document().size().height())))
        margins = self.contentsMargins()
        wanted = round(lines * self.fontMetrics().lineSpacing()) + 2 + margins.top() + margins.bottom()
        if wanted != self.height():
            self.setFixedHeight(wanted)

    def createMimeDataFromSelection(self) -> QMimeData:
        mime = QMimeData()
        mime.setText(self.textCursor().selectedText().replace("\u2029", "\n").replace(f"{BREAK}\n", ""))
        return mime

    def _use_font(self) -> None:
        self.setFont(theme.fixed() if self._fixed else theme.body())
        self.grow()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.grow()

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        if self.hasFocus() and self.window().testAttribute(Qt.WidgetAttribute.WA_KeyboardFocusChange):
            painter = QPainter(self.viewport())
            painter.setPen(QPen(QColor(theme.tokens().accent), 1))
            painter.drawRect(self.viewport().rect().adjusted(0, 0, -1, -1))
