"""Pages as pictures with the rectangles of highlighted text; runs in a child that keeps one file open.

Rectangles are given in 0..1 of the page as it is shown (rotation and crop box applied), origin top left, and
merged into one for each line.
"""

import ctypes
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pypdfium2
import pypdfium2.raw as pdfium

from hrdesk.core.documents import Rect
from hrdesk.core.errors import HrdeskError
from hrdesk.documents import scans
from hrdesk.documents.ordinary import held
from hrdesk.documents.pdf_text import Box, PageText, open_pdf
from hrdesk.documents.rendering_wire import MAX_PIXELS, MAX_SIDE, dump_rects
from hrdesk.documents.sentences import FileRefused

_FINE = 1_000_000  # steps across a page when places are asked of PDFium in whole numbers
PADDING = 0.06  # of a line's height; letters reach a little over their boxes
SIDEWAYS = 3.0  # times as high as wide: more than the box of one letter
_MIN_PADDING = 0.35  # points


class _Open:
    """The file that is open now, and the page that was used last."""

    def __init__(self) -> None:
        self._path = ""
        self._document: pypdfium2.PdfDocument | None = None
        self._number = 0
        self._text: PageText | None = None
        self._scans: Mapping[int, scans.Scan] = {}

    def page(self, path: str, number: int) -> tuple[PageText, int]:
        """Return a page with its text, and the count of pages. Raises `HrdeskError`."""
        if self._document is None or self._path != path:
            self._close()
            self._document, self._path = _open(path), path
            self._scans = scans.load(scans.place_beside(Path(path)))
        count = len(self._document)
        if not 1 <= number <= count:
            raise HrdeskError("This page does not exist.", f"The document has {count} pages.")
        if self._text is None or self._number != number:
            self._release()
            try:
                self._text = PageText(self._document[number - 1])
            except pypdfium2.PdfiumError as error:
                raise HrdeskError("This page cannot be shown.", "It is damaged in the file.") from error
            self._number = number
        return self._text, count

    def scan(self, number: int) -> scans.Scan | None:
        """Return the recognised text of a page of the open file, None for a page with text of its own."""
        return self._scans.get(number)

    def _release(self) -> None:
        if self._text is not None:
            self._text.close()
            self._text = None

    def _close(self) -> None:
        self._release()
        if self._document is not None:
            self._document.close()
            self._document = None


_open_file = _Open()


def _open(path: str) -> pypdfium2.PdfDocument:
    try:
        with held(Path(path)) as source:
            return open_pdf(source)
    except FileRefused as refused:
        raise HrdeskError("This document cannot be shown.", refused.title) from refused
    except OSError as error:
        raise HrdeskError("This document cannot be shown.", "Its file is missing.") from error


def handle(message: dict[str, Any], payload: bytes) -> tuple[dict[str, Any], bytes]:
    """Answer a request for a page's picture, or ("op": "rects") for rectangles alone."""
    del payload
    if message.get("op") == "rects":
        return {"rects": _rectangles(message)}, b""
    page, count = _open_file.page(message["path"], message["page"])
    width, height, stride, pixels = _render(page.page, message["width_px"])
    scan = _open_file.scan(message["page"])
    rects = [rect for start, end in message["spans"] for rect in _placed(page, scan, start, end)]
    answer = {"page": message["page"], "count": count, "width": width, "height": height, "stride": stride}
    return answer | {"rects": dump_rects(rects), "text": scan.text if scan else page.text}, pixels


def _rectangles(message: dict[str, Any]) -> list[Any]:
    found: list[Any] = []
    for number, start, end in message["spans"]:
        page, _ = _open_file.page(message["path"], number)
        found.append(dump_rects(_placed(page, _open_file.scan(number), start, end)))
    return found


def _placed(page: PageText, scan: scans.Scan | None, start: int, end: int) -> list[Rect]:
    """Return the rectangles of characters, by the text they count in: recognised, or the page's own."""
    return scan.rects(start, end) if scan else rectangles(page, start, end)


