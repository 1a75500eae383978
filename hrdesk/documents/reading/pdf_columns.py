"""Reading order of pages in two columns that were drawn line by line across both.

Most programs draw one column after the other, and PDFium keeps the order of drawing. Where a page was drawn
across its columns, their lines alternate. They are put in order only where there is no doubt that the page is
running text: a table must never be torn. So both columns must be filled by most of their lines, keep their
left edges, and go on with small letters in the middle of sentences, as cells of a table do not.
"""

from collections.abc import Iterator, Sequence
from statistics import median

from hrdesk.documents.reading.pdf_lines import Line

MIN_PAIRS = 8
EDGE = 0.8  # share of right-hand lines that begin at the column's edge
FILLED = 0.6  # share of lines that reach across most of their column
MOST_OF_COLUMN = 0.75
GOES_ON = 0.35  # share of lines that begin with a small letter
WORDS = 4  # in a line, at the median


def in_columns(lines: list[Line]) -> list[Line]:
    """Return the lines of one page, columns one after the other where they were drawn across."""
    pairs = [place for place in range(len(lines) - 1) if _is_pair(lines[place], lines[place + 1])]
    if len(pairs) < MIN_PAIRS:
        return lines
    edge = median(lines[place + 1].left for place in pairs)
    ordered: list[Line] = []
    for zone in _zones(lines, edge):
        left = [line for line in zone if line.right < edge]
        right = [line for line in zone if line.right >= edge]
        are_columns = _count_pairs(zone) >= MIN_PAIRS and _is_column(left) and _is_column(right)
        ordered.extend([*left, *right] if are_columns and _keeps_edge(right, edge) else zone)
    return ordered


def _is_pair(one: Line, two: Line) -> bool:
    return two.left > one.right and one.beside(two)


def _count_pairs(zone: Sequence[Line]) -> int:
    return sum(_is_pair(zone[place], zone[place + 1]) for place in range(len(zone) - 1))


def _zones(lines: Sequence[Line], edge: float) -> Iterator[list[Line]]:
    """Cut a page at lines that cross the space between the columns, such as headings over both."""
    zone: list[Line] = []
    for line in lines:
        crosses = line.left < edge - line.size and line.right > edge
        if crosses and zone:
            yield zone
            zone = []
        if crosses:
            yield [line]
        else:
            zone.append(line)
    if zone:
        yield zone


def _keeps_edge(lines: Sequence[Line], edge: float) -> bool:
    return sum(abs(line.left - edge) < 0.5 * line.size for line in lines) >= EDGE * len(lines)


def _is_column(lines: Sequence[Line]) -> bool:
    if len(lines) < MIN_PAIRS:
        return False
    width = max(line.right for line in lines) - min(line.left for line in lines)
    filled = sum(line.right - line.left > MOST_OF_COLUMN * width for line in lines)
    goes_on = sum(line.text[:1].islower() for line in lines)
    words = median(len(line.text.split()) for line in lines)
    return filled >= FILLED * len(lines) and goes_on >= GOES_ON * len(lines) and words >= WORDS
