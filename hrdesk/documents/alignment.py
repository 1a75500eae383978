"""Finds the blocks of a document on the pages that were laid out from them, in order.

The pages hold the same text in the same order, so each block is looked for just after the one before. White
space and line ends do not count. A block whose letters came out differently (a font without its signs) is
placed between its neighbours.
"""

from bisect import bisect_right
from collections.abc import Sequence

from hrdesk.core.documents import Page, Span
from hrdesk.documents.normalise import Folded, fold

SLACK = 400
SHORT = 8
SHORT_SLACK = 60
ANCHOR = 14


class _Stream:
    """The folded text of all pages as one, with the way back."""

    def __init__(self, pages: Sequence[Page]) -> None:
        self._pages = pages
        self._folded: list[Folded] = [fold(page.text, spaces=False) for page in pages]
        self._starts: list[int] = []
        start = 0
        for folded in self._folded:
            self._starts.append(start)
            start += len(folded.text)
        self.text = "".join(folded.text for folded in self._folded)

    def spans(self, start: int, end: int) -> tuple[Span, ...]:
        found: list[Span] = []
        number = bisect_right(self._starts, start) - 1
        while number < len(self._pages) and self._starts[number] < end:
            folded, base = self._folded[number], self._starts[number]
            low, high = max(start - base, 0), min(end - base, len(folded.text))
            if low < high:
                found.append(Span(self._pages[number].number, *folded.original(low, high)))
            number += 1
        return tuple(found)


def align(blocks: Sequence[Sequence[str]], pages: Sequence[Page]) -> list[tuple[Span, ...]]:
    """Return the spans of each block; a block is given as the pieces of text that were drawn for it."""
    stream = _Stream(pages)
    ranges: list[tuple[int, int] | None] = []
    cursor = 0
    for pieces in blocks:
        wanted = "".join(fold(piece, spaces=False).text for piece in pieces)
        found = _find(stream.text, wanted, cursor)
        ranges.append(found)
        cursor = found[1] if found else cursor
    return [stream.spans(*place) if place else () for place in _filled(ranges, len(stream.text))]


def _find(text: str, wanted: str, cursor: int) -> tuple[int, int] | None:
    if not wanted:
        return None
    if text.startswith(wanted, cursor):
        return cursor, cursor + len(wanted)
    slack = SLACK if len(wanted) > SHORT else SHORT_SLACK
    place = text.find(wanted, cursor, cursor + 2 * len(wanted) + slack)
    if place >= 0:
        return place, place + len(wanted)
    return _by_ends(text, wanted, cursor)


def _by_ends(text: str, wanted: str, cursor: int) -> tuple[int, int] | None:
    """Find a block by its first and last letters, when those between came out differently."""
    if len(wanted) < 3 * ANCHOR:
        return None
    first = text.find(wanted[:ANCHOR], cursor, cursor + SLACK + ANCHOR)
    if first < 0:
        return None
    last = text.find(wanted[-ANCHOR:], first + len(wanted) * 3 // 4, first + len(wanted) * 5 // 4 + ANCHOR)
    return (first, last + ANCHOR) if last >= 0 else None


def _filled(ranges: list[tuple[int, int] | None], length: int) -> list[tuple[int, int] | None]:
    """Give a single lost block the gap between its neighbours."""
    filled = list(ranges)
    for place, found in enumerate(ranges):
        if found is not None:
            continue
        before = ranges[place - 1] if place else (0, 0)
        after = ranges[place + 1] if place + 1 < len(ranges) else (length, length)
        if before and after and before[1] < after[0]:
            filled[place] = (before[1], after[0])
    return filled
