"""What the "model" does: turns, written in the test, the same for every API."""

import asyncio
import json
import re
from collections import deque
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from hrdesk.core.usage import Usage

USUAL = Usage(input_tokens=20, output_tokens=10)


@dataclass(frozen=True)
class Found:
    """A piece of a file that the provider's own file search found."""

    file_id: str
    file: str
    text: str
    score: float | None = 0.9
    attributes: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Cite:
    """A citation: after the words `after` of the answer, the number of a found piece (from 0)."""

    after: str
    found: int = 0


@dataclass(frozen=True, kw_only=True)
class Turn:
    """What all turns have.

    `looks` are the statuses that polls see before the turn's end; the last of them stays while the gate is
    closed. `found` is what file search returned in this turn. `usage` is None where the server is silent.
    """

    usage: Usage | None = USUAL
    looks: tuple[str, ...] = ("in_progress",)
    gate: asyncio.Event | None = None
    found: tuple[Found, ...] = ()

    @property
    def whole(self) -> str:
        """All that is said in this turn."""
        return ""


@dataclass(frozen=True)
class Say(Turn):
    """The model answers. `pieces` are what is streamed, word by word if not given; an event is waited for.

    `ending` is "stop", or "length" or "content_filter" for an answer that is cut short there.
    """

    text: str = ""
    pieces: Sequence[str | asyncio.Event] = ()
    ending: str = "stop"
    cites: tuple[Cite, ...] = ()

    @property
    def whole(self) -> str:
        """The whole text."""
        said = "".join(piece for piece in self.pieces if isinstance(piece, str))
        return self.text or said


@dataclass(frozen=True)
class Call:
    """A function call; arguments that are a text are sent as they are, valid JSON or not."""

    name: str
    arguments: dict[str, Any] | str = field(default_factory=dict)

    @property
    def json(self) -> str:
        """The arguments as they go over the wire."""
        return self.arguments if isinstance(self.arguments, str) else json.dumps(self.arguments)


class CallTools(Turn):
    """The model asks for tools, all at once; `text` is what it says before."""

    def __init__(self, *calls: Call, text: str = "", **rest: Any) -> None:
        super().__init__(**rest)
        object.__setattr__(self, "calls", calls)
        object.__setattr__(self, "text", text)

    calls: tuple[Call, ...]
    text: str

    @property
    def whole(self) -> str:
        """What is said before the calls."""
        return self.text


@dataclass(frozen=True)
class Fail(Turn):
    """The run ends badly by the server's doing. `status` is "failed" or, for Assistants, "expired"."""

    code: str = "server_error"
    message: str = "The model had an error."
    status: str = "failed"


@dataclass(frozen=True)
class Heard:
    """What the model is given: the last question, what tools said since, and the tools it may call."""

    question: str = ""
    outputs: tuple[str, ...] = ()
    tools: tuple[str, ...] = ()


def parrot(heard: Heard) -> Turn:
    """Look the question up, then say the first sentence of the first passage with its id."""
    if not heard.outputs and "lookup_policy" in heard.tools:
        return CallTools(Call("lookup_policy", {"query": heard.question}))
    for output in heard.outputs:
        try:
            passages = json.loads(output)["passages"]
            first = passages[0]
            sentence = re.split(r"(?<=[.!?])\s", first["text"].strip())[0]
            return Say(f"{sentence} [{first['id']}]")
        except (ValueError, LookupError, TypeError):
            continue
    return Say("I found nothing about this." if heard.outputs else f"You said: {heard.question}")


class Script:
    """The turns to come: one list for everybody, and lists for the questions that contain some words."""

    def __init__(self) -> None:
        self._lists: list[tuple[str, deque[Turn]]] = []
        self.heard: list[Heard] = []

    def add(self, turns: Sequence[Turn], when: str = "") -> None:
        """Put `turns` behind those that wait for the same words."""
        for words, waiting in self._lists:
            if words == when:
                waiting.extend(turns)
                return
        self._lists.append((when, deque(turns)))
        self._lists.sort(key=lambda entry: not entry[0])  # particular words come before everybody

    def clear(self) -> None:
        """Forget the turns that were not taken."""
        self._lists.clear()

    def next(self, heard: Heard) -> Turn:
        """Return what the model does now."""
        self.heard.append(heard)
        for words, waiting in self._lists:
            if words in heard.question and waiting:
                return waiting.popleft()
        return parrot(heard)


def words(text: str) -> list[str]:
    """Cut a text into words, each with the white space before it."""
    return re.findall(r"\s*\S+|\s+$", text)


def _pieces(turn: Turn) -> Sequence[str | asyncio.Event]:
    return turn.pieces if isinstance(turn, Say) else ()


async def spoken(turn: Turn) -> AsyncIterator[str]:
    """Yield the text of a turn piece by piece, waiting where the script says so."""
    pieces = _pieces(turn) or words(turn.whole)
    yielded = 0
    for piece in pieces:
        if isinstance(piece, asyncio.Event):
            await piece.wait()
            continue
        if yielded == 1 and turn.gate is not None:
            await turn.gate.wait()
        yielded += 1
        yield piece
    if yielded < 2 and turn.gate is not None:
        await turn.gate.wait()


def is_open(turn: Turn) -> bool:
    """Whether nothing in the turn has to be waited for any more."""
    gates = [turn.gate, *(piece for piece in _pieces(turn) if isinstance(piece, asyncio.Event))]
    return all(gate is None or gate.is_set() for gate in gates)


async def opened(turn: Turn) -> None:
    """Wait for all that the turn waits for."""
    async for _ in spoken(turn):
        pass


class Looks:
    """The statuses that polls see while a turn goes on."""

    def __init__(self, turn: Turn) -> None:
        self._turn = turn
        self._left = deque(turn.looks)
        self._last = "in_progress"

    def next(self) -> str | None:
        """Return what this look sees; None when the turn has ended."""
        if self._left:
            self._last = self._left.popleft()
            return self._last
        return None if is_open(self._turn) else self._last
