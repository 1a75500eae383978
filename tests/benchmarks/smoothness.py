"""Smoothness: the longest time the window's thread is away while 20 files are imported and runs write.

The probe is a precise timer of 5 ms; a gap is how much later than that it fires.
"""

import asyncio
import statistics
import tempfile
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path

from PySide6.QtCore import Qt, QTimer

from hrdesk import app
from hrdesk.bootstrap import open_desk
from hrdesk.services.desk import Desk
from hrdesk.system.paths import Paths, resources
from hrdesk.system.settings import Settings
from hrdesk.ui.garbage import collected_here
from hrdesk.ui.loop import QEventLoop
from hrdesk.ui.window import MainWindow

FILES = 20
PROBE_MS = 5


def measure() -> Iterator[str]:
    """Yield the gaps, idle and at work."""
    with tempfile.TemporaryDirectory() as folder:
        drop = Path(folder) / "drop"
        drop.mkdir()
        _write_policies(drop)
        with QEventLoop(app.application(Settings())) as loop:
            yield from loop.run_until_complete(_measure(Paths.at(Path(folder) / "data"), drop))


def _write_policies(drop: Path) -> None:
    originals = sorted((resources() / "demo" / "policies").iterdir())
    for number in range(FILES):
        original = originals[number % len(originals)]
        if original.suffix == ".md":
            text = original.read_text(encoding="utf-8")
            (drop / f"{number} {original.name}").write_text(f"{text}\n\nCopy {number}.\n", encoding="utf-8")
        else:
            (drop / f"{number} {original.name}").write_bytes(original.read_bytes() + b"\n" * number)


@asynccontextmanager
async def window_at(paths: Paths) -> AsyncIterator[tuple[MainWindow, Desk]]:
    """The window as the program serves it, come to rest: what starting costs is another figure."""
    window = MainWindow()
    window.resize(1440, 900)
    window.show()
    window.furnish()
    desk = await asyncio.to_thread(open_desk, paths, encrypt=False)
    try:
        with collected_here():
            window.attach(desk)
            await asyncio.sleep(1.5)
            yield window, desk
    finally:
        await window.put_away()
        await desk.close()
        window.hide()


async def _measure(paths: Paths, drop: Path) -> list[str]:
    gaps: list[float] = []
    async with window_at(paths) as (window, _):
        timer = probe(gaps)
        await asyncio.sleep(3)
        idle = described("idle", gaps)
        gaps.clear()
        importing = asyncio.Event()
        window.library.presenter.imports.ended.connect(lambda _: importing.set())
        window.add_files([drop])
        asked = 0
        while not importing.is_set():
            if window.chat.presenter.flight is None:
                asked += window.chat.presenter.ask("How many sick days do I get, and do I need a note?")
            await asyncio.sleep(0.05)
        timer.stop()
        return [
            idle,
            f"{described('at work', gaps)} ({FILES} files, {asked} runs; aim: p99 16, longest 100)",
        ]


def probe(gaps: list[float], work: list[float] | None = None) -> QTimer:
    """Note the gaps of the window's thread, in milliseconds, until the timer is stopped.

    `work` gets the processor time the thread used between two ticks: what it did at one go itself, however
    busy the machine is with other programs.
    """
    timer = QTimer()
    timer.setTimerType(Qt.TimerType.PreciseTimer)
    last, used = [time.perf_counter()], [time.thread_time()]

    def tick() -> None:
        now, spent = time.perf_counter(), time.thread_time()
        gaps.append((now - last[0]) * 1000 - PROBE_MS)
        if work is not None:
            work.append((spent - used[0]) * 1000)
        last[0], used[0] = now, spent

    timer.timeout.connect(tick)
    timer.start(PROBE_MS)
    return timer


def described(name: str, gaps: list[float]) -> str:
    """Say how the gaps are spread."""
    cuts = statistics.quantiles(gaps, n=1000)
    return f"{name}: p50 {cuts[499]:.1f} ms, p99 {cuts[989]:.1f} ms, longest {max(gaps):.0f} ms"
