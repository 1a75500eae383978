"""Server-sent events as JSON objects, read from a stream that nobody should trust.

The SDK's own reader gives up at the first event that is no JSON and has no limit to a line. Here what is
damaged is left out and remembered, so that the good part of an answer is kept and its end can be named.
Format: the WHATWG HTML standard, "Server-sent events".
"""

import json
import re
from collections.abc import AsyncGenerator, AsyncIterator, Iterator, Mapping
from contextlib import aclosing
from typing import TYPE_CHECKING, Any

from hrdesk.backends.client import CONNECT_SECONDS
from hrdesk.backends.troubles import in_words, not_understood

if TYPE_CHECKING:
    import httpx2
    from openai import AsyncOpenAI

LONGEST_LINE = 8 * 1024 * 1024  # bytes; a long answer in one event is under a megabyte
LONGEST_STREAM = 64 * 1024 * 1024
THINKING_SECONDS = 240.0  # silence of a model that reads a long prompt on a slow computer

_LINE_END = re.compile(rb"\r\n|\r|\n")
_BOM = b"\xef\xbb\xbf"


async def post(
    client: "AsyncOpenAI", path: str, body: Mapping[str, object], idempotency_key: str
) -> "EventStream":
    """Send a POST and return its answer, of which only the status has been looked at.

    Raises the SDK's errors; a refusal is an `openai.APIStatusError`.
    """
    import httpx2
    from openai import AsyncStream

    stream = await client.post(
        path,
        cast_to=object,
        body=body,
        options={
            "headers": {"Idempotency-Key": idempotency_key},
            "timeout": httpx2.Timeout(THINKING_SECONDS, connect=CONNECT_SECONDS),
        },
        stream=True,
        stream_cls=AsyncStream[object],
    )
    return EventStream(stream.response)


class EventStream:
    """The JSON objects of one answer, in order; an answer that is plain JSON is the only object.

    `name` is the event's name of the last object. `damaged` is True once something had to be left out,
    `done` once the server said `[DONE]`.
    """

    def __init__(self, response: "httpx2.Response") -> None:
        self.name = ""
        self.damaged = False
        self.done = False
        self._response = response

    async def objects(self) -> AsyncGenerator[dict[str, Any], None]:
        """Yield every object as it arrives. Raises `BackendUnavailable` where the connection breaks."""
        import httpx2

        try:
            async with aclosing(self._response.aiter_bytes()) as chunks:
                start = await _start(chunks)
                if start.startswith((b"{", b"<")):
                    yield await self._whole(start, chunks)
                    return
                async with aclosing(self._events(start, chunks)) as events:
                    async for found in events:
                        yield found
        except httpx2.RequestError as error:
            raise in_words(error, creates=True) from error
        finally:
            await self._response.aclose()

    async def aclose(self) -> None:
        """Hang up."""
        await self._response.aclose()

    async def _whole(self, start: bytes, chunks: AsyncIterator[bytes]) -> dict[str, Any]:
        """Return the answer of a server that does not stream. Raises for a login page and the like."""
        body = bytearray(start)
        async for chunk in chunks:
            body += chunk
            if len(body) > LONGEST_LINE:
                raise not_understood(creates=True)
        try:
            found = json.loads(body, strict=False)
        except (ValueError, RecursionError) as error:
            raise not_understood(creates=True) from error
        self.done = True
        return dict(found)  # it begins with a brace

    async def _events(
        self, start: bytes, chunks: AsyncIterator[bytes]
    ) -> AsyncGenerator[dict[str, Any], None]:
        lines, event = _Lines(), _Event()
        for line in lines.feed(start):
            if (found := self._taken(event, line)) is not None:
                yield found
        async for chunk in chunks:
            for line in lines.feed(chunk):
                if (found := self._taken(event, line)) is not None:
                    yield found
            self.damaged |= lines.damaged
            if self.done:
                return
            if lines.total > LONGEST_STREAM:
                self.damaged = True
                return
        for line in (*lines.rest(), b""):
            if (found := self._taken(event, line)) is not None:
                yield found
        self.damaged |= lines.damaged

    def _taken(self, event: "_Event", line: bytes) -> dict[str, Any] | None:
        if self.done or not event.take(line):  # what comes after the end is nobody's
            return None
        data, name = event.taken()
        if data.strip() == "[DONE]":
            self.done = True
            return None
        try:
            found = json.loads(data, strict=False)
        except (ValueError, RecursionError):
            found = None
        if not isinstance(found, dict):
            self.damaged = True
            return None
        self.name = name
        if name:
            found.setdefault("type", name)
        return found


async def _start(chunks: AsyncIterator[bytes]) -> bytes:
    """Return the beginning of the body up to a first byte that tells what it is; b"" where it is empty."""
    start = b""
    async for chunk in chunks:
        start = (start + chunk).removeprefix(_BOM).lstrip()
        if start and not _BOM.startswith(start):
            return start
    return start


class _Lines:
    """Cuts bytes into lines, wherever the pieces are split. Lines that are too long are dropped."""

    def __init__(self) -> None:
        self.total = 0
        self.damaged = False
        self._part = bytearray()
        self._dropping = False
        self._after_cr = False

    def feed(self, chunk: bytes) -> Iterator[bytes]:
        """Yield the lines that end in `chunk`."""
        self.total += len(chunk)
        if self._after_cr:
            chunk = chunk.removeprefix(b"\n")
        start = 0
        for end in _LINE_END.finditer(chunk):
            self._keep(chunk[start : end.start()])
            start = end.end()
            yield from self._ended()
        self._after_cr = chunk.endswith(b"\r")
        self._keep(chunk[start:])

    def rest(self) -> list[bytes]:
        """Return the line that the end of the stream cut off, if any."""
        return list(self._ended()) if self._part else []

    def _ended(self) -> Iterator[bytes]:
        if not self._dropping:
            yield bytes(self._part)
        self._part.clear()
        self._dropping = False

    def _keep(self, piece: bytes) -> None:
        if self._dropping:
            return
        if len(self._part) + len(piece) > LONGEST_LINE:
            self.damaged |= not (self._part or piece).startswith(b":")  # nobody misses a comment
            self._part.clear()
            self._dropping = True
        else:
            self._part += piece


class _Event:
    """The lines of one event."""

    def __init__(self) -> None:
        self._data: list[str] = []
        self._name = ""

    def take(self, line: bytes) -> bool:
        """Take a line; returns whether an event is whole."""
        if not line:
            self._name = self._name if self._data else ""
            return bool(self._data)
        field, _, value = line.decode("utf-8", "replace").partition(":")
        if field == "data":
            self._data.append(value.removeprefix(" "))
        elif field == "event":
            self._name = value.removeprefix(" ")
        return False

    def taken(self) -> tuple[str, str]:
        """Return data and name of the whole event, and begin the next."""
        data, name = "\n".join(self._data), self._name
        self._data, self._name = [], ""
        return data, name


def plain(text: str) -> str:
    """Return `text` without NULs and with split surrogate pairs joined, so that it can be stored."""
    if text.isascii():
        return text.replace("\0", "")
    return text.replace("\0", "").encode("utf-16", "surrogatepass").decode("utf-16", "replace")


class TextPieces:
    """Joins pieces of text whose characters may be cut in two (an emoji is two halves in JSON)."""

    def __init__(self) -> None:
        self._half = ""

    def add(self, piece: str) -> str:
        """Return the next text that can be shown."""
        piece = self._half + piece
        cut = len(piece) - 1 if piece and "\ud800" <= piece[-1] <= "\udbff" else len(piece)
        self._half = piece[cut:]
        return plain(piece[:cut])
