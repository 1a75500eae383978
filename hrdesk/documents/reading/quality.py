"""Whether the text of a page can be read by people: pages of noise must never reach the index.

Two kinds of noise are real: fonts without a map to characters (controls, private codes, replacement signs),
and type that was set letter by letter ("N O TI C E"), of which no word can be found.
"""

import re

FEW = 25  # visible characters below which a page is not judged
MAX_BAD = 0.05  # "pages with more than 5 % control characters are always flagged"
MIN_WORDS = 30
MAX_SINGLE = 0.5
MIN_LETTERS = 8  # different ones: a table of crosses is no noise

# PDFium's marks for hyphens at line ends (U+0002, U+FFFE) are no noise.
_BAD = re.compile("[\x00\x01\x03-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\ufffd\ue000-\uf8ff]")
_WORD = re.compile(r"[^\W\d_]+")
_SPACE = re.compile(r"\s+")


def is_noise(text: str) -> bool:
    """Whether a page's text is mostly not what people see on the page."""
    visible = len(_SPACE.sub("", text))
    if visible < FEW:
        return False
    # Signs that stand alone are bullets and icons, whatever their codes.
    bad = _BAD.search(text) and sum(len(_BAD.findall(word)) for word in text.split() if len(word) > 2)
    return (bad or 0) > MAX_BAD * visible or _is_spaced_out(text)


def _is_spaced_out(text: str) -> bool:
    """Whether most words of a page are single letters; only of scripts that write words in letters."""
    words = [word for word in _WORD.findall(text) if word[0] < "\u0590"]
    single = [word.casefold() for word in words if len(word) == 1]
    return (
        len(words) >= MIN_WORDS and len(single) > MAX_SINGLE * len(words) and len(set(single)) >= MIN_LETTERS
    )
