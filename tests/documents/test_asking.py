import pytest
from hypothesis import given
from hypothesis import strategies as st

from hrdesk.documents.asking import follow_up, questions

SICK = "How many sick days do I get in the first year?"


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        (
            "How many sick days do I get in the first year, and do I need a doctor's note?",
            [SICK, "Do I need a doctor's note?"],
        ),
        ("What happens if I resign and what is the notice period?", 2),
        ("Who pays for courses? How do I book one?", 2),
        ("What is the meal allowance; and who approves overtime?", 2),
    ],
)
def test_a_double_question_is_taken_apart(text, parts):
    found = questions(text)
    assert found == parts if isinstance(parts, list) else len(found) == parts


@pytest.mark.parametrize(
    "text",
    [
        "Do I need to know when and how to apply?",
        "What is the mileage rate and the meal allowance?",
        "How many vacation and sick days do I get?",
        "Can you tell me what sick leave is and how long it lasts?",
        "My wife was posted abroad. Do I get days to help with the move?",
        "Between what times do I have to be reachable?",
        "Is parking paid for, or do I have to pay?",
        "sick leave",
    ],
)
def test_a_single_question_stays_whole(text):
    assert questions(text) == [text]


def test_a_part_that_points_back_is_given_the_part_before():
    assert questions("How does sick leave accrue, and when does it expire?") == [
        "How does sick leave accrue?",
        "How does sick leave accrue? When does it expire?",
    ]


def test_only_the_first_part_of_a_follow_up_is_given_the_question_before():
    assert questions("And in the second year? Who pays for courses?", SICK) == [
        f"{SICK} And in the second year?",
        "Who pays for courses?",
    ]
    assert questions("And in the second year?", SICK) == [f"{SICK} And in the second year?"]


def test_nothing_asked_gives_no_question():
    assert questions("  ") == []


@pytest.mark.parametrize(
    "text",
    [
        "And in the second year?",
        "What about contractors?",
        "For contractors?",
        "Contractors?",
        "Can I take it in parts?",
        "Does that apply to interns?",
        "Why?",
        "How much is it?",
    ],
)
def test_a_follow_up_gets_the_question_before(text):
    assert follow_up(text, SICK) == f"{SICK} {text}"


@pytest.mark.parametrize(
    "text",
    [
        "When is payday?",
        "Do I need a doctor's note?",
        "Is it OK to hand a contract to my cousin's firm?",
        "And who approves travel expenses for contractors abroad?",
        "If a holiday falls on a Saturday, which day do we get off?",
        "As a contractor, do I get paid holidays?",
        "Is parking at the office paid for?",
        "sick leave",
    ],
)
def test_a_question_that_stands_alone_stays_alone(text):
    assert follow_up(text, SICK) == text


def test_the_first_question_has_nothing_before_it():
    assert follow_up("And in the second year?", "") == "And in the second year?"


def test_a_question_before_without_its_mark_gets_one():
    assert follow_up("And for interns?", "vacation days") == "vacation days? And for interns?"


@given(st.text(), st.text())
def test_no_word_of_the_question_is_lost(text, previous):
    clean = " ".join(text.split())
    assert follow_up(text, previous).endswith(clean)
    together = " ".join(questions(text)).casefold()
    assert all(
        word.casefold().strip(" ,;") in together
        for word in clean.split()
        if word.isalnum() and word.casefold() not in ("and", "or", "also")
    )
