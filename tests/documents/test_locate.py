import random
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hrdesk.core.documents import Page, Span
from hrdesk.documents.locate import Located, locate
from hrdesk.documents.normalise import key

ONE = Page(
    1,
    612,
    792,
    "Leave policy\r\nEmployees receive ten (10) days of sick leave a year. "
    "Unused days may be co-\r\nordinated with the",
)
TWO = Page(
    2,
    612,
    792,
    "supervisor.\r\nParental leave is 16 weeks. Parental leave begins at birth.\r\n"
    "Years of service Days\r\n0–2 10\r\n3–5 15\r\n",
)
PAGES = [ONE, TWO]


def found_text(located: Located | None) -> str:
    assert located is not None
    pages = {page.number: page for page in PAGES}
    return " ".join(pages[span.page].text[span.start : span.end] for span in located.spans)


def test_a_sentence_is_found_exactly():
    located = locate("Employees receive ten (10) days of sick leave a year.", PAGES)
    assert located is not None
    assert (located.exact, located.score) == (True, 1.0)
    assert found_text(located) == "Employees receive ten (10) days of sick leave a year."


def test_a_quote_across_a_page_and_a_broken_word_is_found_in_both_parts():
    located = locate("Unused days may be co-ordinated with the supervisor.", PAGES)
    assert located is not None
    assert [span.page for span in located.spans] == [1, 2]
    assert key(found_text(located)) == key("Unused days may be coordinated with the supervisor.")


def test_nothing_is_found_inside_a_longer_number():
    assert locate("6 weeks", PAGES) is None


def test_a_short_quote_that_stands_twice_is_found_only_near_its_passage():
    assert locate("Parental leave", PAGES) is None
    start = TWO.text.index("Parental leave begins")
    located = locate("Parental leave", PAGES, [Span(2, start, start + 30)])
    assert located is not None
    assert located.spans == (Span(2, start, start + 14),)


def test_a_row_quoted_with_its_heads_is_found_by_its_cells():
    start = TWO.text.index("Years")
    located = locate("Years of service: 3–5 | Days: 15", PAGES, [Span(2, start, len(TWO.text) - 2)])
    assert located is not None
    assert found_text(located) == "3–5 15"


def test_two_rows_are_found_as_one_place():
    start = TWO.text.index("Years")
    quote = "Years of service: 0–2 | Days: 10\nYears of service: 3–5 | Days: 15"
    located = locate(quote, PAGES, [Span(2, start, len(TWO.text) - 2)])
    assert located is not None
    assert key(found_text(located)) == "0-2 10 3-5 15"


def test_a_row_with_other_values_is_not_found():
    start = TWO.text.index("Years")
    assert locate("Years of service: 3–5 | Days: 10", PAGES, [Span(2, start, len(TWO.text) - 2)]) is None


def test_a_quote_with_small_errors_is_approximate():
    located = locate("Employes receive ten (10) days off sick leave a year", PAGES)
    assert located is not None
    assert not located.exact
    assert 0.9 <= located.score < 1
    assert "days of sick leave" in found_text(located)


@pytest.mark.parametrize(
    "quote",
    [
        "Employees receive ten (15) days of sick leave a year.",
        "Employees receive ten days of vacation and a company car for every year of service.",
        "Quarterly bonus payments are made in March.",
        "",
        "?!",
    ],
)
def test_what_is_not_there_is_not_found(quote):
    assert locate(quote, PAGES) is None


def test_spans_of_pages_that_do_not_exist_do_no_harm():
    assert locate("Parental leave is 16 weeks.", PAGES, [Span(9, 0, 5)]) is not None
    assert locate("Parental leave is 16 weeks.", []) is None


WORDS = [f"word{number}" for number in range(400)]
LONG = " ".join(random.Random(7).sample(WORDS, 400))
BOOK = [Page(1, 612, 792, LONG[:1500].replace(" word3", "\r\nword3")), Page(2, 612, 792, LONG[1500:])]


@given(st.integers(0, 380), st.integers(4, 20))
def test_every_stretch_of_words_is_found_where_it_stands(first, count):
    words = LONG.split()[first : first + count]
    located = locate(" ".join(words), BOOK)
    assert located is not None
    assert located.exact
    pages = {page.number: page.text for page in BOOK}
    shown = "".join(pages[span.page][span.start : span.end] for span in located.spans)
    assert key(shown).replace(" ", "") == "".join(words)


def test_a_label_that_heads_no_column_is_part_of_the_quote():
    text = "Registered in England: No. 2038 Registered Office: 60 Vicara Lane, Ilford."
    pages, near = [Page(1, 612, 792, text)], [Span(1, 0, len(text))]
    assert locate(text.replace("2038", "2047"), pages, near) is None
    assert locate("Registered in Wales: 60 Vicara Lane, Ilford.", pages, near) is None


def test_left_out_parts_are_found_one_by_one():
    located = locate("Employees receive ten (10) days of sick leave … Parental leave is 16 weeks.", PAGES)
    assert located is not None
    assert (located.exact, [span.page for span in located.spans]) == (True, [1, 2])
    assert locate("Employees receive ten (10) days of sick leave … and a car of their own.", PAGES) is None


def test_cells_are_found_without_the_signs_between_them():
    located = locate("3–5 | 15", [replace(TWO, text=TWO.text + "Grades 7–9 99\r\n")])
    assert located is not None
    assert located.exact


def test_list_items_are_quoted_with_and_without_their_bullets():
    page = Page(1, 612, 792, "Bring:\r\n• your passport\r\n• a photograph of yourself\r\n")
    for quote in ("your passport\na photograph of yourself", "• your passport ▪ a photograph of yourself"):
        located = locate(quote, [page])
        assert located is not None
        assert located.exact


def test_writing_without_spaces_has_no_borders_of_words():
    page = Page(1, 612, 792, "員工每年享有十五天年假，並可享有全薪病假。")
    located = locate("享有十五天年假", [page])
    assert located is not None
    assert page.text[located.spans[0].start : located.spans[0].end] == "享有十五天年假"
