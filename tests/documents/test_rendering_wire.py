from pathlib import Path
from typing import Any

import pytest

from hrdesk.core.documents import Span
from hrdesk.core.errors import ChildStopped
from hrdesk.documents.rendering_wire import image_request, parse_image, parse_rects, rects_request

ANSWER = {
    "page": 1,
    "count": 2,
    "width": 2,
    "height": 3,
    "stride": 8,
    "rects": [[0, 0, 0.5, 1]],
    "text": "Ten",
}


def test_a_picture_is_asked_for_with_the_spans_of_its_page():
    message = image_request(Path("/a.pdf"), 2, 800, [Span(1, 0, 3), Span(2, 4, 9)])
    assert message == {"path": "/a.pdf", "page": 2, "width_px": 800, "spans": [[4, 9]]}
    assert image_request(Path("/a.pdf"), 1, 10**9)["width_px"] <= 12_000


def test_a_picture_comes_back():
    image = parse_image(ANSWER, b"x" * 24)
    assert (image.page, image.page_count, image.width, image.height, image.text) == (1, 2, 2, 3, "Ten")
    assert image.rects[0].x1 == 0.5


@pytest.mark.parametrize(
    "change",
    [
        {"width": 3},
        {"height": 10**9},
        {"stride": True},
        {"page": 3},
        {"rects": [[0, 0, 2, 1]]},
        {"rects": [[0.5, 0, 0.1, 1]]},
        {"rects": [[0, 0, float("nan"), 1]]},
        {"rects": [[0, 0, 1]]},
        {"rects": 5},
        {"text": None},
        {"text": "\ud800"},
    ],
)
def test_a_picture_outside_the_contract_is_not_trusted(change):
    with pytest.raises(ChildStopped) as stopped:
        parse_image(ANSWER | change, b"x" * 24)
    assert stopped.value.reason == "protocol"


def test_rectangles_must_come_for_every_span():
    spans = [Span(1, 0, 3)]
    assert rects_request(Path("/a"), spans) == {"path": "/a", "op": "rects", "spans": [[1, 0, 3]]}
    assert parse_rects({"rects": [[[0, 0, 1, 1]]]}, spans)[0][0].y1 == 1
    wrongs: list[dict[str, Any]] = [{"rects": []}, {}, {"rects": None}, {"rects": [[["a", 0, 1, 1]]]}]
    for wrong in wrongs:
        with pytest.raises(ChildStopped):
            parse_rects(wrong, spans)
