"""The page as selectable text, with the same marks: for reading aloud, searching and copying."""

from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QTextCharFormat, QTextCursor
from PySide6.QtWidgets import QFrame, QPlainTextEdit, QTextEdit, QWidget

from hrdesk.core.documents import Span
from hrdesk.ui import theme
from hrdesk.ui.viewer.page_text import readable, utf16


class PageTextView(QPlainTextEdit):
    """Text of one page."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._places: tuple[tuple[int, int], ...] = ()
        self.setAccessibleName("Page text")
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setReadOnly(True)
        self.setTextInteractionFlags(
            Qt.TextInteractionFlag.TextSelectableByMouse | Qt.TextInteractionFlag.TextSelectableByKeyboard
        )
        self.document().setDocumentMargin(24)
        theme.watcher.changed.connect(self._mark)

    def show_text(self, text: str, spans: tuple[Span, ...]) -> None:
        """Show the text of a page, with marks for those spans."""
        words, places = readable(text, spans)
        self._places = tuple((utf16(words, start), utf16(words, end)) for start, end in places)
        self.setPlainText(words or "This page has no text.")
        self._mark()
        if self._places:
            cursor = self.textCursor()
            cursor.setPosition(self._places[0][0])
            self.setTextCursor(cursor)
            self.centerCursor()

    def _mark(self) -> None:
        form = QTextCharFormat()
        form.setBackground(QColor(theme.tokens().marker))
        form.setForeground(QColor(theme.tokens().on_marker))
        marks = []
        for start, end in self._places:
            mark = QTextEdit.ExtraSelection()
            cursor = QTextCursor(self.document())
            cursor.setPosition(start)
            cursor.setPosition(end, QTextCursor.MoveMode.KeepAnchor)
            mark.cursor, mark.format = cursor, form
            marks.append(mark)
        self.setExtraSelections(marks)
