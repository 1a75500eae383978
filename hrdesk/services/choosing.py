"""Choosing the sentences that answer, with the encoder for meaning and plain words where it is missing."""

import asyncio
from collections.abc import Sequence
from typing import Any

from hrdesk.core.documents import Quote
from hrdesk.documents import languages
from hrdesk.documents.answering import Candidate, choose, encodable, matchable
from hrdesk.services.encoder import Encoder, numbers
from hrdesk.services.multilingual import MultilingualPack

READ = 6  # passages whose sentences are weighed: all that a lookup returns; four lose 1 answer of a hundred
QUOTES = 3  # sentences quoted: with three the answer is among them in about four of five cases


class EncodedChooser:
    """Weighs sentences by meaning, shared words and the passage's score."""

    def __init__(self, encoder: Encoder, pack: MultilingualPack) -> None:
        self._encoder = encoder
        self._pack = pack

    async def choose(self, question: str, passages: Sequence[dict[str, Any]]) -> Sequence[Quote]:
        """Return the best sentences, best first."""
        weighed = [
            Candidate(str(p["id"]), str(p["section"]), str(p["text"]), float(p["score"]))
            for p in passages[:READ]
        ]
        texts = [question, *encodable(weighed)]
        vectors, matches = None, None
        # The encoder knows English only; the pack, where it is there, also the language of the question.
        if languages.language(question) != languages.ENCODED:
            vectors = await self._pack.vectors(texts)
        elif (matched := await self._encoder.matches(question, matchable(weighed))) is not None:
            matches = numbers(matched)
        vectors = vectors or await self._encoder.vectors(texts)
        cosines = None if vectors is None else _cosines(vectors, len(texts))
        return await asyncio.to_thread(choose, question, weighed, cosines, matches, QUOTES)


def _cosines(vectors: bytes, count: int) -> list[float]:
    """Return the cosines of the first of `count` vectors with all others; they have length 1."""
    import numpy as np

    rows = np.frombuffer(vectors, "<f4").reshape(count, -1)
    return [float(cosine) for cosine in rows[1:] @ rows[0]]
