"""Rows 1 and 13: the real program, killed or put to sleep in the middle of an answer."""

import asyncio
import os
import signal
import tempfile
from dataclasses import replace
from pathlib import Path

from hrdesk.core.threads import MessageStatus, Role
from tests.contract.ways import ASSISTANTS, BACKGROUND, CHAT, POLLING, RESPONSES, Way
from tests.e2e.program import command, environment
from tests.faults.recipes import recipe
from tests.faults.world import World
from tests.openai_server import Call, CallTools, OpenAIServer, Say
from tests.services.desk import desk_at

PACE = 0.05  # seconds between two words
WORDS = 60
UNSAVED = 1.5  # seconds: text is kept to the last one, and writing takes a moment


class Speaking:
    """An answer that comes word by word, counted by the clock, and what of it had been said when."""

    def __init__(self, server: OpenAIServer, text: str) -> None:
        self.text = text
        self._events = [asyncio.Event() for _ in text.split(" ")]
        self._due: list[float] = []
        pieces: list[str | asyncio.Event] = []
        for number, (event, word) in enumerate(zip(self._events, text.split(" "), strict=True)):
            pieces += [event, word if number == 0 else f" {word}"]
        server.turns.clear()
        server.script(CallTools(Call("lookup_policy", {"query": "sick leave"})))
        server.script(Say(text, pieces=tuple(pieces)))

    def begin(self) -> None:
        """Say the first word now, and the others one after the other."""
        loop = asyncio.get_running_loop()
        for number, event in enumerate(self._events):
            self._due.append(loop.time() + PACE * number)
            loop.call_at(self._due[-1], event.set)

    def said_before(self, seconds: float) -> int:
        """Return how many words had been said that many seconds ago."""
        now = asyncio.get_running_loop().time()
        return sum(due < now - seconds for due in self._due)


@recipe(1, (CHAT, RESPONSES, BACKGROUND, POLLING), slow=True)
async def killed_in_the_middle(world: World, way: Way) -> None:
    with tempfile.TemporaryDirectory(dir=world.folder) as folder:
        speaking, process, question = await _begin(world, way, Path(folder))
        await asyncio.sleep(world.chance.uniform(0.0, 0.8 * PACE * WORDS))
        os.killpg(process.pid, signal.SIGKILL)
        least = speaking.said_before(UNSAVED)
        await process.wait()
        await _check(world, way, Path(folder), question, speaking, least)


@recipe(13, (CHAT, RESPONSES, ASSISTANTS, POLLING), slow=True)
async def asleep_in_the_middle(world: World, way: Way) -> None:
    with tempfile.TemporaryDirectory(dir=world.folder) as folder:
        speaking, process, question = await _begin(world, way, Path(folder))
        await asyncio.sleep(world.chance.uniform(0.0, 0.5 * PACE * WORDS))
        os.killpg(process.pid, signal.SIGSTOP)
        await world.server.aclose()  # the network is gone when the lid opens again
        await asyncio.sleep(0.2)
        os.killpg(process.pid, signal.SIGCONT)
        async with asyncio.timeout(60):
            await process.wait()
        await _check(world, way, Path(folder), question, speaking, 0)


async def _begin(world: World, way: Way, folder: Path) -> tuple[Speaking, asyncio.subprocess.Process, str]:
    """Start the program on a folder of its own; returns when the server has heard the question."""
    async with desk_at(folder) as desk:
        await desk.connections.save(replace(way.connection(world.server.base_url), needs_key=False))
    question = f"What about {world.chance.getrandbits(32)}?"
    speaking = Speaking(world.server, world.sentence(WORDS))
    heard = len(world.server.turns.heard)
    process = await asyncio.create_subprocess_exec(
        *command(folder, "--connection", way.name, "ask", question, "--json"),
        stdout=asyncio.subprocess.DEVNULL,
        stderr=asyncio.subprocess.DEVNULL,
        env=environment(),
        start_new_session=True,
    )
    async with asyncio.timeout(60):
        while len(world.server.turns.heard) < heard + 2 and process.returncode is None:
            await asyncio.sleep(0.01)
    assert process.returncode is None, "the program ended before it was answered"
    speaking.begin()
    return speaking, process, question


async def _check(world: World, way: Way, folder: Path, question: str, speaking: Speaking, least: int) -> None:
    """See to it that the next start finds the question, the text, and an end."""
    async with desk_at(folder) as desk:
        for run_id in await desk.chat.resume():
            async with asyncio.timeout(30):
                await desk.driver.ended(run_id)
        (thread,) = (await desk.chat.threads()).threads
        asked, answer = await desk.chat.messages(thread.id)
    assert (asked.role, asked.text, answer.role) == (Role.USER, question, Role.ASSISTANT)
    assert answer.status is not MessageStatus.IN_PROGRESS
    assert speaking.text.startswith(answer.text.strip())
    assert answer.status is MessageStatus.COMPLETED or answer.note
    if way is CHAT or way is RESPONSES:  # elsewhere nothing is shown before the end, or it is fetched again
        assert len(answer.text.split()) >= least or answer.status is MessageStatus.COMPLETED
    assert world.server.log.twice() == []
