import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hrdesk.documents.spelling import mended, notice

USED = {
    "leave": 60,
    "level": 9,
    "advanced": 5,
    "budget": 3,
    "email": 8,
    "deadline": 2,
    "decline": 7,
    "password": 1,
}
COMMON = (*USED, "sack", "slack", "many", "much", "hours", "share", "dog")


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    path = tmp_path_factory.mktemp("models")
    vocabulary = dict.fromkeys((*COMMON, "##ing", "[CLS]"), 0)
    (path / "tokenizer.json").write_text(json.dumps({"model": {"vocab": vocabulary}}))
    return path


def _frequencies(words):
    return {word: USED.get(word, 0) for word in words}


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("advancd leave", "advanced leave"),
        ("my emial?", "my email?"),
        ("the budjet", "the budget"),
        ("sick leavee", "sick leave"),
        ("when is the dedline", "when is the deadline"),  # a missing letter before a wrong one
        ("paswords", "passwords"),
        ("Budjet for courses", "budget for courses"),
    ],
)
def test_typing_errors_are_mended(folder, typed, meant):
    assert mended(typed, _frequencies, folder) == meant


@pytest.mark.parametrize(
    "question",
    [
        "can they sack me",  # a common word the policies do not use
        "who is Emial",  # a name
        "code ADVANCD",
        "moonlighting",  # unknown, and nothing is near
        "a lvl",  # too short
        "write to emial@example.org",
        "sharr",  # near to a common word that the policies do not use
        "",
    ],
)
def test_everything_else_stays(folder, question):
    assert mended(question, _frequencies, folder) == question


def test_a_word_that_the_policies_use_stays(folder):
    assert mended("leve", lambda words: dict.fromkeys(words, 1), folder) == "leve"


def test_without_the_encoder_nothing_is_mended(tmp_path):
    assert mended("advancd", _frequencies, tmp_path) == "advancd"


def test_people_are_told_what_was_searched_for():
    assert notice("emial", "email") == "Searched for: email"
    assert notice("email", "email") == ""


@settings(max_examples=50)
@given(st.text())
def test_any_question_can_be_mended(folder, text):
    assert isinstance(mended(text, _frequencies, folder), str)
