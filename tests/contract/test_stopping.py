"""Stop: at once on screen, whatever the server does, and what was said so far stays."""

import asyncio
import time
from collections.abc import Callable
from dataclasses import replace

from hrdesk.core.runs import RunEvent, RunStatus, StatusChanged, TextDelta
from tests.contract.stage import PACE, Stage, Told
from tests.contract.ways import not_for
from tests.openai_server import Call, CallTools, Fault, Say

AT_ONCE = 0.2  # seconds between the click and the word on screen
SHORT = replace(PACE, cancel=5)
NOTHING_QUEUES = "Nothing waits in a queue here: the answer begins with the request."


async def stopped_when(stage: Stage, moment: Callable[[RunEvent], bool], *, tools: bool = True) -> Told:
    """Stop the run at a moment, measure, and wait for its end."""
    run, request = stage.run(tools=tools)
    told, clicked, shown = Told(run), 0.0, 0.0
    async for event in stage.driver.start(run, request):
        told.events.append(event)
        if not clicked and moment(event):
            clicked = time.monotonic()
            await stage.driver.stop(run.id)
        elif clicked and not shown and isinstance(event, StatusChanged):
            shown = time.monotonic()
            assert event.status is RunStatus.CANCELLING or event.status.is_end
    assert clicked, "the moment never came"
    assert shown - clicked < AT_ONCE
    told.end = stage.journal.finished[-1][1]
    return told


def any_event(event: RunEvent) -> bool:
    return True


async def test_before_the_server_has_answered(stage):
    stage.pace = SHORT
    stage.server.fault(Fault("silence", on=stage.way.starts))
    run, request = stage.run()
    events = stage.driver.start(run, request)
    while not stage.started():
        await asyncio.sleep(0)
        assert time.monotonic() - stage.server.log[0].at < 5 if stage.server.log else True
    clicked = time.monotonic()
    await stage.driver.stop(run.id)
    told = await stage.told(run, events)
    assert time.monotonic() - clicked < 2
    assert told.status is RunStatus.CANCELLED


@not_for(chat=NOTHING_QUEUES, responses=NOTHING_QUEUES, assistants="Its stream begins with the run.")
async def test_while_the_run_waits_in_the_queue(stage):
    stage.server.script(Say("Too late.", looks=("queued",), gate=asyncio.Event()))
    told = await stopped_when(stage, any_event)
    assert (told.status, told.text) == (RunStatus.CANCELLED, "")


@not_for(
    background="Looks at this API show no text before the end.",
    polling="Looks at this API show no text before the end.",
)
async def test_in_the_middle_of_the_text(stage):
    stage.server.script(Say("Ten days of leave.", gate=asyncio.Event()))
    told = await stopped_when(stage, lambda event: isinstance(event, TextDelta), tools=False)
    assert (told.status, told.text.strip()) == (RunStatus.CANCELLED, "Ten")


async def test_while_a_tool_works(stage):
    stage.tools.look_up.gate = asyncio.Event()
    stage.server.script(CallTools(Call("lookup_policy", {"query": "sick"})), Say("Too late."))
    told = await stopped_when(
        stage,
        lambda event: isinstance(event, StatusChanged) and event.status is RunStatus.REQUIRES_ACTION,
    )
    assert told.status is RunStatus.CANCELLED
    assert len(stage.started()) == 1


async def test_just_when_the_answer_is_whole(stage):
    stage.server.script(Say("Ten days."))

    def nearly(event: RunEvent) -> bool:
        return isinstance(event, StatusChanged) and event.status is RunStatus.COMPLETED

    told = await stopped_when(stage, nearly, tools=False)
    assert told.status in (RunStatus.COMPLETED, RunStatus.CANCELLED)
    assert told.text == "Ten days."


async def test_after_the_end_nothing_happens(stage):
    stage.server.script(Say("Ten days."))
    told = await stage.ask(tools=False)
    await stage.driver.stop(told.run.id)
    assert [entry.path for entry in stage.server.log if entry.path.endswith("cancel")] == []
    assert len(stage.journal.finished) == 1


@not_for(
    chat="The server only sees that nobody listens any more.",
    responses="The server only sees that nobody listens any more.",
)
async def test_a_server_that_never_confirms_is_not_waited_for(stage):
    stage.pace = SHORT
    stuck = {"status": "cancelling" if stage.way.looks.endswith("runs/*") else "in_progress"}
    gate = asyncio.Event()
    stage.server.script(Say("Too late.", gate=gate))
    stage.server.fault(Fault("json", on="POST */cancel", times=None, changes=stuck))
    stage.server.fault(Fault("json", on=stage.way.looks, times=None, changes=stuck))
    told = await stopped_when(stage, any_event)
    assert told.status is RunStatus.CANCELLED


async def test_the_thread_can_be_used_again(stage):
    stage.server.script(
        CallTools(Call("lookup_policy", {"query": "sick"})), Say("Ten days.", gate=asyncio.Event())
    )
    await stopped_when(stage, any_event)
    stage.server.script(Say("Twelve days."), when="holiday")
    told = await stage.ask("How much holiday?", tools=False)
    assert (told.status, told.text) == (RunStatus.COMPLETED, "Twelve days.")
