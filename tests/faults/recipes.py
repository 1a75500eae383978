"""The faults, each a recipe: row of the fault list, what goes wrong, and what must come of it."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

from hrdesk.core.runs import RunStatus, StatusChanged, TextDelta
from hrdesk.core.threads import MessageStatus
from tests.contract.ways import ASSISTANTS, BACKGROUND, CHAT, POLLING, RESPONSES, WAYS, Way
from tests.faults.world import World, anything
from tests.openai_server import Call, CallTools, Fail, Fault, Say
from tests.openai_server.hostile import TEXTS, bad_arguments, too_many, unknown_tool, wrong_types

Play = Callable[[World, Way], Awaitable[None]]
STREAMS = (CHAT, RESPONSES, ASSISTANTS)
SERVED = (BACKGROUND, ASSISTANTS, POLLING)  # runs that go on at the server
LOOK_UP = CallTools(Call("lookup_policy", {"query": "sick"}))


@dataclass(frozen=True)
class Recipe:
    """A fault of one row of the list; `ways` are those that it can strike. A slow one takes processes."""

    row: int
    name: str
    play: Play
    ways: tuple[Way, ...]
    is_slow: bool = False


RECIPES: list[Recipe] = []


def recipe(row: int, ways: tuple[Way, ...] = WAYS, *, slow: bool = False) -> Callable[[Play], Play]:
    """Put a recipe on the list."""

    def add(play: Play) -> Play:
        RECIPES.append(Recipe(row, play.__name__, play, ways, slow))
        return play

    return add


@recipe(14, STREAMS)
async def network_drops_in_the_stream(world: World, way: Way) -> None:
    text = world.script(way)
    how = world.chance.choice(["fin", "rst", "half_close", "blackhole"])
    world.fault(way, how, at=world.chance.randint(0, 6000), round_=world.chance.choice([0, 1]))
    outcome = await world.ask(way)
    assert text.startswith(outcome.answer.text)
    await world.usable(outcome)


@recipe(14)
async def request_is_lost_or_its_answer(world: World, way: Way) -> None:
    world.script(way)
    world.fault(way, "drop", done=world.chance.random() < 0.5, round_=world.chance.choice([0, 1]))
    await world.usable(await world.ask(way))


@recipe(14, SERVED)
async def looks_are_lost(world: World, way: Way) -> None:
    text = world.script(way)
    for _ in range(world.chance.randint(1, 4)):
        how = world.chance.choice(["drop", "silence"])
        world.server.fault(Fault(how, on=way.looks, skip=world.chance.randint(0, 2)))
    outcome = await world.ask(way)
    assert outcome.answer.text == text
    await world.usable(outcome)


@recipe(15)
async def server_is_silent_until_stop(world: World, way: Way) -> None:
    world.script(way)
    world.fault(way, world.chance.choice(["silence", "half_head"]), round_=world.chance.choice([0, 1]))
    outcome = await world.ask(way, stop=anything)
    assert outcome.answer.status is MessageStatus.INCOMPLETE
    await world.usable(outcome)


@recipe(15, STREAMS)
async def slowloris_until_stop(world: World, way: Way) -> None:
    gate = asyncio.Event()
    dripping = asyncio.create_task(_drip(gate))
    world.script(way)
    world.fault(way, "slow", gate=gate)

    def is_dripping(event: object) -> bool:
        return isinstance(event, StatusChanged) and event.status is not RunStatus.REQUIRES_ACTION

    try:
        await world.usable(await world.ask(way, stop=is_dripping))
    finally:
        dripping.cancel()
        await asyncio.gather(dripping, return_exceptions=True)


async def _drip(gate: asyncio.Event) -> None:
    """Let a byte through now and then."""
    while True:
        gate.set()
        await asyncio.sleep(0.001)


@recipe(15, STREAMS)
async def stop_in_the_middle_of_the_text(world: World, way: Way) -> None:
    text = world.sentence()
    world.server.script(LOOK_UP, Say(text, gate=asyncio.Event()))
    outcome = await world.ask(way, stop=lambda event: isinstance(event, TextDelta))
    assert outcome.answer.text == text.split()[0]
    await world.usable(outcome)


@recipe(16)
async def too_many_requests(world: World, way: Way) -> None:
    text = world.script(way)
    waits = ["1", "30", "0.2", "soon", "-7", "Wed, 21 Oct 2015 07:28:00 GMT", ""]
    headers = {world.chance.choice(["retry-after", "retry-after-ms"]): world.chance.choice(waits)}
    world.fault(way, "status", status=429, headers=headers, round_=world.chance.choice([0, 1]))
    outcome = await world.ask(way)
    assert outcome.answer.text == text


@recipe(16)
async def asked_to_wait_too_long(world: World, way: Way) -> None:
    world.script(way)
    world.fault(way, "status", status=429, headers={"retry-after": "121"}, times=None, round_=0)
    outcome = await world.ask(way)
    assert "wait" in outcome.answer.note
    await world.usable(outcome)


@recipe(16)
async def stop_during_the_countdown(world: World, way: Way) -> None:
    world.script(way)
    world.fault(way, "status", status=429, headers={"retry-after": "110"}, times=None, round_=0)

    def counts_down(event: object) -> bool:
        return isinstance(event, StatusChanged) and event.until is not None

    outcome = await world.ask(way, stop=counts_down)
    assert outcome.stopped_in is not None
    await world.usable(outcome)


@recipe(17)
async def storm_that_passes(world: World, way: Way) -> None:
    text = world.script(way)
    status = world.chance.choice([500, 502, 503, 529, 408, 409])
    world.fault(
        way, "status", status=status, times=2, body="<html>no</html>", round_=world.chance.choice([0, 1])
    )
    outcome = await world.ask(way)
    assert outcome.answer.text == text


@recipe(17)
async def storm_that_does_not_pass(world: World, way: Way) -> None:
    world.script(way)
    before = len(world.server.log.of(way.starts))
    world.fault(way, "status", status=world.chance.choice([500, 503]), times=100, round_=0)
    outcome = await world.ask(way)
    assert outcome.answer.status is MessageStatus.INCOMPLETE
    assert len(world.server.log.of(way.starts)) - before == 3
    await world.usable(outcome)


@recipe(17)
async def refused_for_good(world: World, way: Way) -> None:
    world.script(way)
    status = world.chance.choice([400, 401, 403, 404, 413, 422])
    world.fault(way, "status", status=status, times=None, round_=world.chance.choice([0, 1]))
    await world.usable(await world.ask(way))


HARMLESS = ("crlf", "bom", "comments", "no_done", "double_done", "after_done", "gzip", "content_type")


@recipe(18, STREAMS)
async def stream_in_a_strange_shape(world: World, way: Way) -> None:
    text = world.script(way)
    shapes: list[tuple[str, dict[str, Any]]] = [
        (name, {"kind": "text/plain"} if name == "content_type" else {}) for name in HARMLESS
    ]
    shapes += [("split", {"size": 1}), ("split", {"seed": world.chance.getrandbits(16)})]
    shapes += [("huge_line", {"event": 3, "size": 20_000_000})]
    name, params = world.chance.choice(shapes)
    world.fault(way, name, **params)
    outcome = await world.ask(way)
    assert outcome.answer.text == text, name


@recipe(18, STREAMS)
async def stream_with_rubbish_in_it(world: World, way: Way) -> None:
    text = world.script(way)
    event = world.chance.randint(0, 25)
    spoils: list[tuple[str, dict[str, Any]]] = [
        ("bad_json", {"event": event}),
        ("nul", {"event": event}),
        ("error_event", {"event": event}),
        ("garbage", {}),
        ("gzip", {"bomb": 30_000_000}),
    ]
    name, params = world.chance.choice(spoils)
    world.fault(way, name, **params)
    outcome = await world.ask(way)
    assert set(outcome.answer.text.split()) <= set(text.split()), name
    await world.usable(outcome)


@recipe(18)
async def login_page_in_between(world: World, way: Way) -> None:
    world.script(way)
    world.fault(way, "html", times=None, round_=world.chance.choice([0, 1]))
    outcome = await world.ask(way)
    assert "Sign in" not in outcome.answer.text
    await world.usable(outcome)


@recipe(19)
async def every_end_state(world: World, way: Way) -> None:
    ends = [
        Say("", ending="content_filter"),
        Say("Ten days of", ending="length"),
        Fail(),
        Fail(status="expired"),
    ]
    end = world.chance.choice(ends)
    world.server.script(LOOK_UP, end, *[end] * 3)
    outcome = await world.ask(way)
    assert outcome.answer.status is MessageStatus.INCOMPLETE
    await world.usable(outcome)


@recipe(20)
async def calls_that_must_not_be(world: World, way: Way) -> None:
    text = world.sentence()
    ask = world.chance.choice([unknown_tool(), bad_arguments(), wrong_types(), too_many(300)])
    world.server.script(ask, Say(text))
    outcome = await world.ask(way)
    run = await world.desk.chat.seen(outcome.run_id)
    assert outcome.answer.text == text
    assert "error" in run.steps[0].outputs[-1].output
    assert len(run.lookups) <= 32


@recipe(20)
async def asking_without_end(world: World, way: Way) -> None:
    world.server.script(*[LOOK_UP] * 30)
    outcome = await world.ask(way)
    run = await world.desk.chat.seen(outcome.run_id)
    assert (run.status, len(run.lookups)) == (RunStatus.FAILED, 8)
    await world.usable(outcome)


@recipe(21, (RESPONSES, ASSISTANTS))
async def delivered_twice_late_or_in_disorder(world: World, way: Way) -> None:
    text = world.script(way)
    name = world.chance.choice(["duplicate", "reorder", "after_done", "foreign"])
    world.fault(way, name, seed=world.chance.getrandbits(16))
    outcome = await world.ask(way)
    assert outcome.answer.text == text, name


@recipe(28)
async def hostile_words(world: World, way: Way) -> None:
    name, text = world.chance.choice(sorted(TEXTS.items()))
    world.server.script(
        LOOK_UP, Say(text, pieces=tuple(text[at : at + 50_000] for at in range(0, len(text), 50_000)))
    )
    known = len({entry.path for entry in world.server.log})
    outcome = await world.ask(way)
    assert outcome.answer.status in (MessageStatus.COMPLETED, MessageStatus.INCOMPLETE), name
    assert len({entry.path for entry in world.server.log}) - known <= 8, "an address of the answer was asked"
    await world.usable(outcome)
