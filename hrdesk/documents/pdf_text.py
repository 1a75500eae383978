"""PDF pages through PDFium: opening, the text of a page, and where its characters stand.

Text positions everywhere in hrdesk are code points of this text. PDFium counts UTF-16 units, so a page with
characters outside the basic plane needs a map; `PageText` hides that. Used by the reader, the page layouter
and the page renderer, all in child processes.
"""

import ctypes
import math
import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any, NamedTuple

import pypdfium2
import pypdfium2.raw as pdfium

from hrdesk.core.documents import FileState
from hrdesk.documents.sentences import FileRefused

# x' = a x + b y and y' = c x + d y for pages turned by 0, 90, 180 and 270 degrees.
_TURNS = ((1, 0, 0, 1), (0, 1, -1, 0), (-1, 0, 0, -1), (0, -1, 1, 0))
_BOLD = (b"bold", b"black", b"heavy", b"demi")
REPLACEMENT = "\ufffd"
FILLER = "W"  # a line of these, drawn in white by `paging`, ends some of our own pages
_FILLED = re.compile(r"\s*W{20,}\s*\Z")


def open_pdf(source: Path | bytes, password: str | None = None) -> pypdfium2.PdfDocument:
    """Open a PDF. Raises `FileRefused` when it needs a password or is damaged."""
    try:
        return pypdfium2.PdfDocument(source, password=password or None)
    except pypdfium2.PdfiumError as error:
        if getattr(error, "err_code", None) == pdfium.FPDF_ERR_PASSWORD or "assword" in str(error):
            raise FileRefused(FileState.NEEDS_PASSWORD, "password") from error
        raise FileRefused(FileState.DAMAGED, "damaged") from error


class Box(NamedTuple):
    """A rectangle in PDF points, origin bottom left."""

    left: float
    bottom: float
    right: float
    top: float


