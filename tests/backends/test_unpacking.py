"""Compressed answers are unpacked only so far."""

import gzip
import zlib
from collections.abc import AsyncIterator

import httpx2
import pytest

from hrdesk.backends.unpacking import LARGEST, PIECE, unpacked, whole

REQUEST = httpx2.Request("GET", "https://policies.example/v1/models")


class Body(httpx2.AsyncByteStream):
    """Bytes in pieces."""

    def __init__(self, data: bytes, size: int = 1_000) -> None:
        self.pieces = [data[at : at + size] for at in range(0, len(data), size)]

    async def __aiter__(self) -> AsyncIterator[bytes]:
        for piece in self.pieces:
            yield piece


def answer(data: bytes, packing: str, status: int = 200) -> httpx2.Response:
    headers = {"content-encoding": packing, "content-length": str(len(data))}
    return httpx2.Response(status, headers=headers, stream=Body(data), request=REQUEST)


@pytest.mark.parametrize(
    ("packing", "pack"),
    [("gzip", gzip.compress), ("GZIP", gzip.compress), ("deflate", zlib.compress), ("identity", bytes)],
)
async def test_an_answer_that_was_packed_on_the_way_reads_the_same(packing: str, pack) -> None:
    text = b'{"data": [' + b"1, " * 100_000 + b"1]}"
    found = unpacked(answer(pack(text), packing))
    assert await found.aread() == text
    assert found.headers.get("content-encoding", "identity") == "identity"


async def test_a_bomb_goes_off_in_small_pieces_and_not_for_long() -> None:
    bomb = gzip.compress(bytes(LARGEST + PIECE), 1)
    sizes = []
    with pytest.raises(httpx2.DecodingError):  # noqa: PT012 - the pieces before it count
        async for piece in unpacked(answer(bomb, "gzip")).aiter_raw():
            sizes.append(len(piece))
    assert max(sizes) <= PIECE and sum(sizes) <= LARGEST


@pytest.mark.parametrize("packing", ["br", "zstd", "nonsense"])
async def test_what_nobody_asked_for_is_refused(packing: str) -> None:
    with pytest.raises(httpx2.DecodingError):
        await unpacked(answer(b"x", packing)).aread()


async def test_what_is_packed_wrongly_is_refused() -> None:
    with pytest.raises(httpx2.DecodingError):
        await whole(unpacked(answer(b"plain text", "gzip")))


async def test_of_a_refusal_that_cannot_be_read_the_status_is_enough() -> None:
    found = await whole(unpacked(answer(b"plain text", "gzip", 503)))
    assert (found.status_code, found.content) == (503, b"")
