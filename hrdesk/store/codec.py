"""Domain values to JSON and back, driven by their type hints.

Frozen dataclasses, string enums, dates, exact decimals, tuples, dicts and plain values are all that the
domain uses. Fields unknown to this version are ignored and missing ones take their default, so that a store
survives a small change of a dataclass without a migration.
"""

import json
import re
from collections.abc import Mapping
from dataclasses import MISSING, Field, fields, is_dataclass
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from enum import Enum
from functools import cache
from types import NoneType, UnionType
from typing import Any, TypeVar, Union, cast, get_args, get_origin, get_type_hints

from hrdesk.core.errors import StoreUnavailable

T = TypeVar("T")
Kind = Any  # a type hint
Data = Any  # what JSON can hold

_LONE_SURROGATE = re.compile("[\ud800-\udfff]")


def dump(value: object) -> str:
    """Return `value` as canonical JSON: keys sorted, no spaces. Raises TypeError for foreign values."""
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"), sort_keys=True, default=plain)
    return storable(text)


def storable(text: str) -> str:
    """Return `text` without lone surrogates, which UTF-8 cannot hold; its length stays the same."""
    return text if text.isascii() else _LONE_SURROGATE.sub("\ufffd", text)


def plain(value: object) -> Data:
    """Return one level of `value` in JSON's own types."""
    if is_dataclass(value) and not isinstance(value, type):
        return {field.name: getattr(value, field.name) for field in fields(value)}
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, Decimal):
        return str(value)
    raise TypeError(f"cannot be stored: {type(value).__name__}")


def load(kind: type[T], text: str) -> T:
    """Return the value of type `kind` that `dump` wrote. Raises ValueError for anything else."""
    return decode(kind, json.loads(text))


def load_object(text: str) -> dict[str, Data]:
    """Return a JSON object as it is. Raises ValueError for anything else."""
    return cast("dict[str, Data]", _expect(dict, json.loads(text)))


def load_row(kind: type[T], body: str, columns: Mapping[str, object]) -> T:
    """Return the value whose fields are partly columns of a row, the rest its JSON body.

    Raises `StoreUnavailable` when the row was damaged so that it makes no sense.
    """
    try:
        return decode(kind, {**load_object(body), **columns})
    except ValueError as error:
        raise StoreUnavailable(
            "A part of the store is damaged and cannot be shown.",
            'Run "hrdesk verify" to see which, and restore the newest file of the backups folder.',
        ) from error


def decode(kind: type[T], data: object) -> T:
    """Return `data`, made of JSON's own types, as a `kind`; ValueError where it does not fit."""
    return cast("T", _decode(kind, data))


def _decode(kind: Kind, data: Data) -> Data:
    if kind is Any:
        return data
    origin: Any = get_origin(kind)
    if origin in (Union, UnionType):
        return _decode_union(get_args(kind), data)
    if origin is tuple:
        return _decode_tuple(get_args(kind), data)
    if origin is dict:
        return _expect(dict, data)
    if is_dataclass(kind):
        return _decode_dataclass(kind, _expect(dict, data))
    return _decode_scalar(kind, data)


def _decode_scalar(kind: Kind, data: Data) -> Data:
    if issubclass(kind, Enum):
        return kind(data)
    if kind in (datetime, date):
        return kind.fromisoformat(_expect(str, data))
    if kind is Decimal:
        return _decimal(_expect(str, data))
    if kind is float and type(data) is int:
        return float(data)
    return _expect(kind, data)


def _decimal(text: str) -> Decimal:
    try:
        return Decimal(text)
    except InvalidOperation as error:
        raise ValueError(f"not a number: {text}") from error


def _decode_union(kinds: tuple[Any, ...], data: Data) -> Data:
    if data is None and NoneType in kinds:
        return None
    (kind,) = (one for one in kinds if one is not NoneType)
    return _decode(kind, data)


def _decode_tuple(kinds: tuple[Any, ...], data: Data) -> tuple[Any, ...]:
    items = _expect(list, data)
    if kinds[-1] is Ellipsis:
        return tuple(_decode(kinds[0], item) for item in items)
    return tuple(_decode(kind, item) for kind, item in zip(kinds, items, strict=True))


def _decode_dataclass(kind: Kind, data: dict[str, Any]) -> Data:
    values = {}
    for field, hint in _fields(kind):
        if field.name in data:
            values[field.name] = _decode(hint, data[field.name])
        elif field.default is MISSING and field.default_factory is MISSING:
            raise ValueError(f"{kind.__name__} lacks {field.name}")
    return kind(**values)


@cache
def _fields(kind: Kind) -> tuple[tuple["Field[Any]", Any], ...]:
    hints = get_type_hints(kind)
    return tuple((field, hints[field.name]) for field in fields(kind))


def _expect(kind: type, data: Data) -> Data:
    if type(data) is not kind:
        raise ValueError(f"expected {kind.__name__}, found {type(data).__name__}")
    return data
