"""Time limits, and several runs at once."""

import asyncio
from dataclasses import replace

from hrdesk.core.runs import RunStatus
from tests.contract.stage import PACE
from tests.contract.ways import not_for
from tests.openai_server import Call, CallTools, Fail, Say

ASSISTANTS_ONLY = "Only the Assistants contract has runs that expire."


@not_for(chat=ASSISTANTS_ONLY, responses=ASSISTANTS_ONLY, background=ASSISTANTS_ONLY)
async def test_a_run_that_its_server_lets_expire(stage):
    stage.server.script(Fail(status="expired"))
    told = await stage.ask(tools=False)
    assert told.status is RunStatus.EXPIRED


@not_for(chat=ASSISTANTS_ONLY, responses=ASSISTANTS_ONLY, background=ASSISTANTS_ONLY)
async def test_outputs_that_come_after_the_run_expired(stage):
    stage.tools.look_up.gate = gate = asyncio.Event()
    stage.server.script(CallTools(Call("lookup_policy", {"query": "sick"})), Say("Too late."))
    run, request = stage.run()
    asking = asyncio.ensure_future(stage.told(run, stage.driver.start(run, request)))
    while not stage.tools.look_up.asked:
        await asyncio.sleep(0)
    next(iter(stage.server.runs.values())).end("expired")
    gate.set()
    told = await asking
    assert told.status is RunStatus.EXPIRED


async def test_a_run_that_never_ends_is_ended_here(stage):
    stage.pace = replace(PACE, deadline=40, cancel=5)
    stage.server.script(Say("Ten days.", gate=asyncio.Event()))
    told = await stage.ask(tools=False)
    assert told.status is RunStatus.EXPIRED
    assert told.error


async def test_a_countdown_to_the_end_of_a_run_is_known(stage):
    stage.server.script(CallTools(Call("lookup_policy", {"query": "sick"})), Say("Ten days [p1]."))
    told = await stage.ask()
    assert told.snapshot.expires_at is not None


async def test_several_runs_in_several_threads_at_once(stage):
    gate = asyncio.Event()
    for name in ("alpha", "beta", "gamma"):
        stage.server.script(CallTools(Call("lookup_policy", {"query": name})), when=name)
        stage.server.script(Say(f"About {name} [p1].", gate=gate if name == "alpha" else None), when=name)

    async def ask(name: str) -> str:
        told = await stage.ask(f"What about {name}?")
        assert told.status is RunStatus.COMPLETED
        return str(told.text)

    slow = asyncio.ensure_future(ask("alpha"))
    beta, gamma = await asyncio.gather(ask("beta"), ask("gamma"))
    assert (beta, gamma) == ("About beta [p1].", "About gamma [p1].")
    assert not slow.done()
    gate.set()
    assert await slow == "About alpha [p1]."
    assert sorted(stage.tools.look_up.asked) == ["alpha", "beta", "gamma"]
