"""The verdict on a search: whether the passages found answer the question.

A wrong "yes" misleads and a wrong "no" hides a policy, so there are three outcomes: answered, closest (the
grey band: passages are shown, with a warning), not found. The decision is a logistic regression over a few
properties of the search. Where these leave it open, the best passage is read closely: how well it matches
the question word by word (`embedding`). That costs as much as a few queries, so it is done for the open cases
only: a third of the answerable questions. Without the encoder three properties of the words decide.

The constants below were fitted by `packaging/fit_verdict.py`, which says on what and how well they hold for
handbooks that were left out.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from hrdesk.core.documents import Outcome
from hrdesk.documents.ranking import Fused
from hrdesk.documents.words import query_words, stem, words

READ = 5  # passages in which the question's words are looked for
_GAP_RANK = 10
_MOST_WORDS = 8  # longer questions are not surer still


@dataclass(frozen=True, slots=True)
class Features:
    """What a verdict is taken from.

    `coverage` (0..1) is the share of the question's words, weighted by their rarity, in the best passage;
    `bm25` the best full-text score over the sum of these weights; `words` the logarithm (base 2) of one more
    than the number of words that carry meaning. `cosine` is the greatest cosine of a passage with the
    question and `gap` its distance to the tenth; both None without encoder. `match` is how well the best
    passage matches the question word by word, None while it has not been read closely.
    """

    coverage: float
    bm25: float
    words: float
    cosine: float | None = None
    gap: float | None = None
    match: float | None = None


@dataclass(frozen=True, slots=True)
class _Model:
    """Logistic regression: weights for the raw features, and the bounds of the grey band."""

    bias: float
    weights: Mapping[str, float]
    closest: float
    answered: float

    def confidence(self, features: Features) -> float:
        total = self.bias + sum(w * (getattr(features, name) or 0.0) for name, w in self.weights.items())
        return 1 / (1 + math.exp(-max(-50.0, min(50.0, total))))


OPEN = (0.1, 0.7)  # confidences that leave it open; a wider range costs time and gains little
# With each handbook left out of the fit the AUROC is .91 on the shared questions and .85 on our own, harder
# ones (without reading closely .88 and .83, without encoder .83 and .75). `closest` refuses less than a
# tenth of the answerable questions of either set (6 % and 9 %; of the others 40 % and 50 %); above
# `answered` lie 81 % and 68 %, and none and 14 %.
FUSED = _Model(
    bias=-8.918,
    weights={"coverage": 3.152, "words": 1.548, "cosine": 7.936, "gap": 2.419},
    closest=0.2,
    answered=0.6,
)
CLOSE = _Model(
    bias=-9.855,
    weights={"coverage": 1.353, "words": 1.864, "cosine": 6.043, "gap": 1.135, "match": 6.345},
    closest=0.2,
    answered=0.6,
)
LEXICAL = _Model(
    bias=-7.433, weights={"coverage": 3.006, "bm25": 1.826, "words": 2.146}, closest=0.2, answered=0.6
)


def features(
    question: str,
    lexical: Sequence[tuple[int, float]],
    fused: Sequence[Fused],
    texts: Sequence[str],
    frequencies: Mapping[str, int],
    passages: int,
) -> Features:
    """Measure a search.

    `lexical` are the full-text hits (id, BM25), `fused` all candidates best first, `texts` heading path and
    text of the best `READ` of them, `frequencies` in how many of the library's `passages` each word of
    `query_words(question)` occurs. Where the best candidate has no vector yet, words alone decide.
    """
    asked = query_words(question)
    rarity = {word: _rarity(frequencies.get(word, 0), passages) for word in asked}
    total = sum(rarity.values()) or 1.0
    cosines = sorted((c.cosine for c in fused if c.cosine is not None), reverse=True)
    if fused and fused[0].cosine is None:  # its vector is still to come; what others mean does not count
        cosines = []
    return Features(
        coverage=max((_covered(rarity, text) for text in texts[:READ]), default=0.0) / total,
        bm25=max((score for _, score in lexical), default=0.0) / total,
        words=math.log2(1 + min(len(asked), _MOST_WORDS)),
        cosine=cosines[0] if cosines else None,
        gap=cosines[0] - cosines[:_GAP_RANK][-1] if cosines else None,
    )


def _rarity(frequency: int, passages: int) -> float:
    """Inverse document frequency as in BM25 (Robertson and Zaragoza 2009), never negative."""
    return math.log(1 + max(0.0, passages - frequency + 0.5) / (frequency + 0.5))


def _covered(rarity: Mapping[str, float], text: str) -> float:
    there = {stem(word) for word in words(text)}
    return sum(value for word, value in rarity.items() if stem(word) in there)


def is_open(features: Features) -> bool:
    """Whether the best passage should be read closely before the verdict."""
    if features.cosine is None or features.match is not None:
        return False
    return OPEN[0] <= FUSED.confidence(features) <= OPEN[1]


def confidence(features: Features) -> float:
    """Return how likely an answer is (0..1).

    Reading closely decides within the open range only, so that the order of all questions
    stays one.
    """
    if features.match is None:
        return (LEXICAL if features.cosine is None else FUSED).confidence(features)
    return min(max(CLOSE.confidence(features), OPEN[0]), OPEN[1])


def judge(features: Features, *, found: bool = True, foreign: bool = False) -> tuple[Outcome, float]:
    """Return the outcome and the confidence (0..1) it is taken from.

    `found` is False when there is no candidate at all. A question in a `foreign` language (another than
    the library's) is never called answered: its words mean little to the index and the encoder.
    """
    if not found:
        return Outcome.NOT_FOUND, 0.0
    model = LEXICAL if features.cosine is None else FUSED
    sure = confidence(features)
    if sure < model.closest:
        return Outcome.NOT_FOUND, sure
    if sure < model.answered or foreign:
        return Outcome.CLOSEST, sure
    return Outcome.ANSWERED, sure
