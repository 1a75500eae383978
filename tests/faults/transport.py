"""Rows 22 to 24 and 12: certificates, proxies, key stores, clocks."""

import datetime as dt
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

import pytest

from hrdesk.core.connections import Connection
from hrdesk.core.threads import MessageStatus, Role
from hrdesk.services import journal
from tests.contract.ways import Way
from tests.faults.canaries import KEY, NAME
from tests.faults.recipes import recipe
from tests.faults.world import Outcome, World
from tests.openai_server import Fault, serve
from tests.openai_server.transport import authority, free_port, proxy


async def asked_over(world: World, way: Way, connection: Connection) -> Outcome:
    """Ask over another connection of this way; nothing may come of it but words."""
    other = replace(connection, name="other", title="Other")
    await world.desk.connections.save(other)
    await world.desk.connections.store_key("other", KEY)
    try:
        return await world.ask(replace(way, name="other"))
    finally:
        await world.desk.connections.remove("other")


@recipe(22)
async def certificate_that_is_not_right(world: World, way: Way) -> None:
    kind = world.chance.choice(["expired", "wrong_host", "self_signed", "old", "good"])
    async with serve(tls=authority().context(kind)) as server:
        outcome = await asked_over(world, way, way.connection(server.base_url))
        assert list(server.log) == [], "something was sent"
    assert outcome.answer.status is MessageStatus.INCOMPLETE
    assert outcome.answer.text == ""


@recipe(22)
async def redirected_elsewhere(world: World, way: Way) -> None:
    async with serve() as elsewhere:
        world.script(way)
        status = world.chance.choice([301, 302, 303, 307, 308])
        for line in (way.starts, "GET *", "POST /v1/threads", "POST /v1/assistants"):
            to = f"{elsewhere.base_url}/models"
            world.server.fault(Fault("redirect", on=line, times=None, to=to, status=status))
        outcome = await world.ask(way)
        assert list(elsewhere.log) == [], "the key or the question followed a redirect"
    assert outcome.answer.status is MessageStatus.INCOMPLETE
    await world.usable(outcome)


@recipe(23)
async def proxy_in_between(world: World, way: Way) -> None:
    status = world.chance.choice([407, 403, 502, 0, None])
    async with proxy(status or 0) as twin:
        url = twin.url if status is not None else f"http://127.0.0.1:{free_port()}"
        with pytest.MonkeyPatch.context() as patch:
            for name in ("HTTPS_PROXY", "https_proxy", "ALL_PROXY"):
                patch.setenv(name, url)
            outcome = await asked_over(world, way, way.connection("https://policies.example/v1"))
        said = "\n".join(twin.heads)
    assert KEY not in said
    assert NAME not in said
    assert outcome.answer.status is MessageStatus.INCOMPLETE
    assert outcome.answer.note


@recipe(14)
async def nobody_listens(world: World, way: Way) -> None:
    outcome = await asked_over(world, way, way.connection(f"http://127.0.0.1:{free_port()}/v1"))
    assert outcome.answer.status is MessageStatus.INCOMPLETE
    assert "reached" in outcome.answer.note


@recipe(24)
async def key_is_gone(world: World, way: Way) -> None:
    await world.desk.connections.delete_key(way.name)
    try:
        outcome = await world.ask(way)
        words = outcome.refused or outcome.answer.note
        assert "key" in words.lower()
        assert world.server.log.creations() == [] or outcome.refused or outcome.answer.text == ""
    finally:
        await world.desk.connections.store_key(way.name, KEY)
    await world.usable(outcome)


@recipe(12)
async def clock_jumps(world: World, way: Way) -> None:
    jumps = [dt.timedelta(days=1), dt.timedelta(days=-1), dt.timedelta(hours=1)]
    jumps += [dt.datetime(1970, 1, 2, tzinfo=dt.UTC) - dt.datetime.now(dt.UTC), dt.timedelta(days=5000)]
    jump = world.chance.choice(jumps)
    world.script(way)
    first = await world.ask(way)
    with _clock_moved(jump):
        world.script(way)
        second = await world.ask(way, first.thread_id)
    messages = await world.desk.chat.messages(first.thread_id)
    assert [message.role for message in messages] == [Role.USER, Role.ASSISTANT] * 2
    assert [message.text for message in messages[::2]] == [first.question, second.question]
    assert {message.status for message in messages[1::2]} == {MessageStatus.COMPLETED}


@contextmanager
def _clock_moved(jump: dt.timedelta) -> Iterator[None]:
    """Let the journal's clock show another time."""

    class Moved(dt.datetime):
        @classmethod
        def now(cls, tz: Any = None) -> Any:
            return dt.datetime.now(tz) + jump

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(journal, "datetime", Moved)
        yield
