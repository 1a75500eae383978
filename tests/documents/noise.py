"""Quotes as they come back from models, scans and people: nearly right. All noise is drawn from `chance`."""

import random
import re

SHARE = 0.04  # of the characters
_MARKS = {
    "'": "’",
    "’": "'",
    '"': "“",
    "“": '"',
    "”": '"',
    "-": "–",
    "–": "-",
    "fi": "ﬁ",
    "fl": "ﬂ",
    "…": "...",
}
_LETTERS = "abcdefghijklmnopqrstuvwxyz"
_NUMBER = re.compile(r"\d+")


def noisy(text: str, chance: random.Random, share: float = SHARE, *, digits: bool = True) -> str:
    """Return the text with that share of its characters wrong, missing, doubled or swapped."""
    signs = list(text)
    for place, sign in enumerate(signs):
        if chance.random() >= share or (sign.isdigit() and not digits):
            continue
        way = chance.randrange(4)
        if way == 0:
            signs[place] = chance.choice("0123456789" if sign.isdigit() else _LETTERS)
        elif way == 1:
            signs[place] = ""
        elif way == 2:
            signs[place] = sign + chance.choice(_LETTERS)
        elif place + 1 < len(signs) and (digits or not signs[place + 1].isdigit()):
            signs[place], signs[place + 1] = signs[place + 1], sign
    return "".join(signs)


def dressed(text: str, chance: random.Random) -> str:
    """Return the text with other quotes, dashes, ligatures, hyphens and white space; no word is changed."""
    for mark, other in _MARKS.items():
        if chance.random() < 0.5:
            text = text.replace(mark, other)
    words = re.split(r"\s+", text)
    place = chance.randrange(len(words))
    if len(words[place]) > 7 and words[place].isalpha():
        words[place] = words[place][:4] + chance.choice(("-\n", "\u00ad", "-")) + words[place][4:]
    return "".join(word + chance.choice((" ", " ", " ", "\n", "  ", "\u00a0")) for word in words).rstrip()


def with_other_number(text: str, chance: random.Random) -> str | None:
    """Return the text with one number changed; None where it has none."""
    found = list(_NUMBER.finditer(text))
    if not found:
        return None
    one = chance.choice(found)
    return text[: one.start()] + str(int(one.group()[:9]) + chance.randint(1, 9)) + text[one.end() :]


def turned_round(text: str) -> str | None:
    """Return the text with "not" put in or taken out; None where there is no place for it."""
    if re.search(r"\bnot\s", text):
        return re.sub(r"\bnot\s+", "", text, count=1)
    verb = re.search(r"\b(may|must|shall|should|will|can|is|are)\s", text)
    return None if verb is None else f"{text[: verb.end()]}not {text[verb.end() :]}"
