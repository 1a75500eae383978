"""What a provider's file search says about sources, turned into our own marks in the answer.

A provider annotates a file and a place in the answer, never the chunk that is meant. The chunk is chosen
here: the one of that file that shares most words with the sentence before the place. The answer then carries
` [h2]` there, and services/citing.py makes a citation of it. Markers that providers leave in the text
(`【4:0†source】`, `<|id|>`, `[file-id]`) are removed, also from text that is still being written.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from hrdesk.core.runs import Evidence

LONGEST_MARKER = 200  # characters; what is longer is text
MOST_PLACES = 1_000

_MARKER = re.compile(
    r"(?<![ \t])[ \t]*+"
    r"(?:<\|(?P<pipes>[^|<>\n]{1,200})\|>|【(?:[^】\n]{0,200}†[^】\n]{0,200}|\d+(?::\d+)?)】|\[(?P<file>file-[\w-]{1,200})\])"
)
_UNFINISHED = re.compile(
    r"(?<![ \t])[ \t]*+"
    r"(?:<(?:\|[^|<>\n]{0,200}\|?)?|【[^】\n]{0,400}|\[(?:f(?:i(?:l(?:e(?:-[\w-]{0,200})?)?)?)?)?)?\Z"
)
_TAIL = 3 * LONGEST_MARKER  # where an unfinished marker can stand
_SENTENCE_END = re.compile(r"[.!?…][\"'”’)\]*_]*(?=\s)|\n+")
_WORD = re.compile(r"\w+")
_SHORT_WORD = 3  # letters; shorter words say nothing about a topic, but every number does
_LONGEST_SENTENCE = 2_000
_STEM = 6  # letters compared: "expires" and "expired" are the same


@dataclass(frozen=True, slots=True)
class Place:
    """An annotation: `position` (code points in the raw answer) where a file is cited.

    `marker_length` characters from there on are marker text and go away; 0 where the provider names a point
    only. `file` is the file's name, if the annotation says it. Positions outside of the text are clamped.
    """

    position: int
    file_id: str
    marker_length: int = 0
    file: str = ""


def clean(text: str) -> str:
    """Return `text` without the markers that providers leave in it, and without the blanks before them."""
    return _MARKER.sub("", text)


class GrowingText:
    """Text that arrives in pieces, without markers. What has been shown never changes.

    The end of the text is held back while it may still become a marker, or the blanks before one.
    """

    def __init__(self) -> None:
        self.text = ""
        self._tail = ""

    def add(self, piece: str) -> None:
        """Take the next piece."""
        tail = self._tail + piece
        start = max(0, len(tail) - _TAIL)
        while start and tail[start - 1] in " \t":
            start -= 1
        unfinished = _UNFINISHED.search(tail, start)
        cut = unfinished.start() if unfinished else len(tail)
        self.text += clean(tail[:cut])
        self._tail = tail[cut:]

    def end(self) -> str:
        """Return the whole text: nothing more will come."""
        self.text += clean(self._tail)
        self._tail = ""
        return self.text


def marked(text: str, places: Sequence[Place], evidence: Sequence[Evidence]) -> str:
    """Return the raw answer `text` with a mark ` [ref]` for every place, and without markers.

    A place whose file is none of the evidence gets no mark. Where a place stands before any word (some
    servers count files instead of characters), the mark goes to the sentence that fits the file best. A
    server that leaves markers but annotates nothing is understood by its markers.
    """
    gone = [match.span() for match in _MARKER.finditer(text)]
    opening = _first_word(text, gone)
    marks: dict[int, list[str]] = {}
    best_ends: dict[tuple[str, ...], int] = {}
    for place in (places or _from_markers(text))[:MOST_PLACES]:
        start = min(max(place.position, 0), len(text))
        if place.marker_length > 0:
            gone.append((_before_blanks(text, start, " \t"), min(start + place.marker_length, len(text))))
        else:
            start = _outside(text, start, gone)
        found = _of_file(place, evidence)
        if not found:
            continue
        if start <= opening:
            known = tuple(one.ref for one in found)
            start = best_ends[known] = best_ends.get(known) or _best_end(text, found)
        start = _before_blanks(text, start)
        marks.setdefault(start, []).append(nearest(_sentence_before(text, start), found).ref)
    return _written(text, gone, marks)


def nearest(sentence: str, evidence: Sequence[Evidence]) -> Evidence:
    """Return the evidence that shares most words with `sentence`, the first of equals; never empty input."""
    return max(evidence, key=lambda one: overlap(sentence, one.text))


def overlap(sentence: str, text: str) -> float:
    """Return the share (0..1) of the sentence's words that `text` has too; numbers count twice."""
    asked = _words(sentence)
    total = sum(map(_weight, asked))
    return sum(map(_weight, asked & _words(text))) / total if total else 0.0


