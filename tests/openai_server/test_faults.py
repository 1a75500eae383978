"""Every fault does what faults.py says of it, seen by a client that reads bytes."""

import asyncio
import gzip
import json
import ssl
from collections.abc import AsyncIterator
from urllib.parse import urlsplit

import pytest

from tests.openai_server import Fault, OpenAIServer, Say, serve
from tests.openai_server.transport import authority, proxy

CHAT = "/v1/chat/completions"
BODY = {"model": "m", "messages": [{"role": "user", "content": "Wie viel?"}]}
TEXT = "Zehn Tage für alle."


@pytest.fixture
async def server() -> AsyncIterator[OpenAIServer]:
    async with serve() as server:
        server.script(Say(TEXT))
        yield server


class Heard:
    """What came over the wire, and how it ended."""

    def __init__(self, raw: bytes, reset: bool) -> None:
        self.head, _, self.rest = raw.partition(b"\r\n\r\n")
        self.reset = reset

    @property
    def status(self) -> int:
        return int(self.head.split()[1])

    @property
    def body(self) -> bytes:
        """The body with its chunks joined, as far as it came."""
        if b"Transfer-Encoding" not in self.head:
            return self.rest
        joined, rest = b"", self.rest
        while b"\r\n" in rest:
            size, _, rest = rest.partition(b"\r\n")
            joined += rest[: int(size, 16)]
            rest = rest[int(size, 16) + 2 :]
        return joined

    @property
    def data(self) -> list[str]:
        lines = self.body.decode("utf-8", "replace").splitlines()
        return [line.removeprefix("data: ") for line in lines if line.startswith("data: ")]


async def ask(server: OpenAIServer, *, stream: bool = True, path: str = CHAT, until: bytes = b"") -> Heard:
    """Ask and read to the end, or up to `until` where the server would never end."""
    url = urlsplit(server.base_url)
    reader, writer = await asyncio.open_connection(url.hostname, url.port)
    body = json.dumps({**BODY, "stream": stream}).encode()
    head = f"POST {path} HTTP/1.1\r\nHost: x\r\nContent-Length: {len(body)}\r\n\r\n"
    writer.write(head.encode() + body)
    raw, reset = b"", False
    try:
        while data := await reader.read(65536):
            raw += data
            if raw.endswith(b"\r\n0\r\n\r\n") or (until and until in raw) or _is_whole(raw):
                break
    except ConnectionResetError:
        reset = True
    finally:
        writer.close()
    return Heard(raw, reset)


def _is_whole(raw: bytes) -> bool:
    head, _, body = raw.partition(b"\r\n\r\n")
    return b"Content-Length" in head and len(body) >= int(head.partition(b"Content-Length: ")[2].split()[0])


async def test_without_a_fault_the_text_comes_word_by_word(server):
    heard = await ask(server)
    texts = [json.loads(data)["choices"][0]["delta"].get("content", "") for data in heard.data[:-1]]
    assert ("".join(texts), heard.data[-1]) == (TEXT, "[DONE]")


@pytest.mark.parametrize(("done", "status"), [(False, 0), (True, 200)])
async def test_a_drop_leaves_no_word_whatever_the_server_did(server, done, status):
    server.fault(Fault("drop", done=done))
    assert (await ask(server)).head == b""
    assert server.log[0].status == status


async def test_a_status_comes_as_often_as_asked_and_only_where_asked(server):
    server.fault(Fault("status", on="GET *", status=500))
    server.fault(Fault("status", on="POST *", times=2, skip=1, status=429, headers={"retry-after": "7"}))
    answers = [await ask(server, stream=False) for _ in range(4)]
    assert [answer.status for answer in answers] == [200, 429, 429, 200]
    assert b"retry-after: 7" in answers[1].head
    assert [entry.status for entry in server.log] == [200, 429, 429, 200]


@pytest.mark.parametrize("name", ["fin", "half_close", "rst"])
async def test_a_connection_ends_at_a_byte(server, name):
    server.fault(Fault(name, at=300))
    heard = await ask(server)
    assert len(heard.body) <= 300
    assert heard.reset is (name == "rst") or name == "rst"
    assert "[DONE]" not in heard.data


@pytest.mark.parametrize(("name", "params"), [("blackhole", {"at": 5}), ("silence", {}), ("half_head", {})])
async def test_silence_lasts_until_the_client_leaves(server, name, params):
    server.fault(Fault(name, **params))
    asking = asyncio.ensure_future(ask(server))
    while not server.log:
        await asyncio.sleep(0)
    done, _ = await asyncio.wait({asking}, timeout=0.02)
    assert not done
    asking.cancel()
    await asyncio.gather(asking, return_exceptions=True)


async def test_slow_bytes_wait_for_the_test(server):
    gate = asyncio.Event()
    server.fault(Fault("slow", gate=gate))
    asking = asyncio.ensure_future(ask(server, until=b"1\r\n:\r\n"))
    while not asking.done():
        gate.set()
        await asyncio.sleep(0)
    assert asking.result().body == b"data:"


