"""Importing the HR PDFs without embedding, against bare text extraction by pypdfium2; and what it holds in memory.

Bare is every page's text, in this process, thrown away. Ours is all that a person waits for: copying, child
processes with limits, lines and blocks with their places, passages, and the store on disk.
"""

import asyncio
import statistics
import time
from collections.abc import Iterator
from pathlib import Path

HR_DOCUMENTS = Path(__file__).parents[3] / "shared" / "data" / "hrdocs"
REPEATS = 3
MANY_PAGES = 10_000
_LOOK_SECONDS = 0.05


def measure() -> Iterator[str]:
    """Yield pages a second of both, the ratio of the speeds, and the largest memory."""
    files = sorted(one for one in HR_DOCUMENTS.glob("*.pdf") if not one.name.endswith(".scan.pdf"))
    if not files:
        yield "skipped: the HR documents are not here"
        return
    repeats, pages = [], 0
    for _ in range(REPEATS):
        started = time.perf_counter()
        pages = sum(_bare(file) for file in files)
        bare = time.perf_counter() - started
        with _memory() as memory:
            repeats.append((asyncio.run(_import(files)), bare, memory))
    ratios = sorted(bare / ours for ours, bare, _ in repeats)
    spread = f"{ratios[0]:.2f}/{statistics.median(ratios):.2f}/{ratios[-1]:.2f}"
    ours, bare = (pages / statistics.median(each[way] for each in repeats) for way in (0, 1))
    yield f"{ours:.0f} pages a second, bare {bare:.0f}, ratio {spread} (min/median/max)"
    yield f"HR PDFs: {_told(repeats[-1][2])}"
    yield from _large()
