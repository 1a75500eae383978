"""How far the search by meaning is for passages that were added."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Preparing:
    """`done` of `total` new passages can be searched by meaning; `seconds_left` None while unknown.

    Total 0: nothing is to be done.
    """

    done: int = 0
    total: int = 0
    seconds_left: float | None = None
