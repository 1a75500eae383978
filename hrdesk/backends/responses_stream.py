"""One response of a Responses server, put together from its events or read whole.

What a server leaves out or adds is survived: events twice, late, of another run or of unknown kinds; text
that is never declared done; null ids; content that is a text instead of a list. The response at the end is
the truth; events only show it earlier.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from hrdesk.backends.annotations import GrowingText, Place, clean, marked
from hrdesk.backends.base import LONGEST_ANSWER
from hrdesk.backends.chat_turn import EMPTY, TOO_LONG
from hrdesk.backends.event_stream import TextPieces, plain
from hrdesk.backends.raw_answers import number, record, records, text, usage_in
from hrdesk.backends.troubles import quoted
from hrdesk.core.ids import new_id
from hrdesk.core.runs import Evidence, RunStatus, ToolCall
from hrdesk.core.usage import Usage

REASONS = {
    "max_output_tokens": "The model stopped at its length limit.",
    "length": "The model stopped at its length limit.",
    "content_filter": "The provider's content filter ended the answer.",
}
ENDED_EARLY = "The provider ended the answer early."
FAILED = "The provider could not answer."
ASYNC = "The model asked for a tool without waiting for it, which hrdesk does not offer."
MOST_EVIDENCE = 200
LONGEST_EVIDENCE = 20_000  # characters

_STATUSES = {
    "queued": RunStatus.QUEUED,
    "in_progress": RunStatus.IN_PROGRESS,
    "completed": RunStatus.COMPLETED,
    "incomplete": RunStatus.INCOMPLETE,
    "failed": RunStatus.FAILED,
    "cancelled": RunStatus.CANCELLED,
}

Record = Mapping[str, Any]


@dataclass
class _Part:
    """A part of a message while it is being written."""

    pieces: TextPieces = field(default_factory=TextPieces)
    growing: GrowingText = field(default_factory=GrowingText)

    def add(self, piece: str) -> None:
        self.growing.add(self.pieces.add(piece))


@dataclass
class _Item:
    """An output item: announced, growing, and at last as the server settles it."""

    item: Record
    parts: dict[int, _Part] = field(default_factory=dict)
    is_settled: bool = False

    @property
    def id(self) -> str:
        return text(self.item.get("id"))

    def so_far(self) -> str:
        """Return the text that can be shown now."""
        if self.is_settled:
            return clean("".join(raw for raw, _ in _texts(self.item)))
        return "".join(part.growing.text for part in self.parts.values())


class Reading:
    """What is known of one response. `run_id` is ours: servers give it back in the metadata."""

    def __init__(self, run_id: str) -> None:
        self.id = ""
        self.model = ""
        self.status = RunStatus.QUEUED
        self.usage = Usage()
        self.error = ""
        self.echo: Sequence[Record] | None = None  # the tools the server says it has taken
        self._run_id = run_id
        self._items: dict[int, _Item] = {}
        self._length = 0
        self._last: Record = {}

    @property
    def is_known(self) -> bool:
        """Whether the server has said anything about a response."""
        return bool(self.id or self._items or self.has_ended)

    @property
    def has_ended(self) -> bool:
        """Whether this response will not change any more."""
        return self.status.is_end

    @property
    def has_searched(self) -> bool:
        """Whether the provider's own file search was used."""
        return any(True for _ in self._of("file_search_call"))

    @property
    def is_asynchronous(self) -> bool:
        """Whether a call does not wait for its output."""
        return any(call.get("async") or call.get("async_") for call in self._of("function_call"))

    def take(self, event: Record) -> None:
        """Take the next event; one that comes twice, late or after the end changes nothing."""
        if self.has_ended or self._is_old(event):
            return
        self._last = event
        kind = text(event.get("type"))
        if event.get("object") == "response":
            self.settle(event)
        elif isinstance(event.get("response"), dict):
            self._take_response(kind, event["response"])
        elif kind in ("error", "response.error") or (event.get("error") and not kind):
            self.fail(f"{FAILED} {quoted(event)}".strip())
        elif kind in ("response.output_item.added", "response.output_item.done"):
            self._take_item(event, is_settled=kind.endswith("done"))
        elif kind in ("response.output_text.delta", "response.refusal.delta"):
            self._take_delta(event)

    def settle(self, response: Record) -> None:
        """Take a whole response as it stands; an end is final."""
        self._note(response)
        output = response.get("output")
        if isinstance(output, list) and output:  # some servers send the last event without it
            self._items = {index: _Item(item, is_settled=True) for index, item in enumerate(records(output))}
        self.status = _STATUSES.get(text(response.get("status")), self._unnamed(response))
        if self.status is RunStatus.FAILED:
            self.error = f"{FAILED} {quoted(response)}".strip()
        elif self.status is RunStatus.INCOMPLETE:
            reason = text(record(response.get("incomplete_details")).get("reason"))
            self.error = REASONS.get(reason, ENDED_EARLY)
        elif self.status is RunStatus.COMPLETED and self.is_asynchronous:
            self.fail(ASYNC)
        elif self.status is RunStatus.COMPLETED and not (self.calls() or self.text().strip()):
            self.status, self.error = RunStatus.INCOMPLETE, EMPTY
        elif self.status is RunStatus.COMPLETED and self._is_too_long():
            self.status, self.error = RunStatus.INCOMPLETE, TOO_LONG

    def fail(self, sentence: str) -> None:
        """End the response here; what was said so far stays."""
        self.status, self.error = RunStatus.FAILED, sentence

    def expire(self, sentence: str) -> None:
        """End the response here: its server does not know it any more."""
        self.status, self.error = RunStatus.EXPIRED, sentence

    def text(self, evidence: Sequence[Evidence] | None = None) -> str:
        """Return the answer so far, with marks for the `evidence` where it is given.

        A message of the phase "commentary" is no part of the answer, unless there is nothing else.
        """
        messages = list(self._messages())
        answers = [item for item in messages if item.item.get("phase") != "commentary"]
        if not answers and self.has_ended and not self.calls():
            answers = messages
        texts = (item.so_far() if evidence is None else _cited(item, evidence) for item in answers)
        return "\n\n".join(one for one in texts if one)[:LONGEST_ANSWER]

    def calls(self) -> tuple[ToolCall, ...]:
        """Return the function calls, each once, by the id that their outputs need."""
        found: dict[str, ToolCall] = {}
        for item in self._of("function_call"):
            call_id = text(item.get("call_id")) or text(item.get("id")) or new_id("call")
            arguments = plain(text(item.get("arguments"))) or "{}"
            found.setdefault(call_id, ToolCall(call_id, plain(text(item.get("name"))), arguments))
        return tuple(found.values())

    def evidence(self, first: int) -> tuple[Evidence, ...]:
        """Return what file search found; references count from `first`."""
        results = [one for item in self._of("file_search_call") for one in records(item.get("results"))]
        return tuple(_evidence(one, n) for n, one in enumerate(results[:MOST_EVIDENCE], first))

    def output(self) -> list[Record]:
        """Return the settled items, in order."""
        return [item.item for _, item in sorted(self._items.items()) if item.is_settled]

    def _is_old(self, event: Record) -> bool:
        now, before = event.get("sequence_number"), self._last.get("sequence_number")
        if isinstance(now, int) and isinstance(before, int) and now < before:
            return True
        return isinstance(now, int) and event == self._last

    def _take_response(self, kind: str, response: Record) -> None:
        run = text(record(response.get("metadata")).get("hrdesk_run"))
        foreign = self.id and text(response.get("id")) not in ("", self.id)
        if foreign or (run and run != self._run_id):
            return
        ends = kind.rpartition(".")[2]
        if ends in ("completed", "incomplete", "failed", "cancelled"):
            self.settle({**response, "status": ends})
        else:
            self._note(response)
            self.status = RunStatus.QUEUED if response.get("status") == "queued" else RunStatus.IN_PROGRESS

    def _note(self, response: Record) -> None:
        self.id = self.id or text(response.get("id"))
        self.model = text(response.get("model")) or self.model
        tools = response.get("tools")
        self.echo = records(tools) if isinstance(tools, list) else self.echo
        usage = record(response.get("usage"))
        self.usage = usage_in(usage) if usage else self.usage

    def _unnamed(self, response: Record) -> RunStatus:
        """Return what a response is whose status is missing or unknown."""
        if response.get("error"):
            return RunStatus.FAILED
        return RunStatus.COMPLETED if self._items and "status" not in response else RunStatus.IN_PROGRESS

    def _take_item(self, event: Record, *, is_settled: bool) -> None:
        item = record(event.get("item"))
        index = self._index(event, text(item.get("id")))
        known = self._items.get(index)
        if is_settled and known is not None and known.id and known.id != text(item.get("id")):
            return  # of another run
        parts = known.parts if known is not None and is_settled else {}
        self._items[index] = _Item(item, parts, is_settled)

    def _take_delta(self, event: Record) -> None:
        self.status = RunStatus.IN_PROGRESS
        item_id = text(event.get("item_id"))
        index = self._index(event, item_id)
        item = self._items.get(index)
        if item is None and not self._items:  # a server that does not announce its items
            item = self._items[index] = _Item({"type": "message", "id": item_id})
        if item is None or item.is_settled or (item_id and item.id and item.id != item_id):
            return
        piece = text(event.get("delta"))
        self._length += len(piece)
        if self._length > LONGEST_ANSWER:
            self.status, self.error = RunStatus.INCOMPLETE, TOO_LONG
            return
        part = int(number(event.get("content_index")) or 0)
        item.parts.setdefault(part, _Part()).add(piece)

    def _index(self, event: Record, item_id: str) -> int:
        given = number(event.get("output_index"))
        if given is not None:
            return int(given)
        same = [index for index, item in self._items.items() if item_id and item.id == item_id]
        return same[0] if same else max(self._items, default=-1) + (1 if item_id else 0)

    def _is_too_long(self) -> bool:
        return sum(len(item.so_far()) for item in self._messages()) > LONGEST_ANSWER

    def _messages(self) -> Iterator[_Item]:
        for _, item in sorted(self._items.items()):
            if item.item.get("type") == "message":
                yield item

    def _of(self, kind: str) -> Iterator[Record]:
        for item in self.output():
            if item.get("type") == kind:
                yield item


