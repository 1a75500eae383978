"""Hard files: the whole collection through the real window, each compared with the end state it should have.

Printed are the wrong states, the share of files with text that was found for every kind, the memory of the
children, the longest time the window's thread was away, and the time for all. It takes some minutes.
`python -m tests.benchmarks files` needs the shared data and Linux.
"""

import asyncio
import os
import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from hrdesk import app
from hrdesk.core.documents import LibraryFile
from hrdesk.services.desk import Desk
from hrdesk.store.documents import DocumentStore
from hrdesk.system.paths import Paths
from hrdesk.system.settings import Settings
from hrdesk.ui.loop import QEventLoop
from tests.benchmarks.children import ChildWatch, descendants
from tests.benchmarks.smoothness import described, probe, window_at
from tests.documents.hard_files import HardFile, correct, hard_files, has_text
from tests.shared_data import FOLDER

MEGABYTE = 2**20
AIMS = {"pdf": 0.93, "docx": 1.0, "odt": 0.94, "pptx": 0.94}
ALL_SECONDS = 300
LEAVING_SECONDS = 3.0


@dataclass(frozen=True, slots=True)
class Ended:
    """A hard file, the row it became, and the characters that were stored for it."""

    hard: HardFile
    row: LibraryFile
    characters: int

    @property
    def is_ready(self) -> bool:
        """Whether its text can be searched."""
        return self.row.state.is_searchable


def measure() -> Iterator[str]:
    """Import the collection in an offscreen window and yield what is worth knowing."""
    folder = FOLDER / "files"
    if not folder.exists():
        yield "the shared files are not beside this checkout"
        return
    with tempfile.TemporaryDirectory() as data, QEventLoop(app.application(Settings())) as loop:
        yield from loop.run_until_complete(_measure(Paths.at(Path(data) / "data"), folder))


async def _measure(paths: Paths, folder: Path) -> list[str]:
    gaps: list[float] = []
    async with window_at(paths) as (window, desk):
        timer = probe(gaps)
        ended = asyncio.Event()
        window.library.presenter.imports.ended.connect(lambda _: ended.set())
        started, processor = time.monotonic(), _processor_seconds()
        with ChildWatch() as watch:
            window.add_files([folder])
            await ended.wait()
        seconds = time.monotonic() - started
        timer.stop()
        files = await asyncio.to_thread(_ended, desk, folder)
    used = _processor_seconds() - processor
    load = f"load {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores"
    return [
        *states(files),
        *shares(files),
        described("window at work", gaps),
        *(
            f"{name}: at most {most / MEGABYTE:.0f} MB"
            for name, most in sorted(watch.largest_of_all().items())
        ),
        f"{len(await left_over())} processes left over",
        f"all in {seconds:.0f} s (aim {ALL_SECONDS}), {used:.0f} s of processor time; {load}",
    ]


def _ended(desk: Desk, folder: Path) -> list[Ended]:
    store = DocumentStore(desk.database)
    rows = {row.file: row for row in store.files()}
    ended = []
    for hard in hard_files(folder):
        row = rows[hard.path]
        pages = store.pages(row.sha256) if row.sha256 and row.state.is_searchable else ()
        ended.append(Ended(hard, row, sum(len(page.text) for page in pages)))
    return ended


def states(files: Sequence[Ended]) -> Iterator[str]:
    """Say how many files ended as they should, and name those that did not."""
    wrong = [one for one in files if one.row.state not in correct(one.hard)]
    for one in wrong:
        right = " or ".join(sorted(correct(one.hard)))
        yield f"WRONG {one.hard.path} ({one.hard.hard}): {one.row.state}/{one.row.reason}, should be {right}"
    yield f"{len(files) - len(wrong)} of {len(files)} files ended as they should"


def shares(files: Sequence[Ended]) -> Iterator[str]:
    """Say of each kind how many of the files with text were read, and how much of the text."""
    for kind in dict.fromkeys(one.hard.kind for one in files):
        with_text = [one for one in files if one.hard.kind == kind and has_text(one.hard)]
        ready = [one for one in with_text if one.is_ready]
        if not with_text:
            continue
        full = sum(one.characters >= 0.8 * min(one.hard.best, _middle(one.hard)) for one in ready)
        aim = f" (aim {AIMS[kind]:.0%})" if kind in AIMS else ""
        share = len(ready) / len(with_text)
        yield (
            f"{kind}: {len(ready)} of {len(with_text)} files with text read, {share:.1%}{aim}; "
            f"{full} with at least 80 % of the text that half of the readers find"
        )


def _middle(hard: HardFile) -> int:
    counts = sorted(count for count in hard.found.values() if count is not None)
    return counts[len(counts) // 2]


async def left_over() -> list[int]:
    """Return the processes that are still there a moment after all was closed."""
    end = time.monotonic() + LEAVING_SECONDS
    while (left := descendants()) and time.monotonic() < end:
        await asyncio.sleep(0.1)
    return left


def _processor_seconds() -> float:
    times = os.times()
    return times.user + times.system + times.children_user + times.children_system
