"""Lays documents without pages out into a PDF, once, when they are added; runs in a child process.

Every viewer and every highlight then works on pages. Blocks become paragraphs, lists and tables of one
QTextDocument; plain text only, nothing is loaded. The pages are read back through PDFium and the blocks found
on them, so that spans and rectangles come from the same PDF that is shown.
"""

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from typing import Any

from PySide6.QtCore import (
    QBuffer,
    QByteArray,
    QIODevice,
    QMarginsF,
    QObject,
    QPointF,
    QRectF,
    QSizeF,
    Qt,
    QUrl,
)
from PySide6.QtGui import (
    QBrush,
    QColor,
    QFont,
    QGuiApplication,
    QPageLayout,
    QPageSize,
    QPainter,
    QPdfWriter,
    QTextBlock,
    QTextBlockFormat,
    QTextCharFormat,
    QTextCursor,
    QTextDocument,
    QTextFormat,
    QTextLength,
    QTextTable,
    QTextTableFormat,
)

from hrdesk.core.documents import Block, BlockKind, FileState, Page
from hrdesk.documents.alignment import align
from hrdesk.documents.paging_tables import SHADE, Item, add_table, grid_of, lines_of
from hrdesk.documents.pdf_text import FILLER, PageText, open_pdf
from hrdesk.documents.reading import wire
from hrdesk.documents.sentences import FileRefused
from hrdesk.documents.table_rows import Row, column_count, column_shares, fitted, groups, table_rows

RESOLUTION = 144
MARGIN_MM = 22.0
BODY_POINTS = 10.5
LINE_PERCENT = 132.0
FAMILIES = ["Noto Sans", "Segoe UI", "Helvetica Neue", "Arial", "Liberation Sans", "DejaVu Sans"]
MONOSPACED = ["Noto Sans Mono", "Consolas", "Menlo", "Liberation Mono", "DejaVu Sans Mono"]
HEADING_POINTS = (18.0, 14.5, 12.5, 11.5, 10.5, 10.5)
INK, SOFT = "#1f2328", "#57606a"
MAX_KEPT_PAGES = 100
TABLE_ROWS = 60  # Qt lays a table out whole for every page it is on: the time grows as its square
_POINTS = RESOLUTION / 72
_TABLE_MARGIN = 4 * _POINTS
PADDING = 4 * _POINTS


def handle(message: dict[str, Any], payload: bytes) -> tuple[dict[str, Any], bytes]:
    """Answer one paging request: pages and spans as JSON, the PDF as payload."""
    del payload
    title, blocks = wire.parse_blocks(message)
    shown_title = _untitled(title, blocks)
    pdf, drawn = lay_out(title, blocks)
    pages = read_back(pdf)
    spans = align([[shown_title], *drawn], pages)[1:]
    if len(pages) > wire.MAX_PAGES:
        raise FileRefused(FileState.TOO_LARGE, "too_many_pages")
    return {"pages": wire.dump_pages(pages), "spans": [wire.dump_spans(one) for one in spans]}, pdf


def lay_out(title: str, blocks: Sequence[Block]) -> tuple[bytes, list[list[str]]]:
    """Return a PDF (A4) of the blocks, and for each block the pieces of text that were drawn for it."""
    application = QGuiApplication.instance() or QGuiApplication(["hrdesk"])
    writer_data = QByteArray()
    buffer = QBuffer(writer_data)
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    writer = QPdfWriter(buffer)
    writer.setResolution(RESOLUTION)
    writer.setTitle(title)
    writer.setCreator("hrdesk")
    margins = QMarginsF(MARGIN_MM, MARGIN_MM, MARGIN_MM, MARGIN_MM)
    layout = QPageLayout(
        QPageSize(QPageSize.PageSizeId.A4),
        QPageLayout.Orientation.Portrait,
        margins,
        QPageLayout.Unit.Millimeter,
    )
    writer.setPageLayout(layout)
    document = _Document()
    area = layout.paintRectPixels(RESOLUTION)
    composer = _Composer(document, _untitled(title, blocks))
    composer.compose(blocks)
    # Asked for last: once there is a layout, every cell that is filled lays its whole table out again.
    document.documentLayout().setPaintDevice(writer)
    document.setPageSize(QSizeF(area.width(), area.height()))
    _keep_headings(document, composer.headings, area.height())
    rows = iter(_print(document, writer, composer.tables, area.height()))
    drawn = [next(rows) if block.kind is BlockKind.TABLE_ROW else [block.text] for block in blocks]
    buffer.close()
    del application
    return bytes(writer_data.data()), drawn


def _untitled(title: str, blocks: Sequence[Block]) -> str:
    """Return the title if the document does not begin with a heading of its own."""
    own = any(block.kind is BlockKind.HEADING and block.level == 1 for block in blocks[:3])
    return "" if own else title


