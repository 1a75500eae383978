"""HTTP/1.1 as far as the SDK uses it: keep-alive, JSON bodies, file uploads, streams of events."""

import asyncio
import contextlib
import json
import re
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

REASONS = {200: "OK", 307: "Temporary Redirect", 400: "Bad Request", 401: "Unauthorized", 404: "Not Found"}
LONGEST_HEAD = 256 * 1024


@dataclass
class Request:
    """What the client sent."""

    method: str
    path: str
    query: dict[str, str]
    headers: dict[str, str]
    body: bytes = b""

    @property
    def line(self) -> str:
        """Method and path."""
        return f"{self.method} {self.path}"

    @property
    def json(self) -> Any:
        """The body as JSON; an empty object where it is none."""
        try:
            return json.loads(self.body)
        except ValueError:
            return {}

    @property
    def form(self) -> dict[str, tuple[str, bytes]]:
        """The fields of an upload by name: file name ("" for plain fields) and content."""
        boundary = re.search(r'boundary="?([^";]+)', self.headers.get("content-type", ""))
        if boundary is None:
            return {}
        fields = {}
        for part in self.body.split(b"--" + boundary[1].encode())[1:-1]:
            head, _, content = part.partition(b"\r\n\r\n")
            text = head.decode("utf-8", "replace")
            name = re.search(r'\bname="([^"]*)"', text)
            file = re.search(r'\bfilename="([^"]*)"', text)
            if name is not None:
                fields[name[1]] = (unquote(file[1]) if file else "", content.removesuffix(b"\r\n"))
        return fields


@dataclass(frozen=True)
class Event:
    """A server-sent event: its data (JSON unless a text) and its name, where the API names events."""

    data: Any
    name: str = ""

    def encoded(self) -> bytes:
        """The event as it goes over the wire."""
        text = self.data if isinstance(self.data, str) else json.dumps(self.data, ensure_ascii=False)
        name = f"event: {self.name}\n" if self.name else ""
        return f"{name}data: {text}\n\n".encode()


@dataclass
class Reply:
    """What the server answers: a JSON body (or bytes), or a stream of events."""

    body: Any = None
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    events: AsyncIterator[Event] | None = None
    kind: str = "application/json"

    def whole(self) -> bytes:
        """The body where it is no stream."""
        return self.body if isinstance(self.body, bytes) else json.dumps(self.body).encode()


def refusal(status: int, message: str, code: str | None = None, param: str | None = None) -> Reply:
    """Return an error as OpenAI words it."""
    kind = "invalid_request_error" if status < 500 else "server_error"
    return Reply({"error": {"message": message, "type": kind, "param": param, "code": code}}, status)


class Wire:
    """One connection. What the client sends while an answer goes out is kept for the next request."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.reader = reader
        self.writer = writer
        self._ahead = bytearray()

    async def read_head(self) -> Request | None:
        """Read up to the end of the headers; None when the client has hung up."""
        try:
            raw = await self.until(b"\r\n\r\n")
        except (asyncio.IncompleteReadError, ConnectionError):
            return None
        first, *lines = raw.decode("latin-1").strip().split("\r\n")
        method, target, _ = first.split(" ")
        headers = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines)}
        url = urlsplit(target)
        return Request(method, url.path, dict(parse_qsl(url.query)), headers)

    async def read_body(self, request: Request) -> None:
        """Read the body that the headers announce."""
        if request.headers.get("transfer-encoding", "").lower() == "chunked":
            request.body = await self._chunks()
        else:
            request.body = await self.exactly(int(request.headers.get("content-length", 0)))

    async def _chunks(self) -> bytes:
        body = b""
        while size := int(await self.until(b"\r\n"), 16):
            body += (await self.exactly(size + 2))[:-2]
        await self.until(b"\r\n")
        return body

    async def until(self, end: bytes) -> bytes:
        """Read up to and with `end`."""
        while (place := self._ahead.find(end)) < 0:
            await self._more()
        return self._take(place + len(end))

    async def exactly(self, size: int) -> bytes:
        """Read so many bytes."""
        while len(self._ahead) < size:
            await self._more()
        return self._take(size)

    async def _more(self) -> None:
        data = await self.reader.read(65536)
        if not data:
            raise asyncio.IncompleteReadError(bytes(self._ahead), None)
        self._ahead += data

    def _take(self, size: int) -> bytes:
        taken = bytes(self._ahead[:size])
        del self._ahead[:size]
        return taken

    async def send(self, data: bytes) -> None:
        """Send bytes as they are."""
        self.writer.write(data)
        await self.writer.drain()

    async def hung_up(self) -> None:
        """Wait until the client closes the connection; what it sends meanwhile is kept."""
        with contextlib.suppress(ConnectionError):
            while data := await self.reader.read(65536):
                self._ahead += data

    def close(self, *, reset: bool = False) -> None:
        """Close the connection, with a reset if asked for."""
        if reset:
            self.writer.transport.abort()
        else:
            self.writer.close()


def head(reply: Reply, length: int | None) -> bytes:
    """Return the head of an answer; a body of unknown length comes in chunks."""
    kind = "text/event-stream; charset=utf-8" if reply.events is not None else reply.kind
    framing = "Transfer-Encoding: chunked" if length is None else f"Content-Length: {length}"
    fixed = {"content-type": kind, **{name.lower(): value for name, value in reply.headers.items()}}
    lines = [f"HTTP/1.1 {reply.status} {REASONS.get(reply.status, 'Status')}", framing]
    lines += [f"{name}: {value}" for name, value in fixed.items()]
    return "\r\n".join([*lines, "", ""]).encode()


def chunk(data: bytes) -> bytes:
    """Frame a piece of a body of unknown length."""
    return f"{len(data):x}\r\n".encode() + data + b"\r\n"
