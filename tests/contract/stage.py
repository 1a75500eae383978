"""A scripted server, one way of being answered, the real run driver, and what came of a run."""

import asyncio
import json
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from hrdesk.backends.base import AssistantBackend
from hrdesk.backends.client import make_client
from hrdesk.core.ids import new_id
from hrdesk.core.runs import (
    Run,
    RunEvent,
    RunRequest,
    RunSnapshot,
    RunStatus,
    StatusChanged,
    TextDelta,
    ToolSpec,
)
from hrdesk.core.threads import Message, Role
from hrdesk.services.pace import Pace
from hrdesk.services.runs import RunDriver
from tests.contract.ways import Way
from tests.openai_server import Entry, OpenAIServer
from tests.services.fakes import NOW, MemoryJournal, always

KEY = "sk-canary-0123456789"
QUESTION = "How much sick leave do I get?"
PACE = Pace(second=0.01, deadline=6_000)
PASSAGES = {"passages": [{"id": "p1", "document": "Leave", "text": "You get ten days of sick leave. More."}]}


class LookUp:
    """`lookup_policy` as the model sees it, with one passage behind it."""

    spec = ToolSpec(
        "lookup_policy",
        "Search HR policy documents",
        {"type": "object", "properties": {"query": {"type": "string"}}, "required": ["query"]},
    )
    has_side_effects = False

    def __init__(self) -> None:
        self.asked: list[str] = []
        self.gate: asyncio.Event | None = None

    async def __call__(self, arguments: dict[str, Any]) -> str:
        self.asked.append(arguments["query"])
        if self.gate is not None:
            await self.gate.wait()
        return json.dumps(PASSAGES)


class SendMail:
    """A tool that the user has to allow."""

    spec = ToolSpec("send_mail", "Send a mail", {"type": "object", "properties": {"to": {"type": "string"}}})
    has_side_effects = True

    def __init__(self) -> None:
        self.sent: list[str] = []

    async def __call__(self, arguments: dict[str, Any]) -> str:
        self.sent.append(arguments["to"])
        return "Sent."


class Tools:
    """The tools of all runs, as the driver needs them."""

    passages_read = 1

    def __init__(self) -> None:
        self.look_up, self.send_mail = LookUp(), SendMail()
        self.tools = {"lookup_policy": self.look_up, "send_mail": self.send_mail}
        self.lookups: list[dict[str, Any]] = []

    @property
    def specs(self) -> tuple[ToolSpec, ...]:
        """Both tools as the model is told of them."""
        return self.look_up.spec, self.send_mail.spec


@dataclass
class Told:
    """What a run told while it went on, and how it ended."""

    run: Run
    events: list[RunEvent] = field(default_factory=list)
    end: RunSnapshot | None = None

    @property
    def statuses(self) -> list[StatusChanged]:
        """Every change of status on screen."""
        return [event for event in self.events if isinstance(event, StatusChanged)]

    @property
    def words(self) -> list[str]:
        """What the screen said, in this order."""
        return [event.words for event in self.statuses]

    @property
    def deltas(self) -> list[str]:
        """The pieces of text that the screen showed."""
        return [event.text for event in self.events if isinstance(event, TextDelta)]

    @property
    def status(self) -> RunStatus:
        """How it ended."""
        return self.snapshot.status

    @property
    def text(self) -> str:
        """The answer as it is kept."""
        return self.snapshot.text

    @property
    def error(self) -> str:
        """What people are told about the end."""
        return self.snapshot.last_error

    @property
    def snapshot(self) -> RunSnapshot:
        """The last look."""
        assert self.end is not None, "the run was never finished"
        return self.end


class Stage:
    """Everything a behaviour needs. `pace` may be changed before the first run."""

    def __init__(self, way: Way, server: OpenAIServer) -> None:
        self.way = way
        self.server = server
        self.connection = way.connection(server.base_url)
        self.pace = PACE
        self.tools = Tools()
        self.journal = MemoryJournal()
        self._backends: list[AssistantBackend] = []
        self._driver: RunDriver | None = None

    def backend(self) -> AssistantBackend:
        """Open the connection anew, as after a start of hrdesk."""
        backend = self.way.backend(make_client(self.connection, KEY), self.connection)
        self._backends.append(backend)
        return backend

    @property
    def driver(self) -> RunDriver:
        """The driver of this start."""
        if self._driver is None:
            backend = always(self.backend())
            self._driver = RunDriver(backend, self.journal, lambda _, __: self.tools, self.pace)  # type: ignore[arg-type, return-value]
        return self._driver

    def run(self, question: str = QUESTION, *, tools: bool = True) -> tuple[Run, RunRequest]:
        """Return a new run in a thread of its own."""
        run = Run(new_id("run"), new_id("thr"), "q", "a", self.way.name, RunStatus.QUEUED, NOW)
        message = Message(new_id("msg"), run.thread_id, Role.USER, question, NOW)
        specs = self.tools.specs if tools else ()
        request = RunRequest(
            run.id, run.thread_id, (message,), "Answer from policies.", specs, "gpt-test-mini"
        )
        return run, request

    async def ask(self, question: str = QUESTION, *, tools: bool = True) -> Told:
        """Let a run go on to its end."""
        run, request = self.run(question, tools=tools)
        return await self.told(run, self.driver.start(run, request))

    async def told(self, run: Run, events: AsyncIterator[RunEvent]) -> Told:
        """Listen to a run to its end."""
        told = Told(run)
        async for event in events:
            told.events.append(event)
        ends = [snapshot for ended, snapshot in self.journal.finished if ended.id == run.id]
        assert len(ends) <= 1, "a run ends once"
        told.end = ends[0] if ends else None
        return told

    def stopped(self, run_id: str) -> Run:
        """Return a run as the journal knows it."""
        return next(run for run, _ in reversed(self.journal.kept) if run.id == run_id)

    async def left_behind(self, *, waits_for_tools: bool = False) -> tuple[Run, RunRequest]:
        """Begin a run and let hrdesk close in its middle; return it as the journal has it."""
        run, request = self.run()
        if waits_for_tools:
            self.tools.look_up.gate = asyncio.Event()
        async for event in self.driver.start(run, request):
            if isinstance(event, StatusChanged) and self.is_left(event, waits_for_tools):
                break
        while not any(kept.id == run.id and kept.remote_id for kept, _ in self.journal.kept):
            await asyncio.sleep(0)
        await self.close()
        self.tools.look_up.gate = None
        return self.stopped(run.id), replace(request, known_messages=1)

    @staticmethod
    def is_left(event: StatusChanged, waits_for_tools: bool) -> bool:
        """Whether this is the moment to close."""
        return event.status is RunStatus.REQUIRES_ACTION if waits_for_tools else True

    async def close(self) -> None:
        """Close hrdesk: the driver, then the connections."""
        if self._driver is not None:
            await self._driver.aclose()
            self._driver = None
        for backend in self._backends:
            await backend.aclose()
        self._backends.clear()

    def started(self) -> Sequence[Entry]:
        """Return the requests that let the model begin or go on, carried out or not."""
        lines = {self.way.starts, self.way.submits}
        return [entry for line in sorted(lines) for entry in self.server.log.of(line)]
