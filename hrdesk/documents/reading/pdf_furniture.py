"""Running headers, footers and page numbers: printed on every page, part of none."""

import re
from collections import Counter
from collections.abc import Sequence

from hrdesk.core.documents import Page
from hrdesk.documents.reading.pdf_lines import Line

EDGE = 0.12
WIDE_EDGE = 0.2
SHARE = 0.4

_PAGE_NUMBER = re.compile(
    r"^[\W_]*(?:page|seite|página)?\s*(?:\d{1,4}|[ivxlc]{1,6})\s*(?:(?:of|/|von|de)\s*\d{1,4})?[\W_]*$",
    re.IGNORECASE,
)
_DIGITS = re.compile(r"\d+")
_LEADER = re.compile(r"(?:\.\s?){4,}\s*[\divxlc]{0,5}\s*$|…{2,}\s*\d{0,4}\s*$")


def without_furniture(lines: Sequence[Line], pages: Sequence[Page]) -> list[Line]:
    """Return the lines that belong to the text; tables of contents with dot leaders go too."""
    sizes = {page.number: page for page in pages}
    lines_on: dict[int, list[Line]] = {}
    for line in lines:
        lines_on.setdefault(line.page, []).append(line)
    edge = [line for line in lines if _at_edge(line, sizes[line.page])]
    repeated = Counter(key for key, _ in {(_key(line), line.page) for line in edge})
    printed = len({line.page for line in lines})
    needed = max(2, SHARE * printed)
    furniture = {
        id(line)
        for line in edge
        if _is_page_number(line, lines_on) or (printed > 1 and repeated[_key(line)] >= needed)
    }
    furniture |= {id(line) for line in _outermost(lines, sizes) if _is_page_number(line, lines_on)}
    return [line for line in lines if id(line) not in furniture and not _LEADER.search(line.text)]


def _is_page_number(line: Line, lines_on: dict[int, list[Line]]) -> bool:
    """Whether a line is a number alone at its height; a number beside others is a cell of a table."""
    if not _PAGE_NUMBER.match(line.text):
        return False
    return not any(other is not line and other.beside(line) for other in lines_on[line.page])


def _outermost(lines: Sequence[Line], sizes: dict[int, Page]) -> list[Line]:
    """Return the highest and the lowest line of each page, where they stand near its edges."""
    highest: dict[int, Line] = {}
    lowest: dict[int, Line] = {}
    for line in lines:
        if line.page not in highest or line.top > highest[line.page].top:
            highest[line.page] = line
        if line.page not in lowest or line.bottom < lowest[line.page].bottom:
            lowest[line.page] = line
    outermost = [*highest.values(), *lowest.values()]
    return [line for line in outermost if _at_edge(line, sizes[line.page], WIDE_EDGE)]


def _at_edge(line: Line, page: Page, edge: float = EDGE) -> bool:
    return line.bottom > page.height * (1 - edge) or line.top < page.height * edge


def _key(line: Line) -> tuple[str, int]:
    return _DIGITS.sub("#", line.text.casefold()), round(line.bottom / 6)
