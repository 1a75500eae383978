"""Answers of children gone wrong: JSON values with something in them replaced, removed, repeated or moved."""

import copy
from collections.abc import Iterator
from typing import Any

from hypothesis import strategies as st

JUNK = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.sampled_from([-1, 0, 1, 2, 10**7, 10**400])
    | st.floats()
    | st.text(max_size=5)
    | st.sampled_from(["\0", "\ud800", "x" * 400, "indexed", "no_text", "9999-99-99"]),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=8,
)


def _places(value: Any) -> Iterator[tuple[Any, Any]]:
    """Yield (container, key) of everything inside a JSON value."""
    keys = value if isinstance(value, dict) else range(len(value)) if isinstance(value, list) else ()
    for key in keys:
        yield value, key
        yield from _places(value[key])


@st.composite
def mutated(draw: st.DrawFn, value: dict[str, Any]) -> dict[str, Any]:
    """Draw the value with one to three things in it gone wrong."""
    made = copy.deepcopy(value)
    for _ in range(draw(st.integers(1, 3))):
        places = list(_places(made))
        if not places:
            break
        container, key = draw(st.sampled_from(places))
        match draw(st.sampled_from(["replace", "remove", "repeat", "nudge", "swap"])):
            case "replace":
                container[key] = draw(JUNK)
            case "remove":
                del container[key]
            case "repeat" if isinstance(container, list):
                container.insert(key, copy.deepcopy(container[key]))
            case "nudge" if type(container[key]) in (int, float):
                container[key] += draw(st.sampled_from([-2, -1, 1, 2, 100]))
            case _:
                container[key], made["title"] = made.get("title"), container[key]
    return made
