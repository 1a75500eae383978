"""A question in the words of the policies: what the company's own words in it stand for.

Words are compared by their stems, so that "PTOs" is found for "PTO". A synonym works both ways: people ask
in jargon what a policy says in full, and the other way round.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache

from hrdesk.core.synonyms import Synonym
from hrdesk.documents.words import stem, words

# What a synonym finds counts half of what the question's own words find: it is one more step away, and lists
# of synonyms at full weight were measured to do harm.
WEIGHT = 0.5
MOST = 5  # of them are searched for at once: a question that many synonyms fit says little by each
_WORD = re.compile(r"\w+")

Hits = Sequence[tuple[int, float]]


@dataclass(frozen=True, slots=True)
class Wording:
    """What a question means by the synonyms: `also` are searched for too, `text` has them put in."""

    question: str
    text: str
    also: tuple[str, ...] = ()

    @property
    def both(self) -> tuple[str, ...]:
        """The question, and its other wording where there is one."""
        return tuple(dict.fromkeys((self.question, self.text)))

    @property
    def expression(self) -> str:
        """The FTS5 expression that finds one of `also`, each as a phrase; "" for none."""
        return " OR ".join(f'"{" ".join(words(phrase))}"' for phrase in self.also)


def worded(question: str, synonyms: Iterable[Synonym]) -> Wording:
    """Return the other wording of a question; the same text and nothing else where no synonym fits."""
    places = [(match.start(), match.end(), stem(match.group().lower())) for match in _WORD.finditer(question)]
    there = frozenset(place[2] for place in places)
    fits: list[tuple[int, int, str]] = []
    for one in synonyms:
        sides = (
            (_place(one.term, places, there), one.meaning),
            (_place(one.meaning, places, there), one.term),
        )
        found = [(*place, other) for place, other in sides if place is not None]
        fits += found if len(found) == 1 else []  # a question that has both needs neither
    also = tuple(dict.fromkeys(other for _, _, other in fits))[:MOST]
    return Wording(question, _put_in(question, [fit for fit in fits if fit[2] in also]), also)


def vocabulary(synonyms: Iterable[Synonym]) -> frozenset[str]:
    """Return the words of all synonyms: what looks like a typing error may be jargon."""
    return frozenset(word for one in synonyms for side in (one.term, one.meaning) for word in _words(side))


def with_synonyms(hits: Hits, more: Hits) -> list[tuple[int, float]]:
    """Add what the synonyms found (passage id, BM25) to full-text hits, at `WEIGHT`; best first."""
    scores = dict(hits)
    for number, score in more:
        scores[number] = scores.get(number, 0.0) + WEIGHT * score
    return sorted(scores.items(), key=lambda hit: (-hit[1], hit[0]))


def _place(
    phrase: str, places: Sequence[tuple[int, int, str]], there: frozenset[str]
) -> tuple[int, int] | None:
    """Return where a phrase first stands among the words (start, end, stem) of a question.

    `there` are all stems of the question: few phrases begin with one of them.
    """
    wanted = _stems(phrase)
    if not wanted or wanted[0] not in there:
        return None
    for first in range(len(places) - len(wanted) + 1):
        if all(places[first + at][2] == one for at, one in enumerate(wanted)):
            return places[first][0], places[first + len(wanted) - 1][1]
    return None


# Every question is compared with every synonym; the words of those stay the same.
@lru_cache(maxsize=2_000)
def _words(phrase: str) -> tuple[str, ...]:
    return tuple(words(phrase))


@lru_cache(maxsize=2_000)
def _stems(phrase: str) -> tuple[str, ...]:
    return tuple(stem(word) for word in _words(phrase))


def _put_in(question: str, fits: Iterable[tuple[int, int, str]]) -> str:
    """Put other words in their places, from the end; of two that overlap the longer one counts."""
    taken: list[tuple[int, int, str]] = []
    for start, end, other in sorted(fits, key=lambda fit: fit[0] - fit[1]):
        if all(end <= first or last <= start for first, last, _ in taken):
            taken.append((start, end, other))
    for start, end, other in sorted(taken, reverse=True):
        question = f"{question[:start]}{other}{question[end:]}"
    return question
