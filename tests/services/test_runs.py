"""The run driver against a scripted backend."""

import asyncio
from typing import Any

import pytest

from hrdesk.core.errors import BackendUnavailable
from hrdesk.core.runs import (
    MessageCompleted,
    RunEvent,
    RunRequest,
    RunSnapshot,
    RunStatus,
    RunStep,
    StatusChanged,
    StepChanged,
    StepKind,
    TextDelta,
    ToolCall,
    ToolSpec,
    UsageReported,
)
from hrdesk.core.threads import MessageStatus
from hrdesk.services.pace import Pace
from hrdesk.services.runs import RunDriver
from tests.services.fakes import MemoryJournal, ScriptedBackend, always, journal_run, snapshot

CALLS = (ToolCall("c1", "echo", '{"query": "a"}'), ToolCall("c2", "echo", '{"query": "b"}'))
STEP = RunStep("s1", StepKind.TOOL_CALLS, RunStatus.IN_PROGRESS, CALLS)
FAST = Pace(second=0.02)
REQUEST = RunRequest("run_1", "thread_1", (), "", ())


class Echo:
    """A tool that answers once as many calls are under way as `together` says."""

    spec = ToolSpec("echo", "", {"type": "object", "properties": {"query": {"type": "string"}}})
    has_side_effects = False

    def __init__(self, together: int = 1) -> None:
        self.under_way = 0
        self.together = together
        self.all_here = asyncio.Event()

    async def __call__(self, arguments: dict[str, Any]) -> str:
        self.under_way += 1
        if self.under_way >= self.together:
            self.all_here.set()
        await self.all_here.wait()
        return str(arguments["query"])


class Tools:
    """The tools of a run, as the driver needs them."""

    passages_read = 6
    lookups: list[dict[str, Any]] = []  # noqa: RUF012 - never written to here

    def __init__(self, tool: Echo) -> None:
        self.tools = {"echo": tool}


def driver(backend: ScriptedBackend, journal: MemoryJournal, tool: Echo | None = None) -> RunDriver:
    tools = Tools(tool or Echo())
    return RunDriver(always(backend), journal, lambda _, __: tools, FAST)  # type: ignore[arg-type, return-value]


async def events_of(drive: RunDriver) -> list[RunEvent]:
    return [event async for event in drive.start(journal_run(), REQUEST)]


async def test_two_calls_run_together_and_are_submitted_at_once() -> None:
    backend = ScriptedBackend(
        snapshot(RunStatus.QUEUED),
        snapshot(RunStatus.REQUIRES_ACTION, required_calls=CALLS, steps=(STEP,)),
        snapshot(RunStatus.QUEUED, steps=(STEP,)),
        snapshot(RunStatus.COMPLETED, text="done", steps=(STEP,)),
    )
    journal = MemoryJournal()
    events = await events_of(driver(backend, journal, Echo(together=2)))
    assert [[(o.call_id, o.output) for o in outputs] for outputs in backend.submitted] == [
        [("c1", "a"), ("c2", "b")]
    ]
    words = [event.words for event in events if isinstance(event, StatusChanged)]
    assert words == ["Queued", "Looking up: a; b", "Reading 6 passages", "Done"]
    assert isinstance(events[-1], MessageCompleted)
    assert isinstance(events[-2], UsageReported)
    assert StepChanged("run_1", STEP) in events
    assert [status for status, _ in journal.finished[0][0].history] == [
        RunStatus.QUEUED,
        RunStatus.REQUIRES_ACTION,
        RunStatus.QUEUED,
        RunStatus.COMPLETED,
    ]


async def test_the_remote_id_is_on_disk_before_the_first_look() -> None:
    looks_at_first_keep = []
    backend = ScriptedBackend(snapshot(RunStatus.QUEUED), snapshot(RunStatus.COMPLETED))

    class WatchedJournal(MemoryJournal):
        async def keep(self, run: Any, text: str) -> None:
            looks_at_first_keep.append((backend.looks, run.remote_id))
            await super().keep(run, text)

    await events_of(driver(backend, WatchedJournal()))
    assert looks_at_first_keep[0] == (0, "remote_1")


async def test_growing_text_comes_as_deltas() -> None:
    backend = ScriptedBackend(
        snapshot(RunStatus.IN_PROGRESS),
        snapshot(RunStatus.IN_PROGRESS, text="Ten "),
        snapshot(RunStatus.IN_PROGRESS, text="Ten days"),
        snapshot(RunStatus.COMPLETED, text="Ten days."),
    )
    events = await events_of(driver(backend, MemoryJournal()))
    assert [event.text for event in events if isinstance(event, TextDelta)] == ["Ten ", "days", "."]


async def test_stop_is_on_screen_at_once_and_keeps_the_text() -> None:
    backend = ScriptedBackend(snapshot(RunStatus.IN_PROGRESS, text="so far"))
    journal = MemoryJournal()
    drive = driver(backend, journal)
    seen: list[RunEvent] = []
    async for event in drive.start(journal_run(), REQUEST):
        seen.append(event)
        if isinstance(event, TextDelta):
            await drive.stop("run_1")
    statuses = [event.status for event in seen if isinstance(event, StatusChanged)]
    assert statuses[-2:] == [RunStatus.CANCELLING, RunStatus.CANCELLED]
    assert backend.cancelled == 1
    assert journal.finished[0][1].text == "so far"
    assert not drive.is_running("run_1")


