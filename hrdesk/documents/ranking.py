"""Ranking passages: words and meaning, each brought to 0..1 and added with fixed weights.

Full-text scores come from SQLite FTS5 (BM25), cosines from the encoder. The weights .3 and .7 and the two
normalisations were measured on four public HR handbooks; they are flat around these values, and the same
without any one of the handbooks (`packaging/fit_ranking.py`).

A passage whose vector is still to come is taken to mean as much as its words say: its score is that of its
words. So a library without vectors is ranked by words alone, and each vector that comes moves one passage.
Measured with the vectors of a part of the documents taken away (R@5 with a tenth, a half and nine tenths of
them; by words alone .73): no meaning at all .87, .60, .53; the mean of the other hits .87, .75, .70; a line
fitted through them .89, .78, .68; as their words .89, .81, .74.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from hrdesk.documents.matrix import Matrix
from hrdesk.documents.words import STOP, query_words

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    Vector = npt.NDArray[np.float32]

__all__ = ["STOP", "Fused", "Matrix", "fuse", "match_expression", "query_words"]

LEXICAL_WEIGHT = 0.3
VECTOR_WEIGHT = 0.7
DEPTH = 100  # candidates taken from each of the two lists


@dataclass(frozen=True, slots=True)
class Fused:
    """A candidate: `lexical` and `vector` are normalised (0..1), `cosine` raw; both None without encoder."""

    passage_id: int
    score: float
    lexical: float
    vector: float | None = None
    cosine: float | None = None


def match_expression(question: str) -> str:
    """Return the FTS5 expression for a question: its content words, quoted, joined by OR; "" for no words."""
    return " OR ".join(f'"{word}"' for word in query_words(question))


def fuse(
    lexical: Sequence[tuple[int, float]],
    matrix: Matrix | None,
    cosines: "Vector | None",
    allowed: set[int] | None = None,
    limit: int = DEPTH,
) -> list[Fused]:
    """Merge full-text hits (passage id, score; higher is better) and cosines into one list, best first.

    `allowed` are the version numbers that may be found, None for all; the hits are taken as already limited
    to them. Without cosines the full-text order stands alone. Passages without a vector have no cosine.
    """
    hits = _spread(lexical[:DEPTH])
    if matrix is None or cosines is None or not len(matrix):
        found = [Fused(number, score, score) for number, score in hits.items()]
    else:
        found = _merge(hits, matrix, cosines, allowed)
    return sorted(found, key=lambda fused: (-fused.score, fused.passage_id))[:limit]


def _spread(lexical: Sequence[tuple[int, float]]) -> dict[int, float]:
    """Min-max over the hits; a single hit is the best and gets 1."""
    if not lexical:
        return {}
    scores = [score for _, score in lexical]
    low, high = min(scores), max(scores)
    if high <= low:
        return {number: 1.0 for number, _ in lexical}
    return {number: (score - low) / (high - low) for number, score in lexical}


def _merge(
    hits: dict[int, float], matrix: Matrix, cosines: "Vector", allowed: set[int] | None
) -> list[Fused]:
    import numpy as np

    rows = matrix.visible(allowed)
    if not len(rows):
        return [Fused(number, score, score) for number, score in hits.items()]
    seen = cosines[rows]
    middle, top = float(np.median(seen)), float(seen.max())
    spread = max(top - middle, 1e-6)
    nearest = rows[np.argpartition(-seen, min(DEPTH, len(seen)) - 1)[:DEPTH]]
    numbers = list(dict.fromkeys([*hits, *matrix.ids[nearest].tolist()]))
    places = matrix.rows(numbers)
    found = []
    for number, place, cosine in zip(numbers, places.tolist(), cosines[places].tolist(), strict=True):
        words = hits.get(number, 0.0)
        if place < 0:
            found.append(Fused(number, words, words))
            continue
        meaning = 1.0 if cosine >= top else max(0.0, (cosine - middle) / spread)
        score = LEXICAL_WEIGHT * words + VECTOR_WEIGHT * meaning
        found.append(Fused(number, score, words, meaning, cosine))
    return found
