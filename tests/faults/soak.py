"""Question after question in the real window, each with faults drawn from a seed; checks after every one.

What must hold: the question is there once, its answer once, with an end; what was written is a beginning of
what the server said; nothing was created twice at the server; Stop is on the screen in under 200 ms; the
window's thread is never away for 100 ms; no canary is found anywhere.
"""

import asyncio
import random
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from hrdesk.bootstrap import open_desk
from hrdesk.core.connections import Connection, ConnectionKind
from hrdesk.core.threads import Message, MessageStatus, Role
from hrdesk.services.desk import Desk
from hrdesk.services.pace import Pace
from hrdesk.system.logs import Log
from hrdesk.system.paths import Paths
from hrdesk.system.settings import Settings
from hrdesk.ui.window import MainWindow
from tests.benchmarks.smoothness import probe
from tests.faults import canaries
from tests.faults.catalogue import draw
from tests.openai_server import Call, CallTools, OpenAIServer, Say, serve

LONGEST_GAP = 100.0  # milliseconds
FAST = Pace(second=0.02)
TEXT = "Salaries are paid on the 25th of each month [p1]. " + " ".join(
    f"Sentence number {n}." for n in range(60)
)
PLAIN = TEXT.replace("[p1]", "[1]")
WAYS: tuple[tuple[ConnectionKind, dict[str, Any]], ...] = (
    (ConnectionKind.CHAT, {}),
    (ConnectionKind.RESPONSES, {}),
    (ConnectionKind.RESPONSES, {"store": True, "background": True}),
    (ConnectionKind.ASSISTANTS, {}),
    (ConnectionKind.ASSISTANTS, {"stream": False}),
)


@dataclass
class Findings:
    """What a soak saw. `broken` names what did not hold, with the number of the run."""

    runs: int = 0
    ends: dict[str, int] = field(default_factory=dict)
    broken: list[str] = field(default_factory=list)
    stops: list[float] = field(default_factory=list)
    gaps: list[float] = field(default_factory=list)
    slow: list[str] = field(default_factory=list)

    def check(self, holds: object, what: str) -> None:
        """Note what does not hold."""
        if not holds:
            self.broken.append(f"run {self.runs}: {what}")

    @property
    def summary(self) -> str:
        """Say it in two lines."""
        ends = ", ".join(f"{end} {count}" for end, count in sorted(self.ends.items()))
        slowest = max(self.stops, default=0) * 1000
        away = max(self.gaps, default=0)
        return (
            f"{self.runs} runs ({ends}); {len(self.broken)} things did not hold\n"
            f"{len(self.stops)} stops, slowest on the screen after {slowest:.1f} ms; "
            f"window's thread away for at most {away:.0f} ms, {len(self.slow)} times over {LONGEST_GAP:.0f}"
        )


