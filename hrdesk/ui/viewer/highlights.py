"""Highlights as a reader sees them: lines that touch are one, and so are the cells of a table row."""

from collections.abc import Sequence
from dataclasses import dataclass

from hrdesk.core.documents import Rect

NEAR = 0.9  # of a line's height: lines with less than this between them belong together


@dataclass(frozen=True, slots=True)
class Highlight:
    """One marked place: a page and the rectangles of its lines, top to bottom."""

    page: int
    rects: tuple[Rect, ...]

    @property
    def top(self) -> float:
        """Return the upper edge in 0..1 of the page."""
        return min(rect.y0 for rect in self.rects)

    @property
    def bottom(self) -> float:
        """Return the lower edge in 0..1 of the page."""
        return max(rect.y1 for rect in self.rects)


def gather(lines: Sequence[tuple[int, Rect]]) -> tuple[Highlight, ...]:
    """Return the highlights that (page, rectangle) lines form, in the order of the document."""
    found: list[list[tuple[int, Rect]]] = []
    for page, rect in sorted(lines, key=lambda line: (line[0], line[1].y0, line[1].x0)):
        group = next((g for g in reversed(found) if _belongs(page, rect, g)), None)
        if group is None:
            found.append([(page, rect)])
        else:
            group.append((page, rect))
    return tuple(Highlight(group[0][0], tuple(rect for _, rect in group)) for group in found)


def _belongs(page: int, rect: Rect, group: Sequence[tuple[int, Rect]]) -> bool:
    last_page, last = group[-1]
    if page != last_page:
        return False
    if rect.y0 < last.y1 - (last.y1 - last.y0) / 2:
        return True  # beside each other, such as the cells of a table row
    gap = rect.y0 - max(line.y1 for _, line in group)
    # The last line of a paragraph may be short and begin left of where the first one did.
    overlaps = rect.x0 <= last.x0 + 0.5 and last.x0 <= rect.x1 + 0.5
    return gap < NEAR * (last.y1 - last.y0) and overlaps