def _words(text: str) -> set[str]:
    found = _WORD.findall(text.casefold())
    return {word[:_STEM] for word in found if len(word) > _SHORT_WORD or word.isdigit()}


def _weight(word: str) -> int:
    return 2 if word.isdigit() else 1


def _from_markers(text: str) -> list[Place]:
    named = [(match, match["pipes"] or match["file"]) for match in _MARKER.finditer(text)]
    return [Place(match.start(), file_id, match.end() - match.start()) for match, file_id in named if file_id]


def _of_file(place: Place, evidence: Sequence[Evidence]) -> list[Evidence]:
    """Return the evidence from the place's file: by id, by an id inside of joined ids, or by name."""
    for fits in (_same_id, _joined_id, _same_name):
        found = [one for one in evidence if fits(place, one)]
        if found:
            return found
    return []


def _ids(one: Evidence) -> set[str]:
    return {name for name in (one.file_id, str(one.attributes.get("file_id") or "")) if name}


def _same_id(place: Place, one: Evidence) -> bool:
    return place.file_id in _ids(one)


def _joined_id(place: Place, one: Evidence) -> bool:
    return any(name in place.file_id for name in _ids(one))


def _same_name(place: Place, one: Evidence) -> bool:
    return bool(place.file) and place.file in (one.file, one.attributes.get("filename"))


def _outside(text: str, position: int, gone: Sequence[tuple[int, int]]) -> int:
    """Move a point out of markers, and to the end of the word it may have fallen into."""
    for start, end in gone:
        if start < position < end:
            return start
    while 0 < position < len(text) and text[position - 1].isalnum() and text[position].isalnum():
        position += 1
    return position


def _before_blanks(text: str, position: int, blanks: str | None = None) -> int:
    """Move a point back over the white space before it."""
    return len(text[:position].rstrip(blanks))


def _first_word(text: str, gone: Sequence[tuple[int, int]]) -> int:
    """Return where the first word outside of the ranges that go away begins."""
    position = 0
    for start, end in gone:
        if word := _WORD.search(text, position, start):
            return word.start()
        position = end
    word = _WORD.search(text, position)
    return word.start() if word else len(text)


def _sentence_before(text: str, position: int) -> str:
    """Return the last sentence before `position` that has a word."""
    before = clean(text[max(0, position - _LONGEST_SENTENCE) : position]).rstrip()
    ends = [0, *(match.end() for match in _SENTENCE_END.finditer(before)), len(before)]
    for start, end in reversed(list(pairwise(ends))):
        if _WORD.search(before[start:end]):
            return before[start:end].strip()
    return ""


def _best_end(text: str, evidence: Sequence[Evidence]) -> int:
    """Return the end of the sentence that fits the evidence best."""
    ends = [0, *(match.end() for match in _SENTENCE_END.finditer(text)), len(text)]
    best = max(
        pairwise(ends), key=lambda span: max(overlap(text[slice(*span)], one.text) for one in evidence)
    )
    return len(text[: best[1]].rstrip())


def _written(text: str, gone: Sequence[tuple[int, int]], marks: dict[int, list[str]]) -> str:
    """Return `text` without the ranges that are gone, with each mark once at its place."""
    pieces: list[str] = []
    here: set[str] = set()  # marks since the last text
    position = 0
    for start, end in sorted([*gone, *((place, place) for place in marks)]):
        if start > position:
            pieces.append(text[position:start])
            here = set()
        if start == end:
            fresh = [ref for ref in dict.fromkeys(marks.pop(start, ())) if ref not in here]
            pieces += [f" [{ref}]" for ref in fresh]
            here.update(fresh)
        position = max(position, end)
    return "".join([*pieces, text[position:]])
