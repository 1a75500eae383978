"""One Assistants run on its way: told as a stream of events, or seen from outside look by look."""

import asyncio
import copy
import time
from collections.abc import AsyncIterator
from typing import Any

from hrdesk.core.usage import Usage
from tests.openai_server import run_objects as objects
from tests.openai_server.http import Event
from tests.openai_server.run_marks import MarkedText
from tests.openai_server.script import CallTools, Fail, Looks, Say, Turn

ENDS = ("cancelled", "failed", "completed", "incomplete", "expired")
CUT = {"cancelled": "run_cancelled", "expired": "run_expired", "failed": "run_failed"}


class LiveRun:
    """A run, its steps, and the messages of its thread."""

    def __init__(self, body: dict[str, Any], messages: list[dict[str, Any]]) -> None:
        self.body = body
        self.steps: list[dict[str, Any]] = []
        self.outputs: tuple[str, ...] = ()
        self.stays_cancelling = False
        self._messages = messages
        self._usage: Usage | None = None
        self._turn: Turn = Say()
        self._looks = Looks(self._turn)
        self._play: AsyncIterator[Event] | None = None
        self._told = False
        self._stopped = asyncio.Event()

    @property
    def status(self) -> str:
        """The run's status."""
        return str(self.body["status"])

    def begin(self, turn: Turn) -> None:
        """Let the model take a turn."""
        self._turn = turn
        self._looks = Looks(turn)
        self._play = None

    async def told(self, *, new: bool) -> AsyncIterator[Event]:
        """Yield the turn as events. If the client leaves, the rest is seen by looking."""
        self._told = True
        try:
            if new:
                yield self._run_event("created")
            yield self._run_event("queued")
            async for event in self._until_stopped():
                yield event
            if self.status == "cancelling":
                yield self._run_event("cancelling")
                self.end("cancelled")
                yield self._run_event("cancelled")
            yield Event("[DONE]", "done")
        finally:
            self._told = False

    async def look(self) -> None:
        """Move on by one look, unless a stream is being told."""
        if self._told or self.status in ENDS or self.status == "requires_action":
            return
        if self.status == "cancelling":
            if not self.stays_cancelling:
                self.end("cancelled")
            return
        if (seen := self._looks.next()) is not None:
            self.body["status"] = seen
            return
        async for _ in self._until_stopped():
            pass

    def cancel(self) -> None:
        """Ask the run to stop."""
        self.body["status"] = "cancelling"
        self._stopped.set()

    def submit(self, outputs: dict[str, str]) -> None:
        """Take the outputs of the required calls."""
        step = self.steps[-1]
        for call in step["step_details"]["tool_calls"]:
            call["function"]["output"] = outputs[call["id"]]
        self.outputs = (*self.outputs, *outputs.values())
        step |= {"status": "completed", "completed_at": int(time.time())}
        self.body |= {"status": "queued", "required_action": None}

    def end(self, status: str, **fields: Any) -> None:
        """End the run, and with it the step and the message that are under way."""
        now = int(time.time())
        stamp = f"{status}_at"
        self.body |= {"status": status, "required_action": None, **fields}
        if stamp in self.body and status != "expired":
            self.body[stamp] = now
        if self._usage is not None and status in ("completed", "incomplete"):
            self.body["usage"] = objects.usage_body(self._usage)
        for step in self.steps:
            if step["status"] == "in_progress":
                step["status"] = "completed" if status == "incomplete" else status
                step[f"{step['status']}_at"] = now
        for message in self._messages:
            if message["status"] == "in_progress":
                reason = {"reason": CUT.get(status, "max_tokens")}
                message |= {"status": "incomplete", "incomplete_details": reason, "incomplete_at": now}

    async def _until_stopped(self) -> AsyncIterator[Event]:
        """Go on with the turn where it stands; stop when the run is cancelled."""
        if self._play is None:
            self._play = self._playing()
        stop = asyncio.ensure_future(self._stopped.wait())
        try:
            while True:
                step = asyncio.ensure_future(anext(self._play, None))
                try:
                    await asyncio.wait({step, stop}, return_when=asyncio.FIRST_COMPLETED)
                finally:
                    if not step.done():
                        step.cancel()
                        await asyncio.gather(step, return_exceptions=True)
                        self._play = self._playing(again=True)
                if step.cancelled() or (event := step.result()) is None:
                    return
                yield event
        finally:
            stop.cancel()
            await asyncio.gather(stop, return_exceptions=True)

    async def _playing(self, *, again: bool = False) -> AsyncIterator[Event]:
        """Do what the turn says. `again` after an interrupted stream: what was begun is begun anew."""
        turn = self._turn
        if again:
            self._take_back()
        else:
            self._count(turn)
        self.body |= {"status": "in_progress", "started_at": self.body["started_at"] or int(time.time())}
        yield self._run_event("in_progress")
        if turn.found:
            async for event in self._search(turn):
                yield event
        if isinstance(turn, Say) or turn.whole:
            async for event in self._message(turn):
                yield event
        elif turn.gate is not None:
            await turn.gate.wait()
        if isinstance(turn, CallTools):
            async for event in self._ask(turn):
                yield event
        else:
            self._conclude(turn)
        yield self._run_event(self.status)

    def _count(self, turn: Turn) -> None:
        whole = self._usage is not None and turn.usage is not None
        self._usage = self._usage + turn.usage if whole else turn.usage  # type: ignore[operator]

    def _take_back(self) -> None:
        self.steps[:] = [step for step in self.steps if step["status"] != "in_progress"]
        self._messages[:] = [message for message in self._messages if message["status"] != "in_progress"]

    async def _search(self, turn: Turn) -> AsyncIterator[Event]:
        step = self._new_step("tool_calls", [objects.search_call(turn.found)])
        yield _event("thread.run.step.created", step)
        yield _event("thread.run.step.in_progress", step)
        step |= {"status": "completed", "completed_at": int(time.time())}
        yield _event("thread.run.step.completed", step)

    async def _message(self, turn: Turn) -> AsyncIterator[Event]:
        message = objects.new_message(self.body["thread_id"], {"role": "assistant"}, self.body)
        self._messages.append(message)
        step = self._new_step("message_creation", {"message_id": message["id"]})
        yield _event("thread.run.step.created", step)
        yield _event("thread.run.step.in_progress", step)
        yield _event("thread.message.created", message)
        yield _event("thread.message.in_progress", message)
        text = MarkedText(turn)
        async for piece, notes in text.deltas():
            message["content"] = [objects.text_content(text.value, list(text.annotations))]
            yield _event("thread.message.delta", _message_delta(message["id"], piece, notes))
        message["content"] = [objects.text_content(text.value, list(text.annotations))]
        now = int(time.time())
        if isinstance(turn, Say) and turn.ending != "stop":
            reason = {"reason": {"length": "max_tokens"}.get(turn.ending, turn.ending)}
            message |= {"status": "incomplete", "incomplete_details": reason, "incomplete_at": now}
            yield _event("thread.message.incomplete", message)
        else:
            message |= {"status": "completed", "completed_at": now}
            yield _event("thread.message.completed", message)
        step |= {"status": "completed", "completed_at": now}
        yield _event("thread.run.step.completed", step)

    async def _ask(self, turn: CallTools) -> AsyncIterator[Event]:
        calls = [objects.function_call(call) for call in turn.calls]
        pending = [{**call, "function": {**call["function"], "output": None}} for call in calls]
        step = self._new_step("tool_calls", [])
        yield _event("thread.run.step.created", step)
        yield _event("thread.run.step.in_progress", step)
        step["step_details"]["tool_calls"] = pending
        yield _event("thread.run.step.delta", _step_delta(step))
        action = {"type": "submit_tool_outputs", "submit_tool_outputs": {"tool_calls": calls}}
        self.body |= {"status": "requires_action", "required_action": action}

    def _conclude(self, turn: Turn) -> None:
        if isinstance(turn, Fail):
            error = {"code": turn.code, "message": turn.message}
            self.end(turn.status, last_error=None if turn.status == "expired" else error)
        elif isinstance(turn, Say) and turn.ending == "length":
            self.end("incomplete", incomplete_details={"reason": "max_completion_tokens"})
        else:
            self.end("completed" if getattr(turn, "ending", "stop") == "stop" else "incomplete")

    def _new_step(self, kind: str, details: Any) -> dict[str, Any]:
        step = objects.new_step(self.body, kind, details)
        self.steps.append(step)
        return step

    def _run_event(self, name: str) -> Event:
        return _event(f"thread.run.{name}", self.body)


def _event(name: str, body: dict[str, Any]) -> Event:
    return Event(copy.deepcopy(body), name)


def _message_delta(message_id: str, piece: str, notes: list[dict[str, Any]]) -> dict[str, Any]:
    text: dict[str, Any] = {"value": piece}
    if notes:
        text["annotations"] = [{"index": index, **note} for index, note in enumerate(notes)]
    content = [{"index": 0, "type": "text", "text": text}]
    return {"id": message_id, "object": "thread.message.delta", "delta": {"content": content}}


def _step_delta(step: dict[str, Any]) -> dict[str, Any]:
    calls = [
        {"index": index, **call}
        for index, call in enumerate(copy.deepcopy(step["step_details"]["tool_calls"]))
    ]
    details = {"type": "tool_calls", "tool_calls": calls}
    return {"id": step["id"], "object": "thread.run.step.delta", "delta": {"step_details": details}}
