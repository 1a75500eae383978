"""Following a run: how soon a change at the server is on the screen, what that costs, and what it leaves.

Three ways to follow the same runs of an Assistants-compatible server in one go: its stream, our adaptive
looks, and a look every half second as the first design had it. Then 50 looks a second beside a stream of 100
pieces a second: how long the event loop is away, and whether timers and memory grow. `MINUTES` in the
environment says for how long (half a minute unless it does; ten for a soak).
"""

import asyncio
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from hrdesk import app
from hrdesk.bootstrap import open_desk
from hrdesk.core.connections import Connection, ConnectionKind
from hrdesk.core.runs import MessageCompleted, RunStatus, StatusChanged
from hrdesk.services.desk import Desk
from hrdesk.services.pace import Pace
from hrdesk.system.paths import Paths
from hrdesk.system.settings import Settings
from hrdesk.ui.loop import QEventLoop
from hrdesk.ui.window import MainWindow
from tests.benchmarks.smoothness import described, probe

RUNS = 24
HALF_SECOND = Pace(first_pause=0.5, longest_pause=0.5, growth=1.0)
FIFTY_A_SECOND = Pace(first_pause=0.02, longest_pause=0.02, deadline=3600.0)
WAYS = (
    ("stream", True, Pace()),
    ("adaptive looks", False, Pace()),
    ("half-second looks", False, HALF_SECOND),
)


def measure() -> Iterator[str]:
    """Yield a line for each way, then those of the soak."""
    with QEventLoop(app.application(Settings())) as loop:
        for name, stream, pace in WAYS:
            yield loop.run_until_complete(_delays(name, pace, stream=stream))
        yield from loop.run_until_complete(_soak(float(os.environ.get("MINUTES", "0.5"))))


async def _delays(name: str, pace: Pace, *, stream: bool) -> str:
    delays: list[float] = []
    async with _server("changes", RUNS) as server, _desk(pace) as desk:
        await _connect(desk, "bench", server.base_url, stream=stream)
        desk.chat.use("bench")
        for _ in range(RUNS):
            delays.append(await _delay(desk, server))
    requests = len(server.requests) / RUNS
    spread = f"p50 {statistics.median(delays) * 1000:.0f} ms, longest {max(delays) * 1000:.0f} ms"
    return f"{name}: change to screen {spread}; {requests:.1f} requests a run"


async def _delay(desk: Desk, server: "_Server") -> float:
    seen = 0.0
    async for event in desk.chat.ask("How many days?"):
        if isinstance(event, StatusChanged) and event.status is RunStatus.IN_PROGRESS and not seen:
            server.begin()
            seen = -1.0
        if isinstance(event, MessageCompleted) or (
            isinstance(event, StatusChanged) and event.status is RunStatus.COMPLETED and seen < 0
        ):
            seen = time.monotonic() if seen < 0 else seen
    return seen - float((await server.told())["at"])


async def _soak(minutes: float) -> list[str]:
    streams = max(1, round(minutes * 2))
    window = MainWindow()
    window.show()
    window.furnish()
    gaps: list[float] = []
    async with (
        _server("polls", 1) as polled,
        _server("tokens", streams) as told,
        _desk(FIFTY_A_SECOND) as desk,
    ):
        await _connect(desk, "polled", polled.base_url, stream=False)
        await _connect(desk, "told", told.base_url, stream=True)
        try:
            window.attach(desk)
            await asyncio.sleep(1.5)
            await _ask(window, desk, "polled")
            timer = probe(gaps)
            sizes = [await _stream(window, desk, told) for _ in range(streams)]
            timer.stop()
            await desk.chat.stop(desk.chat.running(window.threads.presenter.model.threads[-1].id) or "")
        finally:
            await window.put_away()
            window.hide()
    warm = sizes[min(1, len(sizes) - 1) :]
    grown = [last - first for first, last in zip(warm[0], warm[-1], strict=True)]
    looks = sum("GET" in request for request in polled.requests) / (30 * streams)
    memory, deadlines = grown[0] / 1024, grown[1]
    return [
        f"{described('soak', gaps)} ({looks:.0f} looks and 100 pieces a second for {streams * 30} s)",
        f"soak: after the first half minute memory {memory:+.1f} MB, waiting deadlines {deadlines:+d}",
    ]


async def _stream(window: MainWindow, desk: Desk, server: "_Server") -> tuple[int, int]:
    """Let one run stream to its end; return resident memory (kB) and the number of deadlines that wait."""
    await _ask(window, desk, "told")
    server.begin()
    while window.chat.presenter.flight is not None:
        await asyncio.sleep(0.2)
    return _resident(), len(asyncio.get_running_loop()._deadlines)  # type: ignore[attr-defined]


def _resident() -> int:
    status = Path("/proc/self/status").read_text(encoding="ascii")
    return int(status.split("VmRSS:")[1].split()[0])


async def _ask(window: MainWindow, desk: Desk, connection: str) -> None:
    desk.chat.use(connection)
    window.new_thread()
    window.chat.presenter.ask("How many days?")
    while window.chat.presenter.flight is None or not window.chat.presenter.flight.run_id:
        await asyncio.sleep(0.02)


class _Server:
    """The ticking server's process."""

    def __init__(self, process: "subprocess.Popen[str]") -> None:
        self._process = process
        self.requests: list[str] = []
        self.base_url = ""

    def begin(self) -> None:
        """Tell it that a run has begun."""
        assert self._process.stdin is not None
        self._process.stdin.write("\n")
        self._process.stdin.flush()

    async def told(self) -> dict[str, Any]:
        """Return the next thing it says."""
        assert self._process.stdout is not None
        said: dict[str, Any] = json.loads(await asyncio.to_thread(self._process.stdout.readline))
        return said


@asynccontextmanager
async def _server(mode: str, count: int) -> AsyncIterator[_Server]:
    process = _start(mode, count)
    server = _Server(process)
    try:
        server.base_url = (await server.told())["base_url"]
        yield server
        assert process.stdin is not None
        process.stdin.close()
        server.requests = (await server.told())["requests"]
    finally:
        process.kill()
        process.wait()


def _start(mode: str, count: int) -> "subprocess.Popen[str]":
    command = [sys.executable, "-m", "tests.benchmarks.ticking_server", mode, str(count)]
    return subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)


@asynccontextmanager
async def _desk(pace: Pace) -> AsyncIterator[Desk]:
    with tempfile.TemporaryDirectory() as folder:
        desk = await asyncio.to_thread(open_desk, Paths.at(Path(folder)), encrypt=False, pace=pace)
        try:
            yield desk
        finally:
            await desk.close()


async def _connect(desk: Desk, name: str, base_url: str, *, stream: bool) -> None:
    await desk.connections.save(
        Connection(name, name, ConnectionKind.ASSISTANTS, base_url, "bench-1", stream=stream)
    )
