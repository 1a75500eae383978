"""Executes tool calls: checks what the model asks for before anything runs.

Whatever is wrong with a call (unknown tool, bad JSON, wrong types, too slow, not allowed by the user) goes
back to the model as an error text, and nothing is executed.
"""

import asyncio
import json
from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Any

from hrdesk.backends.base import Tool
from hrdesk.core.errors import HrdeskError
from hrdesk.core.runs import ToolCall, ToolOutput
from hrdesk.services.pace import Pace

Allow = Callable[[ToolCall], Awaitable[bool]]
"""Asks the user whether a call with side effects may be carried out."""

NOT_ALLOWED = "The user did not allow this."
_TYPES: dict[str, type | tuple[type, ...]] = {
    "string": str,
    "integer": int,
    "number": (int, float),
    "boolean": bool,
    "array": list,
    "object": dict,
}


async def run_calls(
    calls: Sequence[ToolCall], tools: Mapping[str, Tool], allow: Allow, pace: Pace
) -> tuple[ToolOutput, ...]:
    """Run all `calls` at once and return their outputs in the same order.

    Every call gets an output, as the contract wants, but no more than `pace.calls` are carried out.
    """
    async with asyncio.TaskGroup() as group:
        tasks = [group.create_task(_run(call, tools, allow, pace)) for call in calls[: pace.calls]]
    outputs = [task.result() for task in tasks]
    outputs += [_error(f"No more than {pace.calls} calls are carried out at once.")] * (
        len(calls) - len(outputs)
    )
    return tuple(ToolOutput(call.id, output) for call, output in zip(calls, outputs, strict=True))


async def _run(call: ToolCall, tools: Mapping[str, Tool], allow: Allow, pace: Pace) -> str:
    tool = tools.get(call.name)
    if tool is None:
        return _error(f"There is no tool named {call.name}.")
    try:
        arguments = checked_arguments(call.arguments, tool.spec.parameters)
        if tool.has_side_effects and not await allow(call):
            return _error(NOT_ALLOWED)
        async with asyncio.timeout(pace.tool * pace.second):
            return await tool(arguments)
    except TimeoutError:
        return _error(f"{call.name} took longer than {pace.tool:.0f} seconds.")
    except HrdeskError as error:
        return _error(str(error))


def checked_arguments(text: str, schema: dict[str, Any]) -> dict[str, Any]:
    """Parse the JSON of a call against the small part of JSON schema that tools use.

    Raises `HrdeskError` in words the model can act on: bad JSON, missing, unknown or mistyped arguments.
    """
    try:
        arguments = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise HrdeskError(f"The arguments are not JSON: {error}.") from error
    if not isinstance(arguments, dict):
        raise HrdeskError("The arguments must be a JSON object.")
    properties: dict[str, dict[str, Any]] = schema.get("properties", {})
    given = {name: value for name, value in arguments.items() if value is not None}
    missing = [name for name in schema.get("required", ()) if name not in given]
    unknown = [name for name in given if name not in properties]
    if missing or unknown:
        raise HrdeskError(f"Missing arguments: {missing}; unknown arguments: {unknown}.")
    for name, value in given.items():
        _check(name, value, properties[name])
    return given


def _check(name: str, value: object, schema: dict[str, Any]) -> None:
    kinds = schema.get("type", ())
    for kind in [kinds] if isinstance(kinds, str) else kinds:
        if kind in _TYPES and isinstance(value, _TYPES[kind]) and (kind == "boolean" or value is not True):
            break
    else:
        raise HrdeskError(f"{name} must be of type {kinds}.")
    choices = schema.get("enum")
    if choices is not None and value not in choices:
        raise HrdeskError(f"{name} must be one of {choices}.")


def _error(text: str) -> str:
    return json.dumps({"error": text}, ensure_ascii=False)
