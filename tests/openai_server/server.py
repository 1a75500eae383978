"""The server: connections, routes, the log, and the faults on the way out."""

import asyncio
import contextlib
import re
import ssl
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine
from contextlib import asynccontextmanager
from typing import Any

from tests.openai_server.assistants import Assistants
from tests.openai_server.chat import Chat
from tests.openai_server.faults import Fault
from tests.openai_server.http import Reply, Request, Wire, chunk, head, refusal
from tests.openai_server.live_run import LiveRun
from tests.openai_server.log import Entry, RequestLog, hashed
from tests.openai_server.responses import KeptResponse, Responses
from tests.openai_server.runs import Runs
from tests.openai_server.script import Script, Turn

Handler = Callable[..., Reply | Awaitable[Reply]]
MODELS = ("gpt-test-mini", "gpt-test-large")


class OpenAIServer:
    """What a test sees of the server. `models` are the ids it offers; `poll_after_ms` what it wishes."""

    def __init__(self) -> None:
        self.base_url = ""
        self.log = RequestLog()
        self.poll_after_ms: int | None = 1
        self.models: list[str] = list(MODELS)
        self.faults: list[Fault] = []
        self.turns = Script()
        self._chat = Chat(self.turns)
        self._responses = Responses(self.turns)
        self._held = Assistants()
        self._runs = Runs(self.turns, self._held)
        self._connections = 0
        self._tasks: set[asyncio.Task[None]] = set()
        self._routes = self._table()

    @property
    def responses(self) -> dict[str, KeptResponse]:
        """The responses it keeps, by id."""
        return self._responses.kept

    @property
    def assistants(self) -> dict[str, dict[str, Any]]:
        """The assistants it keeps, by id."""
        return self._held.assistants

    @property
    def threads(self) -> dict[str, dict[str, Any]]:
        """The threads it keeps, by id."""
        return self._held.threads

    @property
    def messages(self) -> dict[str, list[dict[str, Any]]]:
        """The messages of each thread, oldest first."""
        return self._held.messages

    @property
    def runs(self) -> dict[str, LiveRun]:
        """The Assistants runs it keeps, by id."""
        return self._held.runs

    def script(self, *turns: Turn, when: str = "") -> None:
        """Say what the model does next; `when` is for runs whose question contains these words."""
        self.turns.add(turns, when)

    def fault(self, *faults: Fault) -> None:
        """Let something go wrong."""
        self.faults.extend(faults)

    def _table(self) -> list[tuple[str, re.Pattern[str], Handler]]:
        responses = self._responses
        table: list[tuple[str, Handler]] = [
            *self._assistants_table(),
            ("GET /v1/models", self._models),
            ("GET /v1/models/{id}", self._model),
            ("POST /v1/chat/completions", self._chat.create),
            ("POST /v1/responses", responses.create),
            ("GET /v1/responses/{id}", responses.retrieve),
            ("DELETE /v1/responses/{id}", responses.delete),
            ("POST /v1/responses/{id}/cancel", responses.cancel),
        ]
        return [
            (line.split()[0], re.compile(re.sub(r"\{\w+\}", "([^/]+)", line.split()[1])), handler)
            for line, handler in table
        ]

    def _assistants_table(self) -> list[tuple[str, Handler]]:
        held, runs = self._held, self._runs
        thread, run = "/v1/threads/{thread}", "/v1/threads/{thread}/runs/{run}"
        return [
            ("POST /v1/assistants", held.create_assistant),
            ("GET /v1/assistants", held.list_assistants),
            ("GET /v1/assistants/{id}", held.retrieve_assistant),
            ("POST /v1/assistants/{id}", held.modify_assistant),
            ("DELETE /v1/assistants/{id}", held.delete_assistant),
            ("POST /v1/threads", held.create_thread),
            ("POST /v1/threads/runs", runs.create_with_thread),
            (f"GET {thread}", held.retrieve_thread),
            (f"DELETE {thread}", held.delete_thread),
            (f"POST {thread}/messages", held.create_message),
            (f"GET {thread}/messages", held.list_messages),
            (f"GET {thread}/messages/{{id}}", held.retrieve_message),
            (f"DELETE {thread}/messages/{{id}}", held.delete_message),
            (f"POST {thread}/runs", runs.create),
            (f"GET {thread}/runs", runs.list_runs),
            (f"GET {run}", runs.retrieve),
            (f"POST {run}/cancel", runs.cancel),
            (f"POST {run}/submit_tool_outputs", runs.submit),
            (f"GET {run}/steps", runs.list_steps),
            (f"GET {run}/steps/{{id}}", runs.retrieve_step),
        ]

    def _models(self, request: Request) -> Reply:
        return Reply({"object": "list", "data": [_model(name) for name in self.models]})

    def _model(self, request: Request, name: str) -> Reply:
        if name not in self.models:
            return refusal(404, f"The model '{name}' does not exist", "model_not_found", "model")
        return Reply(_model(name))

    def accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Serve one connection until the client leaves."""
        self._connections += 1
        task = asyncio.create_task(self._serve(Wire(reader, writer), self._connections))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _serve(self, wire: Wire, number: int) -> None:
        try:
            while (request := await wire.read_head()) is not None:
                await wire.read_body(request)
                if not await self._unless_hung_up(wire, self._answer(wire, request, number)):
                    break
        except (asyncio.IncompleteReadError, ConnectionError):
            pass  # the client left in the middle; it will know why
        finally:
            wire.close()

    async def aclose(self) -> None:
        """End all connections."""
        tasks = list(self._tasks)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    async def _unless_hung_up(self, wire: Wire, work: Coroutine[Any, Any, None]) -> bool:
        """Do `work`; stop as soon as the client hangs up. Returns whether the connection goes on."""
        answer = asyncio.ensure_future(work)
        watch = asyncio.ensure_future(wire.hung_up())
        try:
            await asyncio.wait({answer, watch}, return_when=asyncio.FIRST_COMPLETED)
            if answer.done():
                answer.result()
            return answer.done() and not watch.done()
        finally:
            for task in (answer, watch):
                task.cancel()
            await asyncio.gather(answer, watch, return_exceptions=True)

    async def _answer(self, wire: Wire, request: Request, number: int) -> None:
        entry = _entry(request, number)
        self.log.append(entry)
        reply = await self._route(request)
        if request.method == "GET" and self.poll_after_ms is not None:
            reply.headers.setdefault("openai-poll-after-ms", str(self.poll_after_ms))
        entry.status = reply.status
        if reply.events is None:
            body = reply.whole()
            await wire.send(head(reply, len(body)) + body)
            return
        await wire.send(head(reply, None))
        async with contextlib.aclosing(reply.events) as events:  # type: ignore[type-var]
            async for event in events:
                await wire.send(chunk(event.encoded()))
        await wire.send(chunk(b""))

    async def _route(self, request: Request) -> Reply:
        for method, pattern, handler in self._routes:
            match = pattern.fullmatch(request.path)
            if match and method == request.method:
                reply = handler(request, *match.groups())
                return reply if isinstance(reply, Reply) else await reply
        return refusal(404, f"Invalid URL ({request.line})")


def _entry(request: Request, number: int) -> Entry:
    headers = {name: value for name, value in request.headers.items() if name != "authorization"}
    key = hashed(request.headers.get("authorization", ""))
    return Entry(request.method, request.path, request.query, headers, request.json, key, connection=number)


def _model(name: str) -> dict[str, Any]:
    return {"id": name, "object": "model", "created": int(time.time()), "owned_by": "tests"}


@asynccontextmanager
async def serve(port: int = 0, tls: ssl.SSLContext | None = None) -> AsyncIterator[OpenAIServer]:
    """Serve on a port of the loopback interface, a free one unless given."""
    server = OpenAIServer()
    listener = await asyncio.start_server(server.accept, "127.0.0.1", port, ssl=tls, limit=1 << 20)
    address = listener.sockets[0].getsockname()
    server.base_url = f"{'https' if tls else 'http'}://127.0.0.1:{address[1]}/v1"
    try:
        yield server
    finally:
        listener.close()
        await server.aclose()
        await listener.wait_closed()
