from hypothesis import given
from hypothesis import strategies as st

from hrdesk.core.documents import Page, Span
from hrdesk.documents.alignment import align
from hrdesk.documents.normalise import fold

BLOCKS = st.lists(
    st.text(st.sampled_from("abc 12.-é"), min_size=1, max_size=40).filter(str.strip), min_size=1, max_size=8
)


def test_blocks_are_found_in_order_across_pages():
    pages = [Page(1, 600, 800, "Leave\r\nTen days"), Page(2, 600, 800, "a year.\r\nTravel")]
    assert align([["Leave"], ["Ten days a year."], ["Travel"]], pages) == [
        (Span(1, 0, 5),),
        (Span(1, 7, 15), Span(2, 0, 7)),
        (Span(2, 9, 15),),
    ]


def test_marks_that_were_drawn_but_are_no_text_of_a_block_are_passed_over():
    pages = [Page(1, 600, 800, "• First\r\n• Second")]
    assert align([["First"], ["Second"]], pages) == [(Span(1, 2, 7),), (Span(1, 11, 17),)]


def test_a_block_whose_letters_were_lost_stands_between_its_neighbours():
    pages = [Page(1, 600, 800, "Before\r\n####\r\nAfter")]
    assert align([["Before"], ["шрифт"], ["After"]], pages)[1] == (Span(1, 8, 12),)


def test_a_repeated_word_is_taken_where_it_comes_next():
    pages = [Page(1, 600, 800, "Yes\r\nNo\r\nYes")]
    assert align([["Yes"], ["No"], ["Yes"]], pages)[2] == (Span(1, 9, 12),)


@given(BLOCKS)
def test_the_text_under_the_spans_is_the_text_of_the_block(blocks):
    page = Page(1, 600, 800, "\r\n".join(blocks))
    for block, spans in zip(blocks, align([[block] for block in blocks], [page]), strict=True):
        shown = "".join(page.text[span.start : span.end] for span in spans)
        if fold(page.text, spaces=False).text == "".join(fold(one, spaces=False).text for one in blocks):
            assert fold(shown, spaces=False).text == fold(block, spaces=False).text
