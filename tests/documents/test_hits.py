"""Verdicts on passages that another index found."""

from hypothesis import given
from hypothesis import strategies as st

from hrdesk.core.documents import Outcome
from hrdesk.documents.hits import WINDOW, coverage, judge, windows

SICK = "Staff accrue ten days of paid sick leave a year. A doctor's note is needed from the third day."
OTHER = "The canteen is open from noon. Bicycles are parked behind the laboratory."
FREQUENCIES = {"sick": 3, "leave": 20, "days": 40, "paid": 12, "parental": 0, "dragon": 0, "insurance": 0}


def test_a_text_with_the_rare_words_of_the_question_answers_it():
    outcome, confidence = judge("How many days of paid sick leave do I get?", [OTHER, SICK], FREQUENCIES, 500)
    assert outcome is Outcome.ANSWERED
    assert confidence > 0.6


def test_texts_about_something_else_do_not_answer():
    outcome, _ = judge("Is there dragon insurance?", [OTHER], FREQUENCIES, 500)
    assert outcome is Outcome.NOT_FOUND


def test_nothing_found_is_not_found_and_without_a_library_nothing_is_sure():
    assert judge("sick leave", [], FREQUENCIES, 500) == (Outcome.NOT_FOUND, 0.0)
    assert judge("sick leave", [SICK], {}, 0)[0] is Outcome.CLOSEST


def test_a_question_in_another_language_is_never_called_answered():
    foreign = "Wie viele Tage paid sick leave bekomme ich in dem Jahr?"
    assert judge(foreign, [SICK], FREQUENCIES, 500)[0] is not Outcome.ANSWERED


def test_a_long_chunk_is_not_better_for_being_long():
    spread = "Sick. " + "Words about other things. " * 60 + "Leave. " + "More of them. " * 60 + "Paid days."
    near = judge("How many days of paid sick leave do I get?", [SICK], FREQUENCIES, 500)[1]
    far = judge("How many days of paid sick leave do I get?", [spread], FREQUENCIES, 500)[1]
    assert near > far


def test_coverage_is_the_share_of_words_that_carry_meaning():
    assert coverage("How many sick days?", SICK) == 1.0
    assert coverage("sick dragons", SICK) == 0.5
    assert coverage("", SICK) == 0.0


@given(
    st.lists(st.sampled_from(["Ten days. ", "A longer sentence about leave of absence. ", "x" * 300, "\n"]))
)
def test_windows_keep_the_whole_text_in_pieces_of_passage_size(parts):
    text = "".join(parts)
    cut = windows(text)
    assert "".join(cut).split() == text.split()
    longest = max(map(len, text.split("\n")))
    assert all(len(piece.strip()) <= max(WINDOW, longest) for piece in cut)
