"""What is known of one run on an Assistants server, put together from looks, streams and lists.

Events may come twice, late, out of order, or belong to another run: each thing is shown once, and an end
state is never left. What the stream showed is replaced by the stored messages when the run has ended.
"""

from collections.abc import Iterable, Sequence
from dataclasses import replace

from hrdesk.backends import assistants_reading as reading
from hrdesk.backends.annotations import GrowingText, marked
from hrdesk.backends.assistants_wire import RunEvent
from hrdesk.backends.base import LONGEST_ANSWER
from hrdesk.backends.event_stream import TextPieces, plain
from hrdesk.backends.raw_answers import Record, metadata, record, records, text, usage_in
from hrdesk.core.runs import Evidence, RunRef, RunSnapshot, RunStatus, RunStep, StepKind, ToolCall, ToolOutput

RUN = "hrdesk_run"  # our id among the metadata of a run on the server
LONGEST_EARLY = 10_000  # of a message that may be of another run
_TOO_LONG = "The answer was longer than hrdesk keeps."
_EMPTY = "The model gave no answer."


class RunView:
    """One run as it is shown. `own_tools` are the names of the functions that run on this computer."""

    def __init__(self, so_far: RunSnapshot, own_tools: Iterable[str] = ()) -> None:
        self._shown = so_far
        self._own_tools = frozenset(own_tools)
        self._messages: dict[str, GrowingText] = {}
        self._whole: dict[str, Record] = {}
        self._early: dict[str, list[str]] = {}  # text of messages that are not known to be of this run
        self._pieces: dict[str, TextPieces] = {}
        self._answered = {output.call_id for step in so_far.steps for output in step.outputs}
        self._results: list[Record] = []
        self._last: RunEvent | None = None
        self._repeats = False
        self._has_gap = False
        self._kept = so_far.text  # shown by an earlier start, until there is more

    @property
    def snapshot(self) -> RunSnapshot:
        """The run as of now."""
        return self._shown

    @property
    def ref(self) -> RunRef:
        """How the run is found."""
        return self._shown.ref

    @property
    def rounds(self) -> int:
        """How many times outputs were handed in."""
        return sum(1 for step in self._shown.steps if step.outputs)

    @property
    def is_whole(self) -> bool:
        """Whether every message that the stream began has also been completed by it."""
        return bool(self._whole) and self._messages.keys() <= self._whole.keys()

    @property
    def has_results(self) -> bool:
        """Whether what the server's file search found is known."""
        return bool(self._shown.evidence)

    # --- looks

    def take_run(self, run: Record, poll_after_ms: int | None = None) -> None:
        """Take a look at the run; of another run, or after the end, it says nothing."""
        ref = self.ref
        if self._shown.status.is_end or (ref.remote_id and text(run.get("id")) not in ("", ref.remote_id)):
            return
        status, calls = reading.status(run), reading.required_calls(run)
        if status is RunStatus.REQUIRES_ACTION and {call.id for call in calls} <= self._answered:
            status, calls = RunStatus.QUEUED, ()  # the server has not yet noted what was handed in
        if status is not RunStatus.REQUIRES_ACTION:
            calls = ()
        counted = usage_in(record(run.get("usage")))
        self._shown = replace(
            self._shown,
            ref=replace(ref, remote_id=ref.remote_id or text(run.get("id"))),
            status=status,
            required_calls=calls,
            usage=counted if counted.total_tokens else self._shown.usage,
            last_error=reading.trouble(run) or self._shown.last_error,
            expires_at=reading.moment(run.get("expires_at")) or self._shown.expires_at,
            model=text(run.get("model")) or self._shown.model,
            poll_after_ms=poll_after_ms,
        )
        if calls:
            self._require(calls)

    def _require(self, calls: tuple[ToolCall, ...]) -> None:
        known = {call.id for step in self._shown.steps for call in step.calls}
        if not {call.id for call in calls} <= known:
            self._put_step(RunStep(f"step_{calls[0].id}", StepKind.TOOL_CALLS, RunStatus.IN_PROGRESS, calls))

    def submitted(self, outputs: Sequence[ToolOutput]) -> None:
        """Note that the outputs of the required calls are with the server."""
        by_call = {output.call_id: output for output in outputs}
        self._answered |= by_call.keys()
        for step in self._shown.steps:
            if step.calls and {call.id for call in step.calls} <= by_call.keys():
                ordered = tuple(by_call[call.id] for call in step.calls)
                self._put_step(replace(step, status=RunStatus.COMPLETED, outputs=ordered))
        if self._shown.status is RunStatus.REQUIRES_ACTION:
            self._shown = replace(self._shown, status=RunStatus.QUEUED, required_calls=())

    # --- the end

    def take_messages(self, messages: Sequence[Record]) -> None:
        """Take the thread's messages as they are stored."""
        own = reading.of_run(messages, self.ref.remote_id)
        self._whole = {text(one.get("id")) or str(n): one for n, one in enumerate(own)}

    def take_steps(self, steps: Sequence[Record]) -> None:
        """Take the run's steps with what the server's file search found."""
        self._results = list(steps)
        for step in steps:
            self._take_step(step)
        self._show(evidence=reading.evidence(steps, self._own_tools))

    def finish(self) -> None:
        """Show the answer in its final form: whole, with marks instead of the server's markers."""
        raw, places, quotes = reading.answer(self._whole.values())
        evidence = self._with_quotes(quotes)
        final = plain(marked(raw, places, evidence)) if raw.strip() else self._ended_text()
        status, trouble = self._shown.status, self._shown.last_error
        if status is RunStatus.COMPLETED and (len(final) > LONGEST_ANSWER or not final.strip()):
            status, trouble = RunStatus.INCOMPLETE, _TOO_LONG if final.strip() else _EMPTY
        final = final[:LONGEST_ANSWER]
        steps = tuple(_ended(step) for step in self._shown.steps)
        if final.strip() and all(step.kind is not StepKind.MESSAGE_CREATION for step in steps):
            steps += (RunStep("step_message", StepKind.MESSAGE_CREATION, RunStatus.COMPLETED),)
        self._show(
            text=final, evidence=evidence, status=status, last_error=trouble, steps=steps, required_calls=()
        )

    def _with_quotes(self, quotes: Iterable[Evidence]) -> tuple[Evidence, ...]:
        """Add what is cited but was not listed: its file is known, and its words where they are quoted."""
        evidence = list(self._shown.evidence)
        for quote in quotes:
            ids = {name for one in evidence for name in (one.file_id, one.attributes.get("file_id"))}
            if quote.file_id not in ids or (quote.text and all(quote.text != one.text for one in evidence)):
                evidence.append(replace(quote, ref=f"h{len(evidence) + 1}"))
        return tuple(evidence)

    def _ended_text(self) -> str:
        return reading.BETWEEN.join(growing.end() for growing in self._messages.values()) or self._kept

    # --- the stream

    def take_event(self, event: RunEvent) -> bool:
        """Take an event of the stream; returns whether it changed what is shown."""
        name, data = event.name, event.data
        if self._is_foreign(name, data) or self._is_repeated(event):
            return False
        before = self._shown
        self._has_gap |= event.after_gap
        if name.startswith("thread.run.step."):
            self._take_step(data)
        elif name.startswith("thread.run."):
            self.take_run(data)
        elif name == "thread.message.delta":
            self._take_delta(text(data.get("id")), data)
        elif name.startswith("thread.message."):
            self._take_message(name, data)
        return self._shown != before

    def _is_foreign(self, name: str, data: Record) -> bool:
        is_run = name.startswith("thread.run.") and not name.startswith("thread.run.step.")
        run = text(data.get("id") if is_run else data.get("run_id"))
        thread, ref = text(data.get("thread_id")), self.ref
        named = text(metadata(data).get(RUN)) if is_run else ""
        return (
            (bool(named) and named != ref.run_id)
            or (bool(run and ref.remote_id) and run != ref.remote_id)
            or (bool(thread and ref.remote_thread) and thread != ref.remote_thread)
        )

    def _is_repeated(self, event: RunEvent) -> bool:
        """Whether the server says the same once more.

        Pieces of text have no number, and a text may really repeat itself. So a repeated piece is left out
        only on streams that have repeated other events too.
        """
        if event != self._last:
            self._last = event
            return False
        if event.name != "thread.message.delta":
            self._repeats = True
        elif self._repeats:
            self._last = None  # the third time it is new
        return self._repeats

    def _take_message(self, name: str, message: Record) -> None:
        message_id = text(message.get("id"))
        if text(message.get("role")) == "user" or not message_id:
            return
        self._begin(message_id)
        if name in ("thread.message.completed", "thread.message.incomplete"):
            self._whole[message_id] = message
            self._write(message_id, reading.raw_text(message))

    def _begin(self, message_id: str) -> None:
        if message_id in self._messages:
            return
        if self._messages:
            next(reversed(self._messages.values())).end()
        self._messages[message_id] = GrowingText()
        for piece in self._early.pop(message_id, ()):
            self._grow(message_id, piece)

    def _take_delta(self, message_id: str, data: Record) -> None:
        for part in records(record(data.get("delta")).get("content")):
            body = part.get("text")
            piece = text(record(body).get("value")) or text(body) or text(part.get("refusal"))
            if message_id in self._messages:
                self._grow(message_id, piece)
            elif piece and sum(map(len, self._early.get(message_id, ()))) < LONGEST_EARLY:
                self._early.setdefault(message_id, []).append(piece)

    def _grow(self, message_id: str, piece: str) -> None:
        ended = message_id in self._whole or self._shown.status.is_end
        # A text with a hole in it could say the opposite: then only whole messages are shown.
        if ended or self._has_gap or len(self._messages[message_id].text) > LONGEST_ANSWER:
            return
        self._messages[message_id].add(self._pieces.setdefault(message_id, TextPieces()).add(piece))
        self._show_text()

    def _write(self, message_id: str, whole: str) -> None:
        """Bring a message to its full text, as far as that goes on from what is shown."""
        full = GrowingText()
        full.add(plain(whole))
        full.end()
        if full.text.startswith(self._messages[message_id].text):
            self._messages[message_id] = full
            self._show_text()

    def _show_text(self) -> None:
        shown = reading.BETWEEN.join(one.text for one in self._messages.values() if one.text)
        if len(self._shown.text) < len(shown) <= LONGEST_ANSWER and shown.startswith(self._shown.text):
            self._show(text=shown)

    # --- steps

    def _take_step(self, data: Record) -> None:
        details = record(data.get("step_details"))
        created = text(record(details.get("message_creation")).get("message_id"))
        if created:
            self._begin(created)
        step = reading.server_step(data, self._own_tools)
        if step is not None and data.get("type"):
            self._put_step(step)
        if details.get("tool_calls") and data.get("status") == "completed":
            self._results.append(data)
            self._show(evidence=reading.evidence(self._results, self._own_tools))

    def _put_step(self, step: RunStep) -> None:
        steps = {one.id: one for one in self._shown.steps}
        known = steps.get(step.id)
        if known is None or not known.status.is_end:
            steps[step.id] = step
            self._show(steps=tuple(steps.values()))

    def _show(self, **changes: object) -> None:
        self._shown = replace(self._shown, **changes)  # type: ignore[arg-type]  # fields of RunSnapshot


def _ended(step: RunStep) -> RunStep:
    """A run that has ended has no step under way."""
    return step if step.status.is_end else replace(step, status=RunStatus.COMPLETED)
