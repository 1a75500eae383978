"""Paints the rows of the thread list: group heads, and threads in two lines."""

from PySide6.QtCore import (
    QAbstractItemModel,
    QModelIndex,
    QPersistentModelIndex,
    QPoint,
    QPointF,
    QRect,
    QRectF,
    QSize,
    Qt,
)
from PySide6.QtGui import QColor, QFont, QFontMetrics, QPainter, QPen
from PySide6.QtWidgets import QLineEdit, QStyle, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from hrdesk.core.threads import Thread
from hrdesk.ui import theme
from hrdesk.ui.threads.groups import Header
from hrdesk.ui.threads.model import ROW_ROLE, RUNNING_ROLE, UNREAD_ROLE

HEADER_HEIGHT = 34
PADDING = 10
GAP = 4

Index = QModelIndex | QPersistentModelIndex


class ThreadDelegate(QStyledItemDelegate):
    """Row heights follow the text size. The current row has a ring while the list has the keyboard."""

    def sizeHint(self, _option: QStyleOptionViewItem, index: Index) -> QSize:
        if isinstance(index.data(ROW_ROLE), Header):
            return QSize(100, HEADER_HEIGHT)
        return QSize(100, _line(theme.strong()) + _line(theme.small()) + 2 + 2 * 8 + GAP)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        row = index.data(ROW_ROLE)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if isinstance(row, Header):
            _paint_header(painter, option, row)
        elif isinstance(row, Thread):
            _paint_ground(painter, option)
            running, unread = index.data(RUNNING_ROLE), bool(index.data(UNREAD_ROLE))
            _paint_thread(painter, option.rect, row, running=running, unread=unread)
        painter.restore()

    def createEditor(self, parent: QWidget, _option: QStyleOptionViewItem, _index: Index) -> QWidget:
        editor = QLineEdit(parent)
        editor.setAccessibleName("Thread title")
        editor.setMaxLength(200)
        return editor

    def updateEditorGeometry(self, editor: QWidget, option: QStyleOptionViewItem, _index: Index) -> None:
        area = option.rect.adjusted(2, 0, -2, -GAP)
        area.setHeight(min(area.height(), 36))
        editor.setGeometry(area)

    def setModelData(self, editor: QWidget, model: QAbstractItemModel, index: Index) -> None:
        if isinstance(editor, QLineEdit):
            model.setData(index, editor.text(), Qt.ItemDataRole.EditRole)


def _line(font: QFont) -> int:
    return QFontMetrics(font).height()


def _paint_header(painter: QPainter, option: QStyleOptionViewItem, header: Header) -> None:
    font = theme.small()
    font.setWeight(QFont.Weight.DemiBold)
    painter.setFont(font)
    painter.setPen(QColor(theme.tokens().muted))
    area = option.rect.adjusted(PADDING, 0, -PADDING, -6)
    painter.drawText(area, Qt.AlignmentFlag.AlignBottom | Qt.AlignmentFlag.AlignLeft, header.text)


def _paint_ground(painter: QPainter, option: QStyleOptionViewItem) -> None:
    colours = theme.tokens()
    selected = bool(option.state & QStyle.StateFlag.State_Selected)
    hovered = bool(option.state & QStyle.StateFlag.State_MouseOver)
    area = option.rect.adjusted(0, 0, 0, -GAP)
    if selected or hovered:
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(colours.selection if selected else colours.hover))
        painter.drawRoundedRect(area, theme.RADIUS, theme.RADIUS)
    if (
        option.state & QStyle.StateFlag.State_HasFocus
        and option.state & QStyle.StateFlag.State_KeyboardFocusChange
    ):
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(QColor(colours.accent), 2))
        painter.drawRoundedRect(area.adjusted(1, 1, -1, -1), theme.RADIUS, theme.RADIUS)


def _paint_thread(
    painter: QPainter, rect: QRect, thread: Thread, *, running: str | None, unread: bool
) -> None:
    colours = theme.tokens()
    area = rect.adjusted(PADDING, 8, -PADDING, -8 - GAP)
    right = area.right()
    title = theme.strong()
    if running or unread:
        _paint_mark(painter, QPointF(right - 4, area.top() + _line(title) / 2), running=bool(running))
        right -= 16
    if unread and not running:
        title.setWeight(QFont.Weight.Bold)
    if thread.pinned:
        theme.paint_icon(painter, "pin", QPoint(right - 13, area.top() + 2), 13, "muted")
        right -= 20
    _text(painter, QRect(area.topLeft(), QPoint(right, area.bottom())), thread.title, title, colours.text)
    second = area.adjusted(0, _line(theme.strong()) + 2, 0, 0)
    ink = colours.text if unread and not running else colours.muted
    _text(painter, second, running or thread.preview, theme.small(), ink)


def _paint_mark(painter: QPainter, middle: QPointF, *, running: bool) -> None:
    """Paint a ring that is not closed for a run on its way, a full dot for an answer not seen yet."""
    accent = QColor(theme.tokens().accent)
    if running:
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(accent, 2, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap))
        ring = QRectF(middle.x() - 4, middle.y() - 4, 8, 8)
        painter.drawArc(ring, 90 * 16, -270 * 16)
    else:
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(accent)
        painter.drawEllipse(middle, 4, 4)


def _text(painter: QPainter, area: QRect, text: str, font: QFont, colour: str) -> None:
    painter.setFont(font)
    painter.setPen(QColor(colour))
    one_line = " ".join(text[:300].split())
    elided = QFontMetrics(font).elidedText(one_line, Qt.TextElideMode.ElideRight, area.width())
    painter.drawText(
        area, Qt.AlignmentFlag.AlignTop | Qt.AlignmentFlag.AlignLeft | Qt.TextFlag.TextSingleLine, elided
    )
