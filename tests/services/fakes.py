"""Fakes at the borders of the services: a scripted backend, a journal in memory, a multilingual pack."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from datetime import UTC, datetime
from typing import Any

import numpy as np

from hrdesk.backends.base import Capabilities
from hrdesk.core.errors import ChildStopped, HrdeskError, NotFound
from hrdesk.core.runs import Run, RunRef, RunRequest, RunSnapshot, RunStatus, ToolOutput
from hrdesk.core.threads import Message, MessageStatus, Role
from hrdesk.documents.multilingual import DIMENSIONS
from hrdesk.services.multilingual import MultilingualPack
from hrdesk.services.store_thread import StoreThread
from hrdesk.store.database import Database
from hrdesk.store.multilingual import MultilingualStore

NOW = datetime(2026, 3, 1, 9, tzinfo=UTC)


class ScriptedBackend:
    """Shows the given snapshots one after the other, one a look; the last one again and again."""

    capabilities = Capabilities()

    def __init__(self, *snapshots: RunSnapshot | BaseException) -> None:
        self.snapshots = list(snapshots)
        self.submitted: list[Sequence[ToolOutput]] = []
        self.cancelled = 0
        self.looks = 0
        self.closed = False

    async def start_run(self, request: RunRequest) -> RunSnapshot:
        return self._next()

    async def poll_run(self, ref: RunRef) -> RunSnapshot:
        self.looks += 1
        return self._next()

    def stream_run(self, ref: RunRef) -> AsyncIterator[RunSnapshot]:
        raise NotImplementedError

    async def resume_run(self, request: RunRequest, so_far: RunSnapshot) -> RunSnapshot:
        return await self.poll_run(so_far.ref)

    async def submit_tool_outputs(self, ref: RunRef, outputs: Sequence[ToolOutput]) -> RunSnapshot:
        self.submitted.append(outputs)
        return self._next()

    async def cancel_run(self, ref: RunRef) -> RunSnapshot:
        self.cancelled += 1
        self.snapshots = [snapshot(RunStatus.CANCELLED, text="so far")]
        return snapshot(RunStatus.CANCELLING, text="so far")

    async def aclose(self) -> None:
        self.closed = True

    def _next(self) -> RunSnapshot:
        if not self.snapshots:
            raise NotFound("gone")
        shown = self.snapshots.pop(0) if len(self.snapshots) > 1 else self.snapshots[0]
        if isinstance(shown, BaseException):
            raise shown
        return shown


def always(backend: object) -> Any:
    """A source of backends that knows one."""

    async def opened(connection: str) -> object:
        return backend

    return opened


class MemoryJournal:
    """Keeps what the driver writes down."""

    def __init__(self) -> None:
        self.kept: list[tuple[Run, str]] = []
        self.finished: list[tuple[Run, RunSnapshot]] = []

    async def keep(self, run: Run, text: str) -> None:
        self.kept.append((run, text))

    async def finish(self, run: Run, snapshot: RunSnapshot) -> Message:
        self.finished.append((run, snapshot))
        whole = snapshot.status is RunStatus.COMPLETED
        status = MessageStatus.COMPLETED if whole else MessageStatus.INCOMPLETE
        return Message(run.answer_id, run.thread_id, Role.ASSISTANT, snapshot.text, NOW, status)


def snapshot(status: RunStatus, **fields: object) -> RunSnapshot:
    return RunSnapshot(RunRef("run_1", "thread_1", "remote_1"), status, poll_after_ms=0, **fields)  # type: ignore[arg-type]


def journal_run(run_id: str = "run_1") -> Run:
    return Run(run_id, "thread_1", "msg_q", "msg_a", "local", RunStatus.QUEUED, NOW)


CONCEPTS = ({"hotel", "hotels", "übernachtung"}, {"berlin"}, {"salaries", "gehalt"}, {"paid", "gezahlt"})


class MissingPack:
    """The multilingual pack where it is not installed."""

    available = False

    async def vectors(self, texts: Sequence[str]) -> bytes:
        raise ChildStopped("crash", f"There is no pack for {len(texts)} texts.")

    async def aclose(self) -> None:
        """Nothing runs."""


def no_pack(store: StoreThread, database: Database) -> MultilingualPack:
    """Return the pack as it is on most computers."""
    return MultilingualPack(store, MultilingualStore(database), MissingPack())


class FakePack:
    """Vectors with one direction for each concept, and a little of the last one in all."""

    available = True

    def __init__(self) -> None:
        self.asked = 0
        self.trouble: HrdeskError | None = None
        self.gate: asyncio.Event | None = None

    async def vectors(self, texts: Sequence[str]) -> bytes:
        self.asked += len(texts)
        if self.gate is not None:
            await self.gate.wait()
        if self.trouble is not None:
            raise self.trouble
        rows = np.zeros((len(texts), DIMENSIONS), "<f4")
        rows[:, -1] = 0.1
        for row, text in zip(rows, texts, strict=True):
            words = {word.strip(".,?|:").lower() for word in text.split()}
            for number, concept in enumerate(CONCEPTS):
                row[number] = bool(words & concept)
        return bytes((rows / np.linalg.norm(rows, axis=1, keepdims=True)).astype("<f4").tobytes())

    async def aclose(self) -> None:
        """Nothing runs."""
