"""Compressed answers, unpacked in small pieces and only so far.

We ask for plain answers, but a proxy on the way may compress them all the same. A few kilobytes can unpack to
more than the window survives, so what is unpacked is counted, and never a large piece at once.
"""

import asyncio
import zlib
from collections.abc import AsyncIterable, AsyncIterator
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import httpx2

LARGEST = 16 * 1024 * 1024  # bytes of one answer, unpacked: more than any answer, and quickly refused
PIECE = 256 * 1024
KNOWN = ("gzip", "x-gzip", "deflate")
ANY_HEADER = 47  # zlib's number for: gzip or zlib, as its header says


def unpacked(response: "httpx2.Response") -> "httpx2.Response":
    """Return an answer whose body is plain; reading it raises `httpx2.DecodingError` where it cannot be."""
    import httpx2

    packing = response.headers.get("content-encoding", "identity").strip().lower()
    if packing in ("identity", ""):
        return response
    stream = response.stream
    assert isinstance(stream, httpx2.AsyncByteStream)

    class Plain(httpx2.AsyncByteStream):
        """The same body, unpacked."""

        def __init__(self, packed: httpx2.AsyncByteStream) -> None:
            self._packed = packed

        async def __aiter__(self) -> AsyncIterator[bytes]:
            try:
                async for piece in _pieces(packing, self._packed):
                    yield piece
            except (ValueError, zlib.error) as error:
                raise httpx2.DecodingError(str(error), request=response.request) from error

        async def aclose(self) -> None:
            await self._packed.aclose()

    dropped = ("content-encoding", "content-length")
    headers = [(name, value) for name, value in response.headers.multi_items() if name not in dropped]
    return httpx2.Response(
        response.status_code,
        headers=headers,
        stream=Plain(stream),
        request=response.request,
        extensions=response.extensions,
    )


async def _pieces(packing: str, packed: AsyncIterable[bytes]) -> AsyncIterator[bytes]:
    """Yield what is packed in pieces. Raises ValueError for what is unknown or too much, zlib.error."""
    if packing not in KNOWN:
        raise ValueError("packed in an unknown way")
    unpack, left = zlib.decompressobj(ANY_HEADER), LARGEST
    async for data in packed:
        while data:
            piece = unpack.decompress(data, PIECE)
            data = unpack.unconsumed_tail
            left -= len(piece)
            if left < 0:
                raise ValueError("too much to unpack")
            if piece:
                yield piece
                await asyncio.sleep(0)  # the window has its turn


async def whole(response: "httpx2.Response") -> "httpx2.Response":
    """Read an answer to its end. Of a refusal whose text breaks off the status is enough."""
    import httpx2

    try:
        await response.aread()
    except httpx2.RequestError:
        await response.aclose()
        if not response.is_error:
            raise
        headers = [
            (name, value) for name, value in response.headers.multi_items() if name != "content-length"
        ]
        return httpx2.Response(response.status_code, headers=headers, request=response.request)
    return response
