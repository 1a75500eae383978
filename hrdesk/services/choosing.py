"""Choosing the sentences that answer, with the encoder for meaning and plain words where it is missing."""

from collections.abc import Sequence
from typing import Any

from hrdesk.core.documents import Quote
from hrdesk.services.encoder import Encoder

READ = 4  # passages whose sentences are weighed: the best ones nearly always hold the answer
QUOTES = 3  # sentences quoted: with three the answer is among them in about three of four cases


class EncodedChooser:
    """Weighs sentences by meaning, shared words and the passage's score."""

    def __init__(self, encoder: Encoder) -> None:
        self._encoder = encoder

    async def choose(self, question: str, passages: Sequence[dict[str, Any]]) -> Sequence[Quote]:
        """Return the best sentences, best first."""
        raise NotImplementedError
