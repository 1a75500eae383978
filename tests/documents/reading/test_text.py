from hypothesis import given
from hypothesis import strategies as st

from hrdesk.core.documents import BlockKind
from hrdesk.documents.normalise import fold
from hrdesk.documents.reading.text import read


def shape(source: str) -> list[tuple[str, int, str]]:
    return [(block.kind.value, block.level, block.text) for block in read(source).blocks]


def test_paragraphs_lists_and_headings_are_told_apart():
    source = (
        "SICK LEAVE\n\nEmployees receive ten days\nof sick leave.\n\n"
        "- for illness\n  of their own\n- for care\n\n2.1 Notes\n\n1) First"
    )
    assert shape(source) == [
        ("heading", 1, "SICK LEAVE"),
        ("paragraph", 0, "Employees receive ten days of sick leave."),
        ("list_item", 0, "for illness of their own"),
        ("list_item", 0, "for care"),
        ("heading", 2, "2.1 Notes"),
        ("list_item", 0, "1) First"),
    ]


def test_underlined_lines_are_headings():
    assert shape("Leave\n=====\nTen days.\n\nTravel\n------\n\nBook.")[0] == ("heading", 1, "Leave")


def test_every_kind_of_line_end_ends_a_line():
    assert [text for _, _, text in shape("A\r\nB\rC\nD\x0bE\x0cF\x85G\u2028H")] == list("ABCDEFGH")


def test_zero_and_control_characters_are_dropped():
    assert shape("Sick leave\0 is 10 days\x1b\x07 end\x9b") == [("paragraph", 0, "Sick leave is 10 days end")]


LINES = st.lists(st.text(st.sampled_from("abC. -1•\t"), max_size=70), max_size=12)


@given(LINES)
def test_no_letter_is_lost(lines):
    source = "\n".join(lines)
    read_back = "".join(block.text for block in read(source).blocks)
    letters = [sign for sign in fold(source, spaces=False).text if sign.isalnum()]
    assert [sign for sign in fold(read_back, spaces=False).text if sign.isalnum()] == letters


@given(st.text(max_size=300))
def test_any_text_gives_clean_blocks(source):
    for block in read(source).blocks:
        assert block.text == " ".join(block.text.split())
        assert block.kind is not BlockKind.TABLE_ROW
        block.text.encode("utf-8")
