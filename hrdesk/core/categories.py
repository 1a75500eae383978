"""Categories: what policies are filed under, and what `lookup_policy` offers to a model."""

from collections.abc import Mapping
from dataclasses import dataclass

BUILT_IN = ("benefits", "leave", "conduct")
LONGEST = 200  # characters of a name


def category_name(text: str | None) -> str | None:
    """Return a category as it is kept (one line, small letters), None for an empty one."""
    return " ".join((text or "").split()).lower()[:LONGEST] or None


@dataclass(frozen=True, slots=True)
class Category:
    """A category and how many policies of the library are in it."""

    name: str
    policies: int


@dataclass(frozen=True, slots=True)
class Recategorised:
    """A category that was renamed, or removed (`new` is None), and all that is needed to undo it.

    `documents` and `files` are the ids of what was in it, `offered` what was kept about the names before
    (see `store.categories`), `merged` says whether there was a category of the new name already.
    """

    old: str
    new: str | None
    documents: tuple[str, ...]
    files: tuple[str, ...]
    offered: Mapping[str, bool | None]
    merged: bool = False
