"""What goes wrong in a soak: one or two faults of the scripted server, drawn from a seed."""

import random
from collections.abc import Callable
from typing import Any

from tests.openai_server import Fault

CREATES = "POST *"
LOOKS = "GET *"
ANY = ""

Draw = Callable[[random.Random], Fault]


def _status(code: int, **headers: str) -> Draw:
    def draw(chance: random.Random) -> Fault:
        return Fault("status", on=CREATES, times=chance.choice((1, 2, 5)), status=code, headers=headers)

    return draw


def _cut(name: str) -> Draw:
    return lambda chance: Fault(name, on=chance.choice((CREATES, ANY)), at=chance.randrange(0, 4000))


def _event(name: str, **params: Any) -> Draw:
    return lambda chance: Fault(
        name, on=CREATES, event=chance.randrange(0, 12), seed=chance.randrange(1000), **params
    )


FAULTS: tuple[Draw, ...] = (
    # drops and slowness
    _cut("fin"),
    _cut("rst"),
    _cut("half_close"),
    lambda chance: Fault("drop", on=chance.choice((CREATES, LOOKS))),
    lambda chance: Fault("drop", on=CREATES, done=True),
    lambda chance: Fault("split", on=ANY, times=None, size=chance.choice((1, 3, 17))),
    lambda chance: Fault("crlf", on=CREATES, times=None),
    # refusals
    _status(429, **{"retry-after": "1"}),
    _status(429, **{"retry-after": "soon"}),
    _status(429, **{"retry-after": "-4"}),
    _status(429, **{"retry-after": "300"}),
    _status(429, **{"retry-after-ms": "20"}),
    *(_status(code) for code in (400, 401, 403, 404, 408, 409, 413, 422, 500, 502, 503, 529)),
    lambda _: Fault("html", on=CREATES),
    lambda _: Fault("redirect", on=CREATES, to="http://127.0.0.1:9/v1"),
    # damaged answers
    _event("bad_json"),
    _event("nul"),
    _event("huge_line", size=20 * 2**20),
    _event("comments"),
    _event("error_event"),
    _event("duplicate"),
    _event("reorder"),
    _event("foreign"),
    _event("after_done"),
    _event("no_done"),
    _event("double_done"),
    lambda _: Fault("bom", on=CREATES),
    lambda _: Fault("gzip", on=CREATES, bomb=50 * 2**20),
    lambda _: Fault("garbage", on=CREATES, data="\x1b[2J}{"),
    lambda _: Fault("content_type", on=CREATES, kind="text/plain"),
    lambda _: Fault("no_usage", on=CREATES),
)


def draw(chance: random.Random) -> list[Fault]:
    """Return the faults of one run; now and then none, or two at once."""
    return [chance.choice(FAULTS)(chance) for _ in range(chance.choice((0, 1, 1, 1, 1, 2)))]
