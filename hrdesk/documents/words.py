"""Words as the search sees them: stop words, and stems that join "expires" with "expired".

The stems are coarser than linguistics would like and only ever compared with each other; the full-text
index stems by itself (Porter).
"""

import re
from functools import lru_cache

STOP = frozenset(
    """a about am an and any are as at be been by can cant could did do does doesnt dont each every far for
    from get gets go goes got had has have he hello her hi his how i id if ill im in into is isnt it its
    ive long many may me might mine much my need no not of off on or our out over per please shall she
    should so some someone something tell than that the their them then there these they this those to
    up us want was we were what when where which who whom why will with wont would you your""".split()
)
_WORD = re.compile(r"\w+")
_CONTRACTION = re.compile(r"(?<=\w)['’](?=(?:s|t|d|m|re|ve|ll)\b)", re.IGNORECASE)
_ENDINGS = (
    ("ations", "at"),
    ("ation", "at"),
    ("ments", "ment"),
    ("ingly", ""),
    ("ness", ""),
    ("ings", ""),
    ("edly", ""),
    ("ies", "y"),
    ("ing", ""),
    ("ied", "y"),
    ("ed", ""),
    ("es", "e"),
    ("ly", ""),
    ("s", ""),
)
_SHORTEST = 3  # letters a stem keeps at least


def words(text: str) -> list[str]:
    """Return the words of `text` in lower case; "don't" is one word, "dont"."""
    return _WORD.findall(_CONTRACTION.sub("", text.lower()))


def query_words(text: str) -> list[str]:
    """Return the words that carry meaning, each once and in order; all words where nothing else is left."""
    everything = list(dict.fromkeys(words(text)))
    return [word for word in everything if word not in STOP] or everything


@lru_cache(maxsize=20_000)
def stem(word: str) -> str:
    """Cut an English ending off: "expires", "expired" and "expiring" all become "expir"."""
    for ending, instead in _ENDINGS:
        if word.endswith(ending) and len(word) - len(ending) >= _SHORTEST and not word.endswith("ss"):
            word = word[: len(word) - len(ending)] + instead
            break
    if len(word) > _SHORTEST + 1 and word[-1] == word[-2] and word[-1] not in "lsz":
        word = word[:-1]  # planned, plan
    return word[:-1] if word.endswith("e") and len(word) > _SHORTEST else word


def stems(text: str) -> set[str]:
    """Return the stems of the words of `text` that carry meaning."""
    return {stem(word) for word in words(text) if word not in STOP}
