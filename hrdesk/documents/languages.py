"""Which language a text is in, by its script and its commonest words, and whether the policies speak it too.

The encoder and the word stems know English only: a question in another language finds little in English
policies, and people are told so.
"""

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from functools import lru_cache

# Words that nearly every question or policy of the language has: articles, pronouns, prepositions, question
# words, auxiliaries. A word of several languages counts for each of them by its share.
_COMMON = {
    "en": """the of and to in is are was for that with on as it by not be or this from have has you
        your we our i my can do does how what when where who which why much many long if will may
        get need after there about should must would they their an at per me""",
    "de": """der die das und ich ist nicht ein eine einen einem einer zu den dem des mit auf für von im
        wie viele viel wann wo wer was welche welcher welches kann darf muss bekomme habe hat
        haben mein meine meinen meiner meinem ins zum zur bei nach wenn wird werden es sich auch
        oder aber über sind wir uns gibt lange hoch noch mir pro""",
    "fr": """le la les des du de un une et est que qui quoi dans pour sur avec pas ne je tu il elle
        nous vous mon ma mes ses quand combien comment où quel quelle quels quelles puis peut peux
        dois doit ai sont au aux ce cette ces par plus jours si se sa son leur y""",
    "es": """el la los las de del un una y es que en para por con no se lo al mi mis su sus cuánto
        cuánta cuántos cuántas cuanto cuantos cuándo cuando cómo como dónde donde qué quién cuál
        puedo puede debo tengo tiene hay está son más si sobre este esta cada desde entre me días""",
    "it": """il lo la i gli le un una di del dello della dei degli delle da dal dalla in nel nella con per
        su sul sulla e è che non si mi mio mia miei chi cosa come quando quanto quanta quanti quante dove
        quale quali perché posso può devo deve ho ha hanno sono siamo ogni giorni anche più o se al alla
        ai alle ci""",
    "pt": """o a os as um uma de do da dos das em no na nos nas por pelo pela para com e é que não se ao aos
        à às meu minha meus seu sua quem como quando quanto quanta quantos quantas onde qual quais posso
        pode devo tenho tem há são está mais ou cada dias sobre sem até depois eu""",
    "nl": """de het een en van in is op te dat die voor met niet zijn wordt worden aan als ik je mijn wij we
        ons onze u uw hoe hoeveel wat wanneer waar wie welke waarom kan mag moet krijg krijgt heb heeft
        hebben er naar bij om ook of maar over na per dagen jaar geen""",
    "pl": """i w we z ze na do nie to jest się że od po za o co kto jak ile kiedy gdzie jaki jaka jakie
        który która które czy mogę może muszę mam ma mamy mój moja moje mojego jestem są dla przez przy
        lub oraz dni roku""",
    "sv": """och i att det som en ett på är av för med den till inte har om jag vi ni min mitt mina vår hur
        många mycket länge vad när var vem vilken vilket vilka kan får måste ska blir från eller men dagar
        år per efter vid""",
    "da": """og i at det som en et på er af for med den til ikke har om jeg vi min mit mine vores hvor mange
        meget længe hva hvad når hvem hvilken hvilket hvilke kan får må skal bliver fra eller men dager
        dage år per efter etter ved av""",
    "fi": """ja on ei se että en ovat oli kun jos niin tai myös mutta minä minun minulla meillä kuinka
        montako monta paljonko miten mitä mikä milloin missä kuka voinko saanko pitääkö täytyy olen olla
        saa voi vuodessa päivää jälkeen""",
    "cs": """a v ve na je se že do z ze s k o pro jak kolik kdy kde kdo co který která které mohu může musím
        mám má můj moje jsem jsou není nebo po při za od dní roku""",
    "hu": """a az és hogy nem is egy van meg ha de mint mi ki hány mennyi mikor hol hogyan melyik miért
        lehet kell kapok nekem jár nap évente után vagy csak""",
    "ro": """și în la de pe cu din o un una este sunt care ce cine cum când cât câte câți câtă unde nu se
        pentru mai am are avem meu mea mele pot poate trebuie sau dacă după zile""",
    "tr": """ve bir bu için ile ne nasıl kaç zaman nerede kim hangi mi mı mu mü var yok ben benim biz
        olarak gün yıl kadar sonra veya değil olan alabilir miyim gerekir""",
}
NAMES = {
    "en": "English", "de": "German", "fr": "French", "es": "Spanish", "it": "Italian", "pt": "Portuguese",
    "nl": "Dutch", "pl": "Polish", "sv": "Swedish", "da": "Danish or Norwegian", "fi": "Finnish",
    "cs": "Czech", "hu": "Hungarian", "ro": "Romanian", "tr": "Turkish", "el": "Greek",
    "ru": "Russian or another Cyrillic", "he": "Hebrew", "ar": "Arabic", "hi": "Hindi", "th": "Thai",
    "ko": "Korean", "ja": "Japanese", "zh": "Chinese", "other": "an unknown",
}  # fmt: skip
# First and last character of scripts, by the language that most texts in it are in. Kana goes before Han:
# Japanese uses both.
_SCRIPTS = (
    ("ja", "\u3040", "\u30ff"), ("ko", "\uac00", "\ud7a3"), ("zh", "\u4e00", "\u9fff"),
    ("el", "\u0370", "\u03ff"), ("ru", "\u0400", "\u052f"), ("he", "\u0590", "\u05ff"),
    ("ar", "\u0600", "\u06ff"), ("hi", "\u0900", "\u097f"), ("th", "\u0e00", "\u0e7f"),
)  # fmt: skip
_SPECIAL = {
    "de": "äöüß", "es": "ñ¿¡áíóú", "fr": "àâçèêëîïôùûœ", "it": "àèéìòù", "pt": "ãõçáâêéíóú", "nl": "ĳ",
    "pl": "ąćęłńśźż", "sv": "åäö", "da": "æøå", "fi": "äö", "cs": "ěščřžýáíéůťďň", "hu": "őűáéíóöúü",
    "ro": "ăâîșțşţ", "tr": "ğışçöü",
}  # fmt: skip
_WORDS = {language: frozenset(listed.split()) for language, listed in _COMMON.items()}
_SHARES = Counter(word for listed in _WORDS.values() for word in listed)
_LETTERS = re.compile(r"[^\W\d_]+")
_POSSESSIVE = re.compile(r"(?<=\w)['’]s\b")
_JOINT = re.compile(r"(?<=\w)['’](?=\w)")
_MOST_FOREIGN = 0.3  # share of letters outside Latin script from which a text is in another script
_LATIN_END = 0x250
ENCODED = "en"  # what the encoder was trained on
_SIGNS = 2  # one common word or accent may belong to a name
_LIBRARY_SHARE = 0.2  # of the passages: from here on a language is one of the library's


