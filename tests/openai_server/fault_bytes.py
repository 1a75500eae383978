"""Faults in the bytes of an answer's body: cut off, held back, cut up, dressed up."""

import gzip
import random
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass

from tests.openai_server.faults import Fault

Bytes = AsyncIterator[bytes]


@dataclass
class CutOff(Exception):
    """The connection ends here: "fin", "rst", "blackhole" or "half_close"."""

    how: str


def spoilt(body: Bytes, faults: list[Fault]) -> Bytes:
    """Return the body as the faults let it out. Raises `CutOff` where the connection has to end."""
    for fault in faults:
        if fault.name in ("fin", "rst", "blackhole", "half_close"):
            body = _cut(body, fault)
        elif fault.name in SHAPES:
            body = SHAPES[fault.name](body, fault)
    return body


async def _cut(body: Bytes, fault: Fault) -> Bytes:
    left = fault.params.get("at", 0)
    async for data in body:
        if len(data) >= left:
            yield data[:left]
            raise CutOff(fault.name)
        left -= len(data)
        yield data
    raise CutOff(fault.name)


async def _slow(body: Bytes, fault: Fault) -> Bytes:
    gate = fault.params["gate"]
    async for data in body:
        for place in range(len(data)):
            await gate.wait()
            gate.clear()
            yield data[place : place + 1]


async def _split(body: Bytes, fault: Fault) -> Bytes:
    chance = random.Random(fault.seed)
    async for data in body:
        place = 0
        while place < len(data):
            size = fault.params.get("size") or chance.randint(1, 40)
            yield data[place : place + size]
            place += size


async def _crlf(body: Bytes, fault: Fault) -> Bytes:
    async for data in body:
        for line in data.split(b"\n")[:-1]:
            yield line + b"\r"
            yield b"\n"


async def _bom(body: Bytes, fault: Fault) -> Bytes:
    yield "\N{ZERO WIDTH NO-BREAK SPACE}".encode()
    async for data in body:
        yield data


async def _gzip(body: Bytes, fault: Fault) -> Bytes:
    content = b"".join([data async for data in body])
    yield gzip.compress(content + bytes(fault.params.get("bomb", 0)))


async def _garbage(body: Bytes, fault: Fault) -> Bytes:
    async for data in body:
        yield data
    yield fault.params.get("data", b"\x00\xff garbage")


SHAPES: dict[str, Callable[[Bytes, Fault], Bytes]] = {
    "slow": _slow,
    "split": _split,
    "crlf": _crlf,
    "bom": _bom,
    "gzip": _gzip,
    "garbage": _garbage,
}


def headers(faults: list[Fault]) -> dict[str, str]:
    """Return the headers that the faults add or replace."""
    made = {}
    for fault in faults:
        if fault.name == "gzip":
            made["content-encoding"] = "gzip"
        if fault.name == "content_type":
            made["content-type"] = fault.params["kind"]
    return made