class PageText:
    """The text of one page and the boxes of its characters; keeps the page open until `close`."""

    def __init__(self, page: pypdfium2.PdfPage) -> None:
        self.page = page
        self._textpage = page.get_textpage()
        self._raw = self._textpage.raw
        units = self._units()
        text, self._first_unit = _join_units(units)
        self.text = _FILLED.sub("", text)
        # PDFium's answers; made once, because a page is asked for thousands of characters.
        self._rectangle, self._matrix = pdfium.FS_RECTF(), pdfium.FS_MATRIX()
        self._rectangle_at, self._matrix_at = ctypes.byref(self._rectangle), ctypes.byref(self._matrix)
        self._numbers = tuple(ctypes.c_double() for _ in range(4))
        self._name = ctypes.create_string_buffer(128)
        self._flags = ctypes.c_int()
        self._bold_names: dict[bytes, bool] = {}
        width, height = page.get_size()
        self._turn = _TURNS[page.get_rotation() // 90 % 4]
        self._upright = page.get_rotation() % 360 == 0
        self._shift = {90: (0.0, height), 180: (width, height), 270: (width, 0.0)}.get(
            page.get_rotation(), (0.0, 0.0)
        )

    @property
    def raw(self) -> Any:
        """PDFium's own handle of the text, for what is asked in one place only."""
        return self._raw

    def close(self) -> None:
        """Release the page; the text stays."""
        self._textpage.close()
        self.page.close()

    def _units(self) -> str:
        count = max(0, self._textpage.count_chars())
        text: str = self._textpage.get_text_range(0, count, errors="surrogatepass") if count else ""
        if len(text) == count and not any(
            "\ud800" <= unit <= "\udfff" or unit > "\uffff" for unit in set(text)
        ):
            return text
        unicode_at = pdfium.FPDFText_GetUnicode
        return "".join(_unit(unicode_at(self._raw, index)) for index in range(count))

    def unit_range(self, start: int, end: int) -> tuple[int, int]:
        """Return PDFium's (index, count) for the code points `start`..`end`."""
        if self._first_unit is None:
            return start, end - start
        first = self._first_unit[start]
        return first, self._first_unit[end] - first

    def rectangles(self, start: int, end: int) -> list[Box]:
        """Return the boxes of the code points `start`..`end`, a few for each line, in PDF points."""
        index, count = self.unit_range(start, end)
        left, top, right, bottom = self._numbers
        return [
            Box(left.value, bottom.value, right.value, top.value)
            for number in range(max(0, pdfium.FPDFText_CountRects(self._raw, index, count)))
            if pdfium.FPDFText_GetRect(self._raw, number, left, top, right, bottom)
        ]

    def loose_box(self, place: int) -> Box:
        """Return the box of one character with its font's full height, on the page as it is shown."""
        box = self._rectangle
        if not pdfium.FPDFText_GetLooseCharBox(self._raw, self._unit_at(place), self._rectangle_at):
            return Box(0.0, 0.0, 0.0, 0.0)
        (x0, y0), (x1, y1) = self._shown(box.left, box.bottom), self._shown(box.right, box.top)
        if x0 > x1:
            x0, x1 = x1, x0
        if y0 > y1:
            y0, y1 = y1, y0
        return Box(x0, y0, x1, y1)

    def _shown(self, x: float, y: float) -> tuple[float, float]:
        """Turn a place as the page is turned when it is shown, so that lines run from left to right."""
        if self._upright:
            return x, y
        a, b, c, d = self._turn
        return self._shift[0] + a * x + b * y, self._shift[1] + c * x + d * y

    def type_size(self, place: int) -> tuple[float, float]:
        """Return the size of a character's type and the height of its base line, in points."""
        index = self._unit_at(place)
        matrix, (x, y, _, _) = self._matrix, self._numbers
        scale = 1.0
        if pdfium.FPDFText_GetMatrix(self._raw, index, self._matrix_at):
            scale = math.hypot(matrix.c, matrix.d)
        pdfium.FPDFText_GetCharOrigin(self._raw, index, x, y)
        size = float(pdfium.FPDFText_GetFontSize(self._raw, index)) * scale
        return (size if math.isfinite(size) and 0 < size < 1e4 else 1.0), self._shown(x.value, y.value)[1]

    def is_bold(self, place: int) -> bool:
        """Whether a character's font calls itself bold, or is much heavier than text."""
        index = self._unit_at(place)
        size = pdfium.FPDFText_GetFontInfo(self._raw, index, self._name, 128, ctypes.byref(self._flags))
        name = self._name.value if 0 < size <= 128 else b""
        if not name:
            return int(pdfium.FPDFText_GetFontWeight(self._raw, index)) >= 650
        if name not in self._bold_names:
            self._bold_names[name] = any(word in name.lower() for word in _BOLD)
        return self._bold_names[name]

    def _unit_at(self, place: int) -> int:
        return place if self._first_unit is None else self._first_unit[place]


def _unit(value: int) -> str:
    """One UTF-16 unit, or a whole character where PDFium gives one."""
    if value == 0 or value > 0x10FFFF:
        return REPLACEMENT
    return chr(value)


def _join_units(units: str) -> tuple[str, Sequence[int] | None]:
    """Join surrogate pairs; the map gives the unit of each code point, None where they are the same."""
    if not any("\ud800" <= unit <= "\udfff" or unit == "\0" for unit in set(units)):
        return units, None
    characters: list[str] = []
    first: list[int] = []
    index = 0
    while index < len(units):
        unit = units[index]
        first.append(index)
        pair = units[index : index + 2]
        if len(pair) == 2 and "\ud800" <= unit < "\udc00" <= pair[1] <= "\udfff":
            characters.append(pair.encode("utf-16-le", "surrogatepass").decode("utf-16-le"))
            index += 2
            continue
        characters.append(REPLACEMENT if unit == "\0" or "\ud800" <= unit <= "\udfff" else unit)
        index += 1
    first.append(len(units))
    return "".join(characters), first
