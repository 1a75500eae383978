"""Server-sent events from a server that cannot be trusted."""

import json
from collections.abc import AsyncIterator
from contextlib import aclosing
from itertools import pairwise
from typing import Any

import httpx2
import pytest
from hypothesis import given
from hypothesis import strategies as st

from hrdesk.backends.event_stream import LONGEST_LINE, EventStream, TextPieces, plain
from hrdesk.core.errors import BackendUnavailable


class Body(httpx2.AsyncByteStream):
    """Bytes in the given pieces; an exception among them is raised."""

    def __init__(self, *pieces: bytes | Exception) -> None:
        self.pieces = pieces

    async def __aiter__(self) -> AsyncIterator[bytes]:
        for piece in self.pieces:
            if isinstance(piece, Exception):
                raise piece
            yield piece


async def read(*pieces: bytes | Exception) -> tuple[list[dict[str, Any]], EventStream]:
    stream = EventStream(httpx2.Response(200, stream=Body(*pieces)))
    async with aclosing(stream.objects()) as objects:
        return [found async for found in objects], stream


GOOD = 'data: {"a": "süß 🙂"}\n\nevent: b\ndata: {"b": 1}\n\ndata: [DONE]\n\n'.encode()
EXPECTED = [{"a": "süß 🙂"}, {"b": 1, "type": "b"}]


@given(
    st.lists(st.integers(0, len(GOOD) + 10), max_size=30),
    st.sampled_from([b"\n", b"\r", b"\r\n"]),
    st.booleans(),
)
async def test_events_are_the_same_wherever_the_bytes_are_split(
    cuts: list[int], line_end: bytes, bom: bool
) -> None:
    whole = (b"\xef\xbb\xbf" if bom else b"") + GOOD.replace(b"\n", line_end)
    places = [0, *sorted(cuts), len(whole)]
    found, stream = await read(*(whole[a:b] for a, b in pairwise(places)))
    assert found == EXPECTED
    assert stream.done and not stream.damaged


@given(st.lists(st.binary(max_size=40), max_size=10))
async def test_no_bytes_at_all_crash_the_reader(pieces: list[bytes]) -> None:
    try:
        found, _ = await read(*pieces)
    except BackendUnavailable:
        return
    assert all(isinstance(one, dict) for one in found)


@pytest.mark.parametrize(
    "bad", [b"data: {nope\n\n", b"data: 7\n\n", b"data: \xff\xfe\n\n", b"data: " + b"[" * 100_000 + b"\n\n"]
)
async def test_bad_json_in_the_middle_is_left_out_and_remembered(bad: bytes) -> None:
    found, stream = await read(b'data: {"a": 1}\n\n', bad, b'data: {"b": 2}\n\n')
    assert found == [{"a": 1}, {"b": 2}]
    assert stream.damaged and not stream.done


async def test_a_line_of_twenty_megabytes_is_dropped_and_the_rest_kept() -> None:
    piece = b"x" * 65_536
    long = [b'data: {"long": "', *[piece] * (20 * 16), b'"}\n\n']
    found, stream = await read(b'data: {"a": 1}\n\n', *long, b'data: {"b": 2}\n\n')
    assert found == [{"a": 1}, {"b": 2}]
    assert stream.damaged
    assert len(piece) * 320 > LONGEST_LINE


async def test_comments_names_without_data_and_unknown_fields_are_no_events() -> None:
    found, _ = await read(b": hello\n\nid: 7\nretry: 9\n\nevent: ping\n\n", b'data: {"a": 1}\n\n')
    assert found == [{"a": 1}]


async def test_what_comes_after_the_end_is_ignored() -> None:
    found, _ = await read(b'data: {"a": 1}\n\ndata: [DONE]\n\ndata: {"b": 2}\n\ndata: [DONE]\n\n')
    assert found == [{"a": 1}]


async def test_an_event_that_the_end_cut_off_is_still_read() -> None:
    found, stream = await read(b'data: {"a": 1}')
    assert found == [{"a": 1}]
    assert not stream.done


async def test_an_answer_in_plain_json_is_the_only_object() -> None:
    found, stream = await read(b'\n{"id": 1,\n', b' "a": [1, 2]}\n')
    assert found == [{"id": 1, "a": [1, 2]}]
    assert stream.done


@pytest.mark.parametrize("body", [b"<html>Please log in</html>", b"{broken", b"{" * 100_000])
async def test_a_login_page_is_no_answer(body: bytes) -> None:
    with pytest.raises(BackendUnavailable, match="cannot be understood"):
        await read(body)


async def test_a_connection_that_breaks_is_said_in_words_after_what_came() -> None:
    stream = EventStream(httpx2.Response(200, stream=Body(b'data: {"a": 1}\n\n', httpx2.ReadError("reset"))))
    objects = stream.objects()
    assert await anext(objects) == {"a": 1}
    with pytest.raises(BackendUnavailable, match="broke off"):
        await anext(objects)


async def test_nothing_at_all_is_no_event() -> None:
    found, stream = await read()
    assert found == [] and not stream.done


def test_an_emoji_cut_in_two_is_put_together() -> None:
    halves = [json.loads('"\\ud83d"'), json.loads('"\\ude42!"')]
    pieces = TextPieces()
    assert "".join(pieces.add(half) for half in halves) == "🙂!"


@given(st.lists(st.text(st.characters(), max_size=5)))
def test_text_can_always_be_stored(parts: list[str]) -> None:
    pieces = TextPieces()
    shown = "".join(pieces.add(part) for part in parts)
    shown.encode()
    assert "\0" not in shown
    plain("".join(parts)).encode()
