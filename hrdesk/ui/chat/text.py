"""One message as selectable text: Markdown without HTML, markers that are links, nothing loaded."""

from collections.abc import Iterator

from PySide6.QtCore import QMimeData, QPointF, QRect, QRectF, QSize, Qt, QUrl, Signal
from PySide6.QtGui import (
    QColor,
    QFontMetricsF,
    QPainter,
    QPaintEvent,
    QTextBlock,
    QTextCharFormat,
    QTextCursor,
    QTextLine,
    QTextOption,
    QWheelEvent,
)
from PySide6.QtWidgets import QFrame, QTextBrowser, QWidget

from hrdesk.ui import theme
from hrdesk.ui.chat.dress import MARKDOWN, NUMBER, dress, mute, number_of, restore
from hrdesk.ui.chat.prose import LONGEST_TEXT, finished, literal_quotes, tame

_READ = (
    Qt.TextInteractionFlag.TextSelectableByMouse
    | Qt.TextInteractionFlag.TextSelectableByKeyboard
    | Qt.TextInteractionFlag.LinksAccessibleByMouse
)


class MessageText(QTextBrowser):
    """Text as high as it needs to be; scrolling is the transcript's. `marker_clicked` carries the number."""

    marker_clicked = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._numbers: frozenset[int] = frozenset()
        self._current: int | None = None
        self._text = ""
        self._frozen = 0
        self._tail = 0
        self._rise = 0.0
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setOpenLinks(False)
        self.setUndoRedoEnabled(False)
        self.setTextInteractionFlags(_READ)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setWordWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
        # The width is ours to say: QTextEdit would measure with the width the widget had before.
        self.setLineWrapMode(QTextBrowser.LineWrapMode.FixedPixelWidth)
        self.setLineWrapColumnOrWidth(theme.READING_WIDTH)
        self.viewport().setAutoFillBackground(False)
        self.document().setDocumentMargin(0)
        self.anchorClicked.connect(self._click)

    def show_markdown(
        self, text: str, numbers: frozenset[int] = frozenset(), uncited: tuple[str, ...] = ()
    ) -> None:
        """Show a whole message; `numbers` are the citations that can be opened, `uncited` goes muted."""
        self._text, self._numbers, self._frozen, self._tail = text, numbers, 0, 0
        self._use_font()
        self.document().setMarkdown(literal_quotes(tame(text)), MARKDOWN)
        dress(self.document(), numbers)
        mute(self.document(), uncited)

    def show_plain(self, text: str) -> None:
        """Show a text as it was typed."""
        self._text = text
        self._use_font()
        self.document().setPlainText(tame(text))
        dress(self.document(), frozenset())

    def _use_font(self) -> None:
        if self.document().defaultFont() != theme.body():
            self.document().setDefaultFont(theme.body())
        self._rise = QFontMetricsF(theme.body()).xHeight() * 0.68

    def stream(self, text: str) -> None:
        """Show a longer version of a growing text: only its unfinished tail is laid out again."""
        text = text[:LONGEST_TEXT]
        if not text.startswith(self._text) or (self._text and not self._tail and not self._frozen):
            self.document().clear()
            self._frozen = self._tail = 0
        self._use_font()
        self._text = text
        cut = finished(text, self._frozen)
        if cut > self._frozen:
            self._replace_tail(text[self._frozen : cut])
            self._frozen, self._tail = cut, self.document().characterCount() - 1
        self._replace_tail(text[self._frozen :])

    def _replace_tail(self, text: str) -> None:
        cursor = QTextCursor(self.document())
        cursor.beginEditBlock()
        cursor.setPosition(self._tail)
        cursor.movePosition(QTextCursor.MoveOperation.End, QTextCursor.MoveMode.KeepAnchor)
        cursor.removeSelectedText()
        if text.strip():
            if self._tail:
                cursor.insertBlock()
            begin = cursor.position()
            cursor.insertMarkdown(literal_quotes(tame(text)), MARKDOWN)
            dress(self.document(), self._numbers, begin)
        cursor.endEditBlock()

    def set_current(self, number: int | None) -> None:
        """Mark the citation that is open."""
        if number == self._current:
            return
        self._current = number
        self._ink_markers()
        self.viewport().update()

    def _ink_markers(self) -> None:
        for block in self._blocks_from(0):
            for label, begin, end in _markers_in(block):
                cursor = QTextCursor(self.document())
                cursor.setPosition(begin)
                cursor.setPosition(end, QTextCursor.MoveMode.KeepAnchor)
                ink = QTextCharFormat()
                ink.setForeground(QColor(self._ink(label)))
                cursor.mergeCharFormat(ink)

    def _wrap(self, width: int) -> None:
        if self.lineWrapColumnOrWidth() != width:  # Qt lays all out again, also for the same width
            self.setLineWrapColumnOrWidth(width)

    def height_for(self, width: int) -> int:
        """Lay the text out `width` pixels wide and return its height."""
        self._wrap(width)
        return int(self.document().size().height() + 0.999)

    def natural_width(self, limit: int) -> int:
        """Return how wide the text wants to be, at most `limit` pixels."""
        self._wrap(limit)
        return min(limit, int(self.document().idealWidth()) + 1)

    def sizeHint(self) -> QSize:
        return self.document().size().toSize()

    def minimumSizeHint(self) -> QSize:
        return QSize(0, 0)

    def wheelEvent(self, event: QWheelEvent) -> None:
        event.ignore()

    def loadResource(self, _type: int, _name: QUrl | str) -> object:
        return b""

    def createMimeDataFromSelection(self) -> QMimeData:
        mime = QMimeData()
        mime.setText(restore(self.textCursor().selectedText()))
        return mime

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self.viewport())
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        for label, rect in self._markers_near(event.rect()):
            if rect.bottom() >= event.rect().top() and rect.top() <= event.rect().bottom():
                painter.setBrush(QColor(self._ground(label)))
                painter.drawRoundedRect(rect, 5, 5)
        painter.end()
        super().paintEvent(event)

    def _is_current(self, label: str) -> bool:
        return self._current is not None and label == str(self._current)

    def _ground(self, label: str) -> str:
        return theme.tokens().marker if self._is_current(label) else theme.tokens().accent_soft

    def _ink(self, label: str) -> str:
        return theme.tokens().on_marker if self._is_current(label) else theme.tokens().accent

    def markers(self) -> list[tuple[str, QRectF]]:
        """Return the label and place of every marker."""
        return [marker for block in self._blocks_from(0) for marker in self._markers_of(block)]

    def _markers_near(self, area: QRect) -> list[tuple[str, QRectF]]:
        """Return the markers of the blocks in `area`: a long answer has too many to look at all of them."""
        layout = self.document().documentLayout()
        first = layout.hitTest(QPointF(0, max(0, area.top() - 1)), Qt.HitTestAccuracy.FuzzyHit)
        found: list[tuple[str, QRectF]] = []
        for block in self._blocks_from(max(0, first)):
            if layout.blockBoundingRect(block).top() > area.bottom():
                break
            found.extend(self._markers_of(block))
        return found

    def _blocks_from(self, position: int) -> Iterator[QTextBlock]:
        block = self.document().findBlock(position)
        while block.isValid():
            yield block
            block = block.next()

    def _markers_of(self, block: QTextBlock) -> Iterator[tuple[str, QRectF]]:
        origin = self.document().documentLayout().blockBoundingRect(block).topLeft()
        for label, begin, end in _markers_in(block):
            line = block.layout().lineForTextPosition(begin - block.position())
            left = _x(line, begin - block.position())
            right = _x(line, end - block.position())
            middle = line.y() + line.ascent() - self._rise
            box = QRectF(min(left, right) - 2, middle - 9, abs(right - left) + 4, 18)
            yield label, box.translated(origin)

    def _click(self, url: QUrl) -> None:
        number = number_of(url.toString())
        if number is not None:
            self.marker_clicked.emit(number)


def _markers_in(block: QTextBlock) -> list[tuple[str, int, int]]:
    """Return label, first and last position of the markers of a block."""
    found = []
    each = block.begin()
    while not each.atEnd():
        fragment = each.fragment()
        label = fragment.charFormat().property(NUMBER)
        if label:
            found.append((str(label), fragment.position(), fragment.position() + fragment.length()))
        each += 1
    return found


def _x(line: QTextLine, position: int) -> float:
    place = line.cursorToX(position)
    return float(place[0]) if isinstance(place, tuple) else 0.0
