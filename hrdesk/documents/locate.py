"""Finds where a quote stands on the pages of its document. A wrong place is worse than none.

First the exact text (folded as in `normalise`, white space not counting) under the passage's own spans, then
on its pages, then in the whole document. Rows of tables are quoted with their column heads, which stand
elsewhere on the page, so their cells are looked for without them. Then a quote with left out parts
("one … two") is looked for part by part. Last comes the place it was meant for, under the same spans and then
everywhere (see `approximate`); only the foot and the head of pages between its pieces leave it exact.
"""

import re
from bisect import bisect_right
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from hrdesk.core.documents import Page, Span
from hrdesk.documents import approximate
from hrdesk.documents.normalise import Folded, fold, is_one_word
from hrdesk.documents.reading.blocks import CELL_SEPARATOR

SHORTEST = 3
SHORT = 16  # folded characters; shorter quotes count only where they stand once
MAX_QUOTE = 10_000
FURNITURE = 400  # characters of the foot of a page and the head of the next one

_LEFT_OUT = re.compile(r"\s*(?:\[(?:…|\.{3})\]|\((?:…|\.{3})\)|(?<=\s)(?:…|\.{3})(?=\s))\s*")


@dataclass(frozen=True, slots=True)
class Located:
    """Where a quote stands: spans in reading order, 0..1 how well it fits, and whether word for word."""

    spans: tuple[Span, ...]
    score: float
    exact: bool


def locate(quote: str, pages: Sequence[Page], near: Sequence[Span] = ()) -> Located | None:
    """Return the place of `quote`, preferably inside `near` (the spans of its passage), or None."""
    quote = quote[:MAX_QUOTE]
    wanted = _letters(quote)
    if len(wanted) < SHORTEST:
        return None
    scopes = list(_scopes(pages, near))

    def stands(head: str) -> bool:
        return any(head in scope.folded.text for scope in scopes)

    bare = quote.replace(CELL_SEPARATOR, " ")
    ways = dict.fromkeys([wanted, _letters(bare)])
    for scope in scopes:
        found = next(filter(None, map(scope.exact, ways)), ()) or scope.row(quote, stands)
        if found:
            return Located(found, 1.0, exact=True)
    parts = [part for part in _LEFT_OUT.split(quote) if part]
    if len(parts) > 1:
        return _together([locate(part, pages, near) for part in parts])
    return _meant(quote, scopes)


def _together(parts: Sequence[Located | None]) -> Located | None:
    """Return the place of a quote with left out parts; None where one of its parts is not there."""
    found = [part for part in parts if part is not None]
    if len(found) < len(parts):
        return None
    spans = dict.fromkeys(span for part in found for span in part.spans)
    return Located(tuple(spans), min(part.score for part in found), all(part.exact for part in found))


def _meant(quote: str, scopes: Sequence["_Scope"]) -> Located | None:
    """Return the place that an inexact quote was meant for, in its passage or else anywhere."""
    for scope in [scope for scope in scopes if scope.is_passage or scope is scopes[-1]]:
        text = approximate.Text(scope.raw, scope.folded, scope.starts)
        match = approximate.find(quote.replace(CELL_SEPARATOR, " "), text)
        if match is None and scope.is_passage and CELL_SEPARATOR in quote:
            match = approximate.find(_without_heads(quote), text)
        if match is None:
            continue
        spans = tuple(span for low, high in match.ranges for span in scope.spans_under(low, high))
        pieces = "\n".join(scope.raw[low:high] for low, high in match.ranges)
        exact = _is_over_pages(match, spans) and _letters(pieces) == _letters(
            quote.replace(CELL_SEPARATOR, " ")
        )
        return Located(spans, 1.0 if exact else match.score / 100, exact)
    return None


def _without_heads(row: str) -> str:
    """Return the cells of quoted rows without what looks like the head of their column."""
    return " ".join(cell.partition(": ")[2] or cell for cell in re.split(r"\n| \| ", row))


def _letters(text: str) -> str:
    return fold(text, spaces=False).text


def _is_over_pages(match: approximate.Match, spans: Sequence[Span]) -> bool:
    """Whether two pieces have a border of pages between them, and no more than what is printed there."""
    if len(match.ranges) < 2 or len({span.page for span in spans}) < 2:
        return False
    return match.ranges[1][0] - match.ranges[0][1] <= FURNITURE


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
        return not is_one_word(before, self._raw[low]) and not is_one_word(self._raw[high - 1], after)

    def row(self, quote: str, stands: Callable[[str], bool]) -> tuple[Span, ...]:
        """Return the place of quoted table rows, whose cells stand here without their heads; or ().

        What `stands` nowhere is no head: the words before a colon may be what the sentence says.
        """
        if not self._own or (CELL_SEPARATOR not in quote and ": " not in quote):
            return ()
        cells = [cell for cell in re.split(r"\n| \| ", quote) if cell.strip()]
        pattern = "".join(_cell_pattern(cell, stands) for cell in cells)
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

    @property
    def starts(self) -> Sequence[int]:
        """Where the spans begin in the text looked in."""
        return self._starts

    @property
    def is_passage(self) -> bool:
        """Whether this is the passage that the quote was taken from."""
        return self._own


def _cell_pattern(cell: str, stands: Callable[[str], bool]) -> str:
    """Match a cell with or without the column head in front of it."""
    heads = [(cell[: colon.start()], cell[colon.end() :]) for colon in list(re.finditer(": ", cell))[:3]]
    texts = [cell] + [text for head, text in heads if stands(_letters(head))]
    ways = [_letters(text) for text in texts]
    return "(?:" + "|".join(re.escape(way) for way in dict.fromkeys(ways) if way) + ")"


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
