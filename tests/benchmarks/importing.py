"""A big drop: how long the window's thread is ever away while thousands of files wait and hundreds are read.

2,000 small files are dropped at once into the real window with the library in sight; the import is cancelled
after 500 were read, which is measured too. The probe is that of `smoothness`; on a busy machine the window
also waits for its turn, which the figure for its own work leaves out.
"""

import asyncio
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from hrdesk import app
from hrdesk.system.paths import Paths
from hrdesk.system.settings import Settings
from hrdesk.ui.loop import QEventLoop
from hrdesk.ui.window import LIBRARY
from tests.benchmarks.smoothness import described, probe, window_at

DROPPED, READ = 2_000, 500


def measure() -> Iterator[str]:
    """Yield the gaps while files are queued, read and dropped, and how fast they are."""
    with tempfile.TemporaryDirectory() as folder:
        drop = Path(folder) / "drop"
        drop.mkdir()
        for number in range(DROPPED):
            (drop / f"rule {number:04}.txt").write_text(f"Rule {number}\n\nRule {number} is for all staff.\n")
        with QEventLoop(app.application(Settings())) as loop:
            yield from loop.run_until_complete(_measure(Paths.at(Path(folder) / "data"), drop))


async def _measure(paths: Paths, drop: Path) -> list[str]:
    gaps: list[float] = []
    work: list[float] = []
    lines: list[str] = []
    async with window_at(paths) as (window, _):
        window.show_page(LIBRARY)
        timer = probe(gaps, work)
        counts = window.library.presenter.model

        async def phase(
            name: str, over: "asyncio.Event | None" = None, files: int = 0, read: int = 0
        ) -> None:
            begun = time.monotonic()
            while not (over.is_set() if over else counts.rowCount() >= files and counts.counts.ready >= read):
                await asyncio.sleep(0.02)
            seconds = time.monotonic() - begun
            own = f"own work at one go {max(work):.0f} ms"
            lines.append(f"{described(name, gaps)}, {own} ({seconds:.1f} s; aim: longest 100)")
            gaps.clear()
            work.clear()

        window.add_files([drop])
        await phase(f"{DROPPED} files queued", files=DROPPED)
        await phase(f"{READ} files read", files=DROPPED, read=READ)
        lines.append(window.library._progress._words.text())
        dropped = asyncio.Event()
        window.library.presenter.imports.dropped.connect(lambda _ids: dropped.set())
        window.library.presenter.imports.cancel()
        await phase("the rest dropped", dropped)
        timer.stop()
    return lines