def _print(
    document: QTextDocument, writer: QPdfWriter, tables: Sequence[QTextTable], height: float
) -> list[list[str]]:
    """Paint the pages line by line; return for each row of the tables its pieces of text as they were drawn.

    QTextLayout.draw with a clip also draws the line before the clip; unseen, but in the PDF's text twice.
    """
    layout = document.documentLayout()
    pages: list[list[Item]] = [[] for _ in range(document.pageCount())]
    for block in _blocks_outside(document, tables):
        box = layout.blockBoundingRect(block)
        shaded = block.blockFormat().hasProperty(QTextFormat.Property.BackgroundBrush)
        for line, number in lines_of(block, box, height, len(pages)):
            pages[number].append(Item(box.top() + line.y(), box.topLeft(), line, box if shaded else None))
    grids = [
        grid_of(table, layout, PADDING, has_head=table.format().toTableFormat().headerRowCount() > 0)
        for table in tables
    ]
    rows = [row for grid in grids for row in add_table(pages, grid, layout, height)]
    painter = QPainter(writer)
    for number, items in enumerate(pages):
        page = QRectF(0, number * height, document.pageSize().width(), height)
        on_page = [grid for grid in grids if grid.tops[-1] > page.top() and grid.tops[0] < page.bottom()]
        if number:
            writer.newPage()
        painter.save()
        painter.translate(0, -page.top())
        for grid in on_page:
            grid.draw(painter, page, 0.5 * _POINTS)
        for item in sorted(items, key=lambda item: item.top):  # PDF text keeps the order of drawing
            item.draw(painter)
        painter.restore()
        if on_page:
            _draw_filler(painter, page.width(), height)
    painter.end()
    return rows


def _draw_filler(painter: QPainter, width: float, height: float) -> None:
    """Draw white letters under the text, as wide as the page; `PageText` leaves them out of the text.

    PDFium takes a page on which text fills more of the height than of the width (a narrow table) for
    vertical writing and puts every letter on its own line.
    """
    font = QFont()
    font.setFamilies(FAMILIES)
    font.setPointSizeF(BODY_POINTS)
    painter.setFont(font)
    painter.setPen(QColor("#ffffff"))
    letter = max(1, painter.fontMetrics().horizontalAdvance(FILLER))
    painter.drawText(QPointF(0, height + 2 * BODY_POINTS * _POINTS), FILLER * int(width / letter))


def _blocks_outside(document: QTextDocument, tables: Sequence[QTextTable]) -> Iterator[QTextBlock]:
    """Yield the text blocks that are not cells of tables."""
    inside = sorted((table.firstPosition(), table.lastPosition()) for table in tables)
    starts = [first for first, _ in inside]
    block = document.begin()
    while block.isValid():
        place = bisect_right(starts, block.position()) - 1
        if place < 0 or block.position() > inside[place][1]:
            yield block
        block = block.next()


