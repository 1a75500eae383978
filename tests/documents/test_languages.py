import pytest
from hypothesis import given
from hypothesis import strategies as st

from hrdesk.documents.languages import language, notice


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("How long do I have to use award leave before it expires?", "en"),
        ("Wie viele Urlaubstage stehen mir pro Jahr zu?", "de"),
        ("Muss ich ein Attest vorlegen?", "de"),
        ("Combien de jours de congé ai-je par an ?", "fr"),
        ("¿Cuántos días de vacaciones tengo al año?", "es"),
        ("年次有給休暇は何日ですか", "other"),
        ("Сколько дней отпуска мне положено?", "other"),
    ],
)
def test_the_language_of_a_question_is_told(text, name):
    assert language(text) == name


@pytest.mark.parametrize(
    "text",
    ["", "401k", "sick leave", "advancd sick leve how meny hours", "Zoë's résumé", "per diem Paris", "PTO?"],
)
def test_doubtful_texts_count_as_english(text):
    assert language(text) == "en"


def test_a_foreign_question_gets_a_notice():
    assert notice("Wie viele Tage Urlaub habe ich?") == (
        "I can search only English policies; these are weak matches."
    )
    assert notice("How many days of vacation do I have?") == ""


def test_a_german_library_is_searched_in_german():
    assert notice("Wie viele Tage Urlaub habe ich?", "de") == ""
    assert notice("How many days of vacation do I have?", "de") == (
        "I can search only German policies; these are weak matches."
    )


@given(st.text())
def test_every_text_has_a_language(text):
    assert language(text) in ("en", "de", "fr", "es", "other")
