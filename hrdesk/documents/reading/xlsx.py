"""Excel workbooks (XLSX, XLSM): every sheet a section, every row with the heads of its columns.

Values are those that Excel stored last; formulas are not computed and nothing outside the file is fetched.
Hidden sheets, rows and columns and comments are left out: nobody sees them in the original.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from lxml import etree

from hrdesk.core.documents import Block, BlockKind, FileState
from hrdesk.documents.reading.archive import Archive, attribute, child, local
from hrdesk.documents.reading.blocks import BlockList, clean
from hrdesk.documents.reading.grid import Cell, Row, add_rows
from hrdesk.documents.reading.kinds import Source
from hrdesk.documents.reading.relations import main_part, related, relation_id
from hrdesk.documents.reading.xlsx_formats import Format, read_formats, shown
from hrdesk.documents.sentences import FileRefused

MAX_MERGED = 20_000
MAX_MERGED_ROWS = 2_000
MAX_COLUMN = 16_384
_PLACE = re.compile(r"^([A-Za-z]{1,3})(\d{1,7})$")
_UNNAMED = re.compile(r"^(?:sheet|tabelle|feuil|hoja|foglio|blad|planilha)\s?\d*$", re.IGNORECASE)
_OFF = ("", "0", "false")


@dataclass
class _Book:
    strings: list[str]
    formats: list[Format]
    from_1904: bool
    left_out: bool = False


@dataclass
class _Layout:
    """What a sheet says about its cells as a whole."""

    hidden: set[int] = field(default_factory=set)
    repeats: dict[tuple[int, int], tuple[int, int]] = field(default_factory=dict)


def read(source: Source) -> tuple[tuple[Block, ...], str, bool]:
    """Return the blocks, the title property, and whether hidden parts were left out. Raises `FileRefused`."""
    with Archive(source) as archive:
        main = main_part(archive, "xl/workbook.xml")
        if main is None or not main.endswith(".xml"):
            raise FileRefused(FileState.UNSUPPORTED, "spreadsheet")
        workbook = archive.xml(main)
        if workbook is None or local(workbook) != "workbook":
            raise FileRefused(FileState.DAMAGED, "damaged")
        parts = related(archive, main)
        named = dict(parts.values())
        book = _Book(
            _strings(archive.xml(named.get("sharedStrings", ""))),
            read_formats(archive.optional_xml(named.get("styles", ""))),
            attribute(child(workbook, "workbookPr"), "date1904") not in _OFF,
        )
        blocks = BlockList()
        for name, part in _sheets(workbook, parts, book):
            _add_sheet(blocks, archive, name, part, book)
        title = child(archive.optional_xml("docProps/core.xml"), "title")
    return blocks.blocks, (title.text or "") if title is not None else "", book.left_out


def _sheets(
    workbook: etree._Element, parts: dict[str, tuple[str, str]], book: _Book
) -> Iterator[tuple[str, str]]:
    """Yield (name, part) of the visible sheets in the workbook's order; no name for the only "Sheet1"."""
    sheets = child(workbook, "sheets")
    found: list[tuple[str, str]] = []
    for sheet in sheets if sheets is not None else ():
        kind, part = parts.get(relation_id(sheet), ("", ""))
        if attribute(sheet, "state", "visible") != "visible":
            book.left_out = True
        elif kind == "worksheet":
            found.append((clean(attribute(sheet, "name")), part))
    for name, part in found:
        yield ("" if len(found) == 1 and _UNNAMED.match(name) else name), part


def _add_sheet(blocks: BlockList, archive: Archive, name: str, part: str, book: _Book) -> None:
    rows = _rows(archive, part, book)
    first = next(rows, None)
    if first is None:
        return
    blocks.add(BlockKind.HEADING, name, 2)  # level 1 would make the first sheet's name the title

    def all_rows() -> Iterator[Row]:
        yield first
        yield from rows

    add_rows(blocks, all_rows())


def _strings(root: etree._Element | None) -> list[str]:
    return [_rich_text(item) for item in root if local(item) == "si"] if root is not None else []


