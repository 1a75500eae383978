"""Runs over the Responses API (OpenAI, Azure v1, OGX and others).

In the foreground the answer is streamed and nothing is kept by the provider: the transcript goes along with
every request. In the background the provider keeps the response, and it is looked at until it has ended,
also after a restart. A stream cannot be taken up again; what was said until it broke is kept.
"""

import asyncio
import time
from collections.abc import AsyncGenerator, AsyncIterator, Callable, Mapping, Sequence
from contextlib import aclosing
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from hrdesk.backends import responses_input as wire
from hrdesk.backends.base import Capabilities
from hrdesk.backends.chat_turn import BROKE_OFF
from hrdesk.backends.event_stream import EventStream, post
from hrdesk.backends.responses_run import ResponsesRun
from hrdesk.backends.responses_stream import Reading, asks_for_tools
from hrdesk.backends.troubles import in_words, is_object, not_understood, refuses
from hrdesk.core.connections import Connection
from hrdesk.core.errors import BackendUnavailable, NotFound
from hrdesk.core.runs import RunRef, RunRequest, RunSnapshot, RunStatus, ToolOutput

if TYPE_CHECKING:
    import httpx2
    from openai import AsyncOpenAI

LIFETIME, BACKGROUND_LIFETIME = timedelta(minutes=10), timedelta(hours=1)
STALE_SECONDS = 60.0  # a lost stream that its server still calls "in progress" after this will never end
CANCEL_SECONDS = 5.0
LOOK_MS = 50  # a look at a stream that is read here costs nothing
LONGEST_WISH = 6  # digits of a time between looks that makes sense, in milliseconds

GONE = "The provider no longer keeps this answer."
NEVER_ENDED = "The server never finished this answer."


