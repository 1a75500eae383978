from hypothesis import given
from hypothesis import strategies as st

from hrdesk.core.synonyms import Synonym
from hrdesk.documents.synonyms import MOST, WEIGHT, Wording, vocabulary, with_synonyms, worded

PTO = Synonym("PTO", "annual leave")
SIDES = st.lists(st.sampled_from(["pto", "annual", "leave", "wfh", "from", "home"]), min_size=1, max_size=3)
SYNONYMS = st.lists(st.builds(Synonym, SIDES.map(" ".join), SIDES.map(" ".join)), max_size=6)


def test_a_term_is_found_in_any_case_and_number_and_its_meaning_put_in():
    found = worded("How many PTOs may I carry over?", [PTO])
    assert found.text == "How many annual leave may I carry over?" and found.also == ("annual leave",)
    assert found.both == ("How many PTOs may I carry over?", found.text)
    assert found.expression == '"annual leave"'


def test_it_works_the_other_way_round_too():
    assert worded("Does annual leave expire?", [PTO]).text == "Does PTO expire?"


def test_a_phrase_must_stand_together():
    assert worded("Is leave annual?", [PTO]).both == ("Is leave annual?",)
    assert worded("Is there a ptolemaic leave?", [PTO]).also == ()


def test_a_question_that_has_both_needs_neither():
    asked = "Is PTO the same as annual leave?"
    assert worded(asked, [PTO]) == Wording(asked, asked)


def test_several_meanings_are_all_searched_and_the_first_is_put_in():
    found = worded("How much PTO?", [PTO, Synonym("PTO", "vacation"), Synonym("much", "many")])
    assert (found.text, found.also) == ("How many annual leave?", ("annual leave", "vacation", "many"))


def test_of_two_that_overlap_the_longer_one_is_put_in():
    found = worded("May I work from home?", [Synonym("home", "flat"), Synonym("work from home", "telework")])
    assert found.text == "May I telework?"


def test_no_more_than_a_few_are_searched_at_once():
    many = [Synonym("PTO", f"meaning {number}") for number in range(20)]
    assert len(worded("PTO?", many).also) == MOST


def test_what_synonyms_find_counts_less():
    assert with_synonyms([(1, 3.0), (2, 2.0)], [(2, 4.0), (3, 5.0)]) == [
        (2, 2.0 + WEIGHT * 4.0),
        (1, 3.0),
        (3, WEIGHT * 5.0),
    ]
    assert with_synonyms([], []) == []


def test_the_words_of_synonyms_are_known():
    assert vocabulary([PTO, Synonym("Zeit-Konto", "time account")]) == {
        "pto", "annual", "leave", "zeit", "konto", "time", "account",
    }  # fmt: skip


@given(st.text(max_size=60), SYNONYMS)
def test_any_question_can_be_worded(question, synonyms):
    found = worded(question, synonyms)
    assert (found.text == question) or found.also
    assert found.expression.count('"') == 2 * len(found.also)


@given(SIDES, SYNONYMS)
def test_what_is_searched_too_is_the_other_side_of_a_synonym(question, synonyms):
    sides = {side for one in synonyms for side in (one.term, one.meaning)}
    assert set(worded(" ".join(question), synonyms).also) <= sides
