from collections.abc import Callable

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hrdesk.core.documents import BlockKind, FileState, ReadDocument
from hrdesk.documents.normalise import key, span_text
from hrdesk.documents.reading import read
from hrdesk.documents.sentences import FileRefused
from tests.documents.office_files import Text, lines, pdf
from tests.shared_data import shared


@pytest.fixture
def read_pdf(tmp_path):
    def reader(data: bytes, name: str = "a.pdf") -> ReadDocument:
        path = tmp_path / "copy.pdf"
        path.write_bytes(data)
        return read(path, name)

    return reader


def shape(document: ReadDocument) -> list[tuple[str, int, str]]:
    return [(block.kind.value, block.level, block.text) for block in document.blocks]


def check_spans(document: ReadDocument) -> int:
    """Check that each block's text stands under its spans; return how many were compared word for word."""
    pages = {page.number: page for page in document.pages}
    compared = 0
    for block in document.blocks:
        assert block.spans, block
        shown = key(span_text(pages, block.spans))
        if block.kind is not BlockKind.TABLE_ROW:
            assert shown == key(block.text)
            compared += 1
        else:
            words = key(block.text)
            assert set(shown.split()) <= {*words.split(), *words.replace(":", " ").split()}
    return compared


POLICY: list[Text] = [
    (72, 720, 20, "F2", "Leave policy"),
    (72, 690, 11, "F1", "Effective date: 1 January 2026"),
    (72, 660, 14, "F2", "Sick leave"),
    (
        72,
        640,
        11,
        "F1",
        "Employees receive ten (10) days of sick leave in each calendar year of their employ-",
    ),
    (72, 626, 11, "F1", "ment with the company, and the days do not expire."),
    (72, 600, 11, "F1", "• for their own illness"),
    (
        72,
        586,
        11,
        "F1",
        "• for the care of a child that lives in the same household, if a physician confirms in",
    ),
    (82, 572, 11, "F1", "writing that care is needed"),
]


def test_headings_paragraphs_and_lists_come_from_the_look_of_the_page(read_pdf):
    document = read_pdf(pdf([POLICY]))
    assert shape(document) == [
        ("heading", 1, "Leave policy"),
        ("paragraph", 0, "Effective date: 1 January 2026"),
        ("heading", 2, "Sick leave"),
        (
            "paragraph",
            0,
            (
                "Employees receive ten (10) days of sick leave in each calendar year of their employment "
                "with the company, and the days do not expire."
            ),
        ),
        ("list_item", 0, "for their own illness"),
        (
            "list_item",
            0,
            (
                "for the care of a child that lives in the same household, if a physician confirms in "
                "writing that care is needed"
            ),
        ),
    ]
    assert document.title == "Leave policy"
    assert str(document.effective_from) == "2026-01-01"
    check_spans(document)


def test_small_bold_lines_with_room_above_are_headings_as_browsers_print_them(read_pdf):
    page: list[Text] = [
        (72, 700, 11, "F1", "Leave can be extended in a few cases that are listed further below."),
        (72, 672, 9, "F2", "Q: Can I extend my leave?"),
        (72, 656, 11, "F1", "A: Yes, with the agreement of your manager, for up to four weeks a year."),
        (72, 642, 9, "F2", "Note well: apply early"),
        (72, 628, 11, "F1", "and tell the payroll team as soon as the new date is known to you."),
    ]
    kinds = {text: kind for kind, _, text in shape(read_pdf(pdf([page])))}
    assert kinds["Q: Can I extend my leave?"] == "heading"
    assert kinds["Note well: apply early"] == "paragraph", "emphasis, with a line close above it"


def test_tables_become_rows_with_heads(read_pdf):
    cells: list[Text] = [
        (72, 700, 11, "F1", "Entitlement by years of service, for all employees of the company:")
    ]
    for number, (years, days) in enumerate(
        [("Years of service", "Days"), ("0-2", "10"), ("3-5", "15"), ("6+", "20")]
    ):
        font = "F1" if number else "F2"
        cells += [(72, 670 - 16 * number, 11, font, years), (300, 670 - 16 * number, 11, font, days)]
    document = read_pdf(pdf([cells]))
    assert shape(document)[1:] == [
        ("table_row", 1, "Years of service | Days"),
        ("table_row", 0, "Years of service: 0-2 | Days: 10"),
        ("table_row", 0, "Years of service: 3-5 | Days: 15"),
        ("table_row", 0, "Years of service: 6+ | Days: 20"),
    ]
    check_spans(document)


