"""A server with the Assistants v2 contract as a backend: its run states are the ones we show.

The server holds a copy of the thread and works on the run; the transcript in our own store stays the truth.
A run goes on without us, so a broken stream is followed by looks, and a later start of hrdesk finds it again.
"""

import json
from collections.abc import AsyncIterator, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from hrdesk.backends.assistants_starting import Assistants, RunStart, find_run, searches, spoken
from hrdesk.backends.assistants_view import RunView
from hrdesk.backends.assistants_wire import AssistantsWire, RunStream
from hrdesk.backends.base import Capabilities
from hrdesk.backends.raw_answers import Answer, record, text
from hrdesk.backends.troubles import message_in, not_understood
from hrdesk.core.connections import Connection
from hrdesk.core.errors import BackendUnavailable, NotFound
from hrdesk.core.runs import RunRef, RunRequest, RunSnapshot, RunStatus, ToolOutput

if TYPE_CHECKING:
    from openai import AsyncOpenAI

LONGEST_POLL_MS = 60_000


class AssistantsBackend:
    """Runs on an Assistants-compatible server."""

    def __init__(self, client: "AsyncOpenAI", connection: Connection) -> None:
        self._connection = connection
        self._wire = AssistantsWire(client)
        self._assistants = Assistants(self._wire, connection)
        self._starts: dict[str, RunStart] = {}
        self._views: dict[str, RunView] = {}
        self._streams: dict[str, RunStream] = {}
        self.capabilities = Capabilities(
            streams=connection.stream,
            background=True,
            hosted_retrieval=searches(connection),
            code_interpreter=connection.code_interpreter,
        )

    async def start_run(self, request: RunRequest) -> RunSnapshot:
        """Bring the thread up to date and start the run. Called again, it goes on where it failed."""
        start = self._starts.get(request.run_id)
        if start is None:
            start = RunStart(self._wire, self._assistants, self._connection, request)
            self._starts[request.run_id] = start
        started = await start.go()
        view = RunView(self._first_look(request, started.thread), [spec.name for spec in request.tools])
        if started.run is not None:
            view.take_run(started.run)
        if started.stream is not None:
            try:
                await self._read_until_known(view, start, started.stream)
            except BaseException:  # the user may have stopped the run: hang up, too
                await started.stream.aclose()
                raise
        if not view.ref.remote_id:
            raise not_understood(creates=True)
        self._starts.pop(request.run_id, None)
        self._views[request.run_id] = view
        return view.snapshot

    async def poll_run(self, ref: RunRef) -> RunSnapshot:
        """Look at the run; one that has ended is read whole."""
        view = self._view(ref)
        look = await self._wire.run(ref.remote_thread, ref.remote_id)
        view.take_run(look.body, _poll_after(look))
        return await self._shown(view)

    async def stream_run(self, ref: RunRef) -> AsyncIterator[RunSnapshot]:
        """Follow the run as far as the server tells it; ends early where a look has to go on."""
        stream, view = self._streams.pop(ref.run_id, None), self._view(ref)
        if stream is None:
            return
        try:
            while not _rests(view.snapshot.status):
                event = await stream.next()
                if event is None or event.name == "error":
                    return
                if view.take_event(event):
                    ended = view.snapshot.status.is_end
                    yield await self._shown(view) if ended else view.snapshot
        finally:
            await stream.aclose()

    async def resume_run(self, request: RunRequest, so_far: RunSnapshot) -> RunSnapshot:
        """Look at a run of an earlier start; one whose id did not reach the journal is looked for."""
        ref = so_far.ref
        if not ref.remote_thread:
            raise NotFound("This run never reached the server.")
        if not ref.remote_id:
            run = await find_run(self._wire, ref.remote_thread, ref.run_id)
            ref = replace(ref, remote_id=text(record(run).get("id")))
        if not ref.remote_id:
            raise NotFound("This run never reached the server.")
        known = replace(so_far, ref=ref, prompt=so_far.prompt or self._prompt(request))
        self._views[ref.run_id] = RunView(known, [spec.name for spec in request.tools])
        return await self.poll_run(ref)

    async def submit_tool_outputs(self, ref: RunRef, outputs: Sequence[ToolOutput]) -> RunSnapshot:
        """Hand in the outputs; where nobody knows whether they arrived, a look tells."""
        view = self._view(ref)
        key = f"{ref.run_id}-{view.rounds + 1}"
        try:
            if self._connection.stream:
                stream = await self._wire.stream_submitted(ref.remote_thread, ref.remote_id, outputs, key)
                await self._keep(ref, stream)
                view.submitted(outputs)
            else:
                look = await self._wire.submit(ref.remote_thread, ref.remote_id, outputs, key)
                view.submitted(outputs)
                view.take_run(look.body, _poll_after(look))
        except BackendUnavailable as error:
            return await self._after_doubt(view, outputs, error)
        return await self._shown(view)

    async def cancel_run(self, ref: RunRef) -> RunSnapshot:
        """Ask the server to stop the run. One that has ended is not an error: a look tells how."""
        view = self._view(ref)
        await self._hang_up(ref.run_id)
        try:
            look = await self._wire.cancel(ref.remote_thread, ref.remote_id)
        except BackendUnavailable as error:
            if error.retryable:
                raise
            return await self.poll_run(ref)
        view.take_run(look.body, _poll_after(look))
        return await self._shown(view)

    async def aclose(self) -> None:
        """Let go of all streams and of the connections; runs go on."""
        for run_id in list(self._streams):
            await self._hang_up(run_id)
        await self._wire.aclose()

    # --- starting

    def _first_look(self, request: RunRequest, thread: str) -> RunSnapshot:
        ref = RunRef(request.run_id, request.thread_id, remote_thread=thread)
        model = request.model or self._connection.model
        return RunSnapshot(ref, RunStatus.QUEUED, model=model, prompt=self._prompt(request))

    def _prompt(self, request: RunRequest) -> str:
        """Return all that the model is given: the thread it reads, and the assistant's configuration."""
        settings = self._assistants.settings(request)
        role = {"assistant": "assistant"}
        said = [
            {"role": role.get(message.role, "user"), "content": spoken(message)}
            for message in request.messages
            if message.text.strip()
        ]
        sent = {name: settings[name] for name in ("model", "instructions", "tools")} | {"messages": said}
        return json.dumps(sent, ensure_ascii=False, indent=1)

    async def _read_until_known(self, view: RunView, start: RunStart, stream: RunStream) -> None:
        """Read the stream until it has named the run; else the thread is asked for it."""
        trouble: BackendUnavailable = not_understood(creates=True)
        try:
            while not view.ref.remote_id:
                event = await stream.next()
                if event is not None and event.name == "error":
                    said = message_in({"error": event.data, **event.data})
                    trouble = BackendUnavailable("The server refuses to answer.", f"It says: “{said}”")
                if event is None or event.name == "error":
                    break
                view.take_event(event)
        except BackendUnavailable as error:
            trouble = BackendUnavailable(error.title, error.advice, retryable=True, maybe_done=True)
        if view.ref.remote_id:
            await self._keep(view.ref, stream)
            return
        run = await start.find_again()
        if run is None:
            raise trouble
        await stream.aclose()
        view.take_run(run)

    async def _keep(self, ref: RunRef, stream: RunStream) -> None:
        await self._hang_up(ref.run_id)
        self._streams[ref.run_id] = stream

    async def _hang_up(self, run_id: str) -> None:
        """Close a stream that nobody follows."""
        stream = self._streams.pop(run_id, None)
        if stream is not None:
            await stream.aclose()

    # --- following

    def _view(self, ref: RunRef) -> RunView:
        """Return the view of a run; one that is not known yet is seen by looking."""
        if not ref.remote_id or not ref.remote_thread:
            raise NotFound("This run never reached the server.")
        if ref.run_id not in self._views:
            self._views[ref.run_id] = RunView(RunSnapshot(ref, RunStatus.IN_PROGRESS))
        return self._views[ref.run_id]

    async def _shown(self, view: RunView) -> RunSnapshot:
        """Return the run; where it has ended, with its messages and sources as the server stored them."""
        if not view.snapshot.status.is_end:
            return view.snapshot
        ref = view.ref
        try:
            if searches(self._connection) and not view.has_results:
                view.take_steps(await self._wire.steps(ref.remote_thread, ref.remote_id))
            if not view.is_whole:
                view.take_messages(await self._wire.messages(ref.remote_thread, ref.remote_id))
        except NotFound:
            pass  # the text that was streamed is all there is
        view.finish()
        self._views.pop(ref.run_id, None)
        await self._hang_up(ref.run_id)
        return view.snapshot

    async def _after_doubt(
        self, view: RunView, outputs: Sequence[ToolOutput], error: BackendUnavailable
    ) -> RunSnapshot:
        """Outputs were refused, or may have been taken. Where the run goes on without them, they arrived."""
        if not error.maybe_done and error.retryable:
            raise error
        ref = view.ref
        look = await self._wire.run(ref.remote_thread, ref.remote_id)
        taken = RunView(replace(view.snapshot, required_calls=()))
        taken.take_run(look.body)
        waits = {call.id for call in taken.snapshot.required_calls}
        if waits & {output.call_id for output in outputs}:
            raise error
        view.submitted(outputs)
        view.take_run(look.body, _poll_after(look))
        return await self._shown(view)


def _rests(status: RunStatus) -> bool:
    """Whether nothing that the stream still says counts: one server reports an end after required action."""
    return status.is_end or status is RunStatus.REQUIRES_ACTION


def _poll_after(look: Answer) -> int | None:
    """Return the server's wish for the next look, in milliseconds."""
    wish = look.headers.get("openai-poll-after-ms", "")
    return min(int(wish), LONGEST_POLL_MS) if wish.isascii() and wish.isdigit() else None