def _render(page: pypdfium2.PdfPage, width_px: int) -> tuple[int, int, int, bytes]:
    """Draw a page about `width_px` wide and return width, height, stride and RGBX pixels."""
    width, height = page.get_size()
    scale = width_px / max(width, 1.0)
    scale = min(scale, MAX_SIDE / max(width, height, 1.0), (MAX_PIXELS / max(width * height, 1.0)) ** 0.5)
    try:
        bitmap = page.render(scale=scale, rev_byteorder=True, prefer_bgrx=True)
    except (pypdfium2.PdfiumError, ValueError) as error:
        raise HrdeskError("This page cannot be shown.", "It is damaged in the file.") from error
    try:
        return bitmap.width, bitmap.height, bitmap.stride, bytes(bitmap.buffer)
    finally:
        bitmap.close()


def rectangles(page: PageText, start: int, end: int) -> list[Rect]:
    """Return one rectangle for each line of the code points `start`..`end` of a page."""
    length = len(page.text)
    start, end = max(0, min(start, length)), max(0, min(end, length))
    if start >= end:
        return []
    width, height = page.page.get_size()
    boxes = [_shown(page.page, box, width, height) for box in page.rectangles(start, end)]
    rects = [_rect(_padded(line), width, height) for line in _lines(boxes)]
    return [rect for rect in rects if rect.x1 > rect.x0 and rect.y1 > rect.y0]


def _lines(boxes: Sequence[Box]) -> list[Box]:
    """Merge boxes that stand on one line next to each other; words of justified lines come one by one."""
    lines: list[Box] = []
    for box in boxes:
        if box.right <= box.left or box.top <= box.bottom:
            continue
        last = lines[-1] if lines else None
        if last is not None and _same_line(last, box):
            lines[-1] = Box(
                min(last.left, box.left),
                min(last.bottom, box.bottom),
                max(last.right, box.right),
                max(last.top, box.top),
            )
        else:
            lines.append(box)
    return lines


def _same_line(one: Box, two: Box) -> bool:
    if _runs_sideways(one) and _runs_sideways(two):
        one, two = (Box(box.bottom, box.left, box.top, box.right) for box in (one, two))
    overlap = min(one.top, two.top) - max(one.bottom, two.bottom)
    height = min(one.top - one.bottom, two.top - two.bottom)
    tall = max(one.top - one.bottom, two.top - two.bottom)
    gap = max(two.left - one.right, one.left - two.right)
    return overlap > 0.5 * height and gap < 2.5 * tall


def _runs_sideways(box: Box) -> bool:
    """Whether a box is that of a line which is read with the head on the shoulder."""
    return box.top - box.bottom > SIDEWAYS * (box.right - box.left)


def _padded(box: Box) -> Box:
    extra = max(_MIN_PADDING, PADDING * min(box.top - box.bottom, box.right - box.left))
    return Box(box.left - extra, box.bottom - extra, box.right + extra, box.top + extra)


def _shown(page: pypdfium2.PdfPage, box: Box, width: float, height: float) -> Box:
    """Return where a box of the page's own space is on the page as it is shown, in points."""
    corners = [_place(page, x, y) for x in (box.left, box.right) for y in (box.bottom, box.top)]
    across = [x * width for x, _ in corners]
    up = [(1 - y) * height for _, y in corners]
    return Box(min(across), min(up), max(across), max(up))


def _rect(box: Box, width: float, height: float) -> Rect:
    return Rect(
        _unit(box.left / width),
        _unit(1 - box.top / height),
        _unit(box.right / width),
        _unit(1 - box.bottom / height),
    )


def _place(page: pypdfium2.PdfPage, x: float, y: float) -> tuple[float, float]:
    across, down = ctypes.c_int(), ctypes.c_int()
    pdfium.FPDF_PageToDevice(page.raw, 0, 0, _FINE, _FINE, 0, x, y, ctypes.byref(across), ctypes.byref(down))
    return across.value / _FINE, down.value / _FINE


def _unit(value: float) -> float:
    return round(min(1.0, max(0.0, value)), 6)
