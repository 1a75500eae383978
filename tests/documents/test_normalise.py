import pytest
from hypothesis import given
from hypothesis import strategies as st

from hrdesk.core.documents import Page, Span
from hrdesk.documents.normalise import Places, fold, key, span_text, spread

TEXTS = st.text(st.characters(codec="utf-8"), max_size=200) | st.text(
    st.sampled_from("aA -\n\r\ufffe\xadßﬁ’“…é1.\u2014 x"), max_size=60
)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("The “best” policy", 'the "BEST"  policy'),
        ("e\u0301t\u00e9", "\u00e9te\u0301"),
        ("co-\r\noperate", "cooperate"),
        ("co\ufffeoperate", "co-operate"),
        ("self-assessment", "self-\nassessment"),
        ("soft\u00adhyphen zero\u200bwidth", "softhyphen zerowidth"),
        ("oﬃce ﬁle", "office file"),
        ("10–15 days", "10-15 days"),
        ("pre-\r\n2020", "pre-2020"),
        ("a\u00a0b\u2003c", "a b c"),
        ("☎️ Call", "☎ call"),
    ],
)
def test_texts_that_read_the_same_fold_to_the_same(one, other):
    assert key(one) == key(other)


@pytest.mark.parametrize(("one", "other"), [("10 days", "15 days"), ("$5.00", "$500"), ("10-15", "1015")])
def test_numbers_stay_apart(one, other):
    assert key(one) != key(other)


@given(TEXTS, st.booleans())
def test_every_folded_character_knows_its_original(text, spaces):
    folded = fold(text, spaces=spaces)
    assert len(folded.text) == len(folded.places)
    assert list(folded.places) == sorted(folded.places)
    assert all(0 <= place < len(text) for place in folded.places)


@given(TEXTS)
def test_folding_without_spaces_is_folding_with_spaces_without_them(text):
    assert fold(text, spaces=False).text == key(text).replace(" ", "")


@given(TEXTS)
def test_a_folded_text_has_single_spaces(text):
    folded = key(text)
    assert "  " not in folded
    assert folded == folded.strip()


def test_spread_gives_the_parts_of_spans_under_a_range():
    spans = [Span(1, 5, 10), Span(2, 0, 4)]
    assert spread(spans, 3, 8) == (Span(1, 8, 10), Span(2, 0, 2))
    assert spread(spans, 5, 6) == ()


def test_the_part_of_a_block_is_found_across_pages_and_broken_words():
    pages = {1: Page(1, 600, 800, "Employees co-\r\n"), 2: Page(2, 600, 800, "operate on leave. The end")}
    spans = [Span(1, 0, 15), Span(2, 0, 17)]
    text = "Employees cooperate on leave."
    places = Places(pages, spans, text)
    found = places.part(text.index("cooperate"), text.index(" leave"))
    assert key(span_text(pages, found)) == "cooperate on"


def test_where_the_text_differs_all_spans_are_given():
    pages = {1: Page(1, 600, 800, "something else")}
    assert Places(pages, [Span(1, 0, 14)], "a block").part(0, 1) == (Span(1, 0, 14),)
