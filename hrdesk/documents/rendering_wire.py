"""What travels between the window's process and the child that draws pages; no PDF engine is imported here.

The parent checks what comes back: sizes against the pixels, rectangles inside the page.
"""

import math
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from hrdesk.core.documents import PageImage, Rect, Span
from hrdesk.core.errors import ChildStopped

RENDERING_HANDLER = "hrdesk.documents.rendering:handle"
RENDERING_SECONDS = 20.0
MAX_PIXELS = 24_000_000
MAX_SIDE = 12_000
MAX_RECTS = 5_000
MAX_TEXT = 5_000_000

Message = dict[str, Any]


def image_request(path: Path, page: int, width_px: int, spans: Sequence[Span] = ()) -> Message:
    """Ask for the picture of a page, with the rectangles of those `spans` that are on it."""
    ranges = [[span.start, span.end] for span in spans if span.page == page]
    return {"path": str(path), "page": page, "width_px": max(16, min(width_px, MAX_SIDE)), "spans": ranges}


def rects_request(path: Path, spans: Sequence[Span]) -> Message:
    """Ask for the rectangles of spans without drawing."""
    return {"path": str(path), "op": "rects", "spans": [[one.page, one.start, one.end] for one in spans]}


def dump_rects(rects: Sequence[Rect]) -> list[list[float]]:
    """Turn rectangles into JSON values."""
    return [[rect.x0, rect.y0, rect.x1, rect.y1] for rect in rects]


def parse_image(answer: Message, payload: bytes) -> PageImage:
    """Check a picture. Raises `ChildStopped` with reason "protocol" when it does not keep to the contract."""
    try:
        return _image(answer, payload)
    except (ValueError, TypeError, KeyError, OverflowError) as error:
        raise _untrusted() from error


def parse_rects(answer: Message, spans: Sequence[Span]) -> tuple[tuple[Rect, ...], ...]:
    """Check the rectangles of each span. Raises `ChildStopped` with reason "protocol"."""
    try:
        found = tuple(_rects(one) for one in answer["rects"])
    except (ValueError, TypeError, KeyError, OverflowError) as error:
        raise _untrusted() from error
    if len(found) != len(spans):
        raise _untrusted()
    return found


def _untrusted() -> ChildStopped:
    return ChildStopped("protocol", "Drawing this page gave a result that cannot be trusted.")


def _image(answer: Message, payload: bytes) -> PageImage:
    page, count = _count(answer["page"]), _count(answer["count"])
    width, height, stride = _count(answer["width"]), _count(answer["height"]), _count(answer["stride"])
    text = answer["text"]
    if stride < 4 * width or stride * height != len(payload) or page > count:
        raise ValueError("the picture's size is wrong")
    if not isinstance(text, str) or len(text) > MAX_TEXT:
        raise ValueError("the page's text is not a text")
    text.encode("utf-8")
    return PageImage(page, count, width, height, stride, payload, _rects(answer["rects"]), text)


def _count(value: object) -> int:
    if not isinstance(value, int) or isinstance(value, bool) or not 1 <= value <= 10**6:
        raise ValueError("not a count")
    return value


def _rects(values: object) -> tuple[Rect, ...]:
    if not isinstance(values, list) or len(values) > MAX_RECTS:
        raise ValueError("not a list of rectangles")
    return tuple(_rect(*value) for value in values)


def _rect(x0: float, y0: float, x1: float, y1: float) -> Rect:
    sides = (float(x0), float(y0), float(x1), float(y1))
    if not all(math.isfinite(side) and 0 <= side <= 1 for side in sides) or x0 > x1 or y0 > y1:
        raise ValueError("a rectangle outside the page")
    return Rect(*sides)
