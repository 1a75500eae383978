"""Faults in the stream of events: what comes is an iterator of events, what goes is one of bytes."""

import random
from collections.abc import AsyncIterator
from dataclasses import replace
from typing import Any

from tests.openai_server.faults import Fault
from tests.openai_server.http import Event

NAMES = {
    "no_done",
    "double_done",
    "bad_json",
    "nul",
    "huge_line",
    "comments",
    "after_done",
    "error_event",
    "duplicate",
    "reorder",
    "foreign",
}
OURS = ("run_", "resp_", "thread_", "msg_", "step_", "chatcmpl-", "fc_", "fs_")


async def encoded(events: AsyncIterator[Event], faults: list[Fault]) -> AsyncIterator[bytes]:
    """Yield the events as bytes, with what the faults do to them."""
    for fault in faults:
        if fault.name in ("reorder", "error_event", "no_done", "foreign"):
            events = _reshaped(events, fault)
    number = 0
    async for event in events:
        data = event.encoded()
        for fault in faults:
            data = _spoilt(data, event, number, fault)
        number += 1
        yield data
    for fault in faults:
        if fault.name == "after_done":
            yield Event({"type": "response.output_text.delta", "delta": "TOO LATE"}, "late").encoded()


def _reshaped(events: AsyncIterator[Event], fault: Fault) -> AsyncIterator[Event]:
    shapes = {"reorder": _swapped, "error_event": _error, "no_done": _endless, "foreign": _foreign}
    return shapes[fault.name](events, fault)


async def _swapped(events: AsyncIterator[Event], fault: Fault) -> AsyncIterator[Event]:
    chance = random.Random(fault.seed)
    held: Event | None = None
    async for event in events:
        if held is None and chance.random() < fault.params.get("share", 0.3) and not _is_done(event):
            held = event
            continue
        yield event
        if held is not None:
            yield held
            held = None
    if held is not None:
        yield held


async def _error(events: AsyncIterator[Event], fault: Fault) -> AsyncIterator[Event]:
    wanted = fault.params.get("event", 4)
    number = 0
    async for event in events:
        if number == wanted:
            message = fault.params.get("message", "The server had an error while processing your request.")
            error = {"message": message, "type": "server_error", "code": "server_error", "param": None}
            yield _error_event(event, error, number)
            return
        number += 1
        yield event


def _error_event(instead_of: Event, error: dict[str, Any], number: int) -> Event:
    """Return an error as the API of the stream words it."""
    if not instead_of.name:
        return Event({"error": error})
    if instead_of.name.startswith("response."):
        return Event({**error, "type": "error", "sequence_number": number}, "error")
    return Event(error, "error")


async def _endless(events: AsyncIterator[Event], fault: Fault) -> AsyncIterator[Event]:
    async for event in events:
        if not _is_done(event) and not (fault.params.get("hard") and _is_end(event)):
            yield event


async def _foreign(events: AsyncIterator[Event], fault: Fault) -> AsyncIterator[Event]:
    number = 0
    async for event in events:
        if number >= fault.params.get("after", 3) and isinstance(event.data, dict):
            yield replace(event, data=_renamed(event.data))
        number += 1
        yield event


def _renamed(data: Any) -> Any:
    """Return the same data with other ids and another text."""
    if isinstance(data, dict):
        return {
            key: "FOREIGN"
            if key in ("delta", "value", "content") and isinstance(value, str) and value
            else _renamed(value)
            for key, value in data.items()
        }
    if isinstance(data, list):
        return [_renamed(item) for item in data]
    return f"{data}-foreign" if isinstance(data, str) and data.startswith(OURS) else data


def _is_done(event: Event) -> bool:
    return bool(event.data == "[DONE]")


def _is_end(event: Event) -> bool:
    name: str = event.name
    return name.rpartition(".")[2] in ("completed", "failed", "incomplete") and name.count(".") < 3


def _spoilt(data: bytes, event: Event, number: int, fault: Fault) -> bytes:
    here = number == fault.params.get("event", number if fault.name in ("duplicate", "comments") else 3)
    if fault.name == "double_done" and _is_done(event):
        return data * 2
    if not here:
        return data
    spoils = {
        "bad_json": lambda: data.replace(b"data: {", b"data: {]", 1),
        "nul": lambda: data.replace(b"data: {", b"data: \x00{", 1),
        "huge_line": lambda: b": " + b"x" * fault.params.get("size", 20_000_000) + b"\n\n" + data,
        "comments": lambda: b": still here\n\n" + data,
        "duplicate": lambda: data * 2,
    }
    return spoils[fault.name]() if fault.name in spoils else data
