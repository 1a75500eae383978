"""What the multilingual pack brings: the development questions in other languages, without and with it.

Two small handbooks here; `python -m tests.benchmarks.languages` takes all four and about half an hour.
"""

import asyncio
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Iterator, Sequence
from pathlib import Path

from hrdesk.core.evaluations import Question
from hrdesk.documents.multilingual import available
from hrdesk.services.desk import Desk
from hrdesk.services.evaluation import read_questions
from tests.services.desk import desk_at

SHARED = Path(__file__).resolve().parents[3] / "shared" / "data"
SMALL, LARGE = ("clef", "opengov"), ("18f", "sourcegraph")
SHOWN = ("recall@1", "recall@5", "recall@10", "p50_ms", "p95_ms")


def measure(handbooks: Sequence[str] = SMALL) -> Iterator[str]:
    """Import handbooks and ask their questions before and after the pack has seen them."""
    if not available() or not SHARED.exists():
        yield "not measured: the multilingual pack or the shared test data is missing"
        return
    for handbook in handbooks:
        yield from asyncio.run(_lines(handbook))


async def _lines(handbook: str) -> list[str]:
    with tempfile.TemporaryDirectory() as folder:
        async with desk_at(Path(folder)) as desk:
            async for _ in desk.library.add([SHARED / "handbooks" / handbook]):
                pass
            await desk.library.vectors.complete()
            return [f"{handbook}: {line}" async for line in _compared(desk, handbook)]


async def _compared(desk: Desk, handbook: str) -> AsyncIterator[str]:
    asked = read_questions(SHARED / "qa" / "dev.jsonl", {"handbook": handbook})
    foreign = [one for one in asked if one.fields["lang"] != "en" and one.answerable]
    english = [one for one in asked if one.fields["lang"] == "en"]
    yield f"{len(foreign)} without the pack: {await _figures(desk, foreign)}"
    yield f"{len(english)} in English: {await _figures(desk, english)}"
    started = time.perf_counter()
    await desk.multilingual.fill()
    passages = (await desk.multilingual.coverage()).passages
    yield f"{passages} passages, {passages / (time.perf_counter() - started):.1f} a second"
    yield f"{len(foreign)} with the pack: {await _figures(desk, foreign)}"
    yield f"{len(english)} in English: {await _figures(desk, english)}"


async def _figures(desk: Desk, questions: list[Question]) -> str:
    figures = await desk.evaluation.evaluate(questions)
    return ", ".join(f"{name} {figures[name]}" for name in SHOWN)


if __name__ == "__main__":
    for line in measure((*SMALL, *LARGE)):
        sys.stdout.write(f"{line}\n")
        sys.stdout.flush()
