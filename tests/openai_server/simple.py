"""The smallest of servers: says the given answers one after the other, whatever is asked."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Answer:
    """What the server says to one request; `drop` closes the connection without a word."""

    status: int = 200
    body: object = field(default_factory=dict)
    headers: tuple[tuple[str, str], ...] = ()
    drop: bool = False


@dataclass
class Request:
    """What the client sent, without the key: only whether one was there."""

    method: str
    path: str
    key: str | None


class ScriptedServer:
    """Answers from a list, one request after the other; the last answer again and again."""

    def __init__(self, *answers: Answer) -> None:
        self.answers = list(answers)
        self.requests: list[Request] = []
        self.base_url = ""

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Speak HTTP/1.1 to one client, one request a connection."""
        try:
            head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
            method, path, _ = head[0].split(" ")
            headers = {name.lower(): value for name, _, value in (line.partition(": ") for line in head[1:])}
            self.requests.append(Request(method, path, headers.get("authorization")))
            answer = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
            if not answer.drop:
                writer.write(_encoded(answer))
                await writer.drain()
        finally:
            writer.close()


def _encoded(answer: Answer) -> bytes:
    text = answer.body if isinstance(answer.body, str) else json.dumps(answer.body)
    body = text.encode()
    lines = [f"HTTP/1.1 {answer.status} Scripted", f"Content-Length: {len(body)}", "Connection: close"]
    lines += [f"{name}: {value}" for name, value in answer.headers]
    kind = "text/html" if isinstance(answer.body, str) else "application/json"
    return "\r\n".join([*lines, f"Content-Type: {kind}", "", ""]).encode() + body


@asynccontextmanager
async def scripted(*answers: Answer) -> AsyncIterator[ScriptedServer]:
    """Serve `answers` on a free port of the loopback interface."""
    script = ScriptedServer(*answers)
    server = await asyncio.start_server(script.serve, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    script.base_url = f"http://127.0.0.1:{port}/v1"
    async with server:
        yield script
