"""Sets a sample policy as a PDF: QTextDocument for the text, QPainter for what stands around it."""

from collections.abc import Iterator
from pathlib import Path

from demo_source import ACCENT, COMPANY, MUTED, Policy
from PySide6.QtCore import QMarginsF, QPointF, QRectF, QSizeF, Qt
from PySide6.QtGui import (
    QAbstractTextDocumentLayout,
    QBrush,
    QColor,
    QFont,
    QGuiApplication,
    QPageSize,
    QPainter,
    QPdfWriter,
    QTextBlock,
    QTextBlockFormat,
    QTextCharFormat,
    QTextCursor,
    QTextDocument,
    QTextFormat,
    QTextFrameFormat,
    QTextLength,
    QTextTableCellFormat,
    QTextTableFormat,
)

INK = "#1b2430"
RULE = "#c9d1da"
# Above 300, PDFium misses one line end in five when it reads the file.
DOTS_PER_INCH = 144
MARGIN, TOP, BOTTOM = 62.0, 78.0, 80.0  # points
SANS, SERIF = "Inter", "Noto Serif"


def points(value: float) -> float:
    """Points in the units of the page."""
    return value * DOTS_PER_INCH / 72


def units(value: float) -> float:
    """Points in the units of text formats: pixels at 96 dots an inch, which the layout scales."""
    return value * 96 / 72


def write_pdf(policy: Policy, target: Path) -> None:
    """Set the policy on A4 pages with a letterhead, and a footer with title and page number."""
    app = QGuiApplication.instance() or QGuiApplication([])
    writer = QPdfWriter(str(target))
    writer.setResolution(DOTS_PER_INCH)
    writer.setPageSize(QPageSize(QPageSize.PageSizeId.A4))
    writer.setPageMargins(QMarginsF(0, 0, 0, 0))
    writer.setTitle(policy.title)
    writer.setAuthor(COMPANY)
    writer.setCreator(COMPANY)

    document = _compose(policy, writer)
    size = document.pageSize()
    painter = QPainter(writer)
    for number in range(1, document.pageCount() + 1):
        if number > 1:
            writer.newPage()
        _surround(painter, size, policy, number, document.pageCount())
        painter.save()
        painter.translate(0, -(number - 1) * size.height())
        context = QAbstractTextDocumentLayout.PaintContext()
        context.clip = QRectF(QPointF(0, (number - 1) * size.height()), size)
        painter.setClipRect(context.clip)
        document.documentLayout().draw(painter, context)
        painter.restore()
    painter.end()
    del app


def _compose(policy: Policy, writer: QPdfWriter) -> QTextDocument:
    """Lay the text out on its pages, with no block cut by a page's end."""
    breaks: set[int] = set()
    while True:
        document = QTextDocument()
        document.setUndoRedoEnabled(False)
        document.documentLayout().setPaintDevice(writer)
        document.setPageSize(QSizeF(writer.width(), writer.height()))
        frame = document.rootFrame().frameFormat()
        frame.setLeftMargin(units(MARGIN))
        frame.setRightMargin(units(MARGIN))
        frame.setTopMargin(units(TOP))
        frame.setBottomMargin(units(BOTTOM))
        document.rootFrame().setFrameFormat(frame)
        _fill(document, policy, breaks)
        broken = next((number for number in _broken(document) if number not in breaks), None)
        if broken is None:
            return document
        breaks.add(broken)


def _font(family: str, size: float, weight: QFont.Weight = QFont.Weight.Normal) -> QFont:
    font = QFont(family)
    font.setPointSizeF(size)
    font.setWeight(weight)
    for feature in ("liga", "calt"):  # their glyphs come out of a PDF as other characters than went in
        font.setFeature(QFont.Tag(feature), 0)
    return font


def _letters(font: QFont, colour: str = INK) -> QTextCharFormat:
    form = QTextCharFormat()
    form.setFont(font)
    form.setForeground(QColor(colour))
    return form


def _block(before: float, after: float, height: float) -> QTextBlockFormat:
    form = QTextBlockFormat()
    form.setTopMargin(units(before))
    form.setBottomMargin(units(after))
    form.setLineHeight(height, QTextBlockFormat.LineHeightTypes.ProportionalHeight.value)
    return form


BODY = _letters(_font(SERIF, 11))
BODY_BLOCK = _block(0, 6, 118)
STYLES = {
    0: (BODY, BODY_BLOCK),
    1: (_letters(_font(SANS, 16, QFont.Weight.DemiBold), ACCENT), _block(20, 6, 100)),
    2: (_letters(_font(SANS, 11.5, QFont.Weight.DemiBold)), _block(9, 3, 100)),
}


