"""Text of a PDF page that nobody sees: invisible, see-through or white on white.

Such text is how instructions are smuggled past the reader of a page to a program; it must never be cited. The
invisible letters over a scan are something else: there the picture shows what they say. So the page decides:
letters that are not painted count as unseen where the page shows nothing in their place.
"""

import ctypes
import re
from collections.abc import Iterator, Sequence

import pypdfium2
import pypdfium2.raw as pdfium

from hrdesk.documents.pdf_text import Box, PageText
from hrdesk.documents.reading.pdf_lines import Line, line_between

MAX_SIDE = 1_600  # pixels of the picture that is looked at; about one to the point
WHITE = 250
INK = 24  # of 255: how much the darkest and the lightest dot of a place must differ
_UNPAINTED = (3, 7)  # text rendering modes: neither filled nor stroked
_WORD = re.compile(r"\S+")


def seen(page: PageText, lines: Sequence[Line]) -> tuple[list[Line], list[tuple[int, int]]]:
    """Return the lines without what nobody sees, and the code points that were left out, as ranges."""
    kept: list[Line] = []
    unseen: list[tuple[int, int]] = []
    picture: _Picture | None = None
    for line in lines:
        if not any(_is_doubtful(page, place) for place in _samples(line)):
            kept.append(line)
            continue
        picture = picture or _Picture(page.page)
        for start, end, shows in _runs(page, line, picture):
            if shows:
                kept.append(line_between(page, line.page, start, end))
            else:
                unseen.append((start, end))
    return kept, unseen


def _samples(line: Line) -> tuple[int, int, int]:
    return line.start, (line.start + line.end) // 2, line.end - 1


def _runs(page: PageText, line: Line, picture: "_Picture") -> Iterator[tuple[int, int, bool]]:
    """Yield runs of words that are seen, and of words that are not."""
    start, end, shown = line.start, line.start, True
    for word in _WORD.finditer(page.text, line.start, line.end):
        shows = not _is_doubtful(page, word.start()) or any(
            picture.shows(box) for box in page.rectangles(word.start(), word.end())
        )
        if shows != shown and end > start:
            yield start, end, shown
            start = word.start()
        shown, end = shows, word.end()
    if end > start:
        yield start, end, shown


def _is_doubtful(page: PageText, place: int) -> bool:
    """Whether a character is not painted, or painted white."""
    index, _ = page.unit_range(place, place + 1)
    letters = pdfium.FPDFText_GetTextObject(page.raw, index)
    if letters and pdfium.FPDFTextObj_GetTextRenderMode(letters) in _UNPAINTED:
        return True
    red, green, blue, alpha = (ctypes.c_uint() for _ in range(4))
    if not pdfium.FPDFText_GetFillColor(page.raw, index, red, green, blue, alpha):
        return False
    return alpha.value == 0 or min(red.value, green.value, blue.value) >= WHITE


class _Picture:
    """A small picture of a page in grey, to see where there is something."""

    def __init__(self, page: pypdfium2.PdfPage) -> None:
        self._page = page
        self._width = self._height = self._stride = 0
        self._rows = b""
        try:
            bitmap = page.render(scale=min(1.0, MAX_SIDE / max(*page.get_size(), 1.0)), grayscale=True)
        except (pypdfium2.PdfiumError, ValueError):
            return
        self._width, self._height, self._stride = bitmap.width, bitmap.height, bitmap.stride
        self._rows = bytes(bitmap.buffer)
        bitmap.close()

    def shows(self, box: Box) -> bool:
        """Whether there is anything in a box of the page but one even colour."""
        (x0, y0), (x1, y1) = self._dot(box.left, box.top), self._dot(box.right, box.bottom)
        left, right = max(min(x0, x1), 0), min(max(x0, x1), self._width - 1)
        top, bottom = max(min(y0, y1), 0), min(max(y0, y1), self._height - 1)
        if left > right or top > bottom:  # beside the page
            return False
        dots = b"".join(
            self._rows[row * self._stride + left : row * self._stride + right + 1]
            for row in range(top, bottom + 1)
        )
        return bool(dots) and max(dots) - min(dots) >= INK

    def _dot(self, x: float, y: float) -> tuple[int, int]:
        across, down = ctypes.c_int(), ctypes.c_int()
        pdfium.FPDF_PageToDevice(
            self._page.raw,
            *(0, 0, self._width, self._height, 0),
            *(x, y),
            *(ctypes.byref(across), ctypes.byref(down)),
        )
        return across.value, down.value
