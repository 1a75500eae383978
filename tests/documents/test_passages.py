from hypothesis import given
from hypothesis import strategies as st

from hrdesk.core.documents import Block, BlockKind, Page, ReadDocument, Span
from hrdesk.documents.normalise import key, span_text
from hrdesk.documents.passages import LONG_BLOCK, MOST, cut

WORDS = st.lists(
    st.sampled_from("leave policy days may. employees must; sick (paid) hours".split()), min_size=1
)


def heading(text: str, level: int) -> Block:
    return Block(BlockKind.HEADING, text, level)


def text_of(words: list[str], times: int = 1) -> str:
    return " ".join(words * times)


def test_the_path_holds_title_and_headings_without_repeats():
    document = ReadDocument(
        "Handbook",
        (
            heading("Handbook", 1),
            heading("Leave", 2),
            heading("Sick leave", 3),
            Block(BlockKind.PARAGRAPH, "Ten days a year."),
            heading("Travel", 2),
            Block(BlockKind.PARAGRAPH, "Book early."),
        ),
    )
    assert [(p.path, p.text) for p in cut(document)] == [
        ("Handbook > Leave > Sick leave", "Leave\nSick leave\nTen days a year."),
        ("Handbook > Travel", "Travel\nBook early."),
    ]


def test_only_the_first_passage_of_a_section_begins_with_its_headings():
    body = [Block(BlockKind.PARAGRAPH, f"{n} " + "word " * 150) for n in range(3)]
    passages = cut(ReadDocument("T", (heading("Leave", 1), *body)))
    assert [passage.text.startswith("Leave\n") for passage in passages] == [True, False, False]
    assert {passage.path for passage in passages} == {"T > Leave"}


def test_a_heading_without_text_of_its_own_is_found_with_the_next_text():
    blocks = (
        heading("All staff wear badges.", 2),
        heading("Visitors", 2),
        Block(BlockKind.PARAGRAPH, "They too."),
    )
    (passage,) = cut(ReadDocument("T", blocks))
    assert passage.path == "T > Visitors"
    assert passage.text == "All staff wear badges.\nVisitors\nThey too."


def test_a_list_of_headings_does_not_swell_a_passage():
    contents = [heading(f"Chapter {n} of the handbook", 2) for n in range(100)]
    (passage,) = cut(ReadDocument("T", (*contents, Block(BlockKind.PARAGRAPH, "Text."))))
    assert passage.text.endswith("Chapter 99 of the handbook\nText.")
    assert len(passage.text) < 250


def test_the_headings_of_a_passage_are_part_of_its_place():
    spans = [Span(1, 0, 5), Span(1, 7, 12)]
    blocks = (
        Block(BlockKind.HEADING, "Leave", 1, (spans[0],)),
        Block(BlockKind.PARAGRAPH, "Text.", 0, (spans[1],)),
    )
    (passage,) = cut(ReadDocument("T", blocks, (Page(1, 600, 800, "Leave\r\nText."),)))
    assert passage.spans == tuple(spans)


def test_a_section_with_a_heading_alone_gives_no_passage():
    assert cut(ReadDocument("T", (heading("A", 1), heading("B", 1)))) == []


def test_a_short_tail_joins_the_passage_before_it():
    body = [Block(BlockKind.PARAGRAPH, "word " * 85 + f"{n}.") for n in range(2)]
    tail = Block(BlockKind.PARAGRAPH, "A short end.")
    assert len(cut(ReadDocument("T", (*body, tail)))) == 1


def test_a_line_that_announces_a_list_goes_with_the_list():
    body = Block(BlockKind.PARAGRAPH, "word " * 150)
    lead = Block(BlockKind.PARAGRAPH, "You may use:")
    items = [Block(BlockKind.LIST_ITEM, "word " * 50) for _ in range(3)]
    passages = cut(ReadDocument("T", (body, lead, *items)))
    assert passages[1].text.startswith("You may use:")


def test_the_head_of_a_table_is_repeated_where_the_table_is_cut():
    head = Block(BlockKind.TABLE_ROW, "Years | Days", 1)
    rows = [Block(BlockKind.TABLE_ROW, f"Years: {n} | Days: {'word ' * 20}{n}") for n in range(30)]
    passages = cut(ReadDocument("T", (head, *rows)))
    assert len(passages) > 2
    assert all(passage.text.startswith("Years | Days\n") for passage in passages)


@given(st.lists(WORDS.map(text_of) | WORDS.map(lambda words: text_of(words, 60)), min_size=1, max_size=12))
def test_no_text_is_lost_and_no_passage_is_too_long(texts):
    document = ReadDocument("T", tuple(Block(BlockKind.PARAGRAPH, text) for text in texts))
    passages = cut(document)
    assert key(" ".join(passage.text for passage in passages)) == key(" ".join(texts))
    assert all(len(passage.text) <= MOST for passage in passages)


@given(st.lists(WORDS.map(lambda words: text_of(words, 40)), min_size=1, max_size=5))
def test_the_spans_of_a_passage_hold_its_text(texts):
    page_text, blocks = "", []
    for text in texts:
        broken = text.replace(" ", "\r\n", 1)
        span = Span(1, len(page_text), len(page_text) + len(broken))
        blocks.append(Block(BlockKind.PARAGRAPH, text, 0, (span,)))
        page_text += broken + "\r\n"
    pages = {1: Page(1, 600, 800, page_text)}
    for passage in cut(ReadDocument("T", tuple(blocks), (pages[1],))):
        assert key(span_text(pages, passage.spans)) == key(passage.text)


def test_one_endless_word_is_cut():
    passages = cut(ReadDocument("T", (Block(BlockKind.PARAGRAPH, "x" * 5 * LONG_BLOCK),)))
    assert "".join(passage.text for passage in passages).replace("\n", "") == "x" * 5 * LONG_BLOCK
