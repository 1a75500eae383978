import pytest
from hypothesis import given
from hypothesis import strategies as st

from hrdesk.ui.chat.prose import (
    BREAK,
    LONGEST_TAIL,
    LONGEST_TEXT,
    LONGEST_WORD,
    finished,
    literal_quotes,
    plain_words,
    tame,
)


def test_a_text_without_a_blank_line_is_unfinished():
    assert finished("Ten days\nof leave") == 0


def test_finished_ends_behind_the_last_blank_line():
    text = "One.\n\nTwo.\n \nThree"
    assert text[finished(text) :] == "Three"


def test_a_blank_line_inside_a_code_fence_finishes_nothing():
    text = "One.\n\n```\na\n\nb"
    assert text[finished(text) :] == "```\na\n\nb"


def test_a_closed_code_fence_is_finished():
    text = "```\na\n\nb\n```\n\nAfter"
    assert text[finished(text) :] == "After"


@given(st.text(alphabet="a`~ \n", max_size=80), st.data())
def test_finished_only_ever_moves_on_as_text_arrives(text, data):
    cut = data.draw(st.integers(0, len(text)))
    first = finished(text[:cut])
    assert first <= finished(text, first) <= len(text)


def test_endless_words_get_places_to_break():
    shown = tame("x" * 5000)
    assert max(map(len, shown.split(BREAK))) <= LONGEST_WORD
    assert shown.replace(BREAK, "") == "x" * 5000


def test_a_text_beyond_all_measure_is_cut_with_a_sentence():
    shown = tame("word " * LONGEST_TEXT)
    assert len(shown) < LONGEST_TEXT + 200
    assert f"{4 * LONGEST_TEXT:,} more characters" in shown


def test_ordinary_text_stays_as_it_is():
    text = "Ten (10) days. [1]\n\nמותר לעובד 🙂"
    assert tame(text) == text


def test_a_block_that_never_ends_is_cut_for_the_time_being():
    text = "word " * LONGEST_TAIL
    cut = finished(text)
    assert 0 < len(text) - cut <= LONGEST_TAIL and text[cut - 1] == " "
    assert finished("x" * 10 * LONGEST_TAIL) > 0


def test_quotations_keep_their_signs_and_the_rest_keeps_its_markup():
    shown = literal_quotes("**Bold** “a *b* [1] _c_ & <i> | 1.” end [1]")
    assert shown.startswith("**Bold** “a \\*b\\*") and shown.endswith("” end [1]")
    assert "[1]" not in shown[: shown.index("”")]


def test_our_marks_at_the_end_of_a_quotation_stay_ours():
    assert literal_quotes("“Ten days [1] [2].”") == "“Ten days [1] [2].”"


@pytest.mark.parametrize("code", ["`“*a*”`", "```\n“*a*”\n```", "~~~\n“*a*”\n"])
def test_code_is_no_quotation(code):
    assert literal_quotes(code) == code


@pytest.mark.parametrize(
    ("markdown", "read"),
    [
        ("- **Ten** days\nof _paid_ leave.", "Ten days of paid leave."),
        ("2. Use `form_7`.", "Use form_7."),
        ("## Notice", "Notice"),
    ],
)
def test_sentences_are_found_as_they_read(markdown, read):
    assert plain_words(markdown) == read
