"""Streams of events, whole and damaged."""

import json
from collections.abc import AsyncIterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hrdesk.backends import server_events
from hrdesk.backends.server_events import ServerEvent, events


async def pieces(*chunks: bytes) -> AsyncIterator[bytes]:
    for chunk in chunks:
        yield chunk


async def read(*chunks: bytes) -> list[ServerEvent]:
    return [event async for event in events(pieces(*chunks))]


async def test_named_events_and_bare_data_are_read():
    found = await read(
        b'event: thread.created\ndata: {"a": 1}\n\ndata: [2]\nid: 7\n\ndata: [DONE]\n\ndata: 3\n\n'
    )
    assert found == [ServerEvent("thread.created", {"a": 1}), ServerEvent("", [2], "7")]


@given(st.data(), st.sampled_from([b"\n", b"\r\n", b"\r"]))
async def test_cuts_and_line_ends_do_not_matter(data, end):
    said = [{"text": "né 𝄞\u2028x"}, {"text": "\x00"}, {"n": 1.5}]
    stream = b"\xef\xbb\xbf" + b"".join(
        b"event: e" + end + b"data: " + json.dumps(one, ensure_ascii=False).encode() + end + end
        for one in said
    )
    cuts = sorted(data.draw(st.lists(st.integers(0, len(stream)), max_size=8)))
    chunks = [stream[a:b] for a, b in zip([0, *cuts], [*cuts, len(stream)], strict=True)]
    assert [event.data for event in await read(*chunks)] == said


async def test_a_byte_at_a_time_is_as_good():
    stream = b'data: {"a":\r\ndata: "\xc3\xa9"}\r\n\r\n'
    assert (await read(*(stream[i : i + 1] for i in range(len(stream)))))[0].data == {"a": "é"}


@pytest.mark.parametrize(
    "damage",
    [
        b"data: {broken\n\n",
        b": a comment\n\n",
        b"data\n\n",
        b"\x00\x00\n\n",
        b"data: \xff\xfe\n\n",
        b"retry: 5\n\n",
        b"data: " + b"[" * 100_000 + b"\n\n",
    ],
)
async def test_a_damaged_event_takes_no_other_with_it(damage):
    found = await read(b"data: 1\n\n" + damage + b"data: 2\n\n")
    assert [event.data for event in found] == [1, 2]


async def test_an_event_that_was_cut_off_is_none():
    assert await read(b"data: 1\n\ndata: 2\n") == [ServerEvent("", 1)]


async def test_the_name_of_a_damaged_event_does_not_stick():
    assert await read(b"event: x\ndata: {\n\ndata: 1\n\n") == [ServerEvent("", 1)]


async def test_a_line_without_end_is_dropped_and_the_stream_goes_on(monkeypatch):
    monkeypatch.setattr(server_events, "LONGEST_LINE", 1_000)
    found = await read(b"data: 1\n\ndata: ", b"x" * 900, b"x" * 900, b"x" * 5_000 + b"\n\ndata: 2\n\n")
    assert [event.data for event in found] == [1, 2]