@lru_cache(maxsize=64)  # one question is looked at several times
def language(text: str) -> str:
    """Return the code (of `NAMES`) of the language a text is in, "other" for a script that is not known.

    Texts without a sign either way (single words, names, typing errors) count as English, the language that
    the search understands: a wrong warning is worse than none.
    """
    return _told(text) or ENCODED


def _told(text: str) -> str:
    """Return the language that a text shows by at least `_SIGNS` signs, "" for a doubtful one."""
    lower = text.lower()
    letters = [sign for sign in lower if sign.isalpha()]
    if letters and sum(ord(sign) >= _LATIN_END for sign in letters) / len(letters) > _MOST_FOREIGN:
        return _by_script(letters)
    found = _LETTERS.findall(_JOINT.sub(" ", _POSSESSIVE.sub("", lower)))
    signs = {name: sum(word in listed for word in found) for name, listed in _WORDS.items()}
    scores = {
        name: sum(1 / _SHARES[word] for word in found if word in listed) for name, listed in _WORDS.items()
    }
    for name, special in _SPECIAL.items():
        accented = len({sign for sign in special if sign in lower})
        signs[name] += accented > 0
        scores[name] += accented / 2
    best = max(scores, key=lambda name: (scores[name], name == ENCODED))
    if best != ENCODED and signs[best] <= signs[ENCODED]:
        best = ENCODED
    return best if signs[best] >= _SIGNS else ""


def _by_script(letters: Sequence[str]) -> str:
    counts = {name: sum(first <= sign <= last for sign in letters) for name, first, last in _SCRIPTS}
    if counts["ja"]:
        return "ja"
    best = max(counts, key=lambda name: counts[name])
    return best if counts[best] else "other"


def of_library(texts: Iterable[str]) -> tuple[str, ...]:
    """Return the languages that policies are written in, the commonest first; English where none shows."""
    counts = Counter(filter(None, map(_told, texts)))
    least = _LIBRARY_SHARE * counts.total()
    return tuple(name for name, count in counts.most_common() if count >= least) or (ENCODED,)


def notice(query: str, library: Sequence[str] = (ENCODED,)) -> str:
    """Return the sentence shown when a question is in another language than the `library`'s, else ""."""
    asked = language(query)
    if asked in library:
        return ""
    known = " and ".join(NAMES[name] for name in library)
    return (
        f"The question seems to be in {_plain(asked)}. I can search only {known} policies; "
        "these are weak matches."
    )


def words_decide(library: Sequence[str]) -> str:
    """Return the sentence shown when none of the policies is in the language the encoder understands."""
    if ENCODED in library:
        return ""
    return f"Meaning is understood in {NAMES[ENCODED]} only; here hrdesk searches mainly by words."


def _plain(name: str) -> str:
    return "another language" if name == "other" else NAMES[name]
