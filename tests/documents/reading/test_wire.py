import copy
import json
from contextlib import suppress
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hrdesk.core.documents import (
    Block,
    BlockKind,
    FileState,
    Page,
    ReadDocument,
    Rect,
    Remark,
    ScannedPage,
    Span,
    WordBox,
)
from hrdesk.core.errors import ChildStopped
from hrdesk.documents.reading import wire
from hrdesk.documents.sentences import Refusal

DOCUMENT = ReadDocument(
    "Leave",
    (
        Block(BlockKind.HEADING, "Sick leave", 2, (Span(1, 0, 10),)),
        Block(BlockKind.PARAGRAPH, "Ten days.", 0, (Span(1, 12, 16), Span(3, 0, 4))),
    ),
    (Page(1, 612.0, 792.0, "Sick leave\r\nTen "), Page(2, 612.0, 792.0, ""), Page(3, 612.0, 792.0, "days.")),
    (2,),
    date(2026, 1, 1),
    (Remark.SCAN,),
    (ScannedPage(3, (WordBox(0, 4, Rect(0.1, 0.2, 0.3, 0.4)),)),),
)


def sent(message: dict[str, Any]) -> dict[str, Any]:
    copied: dict[str, Any] = json.loads(json.dumps(message))
    return copied


def test_a_document_comes_back_as_it_was():
    assert wire.parse(sent(wire.dump(DOCUMENT))) == DOCUMENT


@pytest.mark.parametrize(
    "scanned", [[[2, [[0, 1, 0, 0, 1, 1]]]], [[3, [[0, 4, 0, 0, 1, 1.5]]]], [[9, []]], [[3, [["a"]]]], [3]]
)
def test_words_outside_their_page_are_not_believed(scanned):
    with pytest.raises(ChildStopped):
        wire.parse(sent(wire.dump(DOCUMENT) | {"scanned": scanned}))


def test_only_a_pdf_may_show_a_picture():
    assert wire.parse_view(b"") == b""
    assert wire.parse_view(b"%PDF-1.7 x") == b"%PDF-1.7 x"
    with pytest.raises(ChildStopped):
        wire.parse_view(b"<html>")


def test_a_refusal_comes_back_with_its_sentence():
    refusal = wire.parse(sent(wire.dump_refusal(FileState.NO_TEXT, "scan")))
    assert isinstance(refusal, Refusal)
    assert (refusal.state, refusal.reason) == (FileState.NO_TEXT, "scan")
    assert "scan" in refusal.message


def test_a_laid_out_document_gets_pages_and_spans():
    plain = ReadDocument("T", (Block(BlockKind.PARAGRAPH, "Ten days."),), effective_from=date(2026, 1, 1))
    answer = {"pages": [[595, 842, "Ten days.", 1]], "spans": [[[1, 0, 9]]]}
    paged = wire.parse_paged(answer, b"%PDF-1.4", plain)
    assert paged.document.blocks[0].spans == (Span(1, 0, 9),)
    assert paged.document.effective_from == date(2026, 1, 1)


def changed(path: list[Any], value: object) -> dict[str, Any]:
    answer = sent(wire.dump(DOCUMENT))
    place: Any = answer
    for step in path[:-1]:
        place = place[step]
    place[path[-1]] = value
    return answer


@pytest.mark.parametrize(
    "answer",
    [
        {},
        {"state": "indexed", "reason": ""},
        {"state": "reading", "reason": ""},
        {"state": "no_text", "reason": "x" * 99},
        changed(["title"], 7),
        changed(["title"], "x" * 1000),
        changed(["title"], "\ud800"),
        changed(["blocks"], []),
        changed(["blocks"], {"a": 1}),
        changed(["blocks", 0, 0], "poem"),
        changed(["blocks", 0, 1], -1),
        changed(["blocks", 0, 2], "with\0nul"),
        changed(["blocks", 0, 3], [[1, 0, 99]]),
        changed(["blocks", 0, 3], [[1, 5, 5]]),
        changed(["blocks", 0, 3], [[9, 0, 1]]),
        changed(["blocks", 0, 3], [[1, True, 5]]),
        changed(["blocks", 0, 3], [[1, 0.0, 5]]),
        changed(["pages", 0, 0], float("inf")),
        changed(["pages", 0, 1], -5),
        changed(["pages", 1, 3], 1),
        changed(["skipped"], [0]),
        changed(["effective_from"], "tomorrow"),
    ],
)
def test_an_answer_outside_the_contract_is_not_trusted(answer):
    with pytest.raises(ChildStopped) as stopped:
        wire.parse(answer)
    assert stopped.value.reason == "protocol"


@pytest.mark.parametrize(
    ("answer", "pdf"),
    [
        ({"pages": [[595, 842, "Ten days.", 1]], "spans": [[[1, 0, 9]]]}, b"<html>"),
        ({"pages": [], "spans": [[]]}, b"%PDF-"),
        ({"pages": [[595, 842, "Ten", 1]], "spans": []}, b"%PDF-"),
        ({"pages": [[595, 842, "Ten", 1]], "spans": [[[1, 0, 4]]]}, b"%PDF-"),
    ],
)
def test_pages_outside_the_contract_are_not_trusted(answer, pdf):
    plain = ReadDocument("T", (Block(BlockKind.PARAGRAPH, "Ten days."),))
    with pytest.raises(ChildStopped):
        wire.parse_paged(answer, pdf, plain)


JUNK = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=6,
)


@given(st.sampled_from(["title", "blocks", "pages", "skipped", "effective_from", "state"]), JUNK)
def test_any_junk_in_an_answer_is_a_document_a_refusal_or_not_trusted(field, junk):
    answer = copy.deepcopy(sent(wire.dump(DOCUMENT))) | {field: junk}
    with suppress(ChildStopped):
        assert isinstance(wire.parse(answer), ReadDocument | Refusal)


def test_time_limits_grow_with_the_file_and_end():
    assert wire.reading_seconds(0) == 20.0
    assert 20.0 < wire.reading_seconds(1_000_000) < wire.MAX_SECONDS
    assert wire.reading_seconds(10**9) == wire.MAX_SECONDS
    assert wire.paging_seconds(DOCUMENT) >= 20.0
