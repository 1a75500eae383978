"""A data folder with real services, a scripted server, and what must hold after every fault."""

import random
import re
import tempfile
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from hrdesk.backends import assistants_wire, client, event_stream
from hrdesk.core.errors import HrdeskError
from hrdesk.core.runs import MessageCompleted, Run, RunStatus, StatusChanged, TextDelta
from hrdesk.core.threads import Message, MessageStatus, Role
from hrdesk.services.chat import Asked
from hrdesk.services.desk import Desk
from hrdesk.services.pace import Pace
from hrdesk.system.logs import Log
from tests.contract.ways import WAYS, Way
from tests.faults.canaries import KEY, NAME, hits
from tests.openai_server import Call, CallTools, Fault, OpenAIServer, Say, serve
from tests.services.desk import desk_at

FAST = Pace(second=0.01, deadline=6_000, cancel=50)
AT_ONCE = 0.2  # seconds from the click on Stop to the word on screen
PATIENCE = 0.4  # seconds a silent server gets instead of minutes
Moment = Callable[[object], bool]


def anything(event: object) -> bool:
    """The moment that comes at once."""
    return isinstance(event, StatusChanged)


@dataclass
class Outcome:
    """What came of a question."""

    way: Way
    question: str
    thread_id: str = ""
    run_id: str = ""
    events: list[Any] = field(default_factory=list)
    refused: str = ""
    stopped_in: float | None = None

    @property
    def shown(self) -> str:
        """The text that the screen showed while it came."""
        return "".join(event.text for event in self.events if isinstance(event, TextDelta))

    @property
    def answer(self) -> Message:
        """The answer as it was stored."""
        done = [event.message for event in self.events if isinstance(event, MessageCompleted)]
        assert len(done) == 1, f"{len(done)} ends"
        return done[0]


class World:
    """Asks questions while things go wrong. `chance` is seeded; `answers` counts what was asked."""

    def __init__(self, desk: Desk, server: OpenAIServer, chance: random.Random, folder: Path) -> None:
        self.desk = desk
        self.server = server
        self.chance = chance
        self.folder = folder
        self.slowest_stop = 0.0
        self.asked = 0

    def sentence(self, words: int = 12) -> str:
        """Return words that are all different from all others, so that a repetition shows."""
        self.asked += 1
        return " ".join(f"word{self.asked}x{number}" for number in range(words)) + "."

    def script(self, way: Way, *turns: Any) -> str:
        """Let the model look something up and then answer; returns the answer's text."""
        text = self.sentence()
        look_up = CallTools(Call("lookup_policy", {"query": f"sick leave {self.asked}"}))
        self.server.script(*(turns or (look_up, Say(text))))
        return text

    def fault(self, way: Way, name: str, *, round_: int = 1, **params: Any) -> None:
        """Let the request go wrong that begins the run (round 0) or hands in the outputs (round 1)."""
        line = way.submits if round_ else way.starts
        skip = 1 if round_ and way.submits == way.starts else 0
        self.server.fault(Fault(name, on=line, skip=skip, **params))

    async def ask(self, way: Way, thread_id: str | None = None, stop: Moment | None = None) -> Outcome:
        """Ask; press Stop at a moment if one is given; then see to it that nothing is lost."""
        question = f"How much leave does {NAME} get, question {self.chance.getrandbits(32)}?"
        outcome = Outcome(way, question)
        clicked = 0.0
        self.desk.chat.use(way.name)
        try:
            async for event in self.desk.chat.ask(question, thread_id):
                outcome.events.append(event)
                if isinstance(event, Asked):
                    outcome.thread_id, outcome.run_id = event.thread.id, event.run_id
                elif stop is not None and not clicked and stop(event):
                    clicked = time.monotonic()
                    await self.desk.chat.stop(outcome.run_id)
                elif clicked and outcome.stopped_in is None and isinstance(event, StatusChanged):
                    outcome.stopped_in = time.monotonic() - clicked
        except HrdeskError as error:
            outcome.refused = str(error)
        await self.check(outcome)
        return outcome

    async def check(self, outcome: Outcome) -> None:
        """See to it that what must hold, holds."""
        assert self.server.log.twice() == [], "something was created twice"
        assert all(entry.idempotency_key for entry in self.server.log.creations()), "a creation without a key"
        if outcome.refused:
            return
        question, answer = (await self.desk.chat.messages(outcome.thread_id))[-2:]
        assert (question.role, question.text) == (Role.USER, outcome.question), "the question is not kept"
        assert answer == outcome.answer, "another answer is stored than was shown"
        _kept(outcome, answer)
        run = await self.desk.chat.seen(outcome.run_id)
        assert run.status.is_end, run.status
        assert_explained(run, answer)
        if outcome.stopped_in is not None:
            self.slowest_stop = max(self.slowest_stop, outcome.stopped_in)
            assert outcome.stopped_in < AT_ONCE, f"Stop took {outcome.stopped_in:.3f} s"

    async def usable(self, outcome: Outcome) -> None:
        """See to it that the thread can be used again when the trouble is over."""
        self.server.faults.clear()
        self.server.turns.clear()
        text = self.script(outcome.way)
        again = await self.ask(outcome.way, outcome.thread_id or None)
        assert again.refused == ""
        assert again.answer.status is MessageStatus.COMPLETED, again.answer.note
        assert again.answer.text == text

    def clean(self) -> None:
        """See to it that no canary lies anywhere."""
        assert hits(self.folder) == []


def _kept(outcome: Outcome, answer: Message) -> None:
    shown, kept = outcome.shown.split(), answer.text.split()
    for words in (shown, kept):
        unique = [word for word in words if re.fullmatch(r"word\d+x\d+\.?", word)]
        assert len(unique) == len(set(unique)), "something is shown twice"
    if answer.status is MessageStatus.INCOMPLETE:
        assert kept[: len(shown) - 1] == shown[:-1], "text that was on screen is not kept"


def assert_explained(run: Run, answer: Message) -> None:
    """An answer that is not whole says so, in words."""
    if run.status is RunStatus.COMPLETED:
        assert answer.status is MessageStatus.COMPLETED
    else:
        assert answer.status is MessageStatus.INCOMPLETE
        assert answer.note


@asynccontextmanager
async def world_at(folder: Path, chance: random.Random) -> AsyncIterator[World]:
    """Open a fresh data folder with a connection for every way, all to one scripted server."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PYTHON_KEYRING_BACKEND", "keyring.backends.fail.Keyring")
        patch.setenv("TMPDIR", str(folder))
        patch.setattr(tempfile, "tempdir", str(folder))
        patch.setattr(client, "SILENCE_SECONDS", PATIENCE)
        for module in (event_stream, assistants_wire):
            patch.setattr(module, "THINKING_SECONDS", PATIENCE)
        log = Log(folder / "data" / "logs")
        try:
            async with serve() as server, desk_at(folder / "data", folder / "no-models") as desk:
                desk.driver._pace = FAST
                for way in WAYS:
                    await desk.connections.save(way.connection(server.base_url))
                    await desk.connections.store_key(way.name, KEY)
                yield World(desk, server, chance, folder)
        finally:
            log.close()
