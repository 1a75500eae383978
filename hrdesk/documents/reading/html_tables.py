"""Tables of web pages: which ones hold data, their rows, spans of columns and rows, and their heads."""

from collections.abc import Iterator

from lxml.html import HtmlElement

from hrdesk.documents.reading.blocks import BlockList, clean
from hrdesk.documents.reading.html_text import HEADINGS, visible_text

MAX_CELL = 1_500
MAX_SPAN = 50


def is_data_table(table: HtmlElement) -> bool:
    """Tell a table of data from one that only places things on the page."""
    if table.find(".//table") is not None or any(table.find(f".//{tag}") is not None for tag in HEADINGS):
        return False
    longest = max((len(cell.text_content()) for cell in table.iter("td", "th")), default=0)
    widest = max((sum(1 for _ in _cells(row)) for row in table.iter("tr")), default=0)
    return widest > 1 and longest <= MAX_CELL


def add_table(blocks: BlockList, table: HtmlElement) -> None:
    """Add the rows of a data table; its caption, if any, comes before it."""
    caption = table.find("caption")
    if caption is not None:
        blocks.add_paragraph(visible_text(caption))
    rows, has_head = _rows(table)
    blocks.add_table(rows, has_head=has_head)


def _rows(table: HtmlElement) -> tuple[list[list[str]], bool]:
    rows: list[list[str]] = []
    has_head = False
    reaching_down: dict[int, int] = {}
    for row in table.iter("tr"):
        cells = list(_cells(row))
        texts = [visible_text(cell) for cell in cells]
        if not any(texts):
            continue
        if not rows:
            filled = [cell for cell, text in zip(cells, texts, strict=True) if text]
            has_head = len(filled) > 1 and all(_is_head(cell) for cell in filled)
        rows.append(_placed(cells, texts, reaching_down, repeat=has_head and not rows))
    return rows, has_head


def _placed(
    cells: list[HtmlElement], texts: list[str], reaching_down: dict[int, int], *, repeat: bool
) -> list[str]:
    """Put the texts into their columns; a head over several columns is repeated in each of them."""
    columns: list[str] = []
    for cell, text in zip(cells, texts, strict=True):
        while reaching_down.get(len(columns), 0) > 0:
            reaching_down[len(columns)] -= 1
            columns.append("")
        for number in range(_span(cell, "colspan")):
            reaching_down[len(columns)] = _span(cell, "rowspan") - 1
            columns.append(text if repeat or number == 0 else "")
    return columns


def _span(cell: HtmlElement, name: str) -> int:
    value = cell.get(name, "1").strip()
    return min(MAX_SPAN, max(1, int(value))) if value.isdecimal() and len(value) < 6 else 1


def _cells(row: HtmlElement) -> Iterator[HtmlElement]:
    return (cell for cell in row if cell.tag in ("td", "th"))


def _is_head(cell: HtmlElement) -> bool:
    if cell.tag == "th":
        return True
    text = clean(cell.text_content())
    bold = clean(" ".join(part.text_content() for part in cell.iter("b", "strong")))
    return bool(text) and bold == text
