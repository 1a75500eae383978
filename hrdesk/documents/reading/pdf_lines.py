r"""The lines of a PDF page: where they stand, how large and how heavy their letters are.

PDFium ends lines with "\r\n". A line whose words stand far apart is cut into segments (cells of a table, or
columns that were drawn line by line).
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from hrdesk.documents.pdf_text import PageText

_LINE = re.compile(r"[^\r\n]+")
_WORD_GAP = re.compile(r"\s+")
WIDE_GAP = 1.3
MAX_LINES_A_PAGE = 3_000


@dataclass(slots=True)
class Line:
    """A line or a segment of one: code points `start`..`end` of page `page`; points, origin bottom left."""

    page: int
    start: int
    end: int
    text: str
    left: float
    right: float
    top: float
    bottom: float
    size: float
    bold: bool

    @property
    def style(self) -> tuple[float, bool]:
        """What makes lines look alike."""
        return round(self.size * 2) / 2, self.bold

    def beside(self, other: Line) -> bool:
        """Whether both stand at the same height."""
        overlap = min(self.top, other.top) - max(self.bottom, other.bottom)
        return overlap > 0.4 * min(self.top - self.bottom, other.top - other.bottom)


def lines_of(page: PageText, number: int) -> list[Line]:
    """Return the lines of a page in the order of its text."""
    lines: list[Line] = []
    for match in _LINE.finditer(page.text):
        start, end = _stripped(page.text, match.start(), match.end())
        if start < end:
            lines.extend(
                line_between(page, number, first, last) for first, last in _segments(page, start, end)
            )
        if len(lines) > MAX_LINES_A_PAGE:
            break
    return lines


def _stripped(text: str, start: int, end: int) -> tuple[int, int]:
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    return start, end


def _segments(page: PageText, start: int, end: int) -> list[tuple[int, int]]:
    """Cut a line where two words stand further apart than words do."""
    gaps = [match.span() for match in _WORD_GAP.finditer(page.text, start, end)]
    if not gaps:
        return [(start, end)]
    cuts: list[tuple[int, int]] = []
    first = start
    wide, box = WIDE_GAP * page.type_size(start)[0], page.loose_box
    for low, high in gaps:
        if box(high).left - box(low - 1).right > wide:
            cuts.append((first, low))
            first = high
    return [*cuts, (first, end)]


def line_between(page: PageText, number: int, start: int, end: int) -> Line:
    """Return the line that the code points `start`..`end` of a page make."""
    text = page.text[start:end]
    visible = [place for place, letter in enumerate(text, start) if letter.isalnum()]
    samples = [visible[0], visible[len(visible) // 2], visible[-1]] if visible else [start]
    size, baseline = _middle_size(page, samples)
    first, last = page.loose_box(start), page.loose_box(end - 1)
    return Line(
        page=number,
        start=start,
        end=end,
        text=text,
        left=min(first.left, last.left),
        right=max(first.right, last.right),
        top=baseline + 0.78 * size,
        bottom=baseline - 0.22 * size,
        size=size,
        bold=all(page.is_bold(place) for place in samples),
    )


def _middle_size(page: PageText, samples: list[int]) -> tuple[float, float]:
    """Return size and base line, the middle of three: a large initial or a footnote mark does not decide."""
    one, two = page.type_size(samples[0]), page.type_size(samples[-1])
    return one if one == two else sorted((one, page.type_size(samples[len(samples) // 2]), two))[1]
