import pytest

from hrdesk.core.documents import Block, BlockKind, ReadDocument
from hrdesk.documents.normalise import fold, span_text
from hrdesk.documents.reading import read, wire
from tests.documents.children import page_in_child
from tests.shared_data import shared


def folded(text: str) -> str:
    return fold(text, spaces=False).text


def check(paged: wire.Paged) -> None:
    """Check that every block stands on the pages, word for word (rows of tables without repeated heads)."""
    document = paged.document
    pages = {page.number: page for page in document.pages}
    for block in document.blocks:
        assert block.spans, block
        shown = folded(span_text(pages, block.spans))
        if block.kind is not BlockKind.TABLE_ROW:
            assert shown == folded(block.text)
        else:
            assert len(shown) <= len(folded(block.text))


@pytest.fixture(scope="module")
def sample() -> wire.Paged:
    long = "Employees may carry unused days over into the next year, if their supervisor agrees. " * 12
    rows = [Block(BlockKind.TABLE_ROW, f"Years: {n} | Days a year: {10 + n}") for n in range(60)]
    blocks = (
        Block(BlockKind.HEADING, "Sick leave & “pay”", 2),
        Block(BlockKind.PARAGRAPH, "Ten days <b>a year</b> for Zoë, Łukasz and Ἀθηνᾶ."),
        *(Block(BlockKind.PARAGRAPH, long) for _ in range(9)),
        Block(BlockKind.LIST_ITEM, "one", 0),
        Block(BlockKind.LIST_ITEM, "2.1) two", 1),
        Block(BlockKind.CODE, "a = 1\nb = 2"),
        Block(BlockKind.TABLE_ROW, "Years | Days a year", 1),
        *rows,
        Block(BlockKind.PARAGRAPH, "The end."),
    )
    return page_in_child(ReadDocument("Leave policy", blocks))


def test_every_block_stands_on_the_pages(sample):
    assert len(sample.document.pages) > 3
    check(sample)


def test_the_title_stands_above_a_document_without_one(sample):
    assert sample.document.pages[0].text.startswith("Leave policy\r\nSick leave & “pay”")


def test_a_long_table_is_drawn_in_parts_of_the_same_widths():
    rows = [Block(BlockKind.TABLE_ROW, f"Name: Employee {n} | Days: {n}") for n in range(150)]
    paged = page_in_child(ReadDocument("Days", (Block(BlockKind.TABLE_ROW, "Name | Days", 1), *rows)))
    check(paged)
    assert [block.spans[0].page for block in paged.document.blocks] == sorted(
        block.spans[0].page for block in paged.document.blocks
    )


def test_rows_of_a_table_stand_without_repeated_heads(sample):
    pages = {page.number: page for page in sample.document.pages}
    row = next(block for block in sample.document.blocks if block.text == "Years: 7 | Days a year: 17")
    assert span_text(pages, row.spans).split() == ["7", "17"]


def test_no_line_is_drawn_twice_at_the_turn_of_a_page(sample):
    text = folded("".join(page.text for page in sample.document.pages))
    assert text.count(folded("Employees may carry unused")) == 9 * 12


def test_long_cells_are_wrapped_and_stand_whole_on_the_pages():
    long = " ".join(f"Word{number} of a long rule." for number in range(40))
    rows = [Block(BlockKind.TABLE_ROW, f"Case: {n} | Rule: {n}a {long} | Links: see {n}b") for n in range(9)]
    paged = page_in_child(ReadDocument("Days", (Block(BlockKind.TABLE_ROW, "Case | Rule | Links", 1), *rows)))
    assert len(paged.document.pages) > 2
    pages = {page.number: page for page in paged.document.pages}
    for number, block in enumerate(paged.document.blocks[1:]):
        shown = span_text(pages, block.spans).split()
        wanted = f"{number} {number}a {long} see {number}b".split()
        assert sorted(set(wanted) - set(shown)) == []
        assert set(shown) - set(wanted) <= {"Case", "Rule", "Links"}  # heads between two parts of a row
    text = folded("".join(page.text for page in paged.document.pages))
    assert text.count(folded("Word39")) == len(rows)  # no line twice at the turn of a page
    assert all(page.text.startswith("Case") for page in paged.document.pages[1:])  # the heads again


def test_pages_are_a4(sample):
    page = sample.document.pages[0]
    assert (round(page.width), round(page.height)) == (595, 842)


def test_text_never_loads_a_picture_or_file(tmp_path):
    secret = tmp_path / "secret.png"
    secret.write_bytes(b"x")
    blocks = (Block(BlockKind.PARAGRAPH, f'<img src="file://{secret}"> <link href="{secret}">'),)
    paged = page_in_child(ReadDocument("T", blocks))
    assert "<img" in paged.document.pages[0].text


@pytest.mark.parametrize(
    "name",
    [
        "hrdocs/18F_hiring_staying_leaving.docx",
        "hrdocs/clef_benefits.odt",
        "handbooks/18f/pages/travel-and-leave/leave.md",
        "files/html/uns__ideas-page.html",
    ],
)
def test_real_documents_are_laid_out_word_for_word(name):
    path = shared(name)
    check(page_in_child(read(path, path.name)))