@pytest.mark.parametrize("params", [{"size": 1}, {"seed": 3}, {"seed": 4}])
async def test_pieces_change_nothing_but_their_size(server, params):
    server.fault(Fault("split", **params))
    heard = await ask(server)
    sizes = {int(line, 16) for line in heard.rest.split(b"\r\n")[::2] if line}
    assert "für" in heard.body.decode()
    assert max(sizes) <= params.get("size", 40)


@pytest.mark.parametrize(
    ("name", "params", "holds"),
    [
        ("crlf", {}, lambda heard: b"\r\n\r\n" in heard.body),
        ("bom", {}, lambda heard: heard.body.startswith(b"\xef\xbb\xbfdata")),
        ("gzip", {"bomb": 1000}, lambda heard: gzip.decompress(heard.body).endswith(bytes(1000))),
        ("garbage", {}, lambda heard: heard.body.endswith(b"\x00\xff garbage")),
        ("content_type", {"kind": "text/plain"}, lambda heard: b"content-type: text/plain" in heard.head),
        ("no_done", {}, lambda heard: "[DONE]" not in heard.data),
        ("double_done", {}, lambda heard: heard.data.count("[DONE]") == 2),
        ("bad_json", {"event": 2}, lambda heard: heard.data[2].startswith("{]")),
        ("nul", {"event": 2}, lambda heard: heard.data[2].startswith("\x00")),
        ("huge_line", {"event": 2, "size": 100_000}, lambda heard: b"x" * 100_000 in heard.body),
        ("comments", {}, lambda heard: heard.body.startswith(b": still here")),
        ("after_done", {}, lambda heard: "TOO LATE" in heard.data[-1]),
        ("error_event", {"event": 2}, lambda heard: "error" in heard.data[2] and len(heard.data) == 3),
        ("duplicate", {}, lambda heard: heard.data[0] == heard.data[1]),
        ("reorder", {"seed": 1, "share": 1.0}, lambda heard: '"role"' in heard.data[1]),
        ("foreign", {}, lambda heard: "-foreign" in heard.data[3] and "-foreign" not in heard.data[4]),
        ("finish_reason", {"reason": None}, lambda heard: "stop" not in heard.data[-2]),
        ("html", {}, lambda heard: heard.body.startswith(b"<!DOCTYPE")),
        ("redirect", {"to": "http://elsewhere/"}, lambda heard: heard.status == 307),
    ],
)
async def test_a_fault_of_the_answer(server, name, params, holds):
    server.fault(Fault(name, **params))
    assert holds(await ask(server))


async def test_json_is_changed_on_its_way_out_only(server):
    server.fault(Fault("json", changes={"status": "in_progress"}), Fault("no_usage"))
    heard = json.loads((await ask(server, stream=False)).body)
    assert heard["status"] == "in_progress"
    assert "usage" not in heard


async def test_an_upload_is_cut_off(server):
    server.fault(Fault("cut_upload", at=10))
    assert (await ask(server)).head == b""
    assert list(server.log) == []


async def test_several_requests_go_over_one_connection(server):
    url = urlsplit(server.base_url)
    reader, writer = await asyncio.open_connection(url.hostname, url.port)
    writer.write(b"GET /v1/models HTTP/1.1\r\nHost: x\r\n\r\n" * 3)
    for _ in range(3):
        head = await reader.readuntil(b"\r\n\r\n")
        await reader.readexactly(int(head.partition(b"Content-Length: ")[2].split()[0]))
    writer.close()
    assert {entry.connection for entry in server.log} == {1}


async def test_the_log_keeps_no_key(server):
    url = urlsplit(server.base_url)
    reader, writer = await asyncio.open_connection(url.hostname, url.port)
    writer.write(b"GET /v1/models HTTP/1.1\r\nAuthorization: Bearer sk-secret\r\n\r\n")
    await reader.readuntil(b"\r\n\r\n")
    writer.close()
    assert "sk-secret" not in str(server.log)
    assert len(server.log[0].key_hash) == 64


@pytest.mark.parametrize(
    ("kind", "reason"),
    [
        ("good", None),
        ("expired", "expired"),
        ("wrong_host", "IP address mismatch"),
        ("self_signed", "self-signed"),
        ("old", ""),
    ],
)
async def test_certificates_are_bad_in_one_way_each(kind, reason):
    trusting = ssl.create_default_context(cadata=authority().pem.decode())
    async with serve(tls=authority().context(kind)) as server:
        url = urlsplit(server.base_url)
        connecting = asyncio.open_connection(url.hostname, url.port, ssl=trusting)
        if reason is None:
            _, writer = await connecting
            writer.close()
            return
        with pytest.raises((ssl.SSLError, ConnectionError), match=f"(?i){reason}"):
            await connecting


async def test_the_proxy_asks_for_a_password():
    async with proxy() as twin:
        url = urlsplit(twin.url)
        reader, writer = await asyncio.open_connection(url.hostname, url.port)
        writer.write(b"CONNECT api.example:443 HTTP/1.1\r\n\r\n")
        assert b" 407 " in await reader.readuntil(b"\r\n\r\n")
        writer.close()
        assert twin.heads[0].startswith("CONNECT api.example")
