"""Tools that other packages add: entry points of the group `hrdesk.tools`.

An entry point is a typed Python function, plain or async. Its name, docstring and annotations become the
JSON schema that the model sees; what it returns goes to the model as text. Every call is confirmed by the
user, unless the function says that it only reads: `function.read_only = True`.
"""

import asyncio
import inspect
import json
import logging
import typing
from collections.abc import Callable, Iterable, Mapping
from importlib.metadata import EntryPoint, entry_points
from types import NoneType, UnionType
from typing import Any, Literal

from hrdesk.core.errors import HrdeskError
from hrdesk.core.runs import ToolSpec

GROUP = "hrdesk.tools"
LONGEST_OUTPUT = 50_000  # characters of a tool's output that a model gets
_KINDS = {str: "string", int: "integer", float: "number", bool: "boolean", list: "array", dict: "object"}
log = logging.getLogger(__name__)


class CustomTool:
    """A function of another package as a tool. Raises `HrdeskError` where it cannot be one."""

    def __init__(self, name: str, function: Callable[..., Any]) -> None:
        self.spec = ToolSpec(name, inspect.getdoc(function) or name, _schema(function))
        self.has_side_effects = not getattr(function, "read_only", False)
        self._function = function

    async def __call__(self, arguments: dict[str, Any]) -> str:
        """Call the function, a plain one in a thread; its own faults go to the model in words."""
        try:
            if inspect.iscoroutinefunction(self._function):
                result = await self._function(**arguments)
            else:
                result = await asyncio.to_thread(self._function, **arguments)
            text = result if isinstance(result, str) else json.dumps(result, ensure_ascii=False, default=str)
        except (ValueError, TypeError, LookupError, ArithmeticError, OSError, RuntimeError) as error:
            log.warning("The tool %s failed: %s", self.spec.name, type(error).__name__)
            raise HrdeskError(f"{self.spec.name} failed: {type(error).__name__}.") from error
        return text[:LONGEST_OUTPUT]


def custom_tools(points: Iterable[EntryPoint] | None = None) -> Mapping[str, CustomTool]:
    """Return the installed tools by name. One that cannot be loaded is left out and logged."""
    found: dict[str, CustomTool] = {}
    for point in entry_points(group=GROUP) if points is None else points:
        try:
            found[point.name] = CustomTool(point.name, point.load())
        except (ImportError, AttributeError, HrdeskError) as error:
            log.warning("The tool %s cannot be used: %s", point.name, type(error).__name__)
    return found


def _schema(function: Callable[..., Any]) -> dict[str, Any]:
    hints = typing.get_type_hints(function)
    properties, required = {}, []
    for name, parameter in inspect.signature(function).parameters.items():
        properties[name] = _property(name, hints.get(name, str))
        if parameter.default is inspect.Parameter.empty:
            required.append(name)
    return {
        "type": "object",
        "properties": properties,
        "required": required,
        "additionalProperties": False,
    }


def _property(name: str, hint: Any) -> dict[str, Any]:
    kinds = [kind for kind in _alternatives(hint) if kind is not NoneType]
    if len(kinds) == 1 and typing.get_origin(kinds[0]) is Literal:
        return {"type": "string", "enum": [str(value) for value in typing.get_args(kinds[0])]}
    if len(kinds) == 1 and (typing.get_origin(kinds[0]) or kinds[0]) in _KINDS:
        return {"type": _KINDS[typing.get_origin(kinds[0]) or kinds[0]]}
    raise HrdeskError(f"The argument {name} has a type that a model cannot be told of: {hint}.")


def _alternatives(hint: Any) -> tuple[Any, ...]:
    is_union = isinstance(hint, UnionType) or typing.get_origin(hint) is typing.Union
    return typing.get_args(hint) if is_union else (hint,)
