"""Choosing the sentences that answer, with the encoder for meaning and plain words where it is missing."""

import asyncio
from collections.abc import Sequence
from typing import Any

from hrdesk.core.documents import Quote
from hrdesk.documents.answering import Candidate, choose, encodable, matchable
from hrdesk.documents.embedding import DIMENSIONS
from hrdesk.services.encoder import Encoder, numbers

READ = 6  # passages whose sentences are weighed: all that a lookup returns; four lose 1 answer of a hundred
QUOTES = 3  # sentences quoted: with three the answer is among them in about four of five cases


class EncodedChooser:
    """Weighs sentences by meaning, shared words and the passage's score."""

    def __init__(self, encoder: Encoder) -> None:
        self._encoder = encoder

    async def choose(self, question: str, passages: Sequence[dict[str, Any]]) -> Sequence[Quote]:
        """Return the best sentences, best first."""
        weighed = [
            Candidate(str(p["id"]), str(p["section"]), str(p["text"]), float(p["score"]))
            for p in passages[:READ]
        ]
        vectors = await self._encoder.vectors([question, *encodable(weighed)])
        cosines = None if vectors is None else _cosines(vectors)
        matched = await self._encoder.matches(question, matchable(weighed))
        matches = None if matched is None else numbers(matched)
        return await asyncio.to_thread(choose, question, weighed, cosines, matches, QUOTES)


def _cosines(vectors: bytes) -> list[float]:
    """Return the cosines of the first vector with all others; they have length 1."""
    import numpy as np

    rows = np.frombuffer(vectors, "<f4").reshape(-1, DIMENSIONS)
    return [float(cosine) for cosine in rows[1:] @ rows[0]]
