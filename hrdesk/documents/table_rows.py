"""Rows of tables as they are drawn: blocks of rows grouped into tables, and split back into cells.

A row's block repeats the heads of its columns ("Days a year: 10"), because it must make sense alone; on a
page the heads stand once, above.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from hrdesk.core.documents import Block, BlockKind
from hrdesk.documents.reading.blocks import CELL_SEPARATOR

MAX_COLUMNS = 12
SHORT_CELL, LONG_CELL = 8, 40  # characters, for the widths of columns


@dataclass(slots=True)
class Row:
    """The cells of a row, without the heads of their columns."""

    cells: list[str]
    is_head: bool


def groups(blocks: Sequence[Block]) -> Iterator[list[Block]]:
    """Yield runs of table rows that belong together, and everything else one by one."""
    rows: list[Block] = []
    for block in blocks:
        if rows and (block.kind is not BlockKind.TABLE_ROW or block.level == 1):
            yield rows
            rows = []
        if block.kind is BlockKind.TABLE_ROW:
            rows.append(block)
        else:
            yield [block]
    if rows:
        yield rows


def table_rows(blocks: Sequence[Block]) -> list[Row]:
    """Split rows back into cells and take the repeated heads off them, each cell into its head's column."""
    has_head = blocks[0].level == 1 and len(blocks) > 1
    heads = blocks[0].text.split(CELL_SEPARATOR) if has_head else []
    rows: list[Row] = []
    for place, block in enumerate(blocks):
        cells = block.text.split(CELL_SEPARATOR)
        is_head = has_head and place == 0
        rows.append(Row(cells if is_head or not heads else _placed(cells, heads), is_head))
    return rows


def _placed(cells: list[str], heads: list[str]) -> list[str]:
    placed = [""] * len(heads)
    column = -1
    for cell in cells:
        ahead = range(column + 1, min(len(heads), column + 1 + MAX_COLUMNS))
        named = [place for place in ahead if cell.startswith(f"{heads[place].rstrip(':')}: ")]
        if named:
            column = named[0]
            placed[column] = cell[len(heads[column].rstrip(":")) + 2 :]
            continue
        column += 1
        if column < len(placed):
            placed[column] = cell
        else:
            placed.append(cell)
    return placed


def column_count(rows: Sequence[Row]) -> int:
    """Return how many columns a table is drawn with."""
    return max(1, min(MAX_COLUMNS, max(len(row.cells) for row in rows)))


def column_shares(rows: Sequence[Row]) -> list[float]:
    """Return the share of the width that each column gets, by the length of what stands in it."""
    sizes = [SHORT_CELL] * column_count(rows)
    for row in rows:
        for place, text in enumerate(row.cells[: len(sizes)]):
            sizes[place] = max(sizes[place], min(LONG_CELL, len(text)))
    return [size / sum(sizes) for size in sizes]


def fitted(cells: list[str], columns: int) -> list[str]:
    """Fit cells into the columns; what is too many shares the last one."""
    if len(cells) <= columns:
        return cells
    return [*cells[: columns - 1], " ".join(cells[columns - 1 :])]
