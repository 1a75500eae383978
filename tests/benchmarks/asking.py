"""Asking: a whole run at 10,000 passages, against the bare full-text query and matrix product."""

import asyncio
import random
import statistics
import tempfile
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import numpy as np

from hrdesk.bootstrap import open_desk
from hrdesk.core.documents import (
    Block,
    BlockKind,
    FileState,
    LibraryFile,
    Page,
    PassageText,
    ReadDocument,
    Span,
)
from hrdesk.core.runs import MessageCompleted
from hrdesk.documents import ranking
from hrdesk.documents.embedding import DIMENSIONS, pack, unpack
from hrdesk.services.desk import Desk
from hrdesk.store.documents import DocumentStore
from hrdesk.store.passages import PassageStore
from hrdesk.system.paths import Paths

PASSAGES, A_DOCUMENT = 10_000, 500
QUESTIONS = 40
WORDS = (
    "leave sick travel expense hotel pension manager approval days months salary notice contract overtime "
    "remote equipment training holiday parental doctor certificate balance carry week hours policy employee "
    "benefit insurance claim form grievance conduct probation transfer relocation bonus review mentor"
).split()


def measure() -> Iterator[str]:
    """Yield times of whole runs and of the bare search under them."""
    with tempfile.TemporaryDirectory() as folder:
        yield from asyncio.run(_measure(Path(folder)))


async def _measure(folder: Path) -> list[str]:
    chance = random.Random(1)
    desk = open_desk(Paths.at(folder), encrypt=False)
    try:
        await desk.store(_fill, desk, chance)
        asked = [f"How many {' '.join(chance.choices(WORDS, k=5))}?" for _ in range(QUESTIONS)]
        await _ask(desk, asked[0])  # starts the encoder, loads the matrix
        runs = [await _ask(desk, question) for question in asked]
        searches = [(await desk.policy.search(question)).milliseconds for question in asked]
        bare = await desk.store(_bare, desk, asked)
    finally:
        await desk.close()
    ratio = _p(searches, 50) / _p(bare, 50)
    return [
        f"ask at {PASSAGES:,} passages: p50 {_p(runs, 50):.0f} ms, p95 {_p(runs, 95):.0f} ms",
        f"search: p50 {_p(searches, 50):.1f} ms, p95 {_p(searches, 95):.1f} ms, {ratio:.2f} of the bare one",
        f"bare full-text query and matrix product: p50 {_p(bare, 50):.1f} ms",
    ]


def _fill(desk: Desk, chance: random.Random) -> None:
    vectors = np.random.default_rng(1).normal(size=(A_DOCUMENT, DIMENSIONS)).astype("<f4")
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    packed = pack(vectors.tobytes())
    documents = DocumentStore(desk.database)
    for number in range(PASSAGES // A_DOCUMENT):
        texts = [" ".join(chance.choices(WORDS, k=70)) + "." for _ in range(A_DOCUMENT)]
        pages = tuple(Page(n, 595, 842, text) for n, text in enumerate(texts, 1))
        passages = [
            PassageText(f"Policy {number} > Section {n}", text, (Span(n, 0, len(text)),))
            for n, text in enumerate(texts, 1)
        ]
        read = ReadDocument(f"Policy {number}", (Block(BlockKind.PARAGRAPH, texts[0]),), pages)
        name = f"policy-{number}.pdf"
        file = LibraryFile(
            f"file_{number}", name, name, FileState.INDEXED, "ok", "", sha256=f"{number:064x}",
            added_at=datetime.now(UTC),
        )  # fmt: skip
        documents.publish(file, read, passages, packed, None)


async def _ask(desk: Desk, question: str) -> float:
    started = time.perf_counter()
    async for event in desk.chat.ask(question):
        if isinstance(event, MessageCompleted):
            return (time.perf_counter() - started) * 1000
    raise AssertionError("no answer")


def _bare(desk: Desk, asked: list[str]) -> list[float]:
    passages = PassageStore(desk.database)
    rows = unpack(passages.vectors()[2])
    query = np.ones(DIMENSIONS, "<f4") / np.sqrt(DIMENSIONS)
    times = []
    for question in asked:
        started = time.perf_counter()
        passages.lexical(ranking.match_expression(question))
        rows @ query
        times.append((time.perf_counter() - started) * 1000)
    return times


def _p(times: list[float], percent: int) -> float:
    return statistics.quantiles(times, n=100)[percent - 1]
