from pathlib import Path

import pytest

from hrdesk.core.documents import (
    Block,
    BlockKind,
    Page,
    PassageText,
    ReadDocument,
    Rect,
    ScannedPage,
    Span,
    WordBox,
)
from hrdesk.documents import scans
from hrdesk.documents.scans import Scan

WORDS = (
    WordBox(0, 3, Rect(0.1, 0.1, 0.16, 0.12)),
    WordBox(4, 8, Rect(0.18, 0.1, 0.26, 0.125)),
    WordBox(10, 16, Rect(0.1, 0.15, 0.22, 0.17)),
)
TEXT = "Ten days\r\na year"
DOCUMENT = ReadDocument(
    "Leave",
    (Block(BlockKind.PARAGRAPH, "Ten days a year", 0, (Span(2, 0, 16),)),),
    (Page(1, 612, 792, "Own text"), Page(2, 612, 792, TEXT)),
    scanned=(ScannedPage(2, WORDS),),
)


def test_words_on_one_line_share_a_rectangle():
    assert Scan(TEXT, WORDS).rects(0, 16) == [Rect(0.1, 0.1, 0.26, 0.125), Rect(0.1, 0.15, 0.22, 0.17)]


def test_of_a_word_at_the_edge_only_its_part_is_marked():
    assert Scan(TEXT, WORDS).rects(6, 8) == [Rect(0.22, 0.1, 0.26, 0.125)]
    assert Scan(TEXT, WORDS).rects(8, 10) == []


def test_what_is_written_beside_the_copy_can_be_read_again(tmp_path):
    copy = tmp_path / "abc.pages.pdf"
    place = scans.place_beside(copy)
    assert place == scans.place_beside(Path(tmp_path / "abc.pdf")) == tmp_path / "abc.words.json"
    place.write_bytes(scans.dump(DOCUMENT))
    assert scans.load(place) == {2: Scan(TEXT, WORDS)}


@pytest.mark.parametrize(
    "data", [b"", b"[]", b'{"1":["a",[[0,9,0,0,1,1]]]}', b'{"1":["a",[[0,1,0,0,2,1]]]}', b'{"1":["a",[[0]]]}']
)
def test_damaged_words_are_as_none(tmp_path, data):
    path = tmp_path / "a.words.json"
    path.write_bytes(data)
    assert scans.load(path) == {}
    assert scans.load(tmp_path / "missing") == {}


def test_passages_on_recognised_pages_say_so_in_their_path():
    pages = scans.numbers(DOCUMENT.scanned)
    read, own = PassageText("Leave", "x", (Span(2, 0, 3),)), PassageText("Leave", "x", (Span(1, 0, 3),))
    assert scans.marked(read, pages).path == "Leave (from a scan)"
    assert scans.marked(own, pages) is own
