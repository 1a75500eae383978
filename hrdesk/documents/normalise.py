r"""Folding of text for comparison, with the way back to the original characters.

Two texts that a reader would call the same fold to the same: case, quotes, dashes, ligatures, width,
line breaks, hyphens at line ends, soft hyphens and invisible characters do not count. Every folded character
knows which original character it came from, so a match can be marked in the original.

Folding is NFKD and casefold for each character (Unicode 15, UAX #15), plus the rules of PDF text: a hyphen
at a line end is U+FFFE or U+0002, or a "-" before a line break. A hyphen between two letters is dropped
everywhere, because nobody can tell "co-\noperate" from "cooperate".
"""

import re
import unicodedata
from array import array
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass

from hrdesk.core.documents import Page, Span

_HYPHENS = "-\u2010\u2011\u00ad\ufffe\x02"
_LINE_HYPHEN = re.compile(
    rf"(?<=[^\W\d_])[{_HYPHENS}]+[ \t]*(?:\r\n|[\r\n\x0b\x0c\x85\u2028\u2029])?\s*(?=[^\W\d_])"
)
_NUMBER_HYPHEN = re.compile(r"(?<=\w)[-\u2010\u2011](?P<break>[ \t]*(?:\r\n|[\r\n])[ \t]*)(?=\w)")
_SAME = {
    **dict.fromkeys("‘’‚‛′ʼ`´＇", "'"),
    **dict.fromkeys("“”„‟″«»‹›＂", '"'),
    **dict.fromkeys("‐‑‒–—―−﹘﹣－", "-"),
    **dict.fromkeys("•‣◦▪●∙·", ""),  # of a list; quotes come with and without
    "ß": "ss",
    "\ufffe": "-",  # kept where it is no broken word: between a word and a number
    "\x02": "-",
    "\uffff": "",
    "\x00": "",
}


# Writing without spaces between words: any two characters of it may be a border.
_UNSPACED = re.compile(
    "[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u2e80-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]"
)


class _Table(dict[str, str]):
    """Folded form of each character met so far."""

    def __missing__(self, character: str) -> str:
        folded = _SAME.get(character)
        if folded is None:
            folded = _fold_character(character)
        self[character] = folded
        return folded


def _fold_character(character: str) -> str:
    if character.isspace():
        return " "
    if unicodedata.category(character) in ("Cf", "Cc", "Cs", "Co") or _is_picture(character):
        return ""
    plain = unicodedata.normalize("NFKD", character).casefold()
    return "".join(_SAME.get(part, " " if part.isspace() else part) for part in plain)


def _is_picture(character: str) -> bool:
    """Whether a character is an emoji, a variation selector, or stands for a sign that was lost.

    Fonts give them back as anything or nothing.
    """
    return (
        "\U0001f000" <= character <= "\U0001faff"
        or "\ufe00" <= character <= "\ufe0f"
        or character == "\ufffd"
    )


_TABLE = _Table()


@dataclass(frozen=True, slots=True)
class Folded:
    """A folded text and, for each of its characters, the place of the original character."""

    text: str
    places: Sequence[int]

    def original(self, start: int, end: int) -> tuple[int, int]:
        """Return the original range of the folded range `start`..`end` (not empty)."""
        return self.places[start], self.places[end - 1] + 1

    def folded(self, original: int) -> int:
        """Return the first folded place that comes from the original place or one after it."""
        return bisect_left(self.places, original)


def fold(text: str, *, spaces: bool = True) -> Folded:
    """Fold `text`; without `spaces` white space does not count at all, else a run of it counts as one."""
    folded = list(map(_TABLE.__getitem__, text))
    for place in _hyphen_places(text):
        folded[place] = ""
    return _with_spaces(folded) if spaces else _without_spaces(folded)


def _without_spaces(folded: list[str]) -> Folded:
    if max(map(len, folded), default=0) > 1:
        pairs = [(part, place) for place, parts in enumerate(folded) for part in parts if part != " "]
        return Folded("".join([part for part, _ in pairs]), array("L", [place for _, place in pairs]))
    places = [place for place, part in enumerate(folded) if part and part != " "]
    return Folded("".join(folded).replace(" ", ""), array("L", places))


def _with_spaces(folded: list[str]) -> Folded:
    characters: list[str] = []
    places: list[int] = []
    pending = -1
    for place, parts in enumerate(folded):
        if parts == " ":
            pending = place if pending < 0 else pending
            continue
        for part in parts:
            if pending >= 0 and characters:
                characters.append(" ")
                places.append(pending)
            pending = -1
            if part != " ":
                characters.append(part)
                places.append(place)
    return Folded("".join(characters), array("L", places))


def key(text: str) -> str:
    """Return the folded text alone."""
    return fold(text).text


def is_one_word(left: str, right: str) -> bool:
    """Whether two neighbouring characters belong to one word."""
    return left.isalnum() and right.isalnum() and not (_UNSPACED.match(left) and _UNSPACED.match(right))


def _hyphen_places(text: str) -> set[int]:
    places: set[int] = set()
    for match in _LINE_HYPHEN.finditer(text):
        places.update(range(match.start(), match.end()))
    for match in _NUMBER_HYPHEN.finditer(text):
        places.update(range(*match.span("break")))
    return places


def span_text(pages: dict[int, Page], spans: Sequence[Span]) -> str:
    """Return the raw text under `spans`, one line break between them."""
    return "\n".join(pages[span.page].text[span.start : span.end] for span in spans)


class Places:
    """Where the parts of a text stand, when `spans` hold all of it.

    Where the text under the spans is not the same as `text`, every part gets all spans: less exact, never
    wrong.
    """

    def __init__(self, pages: dict[int, Page], spans: Sequence[Span], text: str) -> None:
        self._spans = tuple(spans)
        self._there = fold(span_text(pages, spans), spaces=False)
        self._here = fold(text, spaces=False)
        self._same = self._there.text == self._here.text

    def part(self, start: int, end: int) -> tuple[Span, ...]:
        """Return where characters `start`..`end` of the text stand."""
        if not self._same:
            return self._spans
        first, last = self._here.folded(start), self._here.folded(end)
        return spread(self._spans, *self._there.original(first, last)) if first < last else ()


def spread(spans: Sequence[Span], start: int, end: int) -> tuple[Span, ...]:
    """Return the parts of `spans` under the range `start`..`end` of their joined text (see `span_text`)."""
    parts: list[Span] = []
    base = 0
    for span in spans:
        length = span.end - span.start
        low, high = max(start - base, 0), min(end - base, length)
        if low < high:
            parts.append(Span(span.page, span.start + low, span.start + high))
        base += length + 1
    return tuple(parts)
