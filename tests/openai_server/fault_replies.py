"""Faults that put something else in the place of the answer, or change its JSON."""

import json
from collections.abc import AsyncIterator
from typing import Any

from tests.openai_server.faults import Fault
from tests.openai_server.http import Event, Reply, refusal

LOGIN = "<!DOCTYPE html><html><title>Sign in</title><body>Please sign in to the guest network.</body></html>"


def instead(fault: Fault) -> Reply | None:
    """Return what a fault answers without carrying the request out; None if it lets it through."""
    if fault.name == "status":
        return _refused(**fault.params)
    if fault.name == "redirect":
        return Reply({}, fault.params.get("status", 307), {"location": fault.params["to"]})
    if fault.name == "html":
        return Reply(LOGIN.encode(), kind="text/html")
    return None


def _refused(
    status: int,
    headers: dict[str, str] | None = None,
    code: str | None = None,
    message: str = "Refused by the script.",
    body: Any = None,
) -> Reply:
    if isinstance(body, str):
        return Reply(body.encode(), status, headers or {}, kind="text/html")
    reply = refusal(status, message, code) if body is None else Reply(body, status)
    reply.headers.update(headers or {})
    return reply


def changed(fault: Fault, reply: Reply) -> Reply:
    """Return the answer as the fault leaves it; only JSON is touched, in streams that of every event."""
    change = {"json": _laid_over, "no_usage": _no_usage, "finish_reason": _finish, "endless_list": _endless}
    edit = change.get(fault.name)
    if edit is None:
        return reply
    if reply.events is not None:
        reply.events = _edited(fault, reply.events)
    elif isinstance(reply.body, dict):
        reply.body = edit(json.loads(json.dumps(reply.body)), fault)
    return reply


async def _edited(fault: Fault, events: AsyncIterator[Event]) -> AsyncIterator[Event]:
    async for event in events:
        if not isinstance(event.data, dict):
            yield event
        elif fault.name == "no_usage" and event.data.get("usage") and event.data.get("choices") == []:
            continue
        else:
            data = json.loads(json.dumps(event.data))
            if fault.name == "no_usage":
                data = _no_usage(data, fault)
            elif fault.name == "finish_reason":
                data = _finish(data, fault)
            elif fault.name == "json":
                data = _laid_over(data, fault)
            yield Event(data, event.name)


def _laid_over(body: dict[str, Any], fault: Fault) -> dict[str, Any]:
    return {**body, **fault.params["changes"]}


def _no_usage(body: dict[str, Any], fault: Fault) -> dict[str, Any]:
    inner = body.get("response")
    for place in (body, inner):
        if isinstance(place, dict):
            place.pop("usage", None)
    return body


def _finish(body: dict[str, Any], fault: Fault) -> dict[str, Any]:
    for choice in body.get("choices", []):
        if choice.get("finish_reason") is not None:
            choice["finish_reason"] = fault.params.get("reason")
    return body


def _endless(body: dict[str, Any], fault: Fault) -> dict[str, Any]:
    if fault.params.get("empty"):
        body["data"] = []
    return body | {"has_more": True}
