"""Offering another question when nothing was found: the policies' own words for words that they do not have.

Nothing is replaced without being asked, so this may be bolder than `spelling`: two slips in a longer word,
names too ("Maevn" for "Maven"). Words that the policies or the English language have are never touched: who
asks about plants does not mean plans.
"""

import re
from collections.abc import Container, Iterable, Mapping, Sequence
from typing import Protocol

from rapidfuzz.distance import OSA

from hrdesk.core.documents import DID_YOU_MEAN
from hrdesk.documents.words import STOP, words

_WORD = re.compile(r"[^\W\d_]+")
_SHORTEST = 4  # letters; shorter words have too many neighbours
_LONG = 8  # letters from which two slips are allowed
_TRIED = 8  # nearest stems whose words are looked up
_LONGEST = 40  # nobody means a longer word, and comparing takes time


class Vocabulary(Protocol):
    """The words of the policies, as `store.passages.PassageStore` knows them."""

    def document_frequencies(self, words: Iterable[str]) -> Mapping[str, int]:
        """Return in how many passages each word occurs."""

    def stems(self, start: str) -> Sequence[tuple[str, int]]:
        """Return the word stems that begin with `start`, with the number of their passages."""

    def text_with(self, stem: str) -> str:
        """Return the text of one passage that has this stem, "" if none has."""


def suggestion(question: str, vocabulary: Vocabulary, english: Container[str] = ()) -> str:
    """Return the question with near words of the policies instead of unknown ones, "" where none is near.

    `english` are common words of the language, see `spelling.english`.
    """
    typed = [
        match
        for match in _WORD.finditer(question)
        if _is_worth_it(match.group()) and match.group().lower() not in english
    ]
    counts = vocabulary.document_frequencies({match.group().lower() for match in typed})
    result = question
    for match in reversed(typed):
        word = match.group().lower()
        near = "" if counts[word] else _nearest(word, vocabulary)
        if near:
            near = near.capitalize() if match.group().istitle() else near
            result = result[: match.start()] + near + result[match.end() :]
    return "" if result == question else result


def notice(suggested: str) -> str:
    """Return the sentence that offers a question, "" for none."""
    return f"{DID_YOU_MEAN}{suggested}" if suggested else ""


def _is_worth_it(word: str) -> bool:
    return _SHORTEST <= len(word) <= _LONGEST and word.lower() not in STOP


def _nearest(word: str, vocabulary: Vocabulary) -> str:
    """Return the nearest word, among equals the commonest; the first letter is taken as right."""
    most = 2 if len(word) >= _LONG else 1
    stems = [
        (OSA.distance(word[: len(stem)], stem), -count, stem)
        for stem, count in vocabulary.stems(word[0])
        if len(stem) <= len(word) + most
    ]
    likely = sorted(one for one in stems if one[0] <= most + 1)[:_TRIED]  # the cut may cost one more
    found = [
        (OSA.distance(word, other, score_cutoff=most), fewer, other)
        for _, fewer, stem in likely
        for other in set(words(vocabulary.text_with(stem)))
        # A stem differs from its words in its last letter at most: "policy" is stored as "polici".
        if other.startswith(stem[:-1]) and other.isalpha()
    ]
    best = min((one for one in found if 0 < one[0] <= most), default=None)
    return best[2] if best else ""
