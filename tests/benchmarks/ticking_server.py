"""The scripted server as a process of its own, for measuring: it changes state at times that it tells.

Prints its address first. `changes`: for every line on standard input, one run ends after a pause drawn from
a seed, and {"at": seconds on the system-wide monotonic clock} is printed. `tokens`: for every line, a run
streams 100 pieces a second for 30 seconds. `polls`: a run goes on for ever. At the end it prints its log.
"""

import asyncio
import json
import random
import sys
import time

from tests.openai_server import Say, serve
from tests.openai_server.script import Turn

TOKENS_A_SECOND, SECONDS = 100, 30
PAUSES = (0.3, 2.5)  # seconds from the start of a run to its end
CHANCE = random.Random(1)


async def main(mode: str, count: int) -> None:
    """Serve `count` runs, then until standard input is closed."""
    gates = [[asyncio.Event() for _ in range(_pieces(mode))] for _ in range(count)]
    async with serve() as server:
        server.poll_after_ms = None  # most servers do not say when to look again
        server.script(*(_turn(mode, steps) for steps in gates))
        _say(base_url=server.base_url)
        for steps in gates if mode != "polls" else ():
            await asyncio.to_thread(sys.stdin.readline)
            await _tick(mode, steps)
        await asyncio.to_thread(sys.stdin.read)
        _say(requests=[f"{one.method} {one.path}" for one in server.log])


def _pieces(mode: str) -> int:
    return TOKENS_A_SECOND * SECONDS if mode == "tokens" else 1


def _turn(mode: str, gates: list[asyncio.Event]) -> Turn:
    if mode != "tokens":
        return Say(text="Ten days a year.", gate=gates[0])
    pieces: list[str | asyncio.Event] = []
    for gate in gates:
        pieces += [gate, "word "]
    return Say(pieces=pieces)


async def _tick(mode: str, gates: list[asyncio.Event]) -> None:
    if mode == "changes":
        await asyncio.sleep(CHANCE.uniform(*PAUSES))
        _say(at=time.monotonic())
        gates[0].set()
        return
    for gate in gates:
        await asyncio.sleep(1 / TOKENS_A_SECOND)
        gate.set()


def _say(**values: object) -> None:
    sys.stdout.write(json.dumps(values) + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1], int(sys.argv[2])))
