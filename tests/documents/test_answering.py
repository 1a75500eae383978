from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hrdesk.documents.answering import (
    Candidate,
    choose,
    content_words,
    encodable,
    matchable,
    sentences,
    supporting,
)

LEAVE = (
    "Award leave is time off for good work. Award leave expires one year after it is issued.\n"
    "Ask your manager, e.g. by email, about details."
)


def _texts(text: str) -> list[str]:
    return [text[start:end] for start, end in sentences(text)]


def test_sentences_end_at_full_stops_and_lines():
    assert _texts(LEAVE) == [
        "Award leave is time off for good work.",
        "Award leave expires one year after it is issued.",
        "Ask your manager, e.g. by email, about details.",
    ]


@pytest.mark.parametrize(
    "text",
    [
        "See sec. 4 of the plan.",
        "The U.S. Government pays 1.25 days.",
        "Dr. Who approves it.",
        "2. Apply in time.",
        "Use it or lose it... that is the rule.",
    ],
)
def test_abbreviations_and_numbers_do_not_end_a_sentence(text):
    assert _texts(text) == [text]


def test_a_table_row_is_one_sentence():
    text = "Leave: Annual | Days: 25\nLeave: Sick | Days: 10"
    assert _texts(text) == text.split("\n")


@given(st.text(alphabet=st.sampled_from("ab. \n?!:\"')1é…")))
def test_sentences_hold_every_sign_but_white_space_once_and_in_order(text):
    ranges = sentences(text)
    assert all(start < end for start, end in ranges)
    assert all(one[1] <= two[0] for one, two in pairwise(ranges))
    assert "".join("".join(_texts(text)).split()) == "".join(text.split())


def _candidate(
    text: str, ref: str = "p1", path: str = "Leave > Award leave", score: float = 1.0
) -> Candidate:
    return Candidate(ref, path, text, score)


def test_the_sentence_that_answers_comes_first_without_encoder():
    quotes = choose("How long do I have to use award leave before it expires?", [_candidate(LEAVE)])
    assert quotes[0].text == "Award leave expires one year after it is issued."
    assert len(quotes) == 2  # the third is too far behind


def test_a_sentence_far_behind_the_best_is_another_topic_and_not_quoted():
    passages = [_candidate("Gifts up to 35 euros are fine."), _candidate("Friends are paid 25 euros.", "p2")]
    quotes = choose("May I keep a gift?", passages, [0.7, 0.3])
    assert [quote.text for quote in quotes] == ["Gifts up to 35 euros are fine."]


def test_cosines_go_with_the_encodable_sentences():
    passages = [_candidate("First thing. Second thing."), _candidate("Third thing.", "p2")]
    assert encodable(passages)[2] == "Leave > Award leave\nThird thing."
    quotes = choose("Which?", passages, [0.1, 0.9, 0.8], limit=2)
    assert [quote.text for quote in quotes] == ["Second thing.", "Third thing."]


def test_a_question_for_an_amount_prefers_sentences_with_one():
    text = "The leave is for reservists.\nReservists get 15 days of leave."
    assert choose("How many days of leave do reservists get?", [_candidate(text)], limit=1)[0].text == (
        "Reservists get 15 days of leave."
    )


def test_a_line_that_introduces_a_list_is_quoted_with_it():
    text = "Receipts are required for:\nlodging\nrental cars\ngas"
    (quote,) = choose("Which expenses need receipts?", [_candidate(text)], [1, 0, 0, 0], limit=1)
    assert quote.text == text


def test_a_question_in_the_text_is_quoted_with_its_answer():
    text = "Q: Is parking paid?\nA: Yes, up to 50 dollars.\nOther things."
    (quote,) = choose("Is parking paid for?", [_candidate(text)], limit=1)
    assert quote.text == "Q: Is parking paid?\nA: Yes, up to 50 dollars."


def test_headings_are_not_quoted():
    quotes = choose("What about award leave?", [_candidate("Award leave\nIt expires after a year.")])
    assert [quote.text for quote in quotes] == ["It expires after a year."]
    asked = _candidate("Any left? Who can say?\nNo, it is lost.", path="Leave > Any left? Who can say?")
    assert [quote.text for quote in choose("Is any left?", [asked])] == ["No, it is lost."]


def test_the_same_words_are_quoted_once():
    quotes = choose("leave", [_candidate("Leave is good."), _candidate("Leave is good!", "p2")])
    assert len(quotes) == 1


def test_no_passages_give_no_quotes():
    assert choose("What?", []) == []


@given(
    st.text(),
    st.lists(st.text(alphabet=st.sampled_from("ab? .:\n|12€é")), max_size=4),
    st.integers(1, 4),
)
def test_every_quote_is_an_exact_part_of_its_passage(question, texts, limit):
    passages = [_candidate(text, f"p{number}") for number, text in enumerate(texts)]
    quotes = choose(question, passages, limit=limit)
    assert len(quotes) <= limit
    for quote in quotes:
        text = texts[int(quote.ref[1:])]
        assert quote.text and text[quote.start : quote.end] == quote.text
    for one in quotes:
        for two in quotes:
            if one is not two and one.ref == two.ref:
                assert one.end <= two.start or two.end <= one.start


def test_the_sentence_behind_a_claim_is_found():
    (place,) = supporting("You lose award leave one year after issue.", LEAVE, limit=1)
    assert LEAVE[place[0] : place[1]] == "Award leave expires one year after it is issued."


def test_the_amount_of_a_claim_decides_between_like_sentences():
    text = "Managers get 20 days of leave.\nStaff get 25 days of leave.\nTrainees get 30 days of leave."
    (place,) = supporting("You get 25 days of leave.", text, limit=1)
    assert text[place[0] : place[1]] == "Staff get 25 days of leave."


def test_a_claim_of_two_facts_gets_two_sentences_in_reading_order():
    text = "Meals are paid up to 40 dollars.\nParking is free.\nHotels need approval by the director."
    places = supporting("Hotels need the director's approval and meals are paid up to $40.", text)
    assert [text[a:b] for a, b in places] == [text.split("\n")[0], text.split("\n")[2]]


def test_a_claim_about_something_else_has_no_support():
    assert supporting("The moon is made of cheese.", LEAVE) == []
    assert supporting("", LEAVE) == []


def test_content_words_compare_by_their_stems():
    assert content_words("Leaves expired") == content_words("the leave expires")
    assert content_words("of the") != set()


def test_a_sentence_that_matches_word_by_word_goes_first():
    passage = _candidate("Insurance is paid. Insurance is for pets.")
    assert choose("pet insurance", [passage], [0.5, 0.5], [0.1, 0.8])[0].text == "Insurance is for pets."


def test_what_is_matched_are_the_sentences_in_their_passage():
    passage = _candidate(LEAVE)
    ((text, ranges),) = matchable([passage])
    assert [text[start:end] for start, end in ranges] == _texts(LEAVE)
