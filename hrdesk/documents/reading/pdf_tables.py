"""Tables in PDF pages: rows of segments that stand beside each other in columns that repeat.

PDF knows no tables. A row is a run of segments of which each next one stands to the right of the one before
and not below the row's first line; a table is two or more such rows whose columns begin at the same places.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from hrdesk.documents.reading.pdf_lines import Line

Cell = list[Line]
MAX_CELL_LINES = 12


@dataclass(slots=True)
class Table:
    """Rows of cells; every row has a cell for every column, an empty list where nothing stands."""

    rows: list[list[Cell]]
    has_head: bool

    @property
    def lines(self) -> list[Line]:
        """All lines of the table in order."""
        return [line for row in self.rows for cell in row for line in cell]


def find_tables(lines: Sequence[Line]) -> list[Table]:
    """Return the tables among the lines of a document."""
    tables: list[Table] = []
    run: list[list[Cell]] = []
    starts: list[float] = []  # where the columns of the run begin, in the order in which they were met
    for row in _rows(lines):
        if len(row) < 2 or (run and not _fits(run[-1], starts, row)):
            _keep(tables, run, starts)
            run, starts = [], []
        if len(row) >= 2:
            run.append(row)
            _meet(starts, row)
    _keep(tables, run, starts)
    return tables


def _rows(lines: Sequence[Line]) -> list[list[Cell]]:
    """Group lines into rows; a line of running text is a row with one cell."""
    rows: list[list[Cell]] = []
    for line in lines:
        row = rows[-1] if rows else None
        if row is None or row[0][0].page != line.page:
            rows.append([[line]])
        elif _is_next_cell(row, line):
            row.append([line])
        elif (merged := _tall_first_cell(rows, line)) > 1:
            rows[-merged:] = [[[one for single in rows[-merged:] for one in single[0]], [line]]]
        elif _continues_cell(row, line):
            row[-1].append(line)
        else:
            rows.append([[line]])
    return rows


def _is_next_cell(row: list[Cell], line: Line) -> bool:
    first, last = row[0][0], row[-1]
    right = max(one.right for one in last)
    return line.left > right and line.beside(first) and len(last) <= MAX_CELL_LINES


def _tall_first_cell(rows: Sequence[list[Cell]], line: Line) -> int:
    """Count the lines before `line` that make one cell beside it: the row's first cell has several lines."""
    count = 0
    beside = False
    below: Line | None = None
    for row in reversed(rows[-MAX_CELL_LINES:]):
        one = row[0][0]
        if len(row) > 1 or len(row[0]) > 1 or one.page != line.page or line.left <= one.right:
            break
        if below is not None and not (
            abs(one.left - below.left) < 2
            and 0 < one.bottom - below.bottom < 1.45 * one.size
            and one.style == below.style
        ):
            break
        beside = beside or line.beside(one)
        count, below = count + 1, one
    return count if beside else 0


def _continues_cell(row: list[Cell], line: Line) -> bool:
    """Whether a line is the next line of the row's last cell; the first cell may not swallow a paragraph."""
    last = row[-1][-1]
    step = last.bottom - line.bottom
    aligned = abs(line.left - row[-1][0].left) < 0.6 * line.size
    return len(row) > 1 and aligned and 0 < step < 1.45 * line.size and line.style == last.style


def _fits(last: list[Cell], starts: Sequence[float], row: list[Cell]) -> bool:
    """Whether a row's cells begin where the columns of the table begin; `last` is the row before."""
    same_page = last[0][0].page == row[0][0].page
    known = [any(abs(cell[0].left - start) < 4 for start in starts) for cell in row]
    return same_page and sum(known) >= max(2, len(row) - 1)


def _meet(starts: list[float], row: Sequence[Cell]) -> None:
    """Add the columns that begin with a row."""
    for cell in row:
        if not any(abs(cell[0].left - start) < 4 for start in starts):
            starts.append(cell[0].left)


def _keep(tables: list[Table], run: list[list[Cell]], met: Sequence[float]) -> None:
    if len(run) < 2 or not _is_tabular(run):
        return
    starts = sorted(met)
    rows: list[list[Cell]] = []
    for row in run:
        placed: list[Cell] = [[] for _ in starts]
        for cell in row:
            column = min(range(len(starts)), key=lambda place: abs(starts[place] - cell[0].left))
            placed[column].extend(cell)
        rows.append(placed)
    head = all(line.bold for cell in run[0] for line in cell)
    rest_is_light = not all(line.bold for row in run[1:] for cell in row for line in cell)
    tables.append(Table(rows, head and rest_is_light))


def _is_tabular(run: Sequence[list[Cell]]) -> bool:
    """Tell a table from two columns of running text: cells are short or differ much in length."""
    lengths = [sum(len(line.text) for line in cell) for row in run for cell in row]
    return sum(lengths) / len(lengths) < 120