def test_running_headers_and_page_numbers_are_no_text(read_pdf):
    pages = [
        [
            (72, 770, 9, "F1", "ACME Handbook 2026"),
            *lines(
                [f"Rule {number} says what to do, where to go and when to come back again.", "It applies."]
            ),
            (300, 30, 9, "F1", f"Page {number} of 4"),
        ]
        for number in range(1, 5)
    ]
    texts = [text for _, _, text in shape(read_pdf(pdf(pages)))]
    assert len(texts) == 4
    assert not any("ACME" in text or "Page" in text for text in texts)


def test_a_paragraph_goes_on_over_the_page(read_pdf):
    pages = [lines(["The company pays for the journey and for all the nights in a hotel that"], top=80)]
    pages += [lines(["were agreed before the journey began."], top=720)]
    document = read_pdf(pdf(pages))
    assert len(document.blocks) == 1
    assert [span.page for span in document.blocks[0].spans] == [1, 2]
    check_spans(document)


@pytest.mark.parametrize("rotate", [90, 180, 270])
def test_turned_pages_read_the_same(read_pdf, rotate):
    assert shape(read_pdf(pdf([POLICY], rotate=rotate))) == shape(read_pdf(pdf([POLICY])))


def refusal(read_pdf: Callable[[bytes], ReadDocument], data: bytes) -> tuple[FileState, str]:
    with pytest.raises(FileRefused) as refused:
        read_pdf(data)
    return refused.value.state, refused.value.reason


def test_a_page_of_pictures_is_a_scan(read_pdf):
    assert refusal(read_pdf, pdf([[], []], pictures=True)) == (FileState.NO_TEXT, "scan")
    stamped = pdf([[(72, 20, 8, "F1", "1")], [(72, 20, 8, "F1", "2")]], pictures=True)
    assert refusal(read_pdf, stamped) == (FileState.NO_TEXT, "scan")


def test_an_empty_page_has_no_text(read_pdf):
    assert refusal(read_pdf, pdf([[]])) == (FileState.NO_TEXT, "no_text")


def test_garbage_is_damaged(read_pdf):
    assert refusal(read_pdf, b"%PDF-1.7\ngarbage") == (FileState.DAMAGED, "damaged")
    assert refusal(read_pdf, pdf([POLICY])[:120]) == (FileState.DAMAGED, "damaged")


def test_letters_without_meaning_are_told_from_text(read_pdf):
    codes = b"<</Differences[65/uniE001/uniE002/uniE003]>>"
    shifted = b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica/Encoding%s>>" % codes
    data = pdf([lines(["ABCABCABC" * 8] * 5)])
    plain = b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica/Encoding/WinAnsiEncoding>>"
    garbled = data.replace(plain, shifted)  # moves the offsets; PDFium rebuilds the table
    assert refusal(read_pdf, garbled) == (FileState.NO_TEXT, "unreadable_text")


WORDS = st.lists(
    st.sampled_from(["leave", "days", "co-", "10%", "(a)", "Policy.", "ends", "3.2"]), min_size=1, max_size=9
)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=40, deadline=None)
@given(st.lists(st.lists(WORDS.map(" ".join), min_size=1, max_size=8), min_size=1, max_size=3))
def test_spans_are_right_for_any_lines(read_pdf, pages):
    try:
        document = read_pdf(pdf([lines(texts) for texts in pages]))
    except FileRefused:
        return
    check_spans(document)


def test_real_policies_have_right_spans_and_headings():
    compared = 0
    for path in sorted(shared("hrdocs").glob("*.pdf")):
        if path.name.endswith((".scan.pdf", "my-form.pdf")) or path.stat().st_size > 450_000:
            continue
        document = read(path, path.name)
        compared += check_spans(document)
        assert 0 < sum(block.kind is BlockKind.HEADING for block in document.blocks) < len(
            document.blocks
        ) or (len(document.pages) == 1)
    assert compared > 1_000
