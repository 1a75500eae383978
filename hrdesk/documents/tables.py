"""Where a cited table stands on its pages, so that its picture can be shown beside its text."""

from collections.abc import Sequence

from hrdesk.core.documents import Page, Rect, Span
from hrdesk.documents.locate import locate
from hrdesk.documents.reading.blocks import CELL_SEPARATOR

MARGIN = 0.012  # of the page, around the words: the lines of the cells and a little paper
LEFT_OUT = " … "


def cited_rows(quote: str, passage: str) -> list[str]:
    """Return the table rows of a passage, heads among them; none where the quote is not of a row."""
    rows = [line for line in passage.split("\n") if CELL_SEPARATOR in line]
    parts = [part for whole in quote.split(LEFT_OUT) for part in whole.split("\n") if part.strip()]
    return rows if any(part in row or row in part for part in parts for row in rows) else []


def row_spans(rows: Sequence[str], pages: Sequence[Page], cited: Sequence[Span]) -> tuple[Span, ...]:
    """Return where rows stand on the cited pages and those before, which may hold the heads."""
    numbers = {number for span in cited for number in (span.page - 1, span.page)}
    near = [Span(page.number, 0, len(page.text)) for page in pages if page.number in numbers]
    around = [page for page in pages if page.number in numbers]
    found = [locate(row, around, near) for row in rows]
    spans = [span for place in found if place is not None and place.exact for span in place.spans]
    return tuple(dict.fromkeys([*cited, *spans]))


def areas(lines: Sequence[tuple[int, Rect]]) -> tuple[tuple[int, Rect], ...]:
    """Return for each page the area that holds all its lines, with a margin."""
    found: dict[int, Rect] = {}
    for page, one in lines:
        so_far = found.get(page, one)
        found[page] = Rect(
            min(so_far.x0, one.x0), min(so_far.y0, one.y0), max(so_far.x1, one.x1), max(so_far.y1, one.y1)
        )
    return tuple((page, _with_margin(found[page])) for page in sorted(found))


def _with_margin(area: Rect) -> Rect:
    return Rect(
        max(0.0, area.x0 - 2 * MARGIN),
        max(0.0, area.y0 - MARGIN),
        min(1.0, area.x1 + 2 * MARGIN),
        min(1.0, area.y1 + MARGIN),
    )
