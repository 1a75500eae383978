"""What is sent to a Responses server: the whole transcript each time, or only what is new in a chain.

Nothing is left to the server: instructions and tools are not inherited from an earlier response, so they go
along each time. With `store` off the items of earlier responses of the run are sent back as they came.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from hrdesk.backends.base import ToolRound, transcript
from hrdesk.backends.chat_messages import LOOKUP, with_passages
from hrdesk.core.connections import Connection, SearchPlace
from hrdesk.core.runs import RunRequest, RunStep, ToolCall, ToolOutput

Item = dict[str, Any]

REASONING, RESULTS = "reasoning.encrypted_content", "file_search_call.results"
OPTIONAL = {
    REASONING: ("encrypted", "reasoning"),
    "include": ("include",),
    "metadata": ("metadata",),
    "previous_response_id": ("previous_response", "previous response"),
}
"""What some servers refuse and can do without, with words by which a refusal names it."""


@dataclass(frozen=True, slots=True)
class Plan:
    """What goes into the next response: all items; or those `fresh`, behind the response `previous`."""

    items: Sequence[Item]
    fresh: Sequence[Item] = ()
    previous: str = ""


def keeps(connection: Connection) -> bool:
    """Return whether the provider keeps the responses; background runs cannot do without."""
    return connection.store or connection.background


def searches(connection: Connection) -> bool:
    """Return whether the provider's own file search is to be used."""
    return connection.search is SearchPlace.PROVIDER and bool(connection.vector_store)


def first_items(request: RunRequest) -> list[Item]:
    """Return the transcript as input items."""
    return [{"type": "message", "role": role, "content": text} for role, text in transcript(request)]


def items_with_passages(request: RunRequest, done: ToolRound) -> list[Item]:
    """Return the transcript with looked-up passages in front of the question."""
    messages = with_passages(request, [done])
    return [{"type": "message", **message} for message in messages if message["role"] != "system"]


def output_items(outputs: Sequence[ToolOutput]) -> list[Item]:
    """Return what the tools said; `call_id` ties it to the call, never the call's own id."""
    return [
        {"type": "function_call_output", "call_id": output.call_id, "output": output.output}
        for output in outputs
    ]


def call_items(calls: Sequence[ToolCall]) -> list[Item]:
    """Return calls as items, as far as the journal knows them."""
    return [
        {"type": "function_call", "call_id": call.id, "name": call.name, "arguments": call.arguments}
        for call in calls
    ]


def journal_items(request: RunRequest, steps: Iterable[RunStep]) -> list[Item]:
    """Return all items of a run that an earlier start of hrdesk drove."""
    items = first_items(request)
    for step in steps:
        if step.calls and len(step.outputs) == len(step.calls):
            items += call_items(step.calls) + output_items(step.outputs)
    return items


def sent_back(output: Iterable[Mapping[str, Any]]) -> list[Item]:
    """Return the output items of a response as input for the next.

    Fields without a value are left out: servers that give items null ids refuse them. Reasoning can only be
    sent back encrypted: the server has kept nothing that an id could point to.
    """
    items = [{name: value for name, value in item.items() if value is not None} for item in output]
    return [item for item in items if item.get("type") != "reasoning" or item.get("encrypted_content")]


def body(
    connection: Connection, request: RunRequest, plan: Plan, left_out: Collection[str] = ()
) -> dict[str, Any]:
    """Return the body of a request. `left_out` names fields and includes that the server refuses."""
    keep = keeps(connection)
    previous = "" if "previous_response_id" in left_out else plan.previous
    wanted = [] if keep else [REASONING]
    wanted += [RESULTS] if searches(connection) else []
    include = [name for name in wanted if name not in left_out]
    fields: dict[str, Any] = {
        "model": request.model or connection.model,
        "instructions": request.instructions,
        "input": list(plan.fresh if previous else plan.items),
        "tools": tools(connection, request),
        "store": keep,
        "metadata": {"hrdesk_run": request.run_id},
        "include": include,
        "previous_response_id": previous,
        # A server that is asked for both may refuse, and a kept stream cannot be taken up everywhere.
        "background" if connection.background else "stream": True,
    }
    empty = [
        name for name in ("instructions", "tools", "include", "previous_response_id") if not fields[name]
    ]
    return {name: value for name, value in fields.items() if name not in (*empty, *left_out)}


def tools(connection: Connection, request: RunRequest) -> list[dict[str, Any]]:
    """Return the tools: our functions, and the provider's own where the connection uses them.

    Where the provider searches, our lookup is not offered; it is what we fall back to.
    """
    hosted = searches(connection)
    offered: list[dict[str, Any]] = [
        {
            "type": "function",
            "name": tool.name,
            "description": tool.description,
            "parameters": tool.parameters,
            "strict": False,
        }
        for tool in request.tools
        if not (hosted and tool.name == LOOKUP)
    ]
    if hosted:
        offered.append({"type": "file_search", "vector_store_ids": [connection.vector_store]})
    if connection.code_interpreter:
        offered.append({"type": "code_interpreter", "container": {"type": "auto"}})
    return offered
