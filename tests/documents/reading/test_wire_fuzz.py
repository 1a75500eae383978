"""Whatever a reading or drawing child answers, the parent has a sound value or says it cannot be trusted."""

import json
import math
from collections.abc import Callable
from typing import Any, TypeVar

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from hrdesk.core.documents import Block, BlockKind, ReadDocument, Rect, Span
from hrdesk.core.errors import ChildStopped
from hrdesk.documents import rendering_wire
from hrdesk.documents.reading import wire
from hrdesk.documents.sentences import Refusal
from tests.documents.mutations import JUNK, mutated
from tests.documents.reading.test_wire import DOCUMENT

T = TypeVar("T")

ANSWER: dict[str, Any] = json.loads(json.dumps(wire.dump(DOCUMENT)))
REFUSAL = {"state": "no_text", "reason": "scan"}
PLAIN = ReadDocument("T", (Block(BlockKind.PARAGRAPH, "Ten days."), Block(BlockKind.PARAGRAPH, "Or more.")))
PAGED = {
    "pages": [[595, 842, "Ten days.", 1], [595, 842, "Or more.", 2]],
    "spans": [[[1, 0, 9]], [[2, 0, 8]]],
}
DRAWN = {
    "page": 1,
    "count": 2,
    "width": 2,
    "height": 3,
    "stride": 8,
    "rects": [[0, 0, 0.5, 1], [0.1, 0.1, 0.2, 0.2]],
    "text": "Ten",
}
BYTES = st.sampled_from([b"", b"%PDF-1.7", b"<html>", b"x" * 24])


def check(document: ReadDocument) -> None:
    """Check that a document can be stored, shown and cited."""
    lengths = {page.number: len(page.text) for page in document.pages}
    assert len(lengths) == len(document.pages) and all(number >= 1 for number in lengths)
    for page in document.pages:
        assert 0 < page.width < 1e6 and 0 < page.height < 1e6
    for text in (
        document.title,
        *(block.text for block in document.blocks),
        *(p.text for p in document.pages),
    ):
        assert "\0" not in text
        text.encode("utf-8")
    for block in document.blocks:
        assert all(0 <= span.start < span.end <= lengths[span.page] for span in block.spans)
    for scanned in document.scanned:
        for word in scanned.words:
            assert 0 <= word.start < word.end <= lengths[scanned.number]
            check_rect(word.rect)


def trusted(parse: Callable[[], T]) -> T | None:
    """Return what was parsed, None where it is not trusted; every other error is one of the parser's."""
    try:
        return parse()
    except ChildStopped as stopped:
        if stopped.reason != "protocol":
            raise
        return None


def check_rect(rect: Rect) -> None:
    sides = (rect.x0, rect.y0, rect.x1, rect.y1)
    assert all(math.isfinite(side) and 0 <= side <= 1 for side in sides)
    assert rect.x0 <= rect.x1 and rect.y0 <= rect.y1


@settings(max_examples=100, deadline=None)
@given(mutated(ANSWER) | mutated(REFUSAL) | st.dictionaries(st.sampled_from([*ANSWER, *REFUSAL]), JUNK))
def test_a_reading_is_sound_or_not_trusted(answer):
    read = trusted(lambda: wire.parse(answer))
    if isinstance(read, Refusal):
        assert read.message and read.state.is_end and not read.state.is_searchable
    elif read is not None:
        check(read)


@settings(max_examples=100, deadline=None)
@given(mutated(PAGED), BYTES)
def test_a_laid_out_document_is_sound_or_not_trusted(answer, payload):
    paged = trusted(lambda: wire.parse_paged(answer, payload, PLAIN))
    if paged is not None:
        check(paged.document)
        assert [block.text for block in paged.document.blocks] == [block.text for block in PLAIN.blocks]


@settings(max_examples=150, deadline=None)
@given(mutated(DRAWN), BYTES)
def test_a_picture_is_sound_or_not_trusted(answer, payload):
    image = trusted(lambda: rendering_wire.parse_image(answer, payload))
    if image is not None:
        assert image.stride >= 4 * image.width and image.stride * image.height == len(payload)
        for rect in image.rects:
            check_rect(rect)


@settings(max_examples=100, deadline=None)
@given(mutated({"rects": [DRAWN["rects"], [[0, 0, 1, 1]]]}))
@example({"rects": [[[0, 0, 10**400, 1]], []]})
def test_rectangles_are_sound_or_not_trusted(answer):
    spans = [Span(1, 0, 3), Span(1, 3, 4)]
    rects = trusted(lambda: rendering_wire.parse_rects(answer, spans))
    for rect in (one for found in rects or () for one in found):
        check_rect(rect)


@pytest.mark.parametrize("answer", [ANSWER, REFUSAL])
def test_what_did_not_go_wrong_is_trusted(answer):
    assert wire.parse(answer)
