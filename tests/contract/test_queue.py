"""A question that is asked while the thread is busy, through the services that a window uses."""

import asyncio

import pytest

from hrdesk.core.runs import MessageCompleted
from hrdesk.services.chat import Asked, Queued
from tests.contract.ways import WAYS, Way
from tests.openai_server import Call, CallTools, Say, serve
from tests.services.desk import desk_at


@pytest.mark.parametrize("way", WAYS, ids=lambda way: way.name)
async def test_a_follow_up_waits_and_is_then_asked_with_all_that_was_said(
    way: Way, tmp_path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setenv("PYTHON_KEYRING_BACKEND", "keyring.backends.fail.Keyring")
    gate = asyncio.Event()
    async with serve() as server, desk_at(tmp_path / "data", tmp_path) as desk:
        await desk.connections.save(way.connection(server.base_url))
        await desk.connections.store_key(way.name, "sk-canary-0123456789")
        desk.chat.use(way.name)
        for when, gate_of in (("sick", gate), ("holiday", None)):
            server.script(CallTools(Call("lookup_policy", {"query": when})), when=when)
            server.script(Say(f"About {when}.", gate=gate_of), when=when)
        first = desk.chat.ask("How much sick leave?")
        asked = await anext(first)
        assert isinstance(asked, Asked)
        second = desk.chat.ask("And how much holiday?", asked.thread.id)
        assert await anext(second) == Queued(asked.thread.id, "And how much holiday?")
        assert len(await desk.chat.messages(asked.thread.id)) == 2
        gate.set()
        answers = [
            event.message.text
            for events in (first, second)
            async for event in events
            if isinstance(event, MessageCompleted)
        ]
        assert answers == ["About sick.", "About holiday."]
        said = [message.text for message in await desk.chat.messages(asked.thread.id)]
        assert said == ["How much sick leave?", "About sick.", "And how much holiday?", "About holiday."]
        assert server.log.twice() == []
