"""The recognised words of scanned pages, kept beside our copy of the file, and where they stand.

A scan has no text of its own that a PDF engine could place, so the boxes of its words are written down when
the file is read (`<sha256>.words.json`) and read again when a page is drawn.
"""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from hrdesk.core.documents import PassageText, ReadDocument, Rect, ScannedPage, WordBox

SUFFIX = ".words.json"
MAX_FILE = 200 * 2**20
MARK = "from a scan"


def place_beside(copy: Path) -> Path:
    """Return where the words of a file are kept, given any of our copies of it."""
    return copy.with_name(copy.name.partition(".")[0] + SUFFIX)


@dataclass(frozen=True, slots=True)
class Scan:
    """One recognised page: its text and the boxes of its words, in the order of the text."""

    text: str
    words: tuple[WordBox, ...]

    def rects(self, start: int, end: int) -> list[Rect]:
        """Return one rectangle for each line of the characters `start`..`end`."""
        rects: list[Rect] = []
        for box in self._parts(start, end):
            if rects and _same_line(rects[-1], box):
                last = rects[-1]
                rects[-1] = Rect(last.x0, min(last.y0, box.y0), max(last.x1, box.x1), max(last.y1, box.y1))
            else:
                rects.append(box)
        return rects

    def _parts(self, start: int, end: int) -> Iterator[Rect]:
        """Yield the boxes of the words in a range; of a word at its edge only the part inside."""
        for word in self.words:
            first, last = max(start, word.start), min(end, word.end)
            if first >= last:
                continue
            step = (word.rect.x1 - word.rect.x0) / (word.end - word.start)
            left, right = (word.rect.x0 + step * (place - word.start) for place in (first, last))
            yield Rect(round(left, 5), word.rect.y0, round(right, 5), word.rect.y1)


def _same_line(one: Rect, two: Rect) -> bool:
    overlap = min(one.y1, two.y1) - max(one.y0, two.y0)
    height = min(one.y1 - one.y0, two.y1 - two.y0)
    return overlap > 0.4 * height and two.x0 >= one.x0 and two.x0 - one.x1 < 0.1


def dump_words(words: tuple[WordBox, ...]) -> list[list[float]]:
    """Turn the words of a page into JSON values."""
    return [[word.start, word.end, word.rect.x0, word.rect.y0, word.rect.x1, word.rect.y1] for word in words]


def load_words(values: list[Any], length: int) -> tuple[WordBox, ...]:
    """Check the words of a page of `length` characters. Raises ValueError or TypeError."""
    return tuple(_word(length, *value) for value in values)


def _word(length: int, start: int, end: int, *sides: float) -> WordBox:
    x0, y0, x1, y1 = (float(side) for side in sides)
    inside = 0 <= x0 <= x1 <= 1 and 0 <= y0 <= y1 <= 1
    if not (isinstance(start, int) and isinstance(end, int) and 0 <= start < end <= length and inside):
        raise ValueError("a word outside its page")
    return WordBox(start, end, Rect(x0, y0, x1, y1))


def dump(document: ReadDocument) -> bytes:
    """Return what is written beside the copy: the text and the words of each recognised page."""
    texts = {page.number: page.text for page in document.pages}
    pages = {page.number: [texts[page.number], dump_words(page.words)] for page in document.scanned}
    return json.dumps(pages, ensure_ascii=False, separators=(",", ":")).encode("utf-8")


def load(path: Path) -> Mapping[int, Scan]:
    """Return the recognised pages by number; nothing where there are none, or their file is damaged."""
    try:
        if path.stat().st_size > MAX_FILE:
            return {}
        values = json.loads(path.read_bytes())
        return {
            int(number): Scan(str(text), load_words(words, len(text)))
            for number, (text, words) in values.items()
        }
    except (OSError, ValueError, TypeError, AttributeError):
        return {}


def marked(passage: PassageText, pages: frozenset[int]) -> PassageText:
    """Return the passage, marked in its path where it stands on a recognised page."""
    if not any(span.page in pages for span in passage.spans):
        return passage
    return PassageText(f"{passage.path} ({MARK})", passage.text, passage.spans)


def numbers(pages: tuple[ScannedPage, ...]) -> frozenset[int]:
    """Return the numbers of recognised pages."""
    return frozenset(page.number for page in pages)
