"""Search in a vector store: filters as OpenAI has them, and scores by shared words."""

import operator
import re
from collections.abc import Callable, Sequence
from typing import Any

COMPARE: dict[str, Callable[[Any, Any], bool]] = {
    "eq": operator.eq,
    "ne": operator.ne,
    "gt": operator.gt,
    "gte": operator.ge,
    "lt": operator.lt,
    "lte": operator.le,
    "in": lambda value, wanted: value in wanted,
    "nin": lambda value, wanted: value not in wanted,
}
LONGEST_CHUNK = 800


def passes(attributes: dict[str, Any], filters: dict[str, Any] | None) -> bool:
    """Return whether a file's attributes pass; what is missing passes only `ne` and `nin`."""
    if not filters:
        return True
    kind = filters["type"]
    if kind in ("and", "or"):
        return (all if kind == "and" else any)(passes(attributes, inner) for inner in filters["filters"])
    if filters["key"] not in attributes:
        return kind in ("ne", "nin")
    return COMPARE[kind](attributes[filters["key"]], filters["value"])


def chunks(text: str) -> list[str]:
    """Cut a text into chunks at its empty lines."""
    made: list[str] = []
    for paragraph in (part.strip() for part in re.split(r"\n\s*\n", text)):
        if made and len(made[-1]) + len(paragraph) < LONGEST_CHUNK:
            made[-1] += "\n\n" + paragraph
        elif paragraph:
            made.append(paragraph)
    return made


def score(query: str, text: str) -> float:
    """Return which share of the query's words the text has."""
    wanted = _words(query)
    return round(len(wanted & _words(text)) / max(1, len(wanted)), 4)


def _words(text: str) -> set[str]:
    return set(re.findall(r"\w+", text.lower()))


def best(query: str, found: Sequence[dict[str, Any]], limit: int) -> list[dict[str, Any]]:
    """Return the results with a score, best first."""
    scored = [{**result, "score": score(query, result["content"][0]["text"])} for result in found]
    hits = [result for result in scored if result["score"] > 0]
    return sorted(hits, key=lambda result: -result["score"])[:limit]
