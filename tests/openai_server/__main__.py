"""The server as a program, for looking at the window: python -m tests.openai_server --port 8000.

A script is a JSON file with a list of turns: {"say": "Ten days [p1]."} or {"call": {"lookup_policy":
{"query": "sick leave"}}}. Every piece of text takes --pace seconds.
"""

import argparse
import asyncio
import json
from pathlib import Path
from typing import Any

from tests.openai_server.script import Call, CallTools, Heard, Say, Turn, parrot, words
from tests.openai_server.server import OpenAIServer, serve


def _turn(said: dict[str, Any]) -> Turn:
    if "call" in said:
        return CallTools(*(Call(name, arguments) for name, arguments in said["call"].items()))
    return Say(said["say"])


def _paced(turn: Turn, pace: float) -> Turn:
    """Return the turn in pieces that come one after the other, counted from now."""
    if not isinstance(turn, Say) or pace <= 0:
        return turn
    loop = asyncio.get_running_loop()
    pieces: list[str | asyncio.Event] = []
    for number, word in enumerate(words(turn.whole)):
        due = asyncio.Event()
        loop.call_later(pace * (number + 1), due.set)
        pieces += [due, word]
    return Say(turn.whole, pieces=tuple(pieces), usage=turn.usage)


class _PacedServer:
    """Lets the turns of a server take time."""

    def __init__(self, server: OpenAIServer, turns: list[Turn], pace: float) -> None:
        self._turns = turns
        self._pace = pace
        server.turns.next = self.next  # type: ignore[method-assign]

    def next(self, heard: Heard) -> Turn:
        return _paced(self._turns.pop(0) if self._turns else parrot(heard), self._pace)


async def _serve(port: int, turns: list[Turn], pace: float) -> None:
    async with serve(port) as server:
        _PacedServer(server, turns, pace)
        print(server.base_url, flush=True)  # noqa: T201 - whoever started it reads where it listens
        await asyncio.Event().wait()


def main() -> None:
    """Serve until interrupted."""
    parser = argparse.ArgumentParser(prog="python -m tests.openai_server")
    parser.add_argument("--port", type=int, default=0, help="a free one unless given")
    parser.add_argument("--script", type=Path, help="a JSON file with the turns; without it a parrot answers")
    parser.add_argument("--pace", type=float, default=0.0, help="seconds between pieces of text")
    options = parser.parse_args()
    said = json.loads(options.script.read_text("utf-8")) if options.script else []
    asyncio.run(_serve(options.port, [_turn(turn) for turn in said], options.pace))


if __name__ == "__main__":
    main()
