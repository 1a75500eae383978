"""What a run is doing, in the words shown above the composer."""

import json
from collections.abc import Sequence

from hrdesk.core.runs import RunSnapshot, RunStatus, StepKind, ToolCall

STOPPING = "Stopping"
_WORDS = {
    RunStatus.QUEUED: "Queued",
    RunStatus.IN_PROGRESS: "Reading the question",
    RunStatus.CANCELLING: STOPPING,
    RunStatus.CANCELLED: "Stopped",
    RunStatus.FAILED: "Failed",
    RunStatus.COMPLETED: "Done",
    RunStatus.INCOMPLETE: "Ended early",
    RunStatus.EXPIRED: "Ran out of time",
}


def words(snapshot: RunSnapshot, passages_read: int) -> str:
    """Say in a few words what happens in the run; `passages_read` is what the tools have returned."""
    if snapshot.status is RunStatus.REQUIRES_ACTION:
        return looking_up(snapshot.required_calls)
    on_the_way = snapshot.status in (RunStatus.QUEUED, RunStatus.IN_PROGRESS)
    if on_the_way and snapshot.text:
        return "Writing"
    if on_the_way and any(step.kind is StepKind.TOOL_CALLS for step in snapshot.steps):
        return "Reading 1 passage" if passages_read == 1 else f"Reading {passages_read} passages"
    return _WORDS[snapshot.status]


def allow(call: ToolCall) -> str:
    """Ask for the user's permission; a countdown follows."""
    return f"Waiting for you: allow {call.name}?"


def looking_up(calls: Sequence[ToolCall]) -> str:
    """Name the lookups: "Looking up: sick leave (leave)"; other tools by their name."""
    return "Looking up: " + "; ".join(_subject(call) for call in calls)


def _subject(call: ToolCall) -> str:
    try:
        arguments = json.loads(call.arguments)
    except ValueError:  # what the model wrote is no JSON; the tool will say so
        return call.name
    if not isinstance(arguments, dict) or "query" not in arguments:
        return call.name
    category = arguments.get("category")
    return f"{arguments['query']} ({category})" if category else str(arguments["query"])
