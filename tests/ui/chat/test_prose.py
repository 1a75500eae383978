from hypothesis import given
from hypothesis import strategies as st

from hrdesk.ui.chat.prose import BREAK, LONGEST_TEXT, LONGEST_WORD, finished, tame


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
