"""The verdict on a search: whether the passages found answer the question.

A wrong "yes" misleads and a wrong "no" hides a policy, so there are three outcomes: answered, closest (the
grey band: passages are shown, with a warning), not found. The decision is a logistic regression over five
properties of the search; without the encoder, over three. The constants below were fitted by
`packaging/fit_verdict.py`, which says on what and how well they hold for handbooks that were left out.
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
    question and `gap` its distance to the tenth; both None without encoder.
    """

    coverage: float
    bm25: float
    words: float
    cosine: float | None = None
    gap: float | None = None


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


# With each handbook left out of the fit the AUROC is .87 (without encoder .81). Below `closest` lie 7 % (9 %)
# of the answerable questions and a third to a half of the others; above `answered` 75 % (69 %) and about 14 %
# (18 %) of them.
FUSED = _Model(
    bias=-9.521,
    weights={"coverage": 1.063, "bm25": 1.49, "words": 2.243, "cosine": 4.4, "gap": 5.379},
    closest=0.25,
    answered=0.55,
)
LEXICAL = _Model(
    bias=-8.092, weights={"coverage": 0.828, "bm25": 3.135, "words": 2.429}, closest=0.25, answered=0.6
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


def judge(features: Features, *, found: bool = True, foreign: bool = False) -> tuple[Outcome, float]:
    """Return the outcome and the confidence (0..1) it is taken from.

    `found` is False when there is no candidate at all. A question in a `foreign` language (another than
    the library's) is never called answered: its words mean little to the index and the encoder.
    """
    if not found:
        return Outcome.NOT_FOUND, 0.0
    model = LEXICAL if features.cosine is None else FUSED
    confidence = model.confidence(features)
    if confidence < model.closest:
        return Outcome.NOT_FOUND, confidence
    if confidence < model.answered or foreign:
        return Outcome.CLOSEST, confidence
    return Outcome.ANSWERED, confidence