def _keep_headings(document: QTextDocument, headings: Sequence[int], height: float) -> None:
    """Move headings that stand alone at the foot of a page to the next one; not in very long documents."""
    layout = document.documentLayout()
    if document.pageCount() > MAX_KEPT_PAGES:
        return
    for position in headings:
        block = document.findBlock(position)
        after = block.next()
        if not after.isValid() or not after.layout().lineCount():
            continue
        foot = layout.blockBoundingRect(block).bottom() - 1
        first = layout.blockBoundingRect(after).top() + after.layout().lineAt(0).y() + 1
        if int(foot // height) < int(first // height):
            cursor = QTextCursor(block)
            kept = block.blockFormat()
            kept.setPageBreakPolicy(QTextFormat.PageBreakFlag.PageBreak_AlwaysBefore)
            cursor.setBlockFormat(kept)


def read_back(pdf: bytes) -> tuple[Page, ...]:
    """Return the pages of a PDF of ours as PDFium reads them."""
    document = open_pdf(pdf)
    pages: list[Page] = []
    for number, page in enumerate(document, start=1):
        width, height = page.get_size()
        text = PageText(page)
        pages.append(Page(number, width, height, text.text))
        text.close()
    document.close()
    return tuple(pages)


class _Document(QTextDocument):
    """A document that loads nothing, whatever its text says."""

    def __init__(self) -> None:
        super().__init__()
        self.setUndoRedoEnabled(False)
        self.setDocumentMargin(0)
        font = QFont()
        font.setFamilies(FAMILIES)
        font.setPointSizeF(BODY_POINTS)
        self.setDefaultFont(font)

    def loadResource(self, kind: int, name: QUrl | str) -> QObject | None:
        """Load nothing."""
        del kind, name
        return None


class _Composer:
    """Puts blocks into a document one after the other."""

    def __init__(self, document: QTextDocument, title: str) -> None:
        self._cursor = QTextCursor(document)
        self._title = title
        self._first = True
        self.tables: list[QTextTable] = []
        self.headings: list[int] = []

    def compose(self, blocks: Sequence[Block]) -> None:
        """Put in all blocks."""
        if self._title:
            self._heading(self._title, 1)
        for group in groups(blocks):
            if group[0].kind is BlockKind.TABLE_ROW:
                rows = table_rows(group)
                widths = column_shares(rows) if len(rows) > TABLE_ROWS else []
                for start in range(0, len(rows), TABLE_ROWS):
                    self._table(rows[start : start + TABLE_ROWS], widths)
                continue
            for block in group:
                self._block(block)

    def _block(self, block: Block) -> None:
        if block.kind is BlockKind.HEADING:
            self._heading(block.text, min(6, max(1, block.level)))
        elif block.kind is BlockKind.LIST_ITEM:
            self._item(block)
        elif block.kind is BlockKind.CODE:
            self._code(block.text)
        else:
            self._paragraph(block.text, _spacing(after=6), _letters())

    def _paragraph(self, text: str, spacing: QTextBlockFormat, letters: QTextCharFormat) -> None:
        if self._first:
            self._cursor.setBlockFormat(spacing)
            self._cursor.setBlockCharFormat(letters)
            self._first = False
        else:
            self._cursor.insertBlock(spacing, letters)
        self._cursor.insertText(text.replace("\n", "\u2028"), letters)

    def _heading(self, text: str, level: int) -> None:
        before = 0.0 if self._first else (20.0, 16.0, 13.0, 11.0, 10.0, 10.0)[level - 1]
        spacing = _spacing(before=before, after=5, line=118)
        letters = _letters(points=HEADING_POINTS[level - 1], weight=QFont.Weight.DemiBold)
        if level == 6:
            letters.setForeground(QBrush(QColor(SOFT)))
        self._paragraph(text, spacing, letters)
        self.headings.append(self._cursor.position())

    def _item(self, block: Block) -> None:
        indent = 16.0 * (block.level + 1)
        spacing = _spacing(after=3)
        spacing.setLeftMargin(indent * _POINTS)
        mark, _, rest = block.text.partition(" ")
        numbered = len(mark) <= 8 and mark[-1:] in ".)" and any(sign.isalnum() for sign in mark) and rest
        spacing.setTextIndent((-10.0 if not numbered else -16.0) * _POINTS)
        text = block.text if numbered else f"•\u2002{block.text}"
        self._paragraph(text, spacing, _letters())

    def _code(self, text: str) -> None:
        letters = _letters(points=9.0)
        letters.setFontFamilies(MONOSPACED)
        spacing = _spacing(before=4, after=8, line=120)
        spacing.setBackground(QBrush(QColor(SHADE)))
        self._paragraph(text, spacing, letters)

    def _table(self, rows: Sequence[Row], widths: list[float]) -> None:
        columns = len(widths) or column_count(rows)
        look = QTextTableFormat()
        look.setWidth(QTextLength(QTextLength.Type.PercentageLength, 100))
        look.setCellPadding(PADDING)
        look.setCellSpacing(0)
        look.setBorderCollapse(True)
        look.setBorder(0)
        look.setTopMargin(_TABLE_MARGIN)
        look.setBottomMargin(2 * _TABLE_MARGIN)
        if widths:
            percent = QTextLength.Type.PercentageLength
            look.setColumnWidthConstraints([QTextLength(percent, 100 * share) for share in widths])
        look.setHeaderRowCount(1 if rows[0].is_head else 0)
        self._first = False
        table = self._cursor.insertTable(len(rows), columns, look)
        self.tables.append(table)
        for place, row in enumerate(rows):
            for column, text in enumerate(fitted(row.cells, columns)):
                cell = table.cellAt(place, column)
                letters = _letters(points=9.5, weight=QFont.Weight.DemiBold if row.is_head else None)
                inner = cell.firstCursorPosition()
                inner.setBlockFormat(_spacing(line=118))
                inner.insertText(text, letters)
        self._cursor.movePosition(QTextCursor.MoveOperation.End)


def _spacing(before: float = 0, after: float = 0, line: float = LINE_PERCENT) -> QTextBlockFormat:
    spacing = QTextBlockFormat()
    spacing.setTopMargin(before * _POINTS)
    spacing.setBottomMargin(after * _POINTS)
    spacing.setLineHeight(line, QTextBlockFormat.LineHeightTypes.ProportionalHeight.value)
    spacing.setAlignment(Qt.AlignmentFlag.AlignLeft)
    return spacing


def _letters(points: float = BODY_POINTS, weight: QFont.Weight | None = None) -> QTextCharFormat:
    letters = QTextCharFormat()
    letters.setFontFamilies(FAMILIES)
    letters.setFontPointSize(points)
    letters.setForeground(QBrush(QColor(INK)))
    if weight is not None:
        letters.setFontWeight(weight)
    return letters
