"""The text of a page for reading and copying, with the places of its highlights.

A page's text is kept exactly as the renderer gives it; here line-break hyphens and control characters go,
and full lines flow into the next one, so that a paragraph is read
without stops. Places follow: as code points of the shown text.
"""

from collections.abc import Sequence
from itertools import pairwise

from hrdesk.core.documents import Span

_DROPPED = {"\ufffe", "\x02", "\u00ad", "\r", "\x00", "\ufffd"}
FULL = 0.72  # of the longest line of the page: a line this long goes on in the next one
ENDS = (".", "!", "?", ":")
_HYPHENS = {"\ufffe", "\x02", "\u00ad"}


def readable(text: str, spans: Sequence[Span] = ()) -> tuple[str, tuple[tuple[int, int], ...]]:
    """Return the text as it is shown, and (start, end) of each span in it."""
    shown: list[str] = []
    places = [0]  # code point of the page's text -> code point of the shown text
    joins = False
    for character in text:
        if character in _DROPPED:
            joins = joins or character in _HYPHENS
        elif not (character == "\n" and joins):
            shown.append(character)
            joins = False
        else:
            joins = False
        places.append(len(shown))
    flowing = _flow("".join(shown))
    last = len(text)
    found = tuple((places[min(s.start, last)], places[min(s.end, last)]) for s in spans if s.start < s.end)
    return flowing, found


def _flow(text: str) -> str:
    """Replace the ends of full lines by spaces; the length stays."""
    lines = text.split("\n")
    longest = max(map(len, lines))
    flowing = [lines[0]]
    for before, line in pairwise(lines):
        is_full = len(before) >= FULL * longest and not before.rstrip().endswith(ENDS)
        flowing.append((" " if is_full else "\n") + line)
    return "".join(flowing)


def utf16(text: str, place: int) -> int:
    """Return a place counted in UTF-16 units, as Qt's documents count."""
    return len(text[:place].encode("utf-16-le")) // 2
