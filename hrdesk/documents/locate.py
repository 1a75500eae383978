"""Finds where a quote stands on the pages of its document. A wrong place is worse than none.

First the exact text (folded as in `normalise`, white space not counting) under the passage's own spans, then
on its pages, then in the whole document. Rows of tables are quoted with their column heads, which stand
elsewhere on the page, so their cells are looked for without them. Last an approximate match (rapidfuzz),
which must score at least 90 and hold the same numbers as the quote.
"""

import re
from bisect import bisect_right
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from hrdesk.core.documents import Page, Span
from hrdesk.documents.normalise import Folded, fold, key
from hrdesk.documents.reading.blocks import CELL_SEPARATOR

SHORTEST = 3
SHORT = 16  # folded characters; shorter quotes count only where they stand once
SHORTEST_FUZZY = 30
FUZZY_SCORE = 90.0
FUZZY_PAGES = 3
MAX_QUOTE = 10_000

_NUMBERS = re.compile(r"\d+")


@dataclass(frozen=True, slots=True)
class Located:
    """Where a quote stands: spans in reading order, 0..1 how well it fits, and whether word for word."""

    spans: tuple[Span, ...]
    score: float
    exact: bool


def locate(quote: str, pages: Sequence[Page], near: Sequence[Span] = ()) -> Located | None:
    """Return the place of `quote`, preferably inside `near` (the spans of its passage), or None."""
    wanted = fold(quote[:MAX_QUOTE], spaces=False).text
    if len(wanted) < SHORTEST:
        return None
    for scope in _scopes(pages, near):
        found = scope.exact(wanted) or scope.row(quote)
        if found:
            return Located(found, 1.0, exact=True)
    return _approximate(quote, pages, near)


class _Scope:
    """A stretch of text to look in: spans of pages, folded and joined."""

    def __init__(self, pages: dict[int, Page], spans: Sequence[Span], *, own: bool) -> None:
        self._spans = spans
        self._own = own
        pieces = [pages[span.page].text[span.start : span.end] for span in spans]
        self._raw = "\n".join(pieces)
        self._folded: Folded | None = None
        self._starts: list[int] = []
        start = 0
        for piece in pieces:
            self._starts.append(start)
            start += len(piece) + 1

    @property
    def folded(self) -> Folded:
        if self._folded is None:
            self._folded = fold(self._raw, spaces=False)
        return self._folded

    def exact(self, wanted: str) -> tuple[Span, ...]:
        """Return the one place of the folded text `wanted`, the first one if the quote is long; or ()."""
        places = list(self._places(wanted))
        if not places or (len(places) > 1 and len(wanted) < SHORT and not self._own):
            return ()
        return self._original(places[0], places[0] + len(wanted))

    def _places(self, wanted: str) -> Iterator[int]:
        text = self.folded.text
        place = text.find(wanted)
        while place >= 0:
            if self._is_whole(place, place + len(wanted)):
                yield place
            place = text.find(wanted, place + 1)

    def _is_whole(self, start: int, end: int) -> bool:
        """Whether the match begins and ends at word borders: "5 days" is not in "15 days"."""
        low, high = self.folded.original(start, end)
        before, after = self._raw[low - 1 : low], self._raw[high : high + 1]
        cut_before = before.isalnum() and self._raw[low].isalnum()
        cut_after = after.isalnum() and self._raw[high - 1].isalnum()
        return not cut_before and not cut_after

    def row(self, quote: str) -> tuple[Span, ...]:
        """Return the place of quoted table rows, whose cells stand here without their heads; or ()."""
        if not self._own or (CELL_SEPARATOR not in quote and ": " not in quote):
            return ()
        pattern = "".join(_cell_pattern(cell) for cell in re.split(r"\n| \| ", quote) if cell.strip())
        places = [match.span() for match in re.finditer(pattern, self.folded.text) if match.group()]
        whole = [place for place in places if self._is_whole(*place)]
        if len(whole) != 1 or whole[0][1] - whole[0][0] < SHORTEST:
            return ()
        return self._original(*whole[0])

    def _original(self, start: int, end: int) -> tuple[Span, ...]:
        return self.spans_under(*self.folded.original(start, end))

    def spans_under(self, low: int, high: int) -> tuple[Span, ...]:
        """Return the spans of the raw range `low`..`high`."""
        found: list[Span] = []
        for number in range(bisect_right(self._starts, low) - 1, len(self._spans)):
            span, base = self._spans[number], self._starts[number]
            first, last = max(low - base, 0), min(high - base, span.end - span.start)
            if base > high:
                break
            if first < last:
                found.append(Span(span.page, span.start + first, span.start + last))
        return tuple(found)

    @property
    def raw(self) -> str:
        """The text looked in."""
        return self._raw


