"""The SDK client against a scripted server over a real socket."""

from pathlib import Path

import pytest

from hrdesk.backends.client import list_models, make_client
from hrdesk.core.connections import Connection, ConnectionKind
from hrdesk.core.errors import BackendUnavailable, HrdeskError
from tests.openai_server import Answer, Fault, scripted, serve

KEY = "sk-canary-0123456789"
MODELS = {"object": "list", "data": [{"id": "m-1", "object": "model", "created": 1, "owned_by": "us"}]}


def at(base_url: str, **more: str) -> Connection:
    return Connection("remote", "Remote", ConnectionKind.RESPONSES, base_url, **more)  # type: ignore[arg-type]


async def test_the_server_names_its_models_and_gets_the_key() -> None:
    async with scripted(Answer(body=MODELS)) as server:
        assert await list_models(at(server.base_url), KEY) == ["m-1"]
    assert [(r.method, r.path, r.key) for r in server.requests] == [("GET", "/v1/models", f"Bearer {KEY}")]


async def test_without_a_key_none_is_sent(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", KEY)
    async with scripted(Answer(body=MODELS)) as server:
        await list_models(at(server.base_url), "")
    assert server.requests[0].key is None


async def test_keys_of_the_environment_go_nowhere(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_CUSTOM_HEADERS", "Authorization: Bearer sk-of-someone-else")
    monkeypatch.setenv("OPENAI_ADMIN_KEY", "sk-admin")
    async with scripted(Answer(body=MODELS)) as server:
        await list_models(at(server.base_url), KEY)
    assert server.requests[0].key == f"Bearer {KEY}"


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (Answer(401, {"error": {"message": f"bad key {KEY}"}}), "does not accept this key"),
        (Answer(403, {"error": {"message": "no"}}), "not allowed"),
        (Answer(429, {"error": {"message": "slow down"}}), "too many requests"),
        (Answer(429, {"error": {"message": "pay", "code": "insufficient_quota"}}), "no credit"),
        (Answer(500, {"error": {"message": "oops"}}), "error 500"),
        (Answer(404, "<html>not here</html>"), "error 404"),
        (Answer(200, "<html>a login page</html>"), "cannot be understood"),
        (Answer(200, {"unexpected": True}), "cannot be understood"),
        (Answer(200, "[" * 100_000), "cannot be understood"),
        (Answer(drop=True), "broke off"),
    ],
)
async def test_every_refusal_has_a_sentence_and_advice(answer: Answer, words: str) -> None:
    async with scripted(answer) as server:
        with pytest.raises(BackendUnavailable) as raised:
            await list_models(at(server.base_url), KEY)
    assert words in raised.value.title
    assert raised.value.advice
    assert KEY not in str(raised.value)


async def test_the_key_does_not_follow_a_redirect() -> None:
    async with scripted(Answer(body=MODELS)) as elsewhere:
        redirect = Answer(302, headers=(("Location", f"{elsewhere.base_url}/models"),))
        async with scripted(redirect) as server:
            with pytest.raises(BackendUnavailable, match="sends requests on") as raised:
                await list_models(at(server.base_url), KEY)
    assert elsewhere.requests == []
    assert elsewhere.base_url.split("/")[2] in raised.value.advice


async def test_a_server_that_is_not_there_cannot_be_reached() -> None:
    with pytest.raises(BackendUnavailable, match="cannot be reached"):
        await list_models(at("http://127.0.0.1:9/v1"), KEY)


async def test_what_stays_on_this_computer_passes_no_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")
    async with scripted(Answer(body=MODELS)) as server:
        assert await list_models(at(server.base_url), KEY) == ["m-1"]


async def test_the_client_asks_only_once() -> None:
    async with (
        scripted(Answer(500, {}), Answer(body=MODELS)) as server,
        make_client(at(server.base_url), KEY) as client,
    ):
        with pytest.raises(Exception, match="500"):
            await client.post("/anything", cast_to=object, body={})
    assert len(server.requests) == 1


def test_a_residency_region_takes_the_place_of_the_address() -> None:
    client = make_client(at("https://api.openai.com/v1", region="eu"), KEY)
    assert client.base_url.host == "eu.api.openai.com"


@pytest.mark.parametrize(
    ("connection", "key", "words"),
    [
        (at("https://policies.example/v1", region="moon"), KEY, "no valid address"),
        (at("https://policies.example/v1"), "sk-schlüssel", "characters that no key has"),
        (at("https://policies.example/v1"), "sk-a\nx-evil: 1", "characters that no key has"),
        (at("https://policies.example/v1", ca_file="/no/such/file.pem"), KEY, "cannot be read"),
    ],
)
def test_a_connection_that_cannot_work_is_refused_in_words(
    connection: Connection, key: str, words: str
) -> None:
    with pytest.raises(HrdeskError, match=words):
        make_client(connection, key)


def test_a_file_that_is_no_certificate_is_refused_in_words(tmp_path: Path) -> None:
    (tmp_path / "ca.pem").write_text("not a certificate")
    with pytest.raises(HrdeskError, match="cannot be read"):
        make_client(at("https://policies.example/v1", ca_file=str(tmp_path / "ca.pem")), KEY)


async def test_a_bomb_in_a_compressed_answer_is_not_unpacked() -> None:
    async with serve() as server:
        server.fault(Fault("gzip", on="GET /v1/models", bomb=200 * 2**20))
        with pytest.raises(BackendUnavailable):
            await list_models(at(server.base_url), KEY)
        assert server.log[0].headers["accept-encoding"] == "identity"


@pytest.mark.parametrize("cut", ["fin", "rst", "half_close"])
async def test_a_refusal_that_breaks_off_is_still_a_refusal(cut: str) -> None:
    async with serve() as server:
        server.fault(Fault("status", status=503), Fault(cut, at=3))
        with pytest.raises(BackendUnavailable, match="503") as raised:
            await list_models(at(server.base_url), KEY)
    assert raised.value.retryable
