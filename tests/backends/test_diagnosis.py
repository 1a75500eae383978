"""Each trouble of a connection is told apart, and nothing is sent where it is not safe."""

import asyncio
from pathlib import Path

import pytest

from hrdesk.backends.diagnosis import diagnose, proxy_of
from hrdesk.core.connections import Connection, ConnectionKind
from hrdesk.core.errors import BackendUnavailable
from tests.backends.requests import KEY, connection
from tests.openai_server import Answer, Fault, scripted, serve
from tests.openai_server.transport import authority, free_port, proxy

AWAY = "https://policies.example/v1"


def at(base_url: str, kind: ConnectionKind = ConnectionKind.RESPONSES, **more: object) -> Connection:
    return connection(base_url, kind, **more)


async def trouble(where: Connection) -> str:
    """Return what is said about a connection that does not work."""
    with pytest.raises(BackendUnavailable) as raised:
        await diagnose(where, KEY)
    assert KEY not in str(raised.value)
    assert where.host not in raised.value.title
    return str(raised.value)


@pytest.fixture
def ca_file(tmp_path: Path) -> str:
    file = tmp_path / "ca.pem"
    file.write_bytes(authority().pem)
    return str(file)


@pytest.fixture
def no_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("http_proxy", "https_proxy", "all_proxy"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.upper(), raising=False)


async def test_what_works_is_said_in_a_sentence() -> None:
    async with serve() as server:
        assert await diagnose(at(server.base_url), KEY) == "The key works: Remote offers 2 models."
        assert await diagnose(at(server.base_url), "") == "The server answers: Remote offers 2 models."
        assert {entry.line for entry in server.log} == {"GET /v1/models"}


async def test_a_server_that_does_not_list_its_models_may_work() -> None:
    async with scripted(Answer(404, {"detail": "Not Found"})) as server:
        assert "does not list its models" in await diagnose(at(server.base_url), KEY)


async def test_a_missing_model_names_some_that_exist() -> None:
    async with serve() as server:
        server.models = [f"m-{number}" for number in range(9)]
        said = await trouble(at(server.base_url))
    assert "does not offer this model" in said and "m-0, m-1, m-2, m-3, m-4." in said


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (Answer(401, {"error": {"message": f"bad key {KEY}"}}), "does not accept this key"),
        (Answer(403, {"error": {"message": "no"}}), "not allowed"),
        (Answer(429, {"error": {"message": "x", "code": "insufficient_quota"}}), "no credit"),
        (Answer(429, {"error": {"message": "x", "code": "rate_limit_exceeded"}}), "too many requests"),
        (Answer(200, "<html>welcome</html>"), "something else than a model server"),
        (Answer(404, "<html>not here</html>"), "something else than a model server"),
        (Answer(200, {"hello": "world"}), "something else than a model server"),
        (Answer(503, {"detail": "warming up"}), "error 503"),
        (Answer(drop=True), "broke off"),
    ],
)
async def test_refusals_are_told_apart(answer: Answer, words: str) -> None:
    async with scripted(answer) as server:
        assert words in await trouble(at(server.base_url))


async def test_a_redirect_names_the_other_host_and_sends_nothing() -> None:
    async with serve() as elsewhere, serve() as server:
        server.fault(Fault("redirect", to=f"{elsewhere.base_url}/models"))
        said = await trouble(at(server.base_url))
        assert elsewhere.base_url.split("/")[2] in said
        assert len(elsewhere.log) == 0


async def test_a_port_where_nobody_listens_is_named() -> None:
    assert "Nobody answers" in await trouble(at(f"http://127.0.0.1:{free_port()}/v1"))


async def test_a_name_that_is_not_known_is_named(no_proxy: None) -> None:
    said = await trouble(at("https://no-such-host.invalid/v1"))
    assert "name is not known" in said and "no-such-host.invalid" in said


@pytest.mark.parametrize(
    ("kind", "words"),
    [
        ("expired", "not valid today"),
        ("wrong_host", "for another host"),
        ("old", "No secure connection"),
    ],
)
async def test_bad_certificates_are_told_apart_and_get_no_byte(kind: str, words: str, ca_file: str) -> None:
    async with serve(tls=authority().context(kind)) as server:
        assert words in await trouble(at(server.base_url, ca_file=ca_file))
        assert len(server.log) == 0


async def test_an_unknown_issuer_is_named() -> None:
    async with serve(tls=authority().context()) as server:
        said = await trouble(at(server.base_url))
        assert "Nobody this computer trusts" in said and "“Canary Inspection CA”" in said
        assert len(server.log) == 0


async def test_a_certificate_that_signed_itself_is_told_apart() -> None:
    async with serve(tls=authority().context("self_signed")) as server:
        assert "signed its certificate itself" in await trouble(at(server.base_url))


async def test_an_authority_of_the_connection_is_trusted(ca_file: str) -> None:
    async with serve(tls=authority().context()) as server:
        assert "works" in await diagnose(at(server.base_url, ca_file=ca_file), KEY)


async def test_plain_http_behind_https_is_told_apart() -> None:
    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read(100)
        writer.write(b"HTTP/1.1 400 Bad Request\r\n\r\n")
        writer.close()

    async with await asyncio.start_server(answer, "127.0.0.1", 0) as server:
        port = server.sockets[0].getsockname()[1]
        assert "No secure connection" in await trouble(at(f"https://127.0.0.1:{port}/v1"))


@pytest.mark.parametrize(
    ("status", "words"), [(407, "asks for a password"), (403, "refuses"), (0, "hung up")]
)
async def test_a_proxy_is_named_and_never_gets_the_key(
    status: int, words: str, no_proxy: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with proxy(status) as twin:
        monkeypatch.setenv("HTTPS_PROXY", twin.url.replace("//", "//user:secret-word@"))
        said = await trouble(at(AWAY))
        assert words in said and twin.url.removeprefix("http://") in said
        assert "secret-word" not in said
        assert KEY not in str(twin.heads)


async def test_a_dead_proxy_is_named(no_proxy: None, monkeypatch: pytest.MonkeyPatch) -> None:
    address = f"127.0.0.1:{free_port()}"
    monkeypatch.setenv("HTTPS_PROXY", f"http://{address}")
    said = await trouble(at(AWAY))
    assert f"{address} is not there" in said


def test_what_stays_on_this_computer_passes_no_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTP_PROXY", "http://proxy.example:3128")
    assert proxy_of(at("http://127.0.0.1:11434/v1")) == ""
    assert proxy_of(at("http://policies.example/v1")) == "proxy.example:3128"


@pytest.mark.parametrize("kind", [ConnectionKind.CHAT, ConnectionKind.RESPONSES])
@pytest.mark.parametrize(
    ("status", "code", "words"), [(429, "insufficient_quota", "no credit"), (400, "", "")]
)
async def test_a_few_words_tell_whether_there_is_credit(
    kind: ConnectionKind, status: int, code: str, words: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("hrdesk.core.connections.LOOPBACK", ())
    async with serve() as server:
        server.fault(Fault("status", on="POST /v1/*", status=status, code=code))
        if words:
            assert words in await trouble(at(server.base_url, kind))
        else:
            assert "works" in await diagnose(at(server.base_url, kind), KEY)
        assert server.log[-1].method == "POST"
