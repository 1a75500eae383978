"""The server: connections, the log, the answers, and the faults on the way out."""

import asyncio
import ssl
import time
from collections.abc import AsyncIterator, Coroutine
from contextlib import aclosing, asynccontextmanager
from typing import Any

from tests.openai_server import fault_bytes, fault_events, routes
from tests.openai_server.assistants import Assistants
from tests.openai_server.chat import Chat
from tests.openai_server.fault_replies import changed, instead
from tests.openai_server.faults import Fault
from tests.openai_server.files import Files, KeptFile
from tests.openai_server.http import Reply, Request, Wire, chunk, head, refusal
from tests.openai_server.live_run import LiveRun
from tests.openai_server.log import Entry, RequestLog, hashed
from tests.openai_server.responses import KeptResponse, Responses
from tests.openai_server.runs import Runs
from tests.openai_server.script import Script, Turn
from tests.openai_server.vector_stores import KeptStore, VectorStores

MODELS = ("gpt-test-mini", "gpt-test-large")


class OpenAIServer:
    """What a test sees of the server.

    `models` are the ids it offers, `poll_after_ms` what it asks of those who look (None: it does not say).
    What it holds is open to look at and to change: `responses`, `assistants`, `threads`, `messages` (by
    thread), `runs`, `files`, `vector_stores`, each by id.
    """

    def __init__(self) -> None:
        self.base_url = ""
        self.log = RequestLog()
        self.models: list[str] = list(MODELS)
        self.poll_after_ms: int | None = 1
        self.faults: list[Fault] = []
        self.turns = Script()
        files, held, responses = Files(), Assistants(), Responses(self.turns)
        stores = VectorStores(files)
        self.responses: dict[str, KeptResponse] = responses.kept
        self.assistants: dict[str, dict[str, Any]] = held.assistants
        self.threads: dict[str, dict[str, Any]] = held.threads
        self.messages: dict[str, list[dict[str, Any]]] = held.messages
        self.runs: dict[str, LiveRun] = held.runs
        self.files: dict[str, KeptFile] = files.kept
        self.vector_stores: dict[str, KeptStore] = stores.kept
        self._routes = routes.Routes(
            [("GET /models", self._list_models), ("GET /models/{id}", self._retrieve_model)],
            routes.answers(Chat(self.turns), responses),
            routes.assistants(held, Runs(self.turns, held)),
            routes.library(files, stores),
        )
        self._connections = 0
        self._tasks: set[asyncio.Task[None]] = set()

    def script(self, *turns: Turn, when: str = "") -> None:
        """Say what the model does next; `when` is for runs whose question contains these words."""
        self.turns.add(turns, when)

    def fault(self, *faults: Fault) -> None:
        """Let something go wrong."""
        self.faults.extend(faults)

    def _list_models(self, request: Request) -> Reply:
        return Reply({"object": "list", "data": [_model(name) for name in self.models]})

    def _retrieve_model(self, request: Request, name: str) -> Reply:
        if name not in self.models:
            return refusal(404, f"The model '{name}' does not exist", "model_not_found", "model")
        return Reply(_model(name))

    def accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Serve one connection until the client leaves."""
        self._connections += 1
        task = asyncio.create_task(self._serve(Wire(reader, writer), self._connections))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def aclose(self) -> None:
        """End all connections."""
        tasks = list(self._tasks)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    async def _serve(self, wire: Wire, number: int) -> None:
        reset = False
        try:
            while (request := await wire.read_head()) is not None:
                faults = [fault for fault in self.faults if fault.takes(request.line)]
                await _read_body(wire, request, faults)
                entry = _entry(request, number)
                self.log.append(entry)
                if not await _unless_hung_up(wire, self._answer(wire, request, entry, faults)):
                    break
        except fault_bytes.CutOff as cut:
            reset = cut.how == "rst"
            if cut.how == "half_close":
                wire.writer.write_eof()
            if cut.how in ("blackhole", "half_close"):
                await wire.hung_up()
        except (asyncio.IncompleteReadError, ConnectionError):
            pass  # the client left in the middle; it will know why
        finally:
            wire.close(reset=reset)

    async def _answer(self, wire: Wire, request: Request, entry: Entry, faults: list[Fault]) -> None:
        reply = await self._reply(request, entry, faults)
        entry.status = reply.status
        if any(fault.name == "drop" for fault in faults):
            raise fault_bytes.CutOff("fin")
        for fault in faults:
            reply = changed(fault, reply)
        reply.headers.update(fault_bytes.headers(faults))
        if any(fault.name == "half_head" for fault in faults):
            await wire.send(head(reply, None)[:20])
            raise fault_bytes.CutOff("blackhole")
        plain = reply.events is None and not faults
        await wire.send(head(reply, len(reply.whole()) if plain else None))
        if plain:
            await wire.send(reply.whole())
            return
        inner = _body(reply, faults)
        # What a fault cuts off would else be closed when it pleases the garbage collector.
        async with aclosing(inner), aclosing(fault_bytes.spoilt(inner, faults)) as body:  # type: ignore[type-var]
            async for data in body:
                if data:
                    await wire.send(chunk(data))
        await wire.send(chunk(b""))

    async def _reply(self, request: Request, entry: Entry, faults: list[Fault]) -> Reply:
        for fault in faults:
            if fault.name == "silence":
                raise fault_bytes.CutOff("blackhole")
            if fault.name == "drop" and not fault.params.get("done"):
                raise fault_bytes.CutOff("fin")
            if (reply := instead(fault)) is not None:
                return reply
        found = self._routes.find(request.method, request.path)
        if found is None:
            return refusal(404, f"Invalid URL ({request.line})")
        handler, ids = found
        entry.is_done = True
        answer = handler(request, *ids)
        reply = answer if isinstance(answer, Reply) else await answer
        if request.method == "GET" and self.poll_after_ms is not None:
            reply.headers.setdefault("openai-poll-after-ms", str(self.poll_after_ms))
        return reply


async def _read_body(wire: Wire, request: Request, faults: list[Fault]) -> None:
    for fault in faults:
        if fault.name == "cut_upload":
            await wire.exactly(fault.params.get("at", 1))
            raise fault_bytes.CutOff("rst")
    await wire.read_body(request)


async def _body(reply: Reply, faults: list[Fault]) -> AsyncIterator[bytes]:
    if reply.events is None:
        yield reply.whole()
        return
    # Faults wrap the events in further iterators, so the innermost is closed by name.
    async with aclosing(reply.events) as events:  # type: ignore[type-var]
        async for data in fault_events.encoded(events, faults):
            yield data


async def _unless_hung_up(wire: Wire, work: Coroutine[Any, Any, None]) -> bool:
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
