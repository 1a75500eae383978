"""After a restart: what the journal knows is enough to find a run again, and nothing is run twice."""

import asyncio

from hrdesk.core.runs import RunStatus
from hrdesk.core.usage import Usage
from tests.contract.stage import Stage, Told
from tests.contract.ways import not_for
from tests.openai_server import Call, CallTools, Fault, Say

SICK = CallTools(Call("lookup_policy", {"query": "sick"}), usage=Usage(10, 1))
ENDS = "A run of this way ends with hrdesk; see the last test."
resumable = not_for(chat=ENDS, responses=ENDS)


async def resumed(stage: Stage, *, waits_for_tools: bool = False) -> Told:
    """Close in the middle of a run, start again, and take the run up."""
    run, request = await stage.left_behind(waits_for_tools=waits_for_tools)
    text = next(text for kept, text in reversed(stage.journal.kept) if kept.id == run.id)
    return await stage.told(run, stage.driver.resume(run, request, text))


@resumable
async def test_a_run_that_still_works_is_followed_to_its_end(stage):
    gate = asyncio.Event()
    stage.server.script(Say("Ten days of leave.", gate=gate))
    asyncio.get_running_loop().call_later(0.5, gate.set)
    told = await resumed(stage)
    assert (told.status, told.text) == (RunStatus.COMPLETED, "Ten days of leave.")
    assert len(stage.started()) == 1


@resumable
async def test_a_run_that_waits_for_tools_gets_them(stage):
    stage.server.script(SICK, Say("Ten days [p1].", usage=Usage(20, 2)))
    told = await resumed(stage, waits_for_tools=True)
    assert (told.status, told.text) == (RunStatus.COMPLETED, "Ten days [p1].")
    assert told.snapshot.usage == Usage(30, 3)
    assert [entry.is_accepted for entry in stage.started()] == [True, True]


@resumable
async def test_a_run_that_ended_meanwhile_is_read(stage):
    gate = asyncio.Event()
    stage.server.script(Say("Ten days of leave.", gate=gate))
    run, request = await stage.left_behind()
    gate.set()
    if stage.server.runs:
        live = next(iter(stage.server.runs.values()))
        while live.status != "completed":
            await live.look()
    else:
        kept = next(iter(stage.server.responses.values()))
        while kept.is_under_way:
            kept.look()
    told = await stage.told(run, stage.driver.resume(run, request, ""))
    assert (told.status, told.text) == (RunStatus.COMPLETED, "Ten days of leave.")
    assert len(stage.started()) == 1


@resumable
async def test_a_run_that_is_gone_ends_as_expired(stage):
    stage.server.script(Say("Ten days of leave.", gate=asyncio.Event()))
    run, request = await stage.left_behind()
    stage.server.runs.clear()
    stage.server.responses.clear()
    told = await stage.told(run, stage.driver.resume(run, request, "Ten"))
    assert (told.status, told.text) == (RunStatus.EXPIRED, "Ten")
    assert told.error


@resumable
async def test_a_server_that_cannot_be_reached_leaves_the_run_for_later(stage):
    stage.server.script(Say("Ten days of leave.", gate=asyncio.Event()))
    run, request = await stage.left_behind()
    stage.server.fault(Fault("drop", times=None))
    told = await stage.told(run, stage.driver.resume(run, request, ""))
    assert told.end is None
    assert not stage.driver.is_running(run.id)
    stage.server.faults.clear()


@not_for(
    background="It can be found again.", assistants="It can be found again.", polling="It can be found again."
)
async def test_a_run_that_ended_with_hrdesk_is_marked_and_not_run_again(stage):
    stage.server.script(Say("Ten days of leave.", gate=asyncio.Event()))
    run, request = stage.run(tools=False)
    stage.driver.start(run, request)
    while not stage.journal.kept:
        await asyncio.sleep(0)
    run = stage.stopped(run.id)
    await stage.close()
    stage.journal.finished.clear()
    before = len(stage.started())
    told = await stage.told(run, stage.driver.resume(run, request, "Ten"))
    assert (told.status, told.text) == (RunStatus.EXPIRED, "Ten")
    assert len(stage.started()) == before
