from hypothesis import given
from hypothesis import strategies as st

from hrdesk.documents.words import query_words, stem, stems, words


def test_forms_of_a_word_share_a_stem():
    for group in (
        "expire expires expired expiring",
        "policy policies",
        "plan plans planned planning",
        "reimburse reimburses reimbursed reimbursing",
        "accrue accrues accrued",
        "day days",
    ):
        assert len({stem(word) for word in group.split()}) == 1, group


def test_different_words_keep_different_stems():
    assert len({stem(word) for word in "leave pay bonus holiday business sick".split()}) == 6


def test_contractions_are_one_word():
    assert words("I don't, you’re: the manager's") == ["i", "dont", "youre", "the", "managers"]


def test_stop_words_are_dropped_unless_nothing_else_is_left():
    assert query_words("How many days do I get?") == ["days"]
    assert query_words("What is it about?") == ["what", "is", "it", "about"]
    assert query_words("?!") == []


def test_stems_of_a_sentence_leave_stop_words_out():
    assert stems("When does the leave expire?") == {"leav", "expir"}


@given(st.text())
def test_any_text_has_stems(text):
    assert all(stem(word) for word in words(text))
