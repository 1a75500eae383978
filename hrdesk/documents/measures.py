"""How good a search is: coverage of a gold quote, recall, nDCG, MRR, AUROC and percentiles.

A question is found by the first returned passage that covers enough of one of its gold quotes; the measures
take the ranks (from 1) of these passages, None where nothing was found.
"""

import html
import math
import re
from collections.abc import Sequence
from difflib import SequenceMatcher

RELEVANT = 0.6  # share of a gold quote that a passage must cover
_TAG = re.compile(r"</?[a-zA-Z][^<>]*>")
_LINK = re.compile(r"!?\[([^\]]*)\](?:\([^()]*(?:\([^()]*\)[^()]*)*\)|\[[^\]]*\])")
_WORD = re.compile(r"[^\W_]+")
_RUN = 2  # single words of a quote turn up anywhere


def covers(quote: str, passage: str) -> float:
    """Return the share (0..1) of the characters of `quote` that stand in `passage`, in order.

    Only letters and digits count: white space, punctuation and Markdown or HTML marks may differ, links
    count as their text. A quote that is not there as a whole is compared by runs of at least two words.
    """
    wanted, there = _words(quote), _words(passage)
    if not wanted:
        return 0.0
    if f" {' '.join(wanted)} " in f" {' '.join(there)} ":
        return 1.0
    blocks = SequenceMatcher(None, wanted, there, autojunk=False).get_matching_blocks()
    found = sum(
        len(word) for block in blocks if block.size >= _RUN for word in wanted[block.a :][: block.size]
    )
    return found / sum(map(len, wanted))


def _words(text: str) -> list[str]:
    plain = html.unescape(_TAG.sub(" ", _LINK.sub(r" \1 ", text)))
    return _WORD.findall(plain.casefold())


def recall(ranks: Sequence[int | None], depth: int) -> float:
    """Return the share of questions found among the first `depth` passages; 0 for no questions."""
    return sum(rank is not None and rank <= depth for rank in ranks) / len(ranks) if ranks else 0.0


def ndcg(ranks: Sequence[int | None], depth: int = 10) -> float:
    """Return the binary nDCG with one relevant passage: 1/log2(rank + 1), averaged over questions."""
    gains = [1 / math.log2(rank + 1) for rank in ranks if rank is not None and rank <= depth]
    return sum(gains) / len(ranks) if ranks else 0.0


def mrr(ranks: Sequence[int | None]) -> float:
    """Return the mean of 1/rank, 0 for questions that were not found."""
    return sum(1 / rank for rank in ranks if rank is not None) / len(ranks) if ranks else 0.0


def auroc(positives: Sequence[float], negatives: Sequence[float]) -> float | None:
    """Return the chance that a positive's score is above a negative's (ties count half), None without both.

    This is the Mann-Whitney form of the area under the ROC curve.
    """
    if not positives or not negatives:
        return None
    wins = sum((p > n) + 0.5 * (p == n) for p in positives for n in negatives)
    return wins / (len(positives) * len(negatives))


def percentile(values: Sequence[float], percent: float) -> float:
    """Return the smallest value that `percent` (0..100) of `values` do not exceed; 0 for no values."""
    if not values:
        return 0.0
    ordered = sorted(values)
    return ordered[max(0, math.ceil(percent / 100 * len(ordered)) - 1)]
