"""Searching 10,000, 100,000 and 200,000 passages, against the bare full-text query and matrix product.

The bare work is one SQL statement and one product of float32; the search adds the versions in force, fusion,
the verdict, and the passages themselves. The encoder's time is in neither: questions come with a vector.
Every question is asked in both ways, one after the other, so that other work on the computer meets both.
"""

import asyncio
import resource
import statistics
import struct
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from hrdesk.documents import ranking
from hrdesk.documents.embedding import unpack
from hrdesk.services.corpus import Corpus
from hrdesk.services.encoder import Matched
from hrdesk.services.searching import PolicySearch
from hrdesk.services.store_thread import StoreThread
from hrdesk.store.database import Database
from hrdesk.store.documents import DocumentStore
from hrdesk.store.passages import PassageStore
from hrdesk.store.synonyms import SynonymStore
from tests.benchmarks import synthetic
from tests.services.fakes import no_pack

SIZES = (10_000, 100_000, 200_000)
QUESTIONS, REPEATS = 40, 3


_GOOD = struct.pack("<f", 0.9)


class _Encoder:
    """Hands out the vectors it was given, in turn."""

    available = True
    folder = Path("nowhere")

    def __init__(self, vectors: Sequence[bytes]) -> None:
        self._vectors, self._asked = vectors, 0

    async def vectors(self, texts: Sequence[str]) -> bytes:
        self._asked += 1
        return self._vectors[self._asked % len(self._vectors)]

    async def matches(self, question: str, passages: Sequence[Matched]) -> bytes:
        """Everything matches: reading closely is the encoder's time, and most questions find something."""
        return b"".join(_GOOD * len(ranges) for _, ranges in passages) if question else b""


def measure() -> Iterator[str]:
    """Yield the times of both and their ratio, for each size."""
    for size in SIZES:
        yield from asyncio.run(_measure(size))


async def _measure(size: int) -> list[str]:
    database, store = Database.open(synthetic.library(size).database), StoreThread()
    documents, passages = DocumentStore(database), PassageStore(database)
    encoder: Any = _Encoder(synthetic.query_vectors(QUESTIONS))
    search = PolicySearch(
        store, documents, passages, SynonymStore(database), encoder, no_pack(store, database)
    )
    before = _megabytes()
    started = time.perf_counter()
    await search.search("warm up")
    loading = time.perf_counter() - started
    memory = _megabytes() - before
    rows = unpack(passages.vectors()[2])
    repeats = []
    try:
        for repeat in range(REPEATS):
            asked = synthetic.questions(QUESTIONS, seed=10 + repeat)
            ours, bare = [], []
            for question in asked:
                bare.append(await store(_bare, passages, rows, question))
                ours.append((await search.search(question)).milliseconds)
            repeats.append((ours, bare))
        within = await store(_within, Corpus(documents, passages), asked)
    finally:
        await store.aclose(database.close)
    return [
        f"{size:,} passages: {_both('p50', 50, repeats)}",
        f"{size:,} passages: {_both('p95', 95, repeats)}",
        f"{size:,} passages: first search {loading:.1f} s, {memory:.0f} MB; words in a tenth {within:.0f} ms",
    ]


def _both(name: str, percent: int, repeats: Sequence[tuple[list[float], list[float]]]) -> str:
    ratios = sorted(_p(ours, percent) / _p(bare, percent) for ours, bare in repeats)
    ours, bare = (statistics.median(_p(each[way], percent) for each in repeats) for way in (0, 1))
    spread = f"{ratios[0]:.2f}/{statistics.median(ratios):.2f}/{ratios[-1]:.2f}"
    return f"search {name} {ours:.1f} ms, bare {bare:.1f} ms, ratio {spread} (min/median/max)"


def _bare(passages: PassageStore, rows: npt.NDArray[np.float32], question: str) -> float:
    vector = np.ones(rows.shape[1], np.float32)
    started = time.perf_counter()
    passages.lexical(ranking.match_expression(question))
    rows @ vector
    return (time.perf_counter() - started) * 1000


def _within(corpus: Corpus, asked: Sequence[str]) -> float:
    """Return how long the full-text query takes when only every tenth version is allowed (p50)."""
    corpus.refresh()
    last = corpus.passages // synthetic.A_DOCUMENT
    allowed, times = set(range(1, last + 1, 10)), []
    for question in asked:
        started = time.perf_counter()
        corpus.lexical(ranking.match_expression(question), allowed)
        times.append((time.perf_counter() - started) * 1000)
    return _p(times, 50)


def _megabytes() -> float:
    """Return the memory in use now (Linux)."""
    return int(Path("/proc/self/statm").read_text().split()[1]) * resource.getpagesize() / 2**20


def _p(times: list[float], percent: int) -> float:
    return statistics.quantiles(times, n=100)[percent - 1]