class ResponsesBackend:
    """Drives runs with responses. `now` and `clock` are for tests."""

    def __init__(
        self,
        client: "AsyncOpenAI",
        connection: Connection,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._client = client
        self._connection = connection
        self._now = now
        self._clock = clock
        self._runs: dict[str, ResponsesRun] = {}
        self._left_out: set[str] = set()  # what this server refuses to be sent

    @property
    def capabilities(self) -> Capabilities:
        """What the connection offers."""
        return Capabilities(
            streams=self._connection.stream and not self._connection.background,
            background=self._connection.background,
            hosted_retrieval=wire.searches(self._connection),
            code_interpreter=self._connection.code_interpreter,
        )

    async def start_run(self, request: RunRequest) -> RunSnapshot:
        """Create the first response; returns when the server has named it."""
        run = self._fresh(request)
        run.reading = await self._ask(run, wire.Plan(run.items))
        self._runs[request.run_id] = run
        return run.snapshot()

    async def poll_run(self, ref: RunRef) -> RunSnapshot:
        """Look at the run: at what was read here, or at the server where it keeps the response."""
        run = self._run(ref)
        run.poll_after_ms = LOOK_MS
        if not (run.reading.has_ended or run.is_cancelled):
            if self._connection.background:
                await self._look(run)
            elif run.broken is not None:
                await self._look_behind(run)
            else:
                await asyncio.sleep(0)  # lets the stream be read
        return await self._seen(run)

    async def stream_run(self, ref: RunRef) -> AsyncIterator[RunSnapshot]:
        """Show each change; many small ones may come as one."""
        run = self._run(ref)
        while True:
            run.changed.clear()
            if run.broken is not None:
                raise run.broken
            snapshot = await self._seen(run)
            yield snapshot
            if snapshot.status.is_end or snapshot.status is RunStatus.REQUIRES_ACTION:
                return
            await run.changed.wait()

    async def resume_run(self, request: RunRequest, so_far: RunSnapshot) -> RunSnapshot:
        """Look for the response at its server. Raises `NotFound` where none is kept."""
        if not wire.keeps(self._connection) or not so_far.ref.remote_id:
            raise NotFound("This run is no longer known.", "It ended when hrdesk was closed.")
        run = self._fresh(request)
        run.reading.settle((await self._retrieve(so_far.ref.remote_id)).json())
        run.take_up(so_far)
        if not self._connection.background:
            self._broke_off(run, BackendUnavailable(BROKE_OFF, maybe_done=True))
        self._runs[request.run_id] = run
        return run.snapshot()

    async def submit_tool_outputs(self, ref: RunRef, outputs: Sequence[ToolOutput]) -> RunSnapshot:
        """Hand all outputs in; the run goes on with a new response.

        Where nobody knows whether that began, the run ends: no look could tell, and what is handed in twice
        is paid twice.
        """
        run = self._run(ref)
        plan = run.plan(outputs)
        try:
            reading = await self._ask(run, plan)
        except BackendUnavailable as error:
            if error.maybe_done:
                run.reading.fail(str(error))
            raise
        run.go_on(plan, outputs, reading)
        return run.snapshot()

    async def cancel_run(self, ref: RunRef) -> RunSnapshot:
        """Hang up, or ask the server to stop what runs in its background."""
        run = self._run(ref)
        await _hung_up(run)
        if self._connection.background and not run.reading.has_ended:
            await self._cancel_response(run)
        stopped = run.reading.status is RunStatus.CANCELLED
        if run.reading.has_ended and not stopped and not run.required_calls():
            return await self._seen(run)  # it was faster
        run.is_cancelled = True
        return run.cancelling()

    async def aclose(self) -> None:
        """Hang up on every stream."""
        for run in self._runs.values():
            await _hung_up(run)
        self._runs.clear()
        await self._client.close()

    # Asking

    async def _ask(self, run: ResponsesRun, plan: wire.Plan) -> Reading:
        """Create a response and read it until it is known; a stream is then read on in a task."""
        stream = await self._open(run, plan)
        reading = Reading(run.request.run_id)
        objects = stream.objects()
        try:
            async for event in objects:
                reading.take(event)
                if reading.is_known:
                    break
        except BaseException:
            await objects.aclose()
            raise
        if reading.is_known and not reading.has_ended and not self._connection.background:
            name = f"read {run.request.run_id}"
            run.reader = asyncio.create_task(self._read(run, reading, objects), name=name)
            return reading
        await objects.aclose()
        if not reading.is_known:
            raise not_understood(creates=True)
        return reading

    async def _open(self, run: ResponsesRun, plan: wire.Plan) -> EventStream:
        """Send the request, again without a field that the server refuses."""
        import openai

        number = run.round + run.reading.has_ended  # a round ends when its outputs are handed in
        for attempt in count():
            body = wire.body(self._connection, run.request, plan, self._left_out)
            key = f"{run.request.run_id}-{number}" + (f"-{attempt}" if attempt else "")
            try:
                stream = await post(self._client, "/responses", body, key)
            except openai.APIStatusError as error:
                if not self._learn(body, error.response):
                    raise in_words(error, creates=True) from error
            except openai.OpenAIError as error:
                raise in_words(error, creates=True) from error
            else:
                break
        run.sent(body)
        return stream

    def _learn(self, body: Mapping[str, Any], response: "httpx2.Response") -> bool:
        """Return whether the server refuses what it can do without; it is left out from now on."""
        for name, words in wire.OPTIONAL.items():
            present = name in body or name in body.get("include", ())
            if present and refuses(response, *words):
                self._left_out.add(name)
                return True
        return False

    async def _read(
        self, run: ResponsesRun, reading: Reading, objects: AsyncGenerator[dict[str, Any], None]
    ) -> None:
        try:
            async with aclosing(objects):
                async for event in objects:
                    reading.take(event)
                    if reading.has_ended or not asks_for_tools(event):
                        run.changed.set()
                    if reading.has_ended:
                        return
            self._broke_off(run, BackendUnavailable(BROKE_OFF, maybe_done=True))
        except BackendUnavailable as error:
            self._broke_off(run, error)
        finally:
            run.changed.set()

    def _broke_off(self, run: ResponsesRun, error: BackendUnavailable) -> None:
        run.broken, run.broken_at = error, self._clock()

    # Looking

    async def _look(self, run: ResponsesRun) -> None:
        """See how a background response is doing. A server that has forgotten it kept it long enough."""
        try:
            response = await self._retrieve(run.reading.id)
        except NotFound:
            run.reading.expire(GONE)
            return
        run.reading.settle(response.json())
        wish = response.headers.get("openai-poll-after-ms", "")
        run.poll_after_ms = int(wish) if wish.isdecimal() and len(wish) < LONGEST_WISH else None

    async def _look_behind(self, run: ResponsesRun) -> None:
        """After a lost stream: take the response from its server if it keeps one, else what has come."""
        run.poll_after_ms = None
        if wire.keeps(self._connection) and run.reading.id:
            try:
                run.reading.settle((await self._retrieve(run.reading.id)).json())
            except NotFound:
                run.reading.fail(BROKE_OFF)
        stale = self._clock() - run.broken_at > STALE_SECONDS
        if not run.reading.has_ended and (stale or not wire.keeps(self._connection)):
            run.reading.fail(BROKE_OFF)

    async def _retrieve(self, response_id: str) -> "httpx2.Response":
        """Return the response as its server keeps it. Raises `NotFound` where it does not."""
        import httpx2
        import openai

        include = {"include": [wire.RESULTS]} if wire.searches(self._connection) else {}
        try:
            response = await self._client.get(
                f"/responses/{quote(response_id, safe='')}",
                cast_to=httpx2.Response,
                options={"params": include},
            )
        except openai.OpenAIError as error:
            if isinstance(error, openai.APIStatusError) and error.status_code in (404, 410):
                raise NotFound(GONE) from error
            raise in_words(error) from error
        if not is_object(response):
            raise not_understood()
        return response

    async def _cancel_response(self, run: ResponsesRun) -> None:
        """Ask the server to stop. What it says is taken, but a refusal changes nothing: we stop anyway."""
        import httpx2
        import openai

        try:
            response = await self._client.post(
                f"/responses/{quote(run.reading.id, safe='')}/cancel",
                cast_to=httpx2.Response,
                options={"timeout": CANCEL_SECONDS},
            )
        except openai.APIStatusError:
            return
        except openai.OpenAIError as error:
            raise in_words(error) from error
        if is_object(response):
            run.reading.settle(response.json())

    # Bookkeeping

    def _fresh(self, request: RunRequest) -> ResponsesRun:
        lifetime = BACKGROUND_LIFETIME if self._connection.background else LIFETIME
        return ResponsesRun(request, self._connection, self._now() + lifetime)

    def _run(self, ref: RunRef) -> ResponsesRun:
        run = self._runs.get(ref.run_id)
        if run is None:
            raise NotFound("This run is no longer known.", "It ended when hrdesk was closed.")
        return run

    async def _seen(self, run: ResponsesRun) -> RunSnapshot:
        """Return the run as it stands; one that has ended, or never will, is let go of."""
        if self._now() >= run.expires_at and not run.reading.has_ended and not run.is_cancelled:
            run.reading.expire(NEVER_ENDED)
        snapshot = run.snapshot()
        if snapshot.status.is_end:
            self._runs.pop(run.request.run_id, None)
            await _hung_up(run)
        return snapshot


async def _hung_up(run: ResponsesRun) -> None:
    """End the reading of the run's stream."""
    if run.reader is not None:
        run.reader.cancel()
        await asyncio.gather(run.reader, return_exceptions=True)
        run.reader = None
