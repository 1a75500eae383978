"""Text recognition (OCR) of page pictures: what is asked of an engine, and what its words become.

The engine is a program or package that may be there or not; see `engines`. Words come with boxes, so that a
scan can be highlighted like any page. Pages that come out as noise give nothing: a photo is no policy.
"""

import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from statistics import median

import pypdfium2
import pypdfium2.raw as pdfium

from hrdesk.core.documents import Rect, WordBox
from hrdesk.documents.reading.blocks import clean
from hrdesk.documents.reading.engines import Engine, Picture, Word
from hrdesk.documents.reading.pdf_lines import Line
from hrdesk.documents.reading.quality import is_noise

POINTS = 72.0  # to the inch
MAX_SIDE = 4_200
MAX_PICTURE = 360_000_000  # bytes: 120 million pixels in colour, far more in black and white
PAGE_SECONDS = 60.0
UNSURE_WORD = 20.0
UNSURE_PAGE = 55.0
FEW_CHARACTERS = 12
WIDE_GAP = 2.2  # of the letters' size: further apart are cells of a table
BODY_BELOW, BODY_ABOVE = 0.8, 1.25  # heights of recognised lines vary by their letters

Report = Callable[[int, int], object]
"""Is told how many of how many pages were read."""

_LOW = frozenset("acemnorsuvwxz")
_DEEP = frozenset("gjpqy")


@dataclass(frozen=True, slots=True)
class Recognised:
    """A page's text as it was recognised, with the places of its words and its lines."""

    text: str
    words: tuple[WordBox, ...]
    lines: list[Line]


class Recogniser:
    """Reads pages with an engine until its time is used up."""

    def __init__(
        self,
        engine: Engine,
        seconds: float,
        report: Report | None = None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._engine = engine
        self._report = report
        self._clock = clock
        self._end = clock() + seconds

    def tell(self, done: int, total: int) -> None:
        """Tell that `done` of `total` pages were read, and the next one is."""
        if self._report is not None:
            self._report(done, total)

    def read(self, page: pypdfium2.PdfPage, number: int) -> Recognised | None:
        """Return the text of a page; None where there is none, or no time is left."""
        left = self._end - self._clock()
        if left <= 0:
            return None
        if _is_bomb(page):
            return None
        width, height = page.get_size()
        scale = min(self._engine.dots / POINTS, MAX_SIDE / max(width, height, 1.0))
        try:
            picture = _picture(page, scale)
        except (pypdfium2.PdfiumError, ValueError):
            return None
        words = self._engine.words(picture, min(left, PAGE_SECONDS))
        return _page([word for word in words if word.sureness >= UNSURE_WORD], picture, number, scale)


def _is_bomb(page: pypdfium2.PdfPage) -> bool:
    """Whether a page holds a picture so large that unpacking it would take all memory."""
    try:
        found = [thing.get_metadata() for thing in page.get_objects([pdfium.FPDF_PAGEOBJ_IMAGE], max_depth=3)]
    except pypdfium2.PdfiumError:
        return False
    return any(one.width * one.height * one.bits_per_pixel > 8 * MAX_PICTURE for one in found)


def _picture(page: pypdfium2.PdfPage, scale: float) -> Picture:
    bitmap = page.render(scale=scale, grayscale=True)
    try:
        data, stride = bytes(bitmap.buffer), bitmap.stride
        rows = b"".join(data[row * stride : row * stride + bitmap.width] for row in range(bitmap.height))
        return Picture(bitmap.width, bitmap.height, rows, scale * POINTS)
    finally:
        bitmap.close()


def _page(words: Sequence[Word], picture: Picture, number: int, scale: float) -> Recognised | None:
    characters = sum(len(word.text) for word in words)
    sure = sum(word.sureness * len(word.text) for word in words)
    if characters < FEW_CHARACTERS or sure < UNSURE_PAGE * characters:
        return None
    text: list[str] = []
    boxes: list[WordBox] = []
    placed: list[list[tuple[Word, int, int]]] = []
    length = 0
    for _, group in groupby(words, key=lambda word: word.line):
        line: list[tuple[Word, int, int]] = []
        for word in group:
            shown = clean(word.text).replace(" ", "")
            if not shown:
                continue
            gap = " " if line else ("\r\n" if text else "")
            start = length + len(gap)
            length = start + len(shown)
            text.append(gap + shown)
            boxes.append(WordBox(start, length, _rect(word, picture)))
            line.append((word, start, length))
        if line:
            placed.append(line)
    whole = "".join(text)
    return (
        None
        if is_noise(whole)
        else Recognised(whole, tuple(boxes), _lines(placed, whole, picture, number, scale))
    )


def _rect(word: Word, picture: Picture) -> Rect:
    x0, x1 = (min(1.0, max(0.0, x / picture.width)) for x in (word.left, word.right))
    y0, y1 = (min(1.0, max(0.0, y / picture.height)) for y in (word.top, word.bottom))
    return Rect(round(x0, 5), round(y0, 5), round(max(x0, x1), 5), round(max(y0, y1), 5))


def _lines(
    placed: Sequence[list[tuple[Word, int, int]]], text: str, picture: Picture, number: int, scale: float
) -> list[Line]:
    """Return the lines as those of a PDF page: points from the bottom left, cut at wide gaps."""
    lines: list[Line] = []
    for row in placed:
        size = median(_size(word) for word, _, _ in row)
        for part in _segments(row, size):
            start, end = part[0][1], part[-1][2]
            lines.append(
                Line(
                    page=number,
                    start=start,
                    end=end,
                    text=text[start:end],
                    left=part[0][0].left / scale,
                    right=part[-1][0].right / scale,
                    top=(picture.height - min(word.top for word, _, _ in part)) / scale,
                    bottom=(picture.height - max(word.bottom for word, _, _ in part)) / scale,
                    size=size / scale,
                    bold=False,
                )
            )
    _even_out(lines)
    return lines


def _segments(row: list[tuple[Word, int, int]], size: float) -> Iterator[list[tuple[Word, int, int]]]:
    part = row[:1]
    for one in row[1:]:
        if one[0].left - part[-1][0].right > WIDE_GAP * size:
            yield part
            part = []
        part.append(one)
    yield part


def _size(word: Word) -> float:
    """Guess the type size from a word's height, by what its letters reach: x, X or Xg."""
    letters = set(word.text)
    share = (0.52 if letters <= _LOW | _DEEP else 0.72) + (0.21 if letters & _DEEP else 0.0)
    return (word.bottom - word.top) / share


def _even_out(lines: list[Line]) -> None:
    """Give lines about as large as the text the same size: only clearly larger ones are headings."""
    weights = sorted((line.size, len(line.text)) for line in lines)
    half, passed, body = sum(weight for _, weight in weights) / 2, 0, 1.0
    for size, weight in weights:
        passed, body = passed + weight, size
        if passed >= half:
            break
    body = max(1.0, round(body * 2) / 2)
    for line in lines:
        if BODY_BELOW * body <= line.size <= BODY_ABOVE * body:
            line.size = body
