"""OpenAI's own description of its API as a judge of our answers.

A validator for the part of JSON schema that the description uses. `nullable`, a word of an older OpenAPI
that strays in the file, means that null is allowed. `oneOf` is taken as `anyOf`: the file's alternatives
overlap.
"""

from collections.abc import Callable, Iterator
from functools import cache
from typing import Any

import pytest

from tests.shared_data import shared

FILE = "openapi/openai-2026-08-21.yaml"
TYPES: dict[str, tuple[type, ...]] = {
    "object": (dict,),
    "array": (list,),
    "string": (str,),
    "boolean": (bool,),
    "integer": (int,),
    "number": (int, float),
    "null": (type(None),),
}
Schema = dict[str, Any]


@cache
def _schemas() -> dict[str, Schema]:
    yaml = pytest.importorskip("yaml", reason="There is no YAML parser in this environment.")
    with shared(FILE).open(encoding="utf-8") as file:
        document: dict[str, Any] = yaml.load(file, Loader=yaml.CSafeLoader)
    found: dict[str, Schema] = document["components"]["schemas"]
    return found


def problems(value: Any, name: str) -> list[str]:
    """Return what is wrong with `value` as an instance of the schema `name`, each with its place."""
    return list(_check(value, _schemas()[name], name))


def _check(value: Any, schema: Schema, place: str) -> Iterator[str]:
    if "$ref" in schema:
        yield from _check(value, _schemas()[schema["$ref"].rpartition("/")[2]], place)
    if value is None and schema.get("nullable"):
        return
    for word, rule in RULES.items():
        if word in schema:
            yield from rule(value, schema, place)


def _type(value: Any, schema: Schema, place: str) -> Iterator[str]:
    names = [schema["type"]] if isinstance(schema["type"], str) else schema["type"]
    kinds = tuple(kind for name in names for kind in TYPES[name])
    if not isinstance(value, kinds) or (isinstance(value, bool) and bool not in kinds):
        yield f"{place}: {value!r:.60} is not {' or '.join(names)}"


def _enum(value: Any, schema: Schema, place: str) -> Iterator[str]:
    if value not in schema["enum"]:
        yield f"{place}: {value!r:.60} is none of {schema['enum']}"


def _const(value: Any, schema: Schema, place: str) -> Iterator[str]:
    if value != schema["const"]:
        yield f"{place}: {value!r:.60} is not {schema['const']!r}"


def _required(value: Any, schema: Schema, place: str) -> Iterator[str]:
    if isinstance(value, dict):
        yield from (f"{place}: {name} is missing" for name in schema["required"] if name not in value)


def _properties(value: Any, schema: Schema, place: str) -> Iterator[str]:
    if isinstance(value, dict):
        for name, inner in schema["properties"].items():
            if name in value:
                yield from _check(value[name], inner, f"{place}.{name}")


def _additional(value: Any, schema: Schema, place: str) -> Iterator[str]:
    rule = schema["additionalProperties"]
    if not isinstance(value, dict) or rule is True:
        return
    for name in value.keys() - schema.get("properties", {}).keys():
        if rule is False:
            yield f"{place}: {name} is not foreseen"
        else:
            yield from _check(value[name], rule, f"{place}.{name}")


def _items(value: Any, schema: Schema, place: str) -> Iterator[str]:
    if isinstance(value, list):
        for index, item in enumerate(value):
            yield from _check(item, schema["items"], f"{place}[{index}]")


def _all(value: Any, schema: Schema, place: str) -> Iterator[str]:
    for inner in schema["allOf"]:
        yield from _check(value, inner, place)


def _any(value: Any, schema: Schema, place: str) -> Iterator[str]:
    branches = [list(_check(value, inner, place)) for inner in schema.get("anyOf") or schema["oneOf"]]
    if all(branches):
        yield from min(branches, key=lambda found: (_is_another(found), len(found)))


def _is_another(found: list[str]) -> bool:
    """Whether a branch failed by its constant, so that another one was meant."""
    return any(" is none of " in problem for problem in found)


def _bounds(value: Any, schema: Schema, place: str) -> Iterator[str]:
    is_number = isinstance(value, (int, float)) and not isinstance(value, bool)
    if is_number and not schema.get("minimum", value) <= value <= schema.get("maximum", value):
        yield f"{place}: {value} is out of bounds"


RULES: dict[str, Callable[[Any, Schema, str], Iterator[str]]] = {
    "type": _type,
    "enum": _enum,
    "const": _const,
    "required": _required,
    "properties": _properties,
    "additionalProperties": _additional,
    "items": _items,
    "allOf": _all,
    "anyOf": _any,
    "oneOf": _any,
    "minimum": _bounds,
    "maximum": _bounds,
}