def _fill(document: QTextDocument, policy: Policy, breaks: set[int]) -> None:
    cursor = QTextCursor(document)
    cursor.setBlockFormat(_block(0, 12, 100))
    cursor.insertText(policy.title, _letters(_font(SANS, 26, QFont.Weight.Bold)))
    for line in policy.facts:
        cursor.insertBlock(_block(0, 1, 110))
        cursor.insertText(line, _letters(_font(SANS, 9.5), MUTED))
    after_table = False  # the cursor then stands in an empty block already
    for block in policy.blocks:
        if block.rows:
            _table(cursor, block.rows)
            cursor.movePosition(QTextCursor.MoveOperation.End)
        else:
            letters, form = STYLES[block.level]
            if cursor.block().blockNumber() + (not after_table) in breaks:
                form = QTextBlockFormat(form)
                form.setPageBreakPolicy(QTextFormat.PageBreakFlag.PageBreak_AlwaysBefore)
            if after_table:
                cursor.setBlockFormat(form)
            else:
                cursor.insertBlock(form)
            cursor.insertText(block.text, letters)
            cursor.block().setUserState(block.level)
        after_table = bool(block.rows)


def _table(cursor: QTextCursor, rows: tuple[tuple[str, ...], ...]) -> None:
    form = QTextTableFormat()
    form.setBorderCollapse(True)
    form.setBorder(0)
    form.setCellPadding(units(5))
    form.setTopMargin(units(4))
    form.setBottomMargin(units(10))
    form.setHeaderRowCount(1)
    form.setWidth(QTextLength(QTextLength.Type.PercentageLength, 100))
    first = 46 if len(rows[0]) > 2 else 60
    shares = [first, *[(100 - first) / (len(rows[0]) - 1)] * (len(rows[0]) - 1)]
    form.setColumnWidthConstraints(
        [QTextLength(QTextLength.Type.PercentageLength, share) for share in shares]
    )
    table = cursor.insertTable(len(rows), len(rows[0]), form)
    head = _letters(_font(SANS, 10, QFont.Weight.DemiBold))
    for row, cells in enumerate(rows):
        for column, text in enumerate(cells):
            cell = table.cellAt(row, column)
            shape = QTextTableCellFormat()
            shape.setBottomBorder(units(0.6))
            shape.setBottomBorderStyle(QTextFrameFormat.BorderStyle.BorderStyle_Solid)
            shape.setBottomBorderBrush(QBrush(QColor(RULE)))
            if row == 0:
                shape.setBackground(QColor("#eaf3f2"))
            cell.setFormat(shape)
            inside = cell.firstCursorPosition()
            inside.setBlockFormat(_block(0, 0, 110))
            inside.insertText(text, head if row == 0 else BODY)


def _broken(document: QTextDocument) -> Iterator[int]:
    """Numbers of blocks to begin a page with: text that a page's end would cut, with the headings before it.

    Text is never cut: Qt draws a cut block on both pages, and the half outside the page is still in the file.
    """
    height = document.pageSize().height()
    group: list[QTextBlock] = []  # headings that directly follow each other, "4. Leave" and "4.1 Entitlement"
    block = document.begin()
    while block.isValid():
        if block.userState() > 0:
            group.append(block)
        else:
            first = group[0] if group else block
            start = document.documentLayout().blockBoundingRect(first).top()
            cell = QTextCursor(block).currentTable()
            if (group or not cell) and int(start // height) != int(_end(block) // height):
                yield first.blockNumber()
            group = []
        block = block.next()


def _end(block: QTextBlock) -> float:
    """Where a block, and a table that it is in or introduces, ends."""
    for near in (block, block.next()):
        table = QTextCursor(near).currentTable() if near.isValid() else None
        if table:
            return block.document().documentLayout().frameBoundingRect(table).bottom() - 1
    last = block.layout().lineAt(
        block.layout().lineCount() - 1
    )  # the block's own rectangle ignores page ends
    return block.layout().position().y() + last.y() + last.height() - 1


def _surround(painter: QPainter, size: QSizeF, policy: Policy, number: int, count: int) -> None:
    """Letterhead on the first page, footer on every page."""
    left, right = points(MARGIN), size.width() - points(MARGIN)
    if number == 1:
        mark = QRectF(left, points(38), points(22), points(22))
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(ACCENT))
        painter.drawRoundedRect(mark, points(5), points(5))
        painter.setBrush(QColor("#ffffff"))
        for share, width in ((0.3, 0.34), (0.5, 0.5), (0.7, 0.42)):  # three gauges of an instrument
            bar = QRectF(0, 0, mark.width() * width, points(2.2))
            bar.moveTo(mark.left() + mark.width() * 0.25, mark.top() + mark.height() * share - points(1.1))
            painter.drawRoundedRect(bar, points(1.1), points(1.1))
        painter.setPen(QColor(INK))
        painter.setFont(_font(SANS, 10, QFont.Weight.Medium))
        line = QRectF(mark.right() + points(8), mark.top(), right - mark.right(), mark.height())
        painter.drawText(line, Qt.AlignmentFlag.AlignVCenter, COMPANY)
    top = size.height() - points(52)
    painter.setPen(QColor(RULE))
    painter.drawLine(QPointF(left, top), QPointF(right, top))
    painter.setPen(QColor(MUTED))
    painter.setFont(_font(SANS, 8))
    foot = QRectF(left, top + points(8), right - left, points(12))
    painter.drawText(foot, Qt.AlignmentFlag.AlignLeft, f"{COMPANY} · {policy.title}")
    painter.drawText(foot, Qt.AlignmentFlag.AlignRight, f"Page {number} of {count}")
