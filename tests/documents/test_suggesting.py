import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hrdesk.documents.suggesting import notice, suggestion

STEMS = {"expens": 9, "maven": 2, "reimburs": 5, "holidai": 4, "plan": 7}
TEXTS = {
    "expens": "Travel expenses are paid",
    "maven": "Maven supports parents",
    "reimburs": "The reimbursement of costs",
    "holidai": "A public holiday",
    "plan": "Plans are made",
}


class _Policies:
    def document_frequencies(self, words):
        return {word: int(word in " ".join(TEXTS.values()).lower().split()) for word in words}

    def stems(self, start):
        return [(stem, count) for stem, count in STEMS.items() if stem.startswith(start)]

    def text_with(self, stem):
        return TEXTS.get(stem, "")


@pytest.mark.parametrize(
    ("typed", "offered"),
    [
        ("What is Maevn?", "What is Maven?"),
        ("rembursment of travel", "reimbursement of travel"),
        ("expences", "expenses"),
        ("public hollyday", "public holiday"),
        ("public holiday", ""),  # nothing is unknown
        ("my horse", ""),  # nothing is near
        ("pln", ""),  # too short to tell
        ("", ""),
    ],
)
def test_near_words_of_the_policies_are_offered(typed, offered):
    assert suggestion(typed, _Policies()) == offered


def test_words_of_the_language_are_taken_as_meant():
    assert suggestion("Who waters the plants?", _Policies()) == "Who waters the plans?"
    assert suggestion("Who waters the plants?", _Policies(), {"plants", "waters"}) == ""


def test_the_offer_is_a_sentence():
    assert notice("What is Maven?") == "Did you mean: What is Maven?"
    assert notice("") == ""


@settings(max_examples=50)
@given(st.text(max_size=60))
def test_any_question_can_be_asked(text):
    assert suggestion(text, _Policies()) != text or not text
