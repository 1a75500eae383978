"""Which ink of a page belongs to which glyph, without asking the engine whose boxes are measured.

hrdesk takes its rectangles from PDFium's text boxes. The truth here is a second opinion: pdfminer.six says
which glyphs stand where (origin, advance, type size, text), in the order in which they were drawn, and the
picture of the page says what is ink: whatever differs from the paper around it. A pixel of ink belongs to the
glyph in whose cell it lies, the nearest one where cells overlap; ink in no cell (pictures) belongs to none,
nor do rules and underlines, which are told by their length.

What this cannot see: glyphs that pdfminer does not know by name (no ToUnicode map), lines that are neither
level nor upright, ink on a ground as busy as the letters (photographs), and which of two glyphs owns a pixel
where they are printed over each other. Sentences that pdfminer does not have are counted as unseen, not as
right.
"""

import logging
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from hrdesk.core.documents import PageImage, Rect

TILE = 48  # pixels: the paper is what most of a tile is
RULE = 60  # pixels of ink in a row: longer than any stroke of a letter, so a rule or an underline
FAINTEST = 0.16  # of the way from paper to ink; less is anti-aliasing and shades
# How far cells reach beyond advance and type size, in ems: letters are asked for from far to near.
REACH = (0.3, 0.2, 0.12, 0.06, 0.0)


@dataclass(frozen=True, slots=True)
class Glyph:
    """A glyph as pdfminer saw it; the cell is in 0..1 of the page as it is shown, origin top left."""

    text: str
    cell: Rect
    em: tuple[float, float]


def letters(text: str) -> str:
    """Return the letters and digits of a text alone, as they are compared."""
    return "".join(sign for sign in unicodedata.normalize("NFKD", text).casefold() if sign.isalnum())


def glyphs(path: Path, numbers: Iterable[int]) -> dict[int, list[Glyph]]:
    """Return the glyphs of pages (from 1) in the order of drawing; none for pages that cannot be read."""
    from pdfminer.converter import PDFPageAggregator
    from pdfminer.pdfinterp import PDFPageInterpreter, PDFResourceManager
    from pdfminer.pdfpage import PDFPage

    logging.getLogger("pdfminer").setLevel(logging.CRITICAL)
    wanted = set(numbers)
    found: dict[int, list[Glyph]] = {}

    manager = PDFResourceManager()
    device = PDFPageAggregator(manager, laparams=None)
    interpreter = PDFPageInterpreter(manager, device)
    with path.open("rb") as file:
        for number, page in enumerate(PDFPage.get_pages(file), start=1):
            if number in wanted:
                interpreter.process_page(page)
                found[number] = list(_glyphs(device.get_result(), _shown_box(page)))
            if number >= max(wanted):
                break
    return found


def _shown_box(page: Any) -> tuple[float, float, float, float]:
    """Return the crop box as pdfminer counts: from the media box's corner, and turned with the page."""
    left, bottom, right, top = page.mediabox
    crop = page.cropbox or page.mediabox
    x0, y0 = max(crop[0], left), max(crop[1], bottom)
    x1, y1 = min(crop[2], right), min(crop[3], top)
    turned = {
        0: (x0 - left, y0 - bottom, x1 - left, y1 - bottom),
        90: (y0 - bottom, right - x1, y1 - bottom, right - x0),
        180: (right - x1, top - y1, right - x0, top - y0),
        270: (top - y1, x0 - left, top - y0, x1 - left),
    }
    return turned[page.rotate % 360]


def _glyphs(layout: Any, box: tuple[float, float, float, float]) -> Iterator[Glyph]:
    from pdfminer.layout import LTChar, LTFigure

    left, bottom, right, top = box
    wide, high = max(right - left, 1e-6), max(top - bottom, 1e-6)
    for thing in layout:
        if isinstance(thing, LTFigure):
            yield from _glyphs(thing, box)
        if not isinstance(thing, LTChar) or thing.get_text().startswith("(cid:"):
            continue
        x0, y0, x1, y1 = thing.bbox
        a, b, c, d, _, _ = thing.matrix
        slanted = min(abs(a) + abs(d), abs(b) + abs(c)) > 0.05 * (abs(a) + abs(b) + abs(c) + abs(d)) and b
        cell = Rect((x0 - left) / wide, (top - y1) / high, (x1 - left) / wide, (top - y0) / high)
        if not slanted:
            yield Glyph(thing.get_text(), cell, (thing.size / wide, thing.size / high))


