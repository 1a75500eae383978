"""The encoder process: sentence vectors for import and for queries, from one child started at first need."""

import asyncio
import struct
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

from hrdesk.core.errors import ChildStopped
from hrdesk.documents import embedding
from hrdesk.system.workers import TRUSTED, ChildProcess

Matched = tuple[str, Sequence[tuple[int, int]]]
"""A text and the ranges of its characters that are matched with a question."""

_BATCH = 8  # a query waits for at most one batch of an import: 0.2 s on an idle computer
_SECONDS = 60.0  # a batch takes well under a second; the first one also loads the model
LEXICAL_ONLY = (
    "The language model for searching by meaning is missing: hrdesk searches by words only. "
    "Reinstall hrdesk to mend this."
)


class Encoder:
    """Vectors of texts. `folder` holds the model's files; without them every answer is None."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._child = ChildProcess("hrdesk.documents.embedding:handle", TRUSTED)
        self._pool = ThreadPoolExecutor(max_workers=1, thread_name_prefix="encoder")
        self.available = embedding.model_available(folder)

    async def vectors(self, texts: Sequence[str]) -> bytes | None:
        """Return the L2-normalised vectors of `texts`, float32 little endian, or None without a model.

        Long lists are sent in small batches, and others are let in between. Raises `ChildStopped`.
        """
        if not self.available:
            return None
        batches = [texts[start : start + _BATCH] for start in range(0, len(texts), _BATCH)]
        return b"".join([await self._ask(batch, len(batch) * embedding.DIMENSIONS) for batch in batches])

    async def matches(self, question: str, passages: Sequence[Matched]) -> bytes | None:
        """Return how well each range matches the question, float32 little endian, or None without a model.

        Others are let in after each passage. Raises `ChildStopped`.
        """
        if not self.available:
            return None
        return b"".join(
            [
                await self._ask([text], len(ranges), question=question, ranges=[list(ranges)])
                for text, ranges in passages
            ]
        )

    async def _ask(self, texts: Sequence[str], numbers: int, **more: Any) -> bytes:
        message = {"texts": list(texts), "folder": str(self.folder), **more}
        # One thread, so that a request nobody waits for any more still ends before the next begins.
        asked = self._pool.submit(self._child.request, message, seconds=_SECONDS)
        _, payload = await asyncio.wrap_future(asked)
        if len(payload) != numbers * 4:
            raise ChildStopped("protocol", "The encoder gave an answer of the wrong size.")
        return payload

    async def aclose(self) -> None:
        """End the encoder process."""
        await asyncio.to_thread(self._child.close)
        self._pool.shutdown(wait=False, cancel_futures=True)


def numbers(payload: bytes) -> list[float]:
    """Return what `matches` gave as numbers."""
    return [number for (number,) in struct.iter_unpack("<f", payload)]
