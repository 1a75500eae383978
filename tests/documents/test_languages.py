import pytest
from hypothesis import given
from hypothesis import strategies as st

from hrdesk.documents.languages import NAMES, language, notice, of_library, words_decide

GERMAN = "Wie viele Tage Urlaub habe ich?"
ENGLISH = "How many days of vacation do I have?"


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("How long do I have to use award leave before it expires?", "en"),
        ("Wie viele Urlaubstage stehen mir pro Jahr zu?", "de"),
        ("Muss ich ein Attest vorlegen?", "de"),
        ("Combien de jours de congé ai-je par an ?", "fr"),
        ("¿Cuántos días de vacaciones tengo al año?", "es"),
        ("Quanti giorni di ferie ho all'anno?", "it"),
        ("Posso lavorare da casa il venerdì?", "it"),
        ("Quantos dias de férias tenho por ano?", "pt"),
        ("Hoeveel vakantiedagen krijg ik per jaar?", "nl"),
        ("Mag ik thuiswerken op vrijdag?", "nl"),
        ("Ile dni urlopu mi przysługuje?", "pl"),
        ("Czy mogę pracować z domu?", "pl"),
        ("Hur många semesterdagar har jag per år?", "sv"),
        ("Hvor mange feriedage har jeg om året?", "da"),
        ("Kuinka monta lomapäivää minulla on vuodessa?", "fi"),
        ("Kolik dní dovolené mám za rok?", "cs"),
        ("Hány nap szabadság jár évente?", "hu"),
        ("Câte zile de concediu am pe an?", "ro"),
        ("Yılda kaç gün izin hakkım var?", "tr"),
        ("年次有給休暇は何日ですか", "ja"),
        ("我有多少天年假？", "zh"),
        ("연차 휴가는 며칠인가요?", "ko"),
        ("Сколько дней отпуска мне положено?", "ru"),
        ("Πόσες μέρες άδειας έχω;", "el"),
        ("كم يوم إجازة لدي؟", "ar"),
        ("כמה ימי חופשה יש לי?", "he"),
        ("मुझे कितने दिन की छुट्टी मिलती है?", "hi"),
        ("რამდენი დღე მაქვს შვებულება?", "other"),
    ],
)
def test_the_language_of_a_question_is_told(text, name):
    assert language(text) == name


@pytest.mark.parametrize(
    "text",
    [
        "",
        "401k",
        "sick leave",
        "advancd sick leve how meny hours",
        "Zoë's résumé",
        "per diem Paris",
        "PTO?",
        "de facto spouse leave",
        "La Jolla office parking",
        "what is in the van rental policy",
    ],
)
def test_doubtful_texts_count_as_english(text):
    assert language(text) == "en"


def test_a_foreign_question_gets_a_notice():
    assert notice(GERMAN) == (
        "The question seems to be in German. I can search only English policies; these are weak matches."
    )
    assert notice("შვებულება").startswith("The question seems to be in another language. ")
    assert notice(ENGLISH) == ""


def test_a_german_library_is_searched_in_german():
    assert notice(GERMAN, ("de",)) == ""
    assert "only German policies" in notice(ENGLISH, ("de",))
    assert notice(GERMAN, ("en", "de")) == notice(ENGLISH, ("en", "de")) == ""
    assert "only English and German policies" in notice("Posso lavorare da casa?", ("en", "de"))


def test_the_languages_of_a_library_are_those_of_many_passages():
    assert of_library([ENGLISH] * 9 + [GERMAN]) == ("en",)
    assert of_library([ENGLISH] * 3 + [GERMAN] * 7) == ("de", "en")
    assert of_library([GERMAN, *["Tarif | 12,50"] * 9]) == ("de",), "tables have no language"
    assert of_library([]) == of_library(["12,50"]) == ("en",)


def test_people_are_told_where_the_encoder_does_not_understand_the_policies():
    assert words_decide(("en", "de")) == ""
    assert (
        words_decide(("de",))
        == "Meaning is understood in English only; here hrdesk searches mainly by words."
    )


@given(st.text())
def test_every_text_has_a_language(text):
    assert language(text) in NAMES