async def test_stop_interrupts_a_tool() -> None:
    backend = ScriptedBackend(snapshot(RunStatus.REQUIRES_ACTION, required_calls=CALLS))
    tool = Echo(together=99)
    drive = driver(backend, MemoryJournal(), tool)
    events = drive.start(journal_run(), REQUEST)
    while tool.under_way < 2:
        await asyncio.sleep(0)
    await drive.stop("run_1")
    seen = [event async for event in events]
    assert backend.submitted == []
    assert isinstance(seen[-1], MessageCompleted)
    assert seen[-1].message.status is MessageStatus.INCOMPLETE


async def test_a_model_that_never_stops_asking_for_tools_is_ended() -> None:
    backend = ScriptedBackend(snapshot(RunStatus.REQUIRES_ACTION, required_calls=CALLS))
    journal = MemoryJournal()
    await events_of(driver(backend, journal))
    assert len(backend.submitted) == FAST.rounds
    assert journal.finished[0][1].status is RunStatus.FAILED
    assert "more than 8 times" in journal.finished[0][1].last_error


async def test_a_server_in_trouble_fails_the_run_and_keeps_the_text() -> None:
    backend = ScriptedBackend(
        snapshot(RunStatus.IN_PROGRESS, text="half"), BackendUnavailable("The server is gone.")
    )
    journal = MemoryJournal()
    events = await events_of(driver(backend, journal))
    assert isinstance(events[-1], MessageCompleted)
    ended = journal.finished[0][1]
    assert (ended.status, ended.text, ended.last_error) == (RunStatus.FAILED, "half", "The server is gone.")


async def test_a_bug_reaches_the_consumer_and_the_text_is_kept() -> None:
    backend = ScriptedBackend(snapshot(RunStatus.IN_PROGRESS, text="half"), ZeroDivisionError())
    journal = MemoryJournal()
    with pytest.raises(ZeroDivisionError):
        await events_of(driver(backend, journal))
    assert journal.finished[-1][1].text == "half"


async def test_a_run_goes_on_when_nobody_listens() -> None:
    backend = ScriptedBackend(snapshot(RunStatus.QUEUED), snapshot(RunStatus.COMPLETED, text="done"))
    journal = MemoryJournal()
    drive = driver(backend, journal)
    drive.start(journal_run(), REQUEST)
    while drive.is_running("run_1"):
        await asyncio.sleep(0)
    assert journal.finished[0][1].text == "done"


@pytest.mark.parametrize(
    ("left", "becomes"),
    [
        (RunStatus.QUEUED, RunStatus.EXPIRED),
        (RunStatus.IN_PROGRESS, RunStatus.EXPIRED),
        (RunStatus.REQUIRES_ACTION, RunStatus.EXPIRED),
        (RunStatus.CANCELLING, RunStatus.CANCELLED),
    ],
)
async def test_a_run_left_without_an_end_gets_one(left: RunStatus, becomes: RunStatus) -> None:
    from dataclasses import replace

    journal = MemoryJournal()
    drive = driver(ScriptedBackend(), journal)
    message = await drive.settle(replace(journal_run(), status=left), "half an answer")
    assert journal.finished[0][1].status is becomes
    assert message.text == "half an answer"


async def test_closing_ends_every_run_with_an_end_state() -> None:
    backend = ScriptedBackend(snapshot(RunStatus.IN_PROGRESS, text="half"))
    journal = MemoryJournal()
    drive = driver(backend, journal)
    drive.start(journal_run(), REQUEST)
    await asyncio.sleep(0)
    await drive.aclose()
    assert journal.finished[0][1].status is RunStatus.CANCELLED


async def test_a_silent_server_is_asked_less_and_less_often(monkeypatch: pytest.MonkeyPatch) -> None:
    pauses: list[float] = []

    async def noted(drive: object, seconds: float) -> None:
        pauses.append(seconds)

    monkeypatch.setattr("hrdesk.services.drive.Drive.pause", noted)
    quiet = [RunSnapshot(snapshot(RunStatus.IN_PROGRESS).ref, RunStatus.IN_PROGRESS) for _ in range(20)]
    await events_of(driver(ScriptedBackend(*quiet, snapshot(RunStatus.COMPLETED)), MemoryJournal()))
    assert pauses[0] == 0.25
    assert pauses == sorted(pauses)
    assert pauses[-1] == 2.0


async def test_looks_that_bring_nothing_new_do_not_renew_the_patience() -> None:
    trouble = BackendUnavailable("Too many requests.", retryable=True)
    still = snapshot(RunStatus.IN_PROGRESS)
    backend = ScriptedBackend(still, trouble, still, trouble, still, trouble, still, trouble)
    journal = MemoryJournal()
    await events_of(driver(backend, journal))
    assert journal.finished[0][1].status is RunStatus.FAILED
    assert backend.looks == 5


async def test_a_bug_in_a_backend_still_gives_the_answer_an_end() -> None:
    journal = MemoryJournal()
    with pytest.raises(ZeroDivisionError):
        await events_of(driver(ScriptedBackend(ZeroDivisionError()), journal))
    assert journal.finished[0][1].status is RunStatus.FAILED