def asks_for_tools(event: Record) -> bool:
    """Whether an event only adds to function calls, of which nothing is shown before they are complete."""
    kind = text(event.get("type"))
    is_call = record(event.get("item")).get("type") == "function_call"
    return kind.startswith("response.function_call_arguments.") or is_call


def _texts(item: Record) -> Iterator[tuple[str, list[Record]]]:
    """Yield the raw texts of a message with their annotations; content may be a text or a list."""
    content = item.get("content")
    if isinstance(content, str):
        yield plain(content), []
    for part in records(content):
        yield plain(text(part.get("text")) or text(part.get("refusal"))), records(part.get("annotations"))


def _cited(item: _Item, evidence: Sequence[Evidence]) -> str:
    if not item.is_settled:
        return item.so_far()
    return "".join(
        marked(raw, [_place(note) for note in notes if note.get("type") == "file_citation"], evidence)
        for raw, notes in _texts(item.item)
    )


def _place(note: Record) -> Place:
    return Place(
        int(number(note.get("index")) or 0), text(note.get("file_id")), 0, text(note.get("filename"))
    )


def _evidence(result: Record, count: int) -> Evidence:
    """Return a result of file search; the true name of the file is in our attributes, if it is anywhere."""
    attributes = dict(record(result.get("attributes")))
    found = text(result.get("text")) or "".join(raw for raw, _ in _texts(result))
    return Evidence(
        ref=f"h{count}",
        file_id=text(result.get("file_id")),
        file=text(attributes.get("filename")) or text(result.get("filename")),
        text=plain(found)[:LONGEST_EVIDENCE],
        score=number(result.get("score")),
        attributes=attributes,
    )
