"""Tables of a laid-out document: where their rows and columns stand, and the rules and shades between them.

Qt can draw a table only whole, for every page it is on; then lines at the turn of a page are in the PDF's
text twice. So the text of cells is drawn line by line like all other text, and here is what is left of a
table.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from PySide6.QtCore import QLineF, QPointF, QRectF
from PySide6.QtGui import (
    QAbstractTextDocumentLayout,
    QColor,
    QPainter,
    QPen,
    QTextBlock,
    QTextLine,
    QTextTable,
)

RULE, SHADE = "#c9d1d9", "#f3f5f7"


@dataclass(frozen=True, slots=True)
class Cell:
    """The text blocks of a cell, and the row it stands in."""

    row: int
    blocks: tuple[QTextBlock, ...]


@dataclass(frozen=True, slots=True)
class Grid:
    """The edges of rows and columns, the outer ones too, in the document's own measure."""

    tops: tuple[float, ...]
    lefts: tuple[float, ...]
    cells: tuple[Cell, ...]
    has_head: bool

    @property
    def head_height(self) -> float:
        """How high the row of heads is; 0 where there is none."""
        return self.tops[1] - self.tops[0] if self.has_head else 0.0

    def draw(self, painter: QPainter, page: QRectF, width: float) -> None:
        """Draw what falls on a page; heads that stand before it are shaded again at its top."""
        top, bottom = max(self.tops[0], page.top()), min(self.tops[-1], page.bottom())
        if bottom <= top:
            return
        if self.has_head:
            painter.fillRect(QRectF(self.lefts[0], top, self._width, self.head_height), QColor(SHADE))
        painter.setPen(QPen(QColor(RULE), width))
        for line in self._rules(top, bottom):
            painter.drawLine(line)

    @property
    def _width(self) -> float:
        return self.lefts[-1] - self.lefts[0]

    def _rules(self, top: float, bottom: float) -> Iterator[QLineF]:
        across = [one for one in self.tops if top < one < bottom]
        head = [top + self.head_height] if self.has_head and top > self.tops[0] else []
        for height in (top, *head, *across, bottom):
            yield QLineF(QPointF(self.lefts[0], height), QPointF(self.lefts[-1], height))
        for left in self.lefts:
            yield QLineF(QPointF(left, top), QPointF(left, bottom))


def grid_of(
    table: QTextTable, layout: QAbstractTextDocumentLayout, padding: float, *, has_head: bool
) -> Grid:
    """Measure a table that has been laid out; `padding` is that of its cells."""
    tops = [float("inf")] * table.rows()
    lefts = [float("inf")] * table.columns()
    cells: list[Cell] = []
    lowest, right = 0.0, 0.0
    for row in range(table.rows()):
        for column in range(table.columns()):
            blocks = tuple(_blocks(table, row, column))
            first, last = layout.blockBoundingRect(blocks[0]), layout.blockBoundingRect(blocks[-1])
            tops[row] = min(tops[row], first.top() - padding)
            lefts[column] = min(lefts[column], first.left() - padding)
            lowest, right = max(lowest, last.bottom() + padding), max(right, first.right() + padding)
            cells.append(Cell(row, blocks))
    return Grid((*tops, lowest), (*lefts, right), tuple(cells), has_head)


def _blocks(table: QTextTable, row: int, column: int) -> Iterator[QTextBlock]:
    cell = table.cellAt(row, column)
    block, last = cell.firstCursorPosition().block(), cell.lastCursorPosition().block()
    yield block
    while block != last:
        block = block.next()
        yield block


@dataclass(slots=True)
class Item:
    """A line of text and where its block stands; `top` gives its turn, `shade` the block to shade."""

    top: float
    place: QPointF
    line: QTextLine
    shade: QRectF | None = None

    def draw(self, painter: QPainter) -> None:
        """Paint the line where it stands in the document."""
        if self.shade is not None:
            behind = QRectF(self.shade.left(), self.top, self.shade.width(), self.line.height())
            painter.fillRect(behind, QColor(SHADE))
        self.line.draw(painter, self.place)


def lines_of(block: QTextBlock, box: QRectF, height: float, count: int) -> Iterator[tuple[QTextLine, int]]:
    """Yield the lines of a text block with the page each stands on, by its middle."""
    layout = block.layout()
    for number in range(layout.lineCount()):
        line = layout.lineAt(number)
        middle = box.top() + line.y() + line.height() / 2
        yield line, min(count - 1, max(0, int(middle // height)))


def add_table(
    pages: list[list[Item]], grid: Grid, layout: QAbstractTextDocumentLayout, height: float
) -> list[list[str]]:
    """Put the lines of a table on their pages, cell by cell; heads stand on every page again.

    Returns for each row its pieces of text in the order in which they are drawn: of a row that goes on over
    the page, first the beginnings of all its cells.
    """
    pieces: list[dict[tuple[int, int], str]] = [{} for _ in grid.tops[1:]]
    first = int(grid.tops[0] // height)
    used = range(first, min(len(pages), int(grid.tops[-1] // height) + 1))
    heads = {number: number * height - grid.tops[0] for number in used if grid.has_head and number > first}
    for place, cell in enumerate(grid.cells):
        top = grid.tops[cell.row]
        for block in cell.blocks:
            box = layout.blockBoundingRect(block)
            for line, number in lines_of(block, box, height, len(pages)):
                pages[number].append(Item(max(top, number * height), box.topLeft(), line))
                before = pieces[cell.row].get((number, place), "")
                pieces[cell.row][number, place] = before + _shown(block, line)
            if cell.row:
                continue
            for number, shift in heads.items():
                moved = box.topLeft() + QPointF(0, shift)
                pages[number].extend(
                    Item(number * height - 1, moved, block.layout().lineAt(at))
                    for at in range(block.layout().lineCount())
                )
    return [[text for _, text in sorted(row.items()) if text] for row in pieces]


def _shown(block: QTextBlock, line: QTextLine) -> str:
    return block.text()[line.textStart() : line.textStart() + line.textLength()]
