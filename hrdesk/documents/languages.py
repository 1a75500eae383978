"""Which language a text is in, as far as its commonest words tell.

The encoder and the word stems know English only: a question in another language finds little in English
policies, and people are told so.
"""

import re

_COMMON = {
    "en": """the of and to in is are was for that with on as it by not be or this from have has you
        your we our i my can do does how what when where who which why much many long if will may
        get need after there about should must would they their an at per me""",
    "de": """der die das und ich ist nicht ein eine einen einem einer zu den dem des mit auf für von im
        wie viele viel wann wo wer was welche welcher welches kann darf muss bekomme habe hat
        haben mein meine meinen meiner meinem ins zum zur bei nach wenn wird werden es sich auch
        oder aber über sind wir uns gibt lange hoch noch mir""",
    "fr": """le la les des du de un une et est que qui quoi dans pour sur avec pas ne je tu il elle
        nous vous mon ma mes ses quand combien comment où quel quelle quels quelles puis peut peux
        dois doit ai sont au aux ce cette ces par plus jours si se sa son leur y""",
    "es": """el la los las de del un una y es que en para por con no se lo al mi mis su sus cuánto
        cuánta cuántos cuántas cuanto cuantos cuándo cuando cómo como dónde donde qué quién cuál
        puedo puede debo tengo tiene hay está son más si sobre este esta cada desde entre me días""",
}
_WORDS = {language: frozenset(listed.split()) for language, listed in _COMMON.items()}
NAMES = {"en": "English", "de": "German", "fr": "French", "es": "Spanish", "other": "this language's"}
_LETTERS = re.compile(r"[^\W\d_]+")
_SPECIAL = {"de": "äöüß", "es": "ñ¿¡áíóú", "fr": "àâçèêëîïôùûœ"}
_MOST_FOREIGN = 0.3  # share of letters outside Latin script from which a text is "other"
_LATIN_END = 0x250
_SIGNS = 2  # one common word or accent may belong to a name


def language(text: str) -> str:
    """Return "en", "de", "fr", "es", or "other" for a text that is plainly none of these.

    Texts without a sign either way (single words, names, typing errors) count as English, the language that
    the search understands: a wrong warning is worse than none.
    """
    lower = text.lower()
    letters = [sign for sign in lower if sign.isalpha()]
    if letters and sum(ord(sign) >= _LATIN_END for sign in letters) / len(letters) > _MOST_FOREIGN:
        return "other"
    found = _LETTERS.findall(re.sub(r"(?<=\w)['’](?=\w)", " ", lower))
    scores = {name: sum(word in listed for word in found) for name, listed in _WORDS.items()}
    for name, signs in _SPECIAL.items():
        scores[name] += any(sign in lower for sign in signs)
    best = max(scores, key=lambda name: (scores[name], name == "en"))
    return best if scores[best] >= _SIGNS and scores[best] > scores["en"] else "en"


def notice(query: str, library: str = "en") -> str:
    """Return the sentence shown when a question is in another language than the library, else ""."""
    if language(query) == library:
        return ""
    return f"I can search only {NAMES[library]} policies; these are weak matches."
