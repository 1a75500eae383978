"""Judging passages that another index found: only their texts are known, so words alone decide.

Chunks of hosted indexes are several times as long as our passages and hold more of any question's words.
They are judged by windows of our own size, so that the verdict means the same as for the own search.
"""

import math
from collections import Counter
from collections.abc import Mapping, Sequence

from hrdesk.core.documents import Outcome
from hrdesk.documents import languages, verdict
from hrdesk.documents.answering import sentences
from hrdesk.documents.words import query_words, stem, words

WINDOW = 900  # characters, as our passages have
_K1, _B, _USUAL_LENGTH = 1.2, 0.75, 150.0  # BM25 as in SQLite FTS5; a usual passage in words


def judge(
    question: str, texts: Sequence[str], frequencies: Mapping[str, int], passages: int
) -> tuple[Outcome, float]:
    """Return whether the `texts` found answer the question, and how sure that is (0..1).

    `frequencies` and `passages` are those of the own library (see `verdict.features`): they tell which words
    are rare. Without a library nothing can be said but "closest".
    """
    if not texts:
        return Outcome.NOT_FOUND, 0.0
    if not passages:
        return Outcome.CLOSEST, 0.5
    asked = query_words(question)
    pieces = [piece for text in texts for piece in windows(text)]
    scored = sorted(
        ((_bm25(asked, piece, frequencies, passages), number) for number, piece in enumerate(pieces)),
        key=lambda one: -one[0],
    )
    lexical = [(number, score) for score, number in scored if score > 0]
    best = [pieces[number] for _, number in scored[: verdict.READ]]
    features = verdict.features(question, lexical, (), best, frequencies, passages)
    return verdict.judge(features, foreign=bool(languages.notice(question, languages.of_library(texts))))


def coverage(question: str, text: str) -> float:
    """Return the share (0..1) of the question's words of meaning that a text has."""
    asked = {stem(word) for word in query_words(question)}
    return len(asked & {stem(word) for word in words(text)}) / len(asked) if asked else 0.0


def windows(text: str) -> list[str]:
    """Cut a text at its sentences into pieces of about `WINDOW` characters."""
    pieces: list[str] = []
    start = 0
    for first, last in sentences(text):
        if last - start > WINDOW and first > start:
            pieces.append(text[start:first])
            start = first
    return [piece for piece in [*pieces, text[start:]] if piece.strip()]


def _bm25(asked: Sequence[str], text: str, frequencies: Mapping[str, int], passages: int) -> float:
    """The score FTS5 would give (Robertson and Zaragoza 2009, with k1 = 1.2 and b = 0.75)."""
    there = Counter(stem(word) for word in words(text))
    length = _K1 * (1 - _B + _B * there.total() / _USUAL_LENGTH)
    return sum(
        _rarity(frequencies.get(word, 0), passages) * count * (_K1 + 1) / (count + length)
        for word in asked
        if (count := there[stem(word)])
    )


def _rarity(frequency: int, passages: int) -> float:
    return max(1e-6, math.log((passages - frequency + 0.5) / (frequency + 0.5)))