class Soak:
    """One window, one desk, one server; runs with faults until told otherwise."""

    def __init__(self, window: MainWindow, desk: Desk, server: OpenAIServer, log: Log, seed: int) -> None:
        self._window, self._desk, self._server, self._log = window, desk, server, log
        self._chance = random.Random(seed)
        self._shown = window.chat.presenter
        self.findings = Findings()

    async def connect(self) -> None:
        """Make a connection for each way."""
        for number, (kind, extra) in enumerate(WAYS):
            name = f"way{number}"
            connection = Connection(
                name,
                name,
                kind,
                self._server.base_url,
                "gpt-test-mini",
                needs_key=True,
                **extra,
            )
            await self._desk.connections.save(connection)
            await self._desk.connections.store_key(name, canaries.KEY)

    async def run_once(self) -> None:
        """Ask one question while things go wrong, and check what must hold."""
        found, chance, server = self.findings, self._chance, self._server
        found.runs += 1
        before = len(found.gaps)
        question = f"When is {canaries.NAME} paid, for the {found.runs}th time?"
        self._desk.chat.use(f"way{chance.randrange(len(WAYS))}")
        server.turns._lists.clear()
        server.faults.clear()
        server.log.clear()
        server.script(CallTools(Call("lookup_policy", {"query": "When are salaries paid?"})), Say(text=TEXT))
        server.fault(*(faults := draw(chance)))
        trouble = f"{self._desk.chat.connection.name} {[(one.name, one.params) for one in faults]}"
        self._window.new_thread()
        self._shown.ask(question)
        await self._wait(lambda: self._shown.thread_id, "the question was never stored")
        if chance.random() < 0.25:
            await self._stop_sometime()
        await self._wait(lambda: self._shown.flight is None, f"no end: {trouble}")
        await self._check(question, trouble)
        away = max(found.gaps[before:], default=0)
        if away > LONGEST_GAP:
            found.slow.append(f"run {found.runs}: {away:.0f} ms; {trouble}")

    async def _stop_sometime(self) -> None:
        for _ in range(self._chance.randrange(0, 30)):
            await asyncio.sleep(0.001)
        flight = self._shown.flight
        if flight is None or not flight.can_stop:
            return
        pressed = time.perf_counter()
        self._window.chat.stop()
        await self._wait(
            lambda: self._shown.flight is None or self._window.chat.status.words == "Stopping", "Stop unseen"
        )
        self.findings.stops.append(time.perf_counter() - pressed)

    async def _check(self, question: str, trouble: str) -> None:
        found, thread = self.findings, self._shown.thread_id
        assert thread is not None
        messages = await self._desk.chat.messages(thread)
        asked = [message.text for message in messages if message.role is Role.USER]
        answers = [message for message in messages if message.role is Role.ASSISTANT]
        found.check(asked == [question], f"questions {asked}")
        found.check(len(answers) == 1, f"{len(answers)} answers; {trouble}")
        answer = answers[-1]
        found.check(answer.status is not MessageStatus.IN_PROGRESS, f"no end state; {trouble}")
        found.check(_is_beginning(answer), f"text {answer.text[:80]!r} is no beginning; {trouble}")
        found.check(answer.text == self._shown.model.messages[-1].text, f"the screen differs; {trouble}")
        # A thread whose creation nobody answered is made anew: it is empty of work, and nothing is billed.
        doubled = [name for name in self._server.log.twice() if not name.endswith("-thread")]
        found.check(not doubled, f"created twice: {doubled}; {trouble}")
        hosts = {entry.headers.get("host") for entry in self._server.log}
        found.check(len(hosts) <= 1, f"other hosts: {hosts}")
        run = await self._desk.chat.seen(answer.run_id or "")
        found.ends[run.status] = found.ends.get(run.status, 0) + 1

    async def look_for_canaries(self) -> None:
        """Look through logs, temporary files, the process list and the report a user could copy."""
        folders = self._desk.paths.root, Path(tempfile.gettempdir())
        hits = await asyncio.to_thread(canaries.hits, *folders)
        report = self._log.report()
        hits += [f"report: {word}" for word in (canaries.KEY, canaries.NAME) if word in report]
        self.findings.check(not hits, f"canaries in {hits}")

    async def _wait(self, condition: object, otherwise: str) -> None:
        end = time.monotonic() + 60
        while not condition():  # type: ignore[operator]
            if time.monotonic() > end:
                raise AssertionError(f"run {self.findings.runs}: {otherwise}")
            await asyncio.sleep(0.005)


def _is_beginning(answer: Message) -> bool:
    """Whether the answer is the whole text, or the part of it that had arrived."""
    said = " ".join(answer.text.split())
    # A retry after a lost turn answers without a lookup; a mark of a passage that nobody sent is dropped.
    return any(whole.startswith(said) for whole in (PLAIN, TEXT, TEXT.replace(" [p1]", "")))


async def soak(folder: Path, seed: int, *, runs: int = 0, minutes: float = 0) -> Findings:
    """Run for a number of runs or minutes on the library in `folder`; return what was seen."""
    paths = Paths.at(folder)
    window, log = MainWindow(Settings()), Log(paths.logs, debug=True)
    window.show()
    with _server() as server:
        desk = await asyncio.to_thread(open_desk, paths, encrypt=False, pace=FAST)
        try:
            window.furnish()
            window.attach(desk)
            one = Soak(window, desk, server, log, seed)
            await one.connect()
            timer = probe(one.findings.gaps)
            end = time.monotonic() + minutes * 60
            while one.findings.runs < runs or time.monotonic() < end:
                await one.run_once()
                if one.findings.runs % 100 == 0:
                    timer.stop()  # reading files is the soak's own work
                    await one.look_for_canaries()
                    timer = probe(one.findings.gaps)
            timer.stop()
            await one.look_for_canaries()
            return one.findings
        finally:
            window.close()
            await window.put_away()
            await desk.close()
            log.close()
            window.hide()
            window.deleteLater()


@contextmanager
def _server() -> Iterator[OpenAIServer]:
    """The scripted server in a thread and loop of its own, so that its work is not the window's."""
    ready, over = threading.Event(), asyncio.Event()
    held: list[tuple[OpenAIServer, asyncio.AbstractEventLoop]] = []

    async def run() -> None:
        async with serve() as server:
            held.append((server, asyncio.get_running_loop()))
            ready.set()
            await over.wait()

    thread = threading.Thread(target=lambda: asyncio.run(run()), name="server")
    thread.start()
    ready.wait(20)
    server, loop = held[0]
    try:
        yield server
    finally:
        loop.call_soon_threadsafe(over.set)
        thread.join(20)