class Truth:
    """The glyphs of some pages of a PDF, and where sentences stand among them."""

    def __init__(self, path: Path, numbers: Iterable[int]) -> None:
        try:
            self.glyphs = glyphs(path, numbers)
        except Exception:  # noqa: BLE001 - whatever pdfminer stumbles over: these pages have no truth
            self.glyphs = {}

    def find(self, sentence: str, numbers: Iterable[int]) -> dict[int, list[int]] | None:
        """Return the places of a sentence's glyphs by page; None where it is not there, or more than once.

        It is looked for in the order of drawing, and then line by line.
        """
        pages = [number for number in numbers if self.glyphs.get(number)]
        for order in (self._as_drawn, self._by_line):
            found = self._among([(number, at) for number in pages for at in order(number)], sentence)
            if found:
                return found
        return None

    def _as_drawn(self, number: int) -> list[int]:
        return list(range(len(self.glyphs[number])))

    def _by_line(self, number: int) -> list[int]:
        some = self.glyphs[number]
        return sorted(range(len(some)), key=lambda at: (round(some[at].cell.y1, 2), some[at].cell.x0))

    def _among(self, places: Sequence[tuple[int, int]], sentence: str) -> dict[int, list[int]] | None:
        signs = [
            (place, sign)
            for place, (number, at) in enumerate(places)
            for sign in letters(self.glyphs[number][at].text)
        ]
        text, wanted = "".join(sign for _, sign in signs), letters(sentence)
        start = text.find(wanted)
        if not wanted or start < 0 or text.find(wanted, start + 1) >= 0:
            return None
        first, last = signs[start][0], signs[start + len(wanted) - 1][0]
        bare = "".join(sentence.split())
        first -= self._marks(places[:first][::-1], len(bare) - len(bare.lstrip(_marks_of(bare))))
        last += self._marks(places[last + 1 :], len(bare) - len(bare.rstrip(_marks_of(bare))))
        found: dict[int, list[int]] = {}
        for number, at in places[first : last + 1]:
            found.setdefault(number, []).append(at)
        return found

    def _marks(self, places: Sequence[tuple[int, int]], count: int) -> int:
        """Return how many of the glyphs are the `count` marks of a sentence's end, and spaces before them."""
        taken = 0
        for number, at in places:
            text = self.glyphs[number][at].text
            if not count or letters(text):
                break
            taken += 1
            count -= not text.isspace()
        return taken


def _marks_of(text: str) -> str:
    return "".join(sign for sign in text if not letters(sign))


class InkedPage:
    """The ink of a page's picture, and the glyph that each pixel belongs to."""

    def __init__(self, image: PageImage, some: Sequence[Glyph]) -> None:
        self.image = image
        self.ink = _ink(image)
        self.owner = np.full(self.ink.shape, -1, np.int32)
        for reach in REACH:
            for place, glyph in enumerate(some):
                if not glyph.text.isspace():
                    across, down = reach * glyph.em[0], reach * glyph.em[1]
                    cell = glyph.cell
                    near = Rect(cell.x0 - across, cell.y0 - down, cell.x1 + across, cell.y1 + down)
                    self.owner[self._pixels(near)] = place
        self.owner[_rules(self.ink > 0) | _rules((self.ink > 0).T).T] = -1

    def _pixels(self, rect: Rect) -> tuple[slice, slice]:
        high, wide = self.ink.shape
        x0, x1 = (int(min(1.0, max(0.0, x)) * wide + 0.5) for x in (rect.x0, rect.x1))
        y0, y1 = (int(min(1.0, max(0.0, y)) * high + 0.5) for y in (rect.y0, rect.y1))
        return slice(y0, y1), slice(x0, x1)

    def shares(self, places: Iterable[int], rects: Iterable[Rect]) -> "Shares":
        """Measure rectangles against the glyphs they are meant for."""
        is_own = np.zeros(int(self.owner.max()) + 2, bool)
        is_own[[place + 1 for place in places if place + 1 < len(is_own)]] = True
        own = is_own[self.owner + 1]
        marked = np.zeros(self.ink.shape, bool)
        for rect in rects:
            marked[self._pixels(rect)] = True
        ink = self.ink
        return Shares(
            float(ink[own].sum()), float(ink[own & marked].sum()),
            float(ink[~own].sum()), float(ink[~own & marked].sum()),
        )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Shares:
    """Amounts of ink: of the sentence and of everything else, in all and under the rectangles."""

    own: float
    own_marked: float
    other: float
    other_marked: float

    def __add__(self, more: "Shares") -> "Shares":
        return Shares(
            self.own + more.own, self.own_marked + more.own_marked,
            self.other + more.other, self.other_marked + more.other_marked,
        )  # fmt: skip

    @property
    def covered(self) -> float:
        """The share of the sentence's ink that is marked."""
        return self.own_marked / self.own if self.own else 1.0

    @property
    def spilled(self) -> float:
        """The share of the page's other ink that is marked too."""
        return self.other_marked / self.other if self.other else 0.0

    @property
    def foreign(self) -> float:
        """The share of the marked ink that is not the sentence's: the stricter figure."""
        marked = self.own_marked + self.other_marked
        return self.other_marked / marked if marked else 0.0


def _rules(inked: Any) -> Any:
    """Return the pixels that lie in long level runs of ink."""
    total = np.pad(np.cumsum(inked, axis=1, dtype=np.int32), ((0, 0), (1, 0)))
    begins = total[:, RULE:] - total[:, :-RULE] == RULE  # a whole run begins here
    marks = np.zeros((inked.shape[0], inked.shape[1] + 1), np.int32)
    marks[:, : begins.shape[1]] += begins
    marks[:, RULE : RULE + begins.shape[1]] -= begins
    return np.cumsum(marks, axis=1)[:, :-1] > 0


def _ink(image: PageImage) -> Any:
    """Return how far each pixel is from the paper around it, 0..1."""
    rows = np.frombuffer(image.pixels, np.uint8).reshape(image.height, image.stride)
    colours = rows[:, : 4 * image.width].reshape(image.height, image.width, 4)[:, :, :3]
    grey = colours.astype(np.float32).mean(axis=2) / 255
    high, wide = -(-image.height // TILE), -(-image.width // TILE)
    padded = np.pad(grey, ((0, high * TILE - image.height), (0, wide * TILE - image.width)), mode="edge")
    tiles = padded.reshape(high, TILE, wide, TILE).transpose(0, 2, 1, 3).reshape(high, wide, -1)
    paper = np.median(tiles, axis=2).repeat(TILE, axis=0).repeat(TILE, axis=1)
    far = np.abs(grey - paper[: image.height, : image.width])
    return np.where(far < FAINTEST, 0, far)
