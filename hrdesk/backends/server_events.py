"""Server-sent events as servers really send them: read piece by piece, with damage kept to one event.

The format is that of the HTML standard, section 9.2.6. The SDK's own reader gives a stream up at the first
piece that is not JSON; here that event is left out and the next one counts.
"""

import json
from collections.abc import AsyncIterable, AsyncIterator, Iterator
from dataclasses import dataclass
from typing import Any

LONGEST_LINE = 8 * 1024 * 1024  # bytes; a longer line is dropped, not kept in memory
DONE = "[DONE]"


@dataclass(frozen=True, slots=True)
class ServerEvent:
    """One event: `name` (may be empty), `data` as parsed JSON, `id` where the server numbers its events."""

    name: str
    data: Any
    id: str = ""


async def events(chunks: AsyncIterable[bytes]) -> AsyncIterator[ServerEvent]:
    """Yield the events of a stream until `[DONE]` or its end; what is not JSON is left out."""
    lines, fields = _Lines(), _Fields()
    async for chunk in chunks:
        for line in lines.feed(chunk):
            text = fields.take(line)
            if text is None:
                continue
            if text.strip() == DONE:
                return
            event = fields.event(text)
            if event is not None:
                yield event


class _Lines:
    """Bytes to lines, ended by LF, CR or CRLF, wherever the pieces were cut."""

    def __init__(self) -> None:
        self._rest = bytearray()
        self._after_cr = False
        self._too_long = False

    def feed(self, chunk: bytes) -> Iterator[bytes]:
        if self._after_cr and chunk.startswith(b"\n"):
            chunk = chunk[1:]
        self._after_cr = chunk.endswith(b"\r") if chunk else self._after_cr
        *whole, rest = chunk.replace(b"\r\n", b"\n").replace(b"\r", b"\n").split(b"\n")
        for piece in whole:
            self._keep(piece)
            yield b"" if self._too_long else bytes(self._rest)
            self._rest.clear()
            self._too_long = False
        self._keep(rest)

    def _keep(self, piece: bytes) -> None:
        if len(self._rest) + len(piece) > LONGEST_LINE:
            self._too_long = True
            self._rest.clear()
        elif not self._too_long:
            self._rest += piece


class _Fields:
    """The fields of the event that is being read."""

    def __init__(self) -> None:
        self._name = ""
        self._id = ""
        self._data: list[str] = []
        self._first = True

    def take(self, line: bytes) -> str | None:
        """Take a line; returns the data of an event that this line ends."""
        text = line.decode("utf-8", "replace")
        if self._first:
            text = text.removeprefix("\ufeff")
            self._first = False
        if not text:
            data, self._data = self._data, []
            if not data:
                self._name = self._id = ""
            return "\n".join(data) if data else None
        field, _, value = text.partition(":")
        value = value.removeprefix(" ")
        if field == "data":
            self._data.append(value)
        elif field == "event":
            self._name = value
        elif field == "id":
            self._id = value
        return None

    def event(self, text: str) -> ServerEvent | None:
        """Return the event with this data, None where it is not JSON."""
        name, self._name = self._name, ""
        id_, self._id = self._id, ""
        try:
            return ServerEvent(name, json.loads(text), id_)
        except (ValueError, RecursionError):
            return None
