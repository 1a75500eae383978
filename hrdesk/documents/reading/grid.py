"""Rows of a sheet or of a CSV file to tables: which row holds the heads, where one table ends.

A spreadsheet knows cells, not tables. Empty rows part tables; rows with one cell above a table are its title
or a note; the first row of a table holds the heads if it is all text and the rest differs from it.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from hrdesk.core.documents import BlockKind
from hrdesk.documents.reading.blocks import MAX_HEAD, BlockList

MAX_COLUMNS = 200
_NUMBER = re.compile(r"^[-+(]?\W{0,2}\d[\d.,' \u00a0\u202f]*\W{0,3}(?:[A-Za-z€$£]{1,3})?\)?$")


@dataclass(frozen=True, slots=True)
class Cell:
    """What a cell shows; `look` is whatever tells its appearance from that of other cells."""

    text: str
    is_text: bool = True
    look: str = ""


Row = dict[int, Cell]


def text_cell(text: str) -> Cell:
    """Make a cell of a file that knows only characters."""
    return Cell(text, is_text=not _NUMBER.match(text))


def add_rows(blocks: BlockList, rows: Iterable[Row]) -> None:
    """Add what stands in rows (column -> cell; an empty row parts tables) as tables and paragraphs."""
    heads: Row = {}
    for group in _groups(rows):
        while group and len(group[0]) == 1:
            blocks.add_paragraph(next(iter(group.pop(0).values())).text)
            heads = {}
        if group:
            heads = _add_table(blocks, group, heads)


def _groups(rows: Iterable[Row]) -> Iterator[list[Row]]:
    group: list[Row] = []
    for row in rows:
        if row:
            group.append(row)
        elif group:
            yield group
            group = []
    if group:
        yield group


def _add_table(blocks: BlockList, group: list[Row], heads_above: Row) -> Row:
    """Add one table and return its heads; rows that go on after a gap keep the heads above it."""
    heads = group[0] if is_head(group) else {}
    if not heads and heads_above and all(set(row) <= set(heads_above) for row in group):
        heads = heads_above
        group = [heads, *group]
    columns = sorted({column for row in group for column in row})[:MAX_COLUMNS]
    if len(columns) == 1:
        for row in group:
            blocks.add(BlockKind.PARAGRAPH, row[columns[0]].text)
        return {}
    texts = [[row[column].text if column in row else "" for column in columns] for row in group]
    blocks.add_table(texts, has_head=bool(heads))
    return heads


def is_head(group: list[Row]) -> bool:
    """Whether the first row of a table holds the heads of its columns."""
    first, rest = group[0], group[1:]
    if not rest or not all(cell.is_text and len(cell.text) <= MAX_HEAD for cell in first.values()):
        return False
    names = [cell.text.casefold() for cell in first.values()]
    if names[0].endswith(":") or len(set(names)) < len(names) - 1:
        return False
    if len(first) < max(len(row) for row in rest) / 2:
        return False
    # Two columns of words may be names and values ("Owner | HR"): there the heads must look different.
    return len({column for row in group for column in row}) > 2 or _differs(first, rest[0]) or _counts(rest)


def _differs(first: Row, second: Row) -> bool:
    common = [column for column in first if column in second]
    return bool(common) and all(first[column].look != second[column].look for column in common)


def _counts(rest: list[Row]) -> bool:
    """Whether some column under the heads holds no words but numbers and dates."""
    columns = {column for row in rest for column in row}
    return any(all(not row[column].is_text for row in rest if column in row) for column in columns)
