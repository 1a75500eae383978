"""Paints the rows of the library: title over file name, and the state with its icon."""

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QPoint, QRect, QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontMetrics, QPainter, QPen
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem

from hrdesk.core.documents import LibraryFile
from hrdesk.ui import theme
from hrdesk.ui.library.model import DOCUMENT, FILE_ROLE, PAGES, STATE
from hrdesk.ui.library.words import WORDS, drawing, needs_attention, title

ICON = 18
PADDING = 12
ROW_PADDING = 9

Index = QModelIndex | QPersistentModelIndex


class LibraryDelegate(QStyledItemDelegate):
    """A row is as high as its two lines of text."""

    def sizeHint(self, _option: QStyleOptionViewItem, _index: Index) -> QSize:
        lines = QFontMetrics(theme.strong()).height() + QFontMetrics(theme.small()).height()
        return QSize(80, lines + 2 + 2 * ROW_PADDING)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        file = index.data(FILE_ROLE)
        painter.save()
        _paint_ground(painter, option)
        area = option.rect.adjusted(PADDING, ROW_PADDING, -PADDING, -ROW_PADDING)
        if index.column() == DOCUMENT:
            _paint_document(painter, area, file)
        elif index.column() == STATE:
            _paint_state(painter, area, file)
        else:
            align = Qt.AlignmentFlag.AlignRight if index.column() == PAGES else Qt.AlignmentFlag.AlignLeft
            _text(painter, area, str(index.data() or ""), theme.body(), "muted", align)
        painter.restore()


def _paint_ground(painter: QPainter, option: QStyleOptionViewItem) -> None:
    colours = theme.tokens()
    if option.state & QStyle.StateFlag.State_Selected:
        painter.fillRect(option.rect, QColor(colours.selection))
    elif option.state & QStyle.StateFlag.State_MouseOver:
        painter.fillRect(option.rect, QColor(colours.ground))
    painter.setPen(QPen(QColor(colours.line), 1))
    painter.drawLine(option.rect.bottomLeft(), option.rect.bottomRight())


def _paint_document(painter: QPainter, area: QRect, file: LibraryFile) -> None:
    middle = area.center().y() - ICON // 2
    theme.paint_icon(painter, "file-text", QPoint(area.left(), middle), ICON, "muted")
    words = area.adjusted(ICON + 12, 0, 0, 0)
    half = QFontMetrics(theme.strong()).height()
    _text(painter, QRect(words.topLeft(), QSize(words.width(), half)), title(file), theme.strong(), "text")
    second = words.adjusted(0, half + 2, 0, 0)
    detail = file.message if needs_attention(file) or not file.title else file.file
    _text(painter, second, detail, theme.small(), "muted")


def _paint_state(painter: QPainter, area: QRect, file: LibraryFile) -> None:
    role = "caution" if needs_attention(file) else "muted"
    middle = area.center().y() - 7
    theme.paint_icon(painter, drawing(file.state), QPoint(area.left(), middle), 15, role)
    _text(painter, area.adjusted(22, 0, 0, 0), WORDS[file.state], theme.body(), role)


def _text(
    painter: QPainter,
    area: QRect,
    text: str,
    font: QFont,
    role: str,
    align: Qt.AlignmentFlag = Qt.AlignmentFlag.AlignLeft,
) -> None:
    painter.setFont(font)
    painter.setPen(QColor(getattr(theme.tokens(), role)))
    elided = QFontMetrics(font).elidedText(text[:400], Qt.TextElideMode.ElideRight, area.width())
    painter.drawText(area, Qt.AlignmentFlag.AlignVCenter | align | Qt.TextFlag.TextSingleLine, elided)