def _cell_pattern(cell: str) -> str:
    """Match a cell with or without the column head in front of it."""
    ways = [cell] + [cell[match.end() :] for match in list(re.finditer(": ", cell))[:3]]
    folded = dict.fromkeys(fold(way, spaces=False).text for way in ways)
    return "(?:" + "|".join(re.escape(way) for way in folded if way) + ")"


def _scopes(pages: Sequence[Page], near: Sequence[Span]) -> Iterator[_Scope]:
    by_number = {page.number: page for page in pages}
    own = [span for span in near if span.page in by_number]
    if own:
        yield _Scope(by_number, own, own=True)
        numbers = sorted({number for span in own for number in (span.page, span.page + 1)} & by_number.keys())
        yield _Scope(by_number, [_whole(by_number[number]) for number in numbers], own=False)
    yield _Scope(by_number, [_whole(page) for page in pages], own=False)


def _whole(page: Page) -> Span:
    return Span(page.number, 0, len(page.text))


def _approximate(quote: str, pages: Sequence[Page], near: Sequence[Span]) -> Located | None:
    wanted = key(quote[:MAX_QUOTE])
    if len(wanted) < SHORTEST_FUZZY:
        return None
    by_number = {page.number: page for page in pages}
    own = [span for span in near if span.page in by_number]
    if own:
        found = _fuzzy(wanted, _Scope(by_number, own, own=True))
        if found:
            return found
    for numbers in _likely(wanted, pages, {span.page for span in own}):
        spans = [_whole(by_number[number]) for number in numbers if number in by_number]
        found = _fuzzy(wanted, _Scope(by_number, spans, own=False))
        if found:
            return found
    return None


def _likely(wanted: str, pages: Sequence[Page], first: set[int]) -> list[tuple[int, int]]:
    """Return pairs of following pages that share most of the quote's words, the passage's pages first."""
    words = set(wanted.split())
    shared = Counter({page.number: len(words & set(key(page.text).split())) for page in pages})
    enough = [number for number, count in shared.most_common(FUZZY_PAGES) if count * 2 >= len(words)]
    return [(number, number + 1) for number in dict.fromkeys([*sorted(first), *enough])]


def _fuzzy(wanted: str, scope: _Scope) -> Located | None:
    from rapidfuzz.fuzz import partial_ratio_alignment

    folded = fold(scope.raw)
    if len(folded.text) < len(wanted):
        return None
    match = partial_ratio_alignment(wanted, folded.text, score_cutoff=FUZZY_SCORE)
    if match is None or match.dest_start >= match.dest_end:
        return None
    start, end = _word_borders(folded.text, match.dest_start, match.dest_end)
    if Counter(_NUMBERS.findall(folded.text[start:end])) != Counter(_NUMBERS.findall(wanted)):
        return None
    spans = scope.spans_under(*folded.original(start, end))
    return Located(spans, match.score / 100, exact=False) if spans else None


def _word_borders(text: str, start: int, end: int) -> tuple[int, int]:
    """Move a range to the nearest borders of words."""
    while start > 0 and text[start].isalnum() and text[start - 1].isalnum():
        start -= 1
    while end < len(text) and text[end].isalnum() and text[end - 1].isalnum():
        end += 1
    while start < end and text[start] == " ":
        start += 1
    while end > start and text[end - 1] == " ":
        end -= 1
    return start, end