def _rich_text(item: etree._Element) -> str:
    """Return the text of a shared or inline string; readings of Asian words (rPh) are left out."""
    return "".join(
        text.text or ""
        for part in item
        if local(part) in ("t", "r")
        for text in ([part] if local(part) == "t" else part)
        if local(text) == "t"
    )


def _rows(archive: Archive, part: str, book: _Book) -> Iterator[Row]:
    """Yield the rows that hold something, an empty row for every gap between them."""
    layout = _layout(archive, part)
    book.left_out = book.left_out or bool(layout.hidden)
    known: dict[tuple[int, int], Cell] = {}
    number, last = 0, 0
    for element in archive.stream(part, "row"):
        value = attribute(element, "r")
        number = int(value) if value.isdecimal() and len(value) < 9 else number + 1
        if attribute(element, "hidden") not in _OFF:
            book.left_out = True
            continue
        row = _row(element, number, layout, known, book)
        if not row:
            continue
        if last and number > last + 1:
            yield {}
        last = number
        yield row


def _row(
    element: etree._Element,
    number: int,
    layout: _Layout,
    known: dict[tuple[int, int], Cell],
    book: _Book,
) -> Row:
    row: Row = {}
    column = 0
    has_own = False
    for one in element:
        if local(one) != "c":
            continue
        place = _PLACE.match(attribute(one, "r"))
        column = _column(place[1]) if place else column + 1
        if column in layout.hidden:
            continue
        origin = layout.repeats.get((number, column), (number, column))
        cell = _cell(one, book) or known.get(origin)
        if cell is None:
            continue
        has_own = has_own or origin == (number, column)
        if origin == (number, column) and (number, column) in layout.repeats:
            known[origin] = cell
        row[column] = cell
    return row if has_own else {}


def _layout(archive: Archive, part: str) -> _Layout:
    """Return hidden columns, and for each cell of a merged range the cell whose text it shows."""
    layout = _Layout()
    for element in archive.stream(part, "col", "row", "mergeCell"):  # rows only to be forgotten
        if local(element) == "col" and attribute(element, "hidden") not in _OFF:
            first, last = attribute(element, "min", "0")[:6], attribute(element, "max", "0")[:6]
            if first.isdecimal() and last.isdecimal():
                layout.hidden.update(range(int(first), min(int(last), MAX_COLUMN) + 1))
        elif local(element) == "mergeCell":
            first, _, last = attribute(element, "ref").partition(":")
            start, end = _PLACE.match(first), _PLACE.match(last)
            if start and end:
                _repeat(layout, (int(start[2]), _column(start[1])), (int(end[2]), _column(end[1])))
    return layout


def _repeat(layout: _Layout, start: tuple[int, int], end: tuple[int, int]) -> None:
    """Let a merged cell's text stand in all rows it spans, so that every row makes sense alone."""
    rows = end[0] - start[0] + 1
    if rows > MAX_MERGED_ROWS or len(layout.repeats) + rows > MAX_MERGED:
        return
    for row in range(start[0], end[0] + 1):
        layout.repeats[row, start[1]] = start


def _column(letters: str) -> int:
    number = 0
    for letter in letters.upper():
        number = 26 * number + ord(letter) - ord("A") + 1
    return number


def _cell(cell: etree._Element, book: _Book) -> Cell | None:
    kind = attribute(cell, "t", "n")
    style = attribute(cell, "s", "0")
    if kind == "inlineStr":
        item = child(cell, "is")
        text = _rich_text(item) if item is not None else ""
    else:
        value = child(cell, "v")
        text = _value((value.text or "") if value is not None else "", kind, style, book)
    text = clean(text)
    return Cell(text, is_text=kind in ("s", "inlineStr", "str"), look=style) if text else None


def _value(value: str, kind: str, style: str, book: _Book) -> str:
    if kind == "s":
        place = int(value) if value.isdecimal() and len(value) < 9 else len(book.strings)
        return book.strings[place] if place < len(book.strings) else ""
    if kind == "b":
        return "TRUE" if value == "1" else "FALSE"
    if kind != "n":
        return value
    place = int(style) if style.isdecimal() and len(style) < 6 else 0
    look = book.formats[place] if place < len(book.formats) else Format()
    return shown(value, look, from_1904=book.from_1904)
