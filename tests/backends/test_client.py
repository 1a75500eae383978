"""The SDK client against a scripted server over a real socket."""

import pytest

from hrdesk.backends.client import list_models
from hrdesk.core.errors import BackendUnavailable
from tests.openai_server import Answer, scripted

KEY = "sk-canary-0123456789"
MODELS = {"object": "list", "data": [{"id": "m-1", "object": "model", "created": 1, "owned_by": "us"}]}


async def test_the_server_names_its_models_and_gets_the_key() -> None:
    async with scripted(Answer(body=MODELS)) as server:
        assert await list_models(server.base_url, KEY) == ["m-1"]
    assert [(r.method, r.path, r.key) for r in server.requests] == [("GET", "/v1/models", f"Bearer {KEY}")]


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (Answer(401, {"error": {"message": "bad key"}}), "does not accept this key"),
        (Answer(403, {"error": {"message": "no"}}), "not allowed"),
        (Answer(429, {"error": {"message": "slow down"}}), "too many requests"),
        (Answer(500, {"error": {"message": "oops"}}), "error 500"),
        (Answer(404, "<html>not here</html>"), "error 404"),
        (Answer(200, "<html>a login page</html>"), "cannot be understood"),
        (Answer(200, {"unexpected": True}), "cannot be understood"),
        (Answer(drop=True), "cannot be reached"),
    ],
)
async def test_every_refusal_has_a_sentence_and_advice(answer: Answer, words: str) -> None:
    async with scripted(answer) as server:
        with pytest.raises(BackendUnavailable) as raised:
            await list_models(server.base_url, KEY)
    assert words in raised.value.title
    assert raised.value.advice
    assert KEY not in str(raised.value)


async def test_the_key_does_not_follow_a_redirect() -> None:
    async with scripted(Answer(body=MODELS)) as elsewhere:
        redirect = Answer(302, headers=(("Location", f"{elsewhere.base_url}/models"),))
        async with scripted(redirect) as server:
            with pytest.raises(BackendUnavailable):
                await list_models(server.base_url, KEY)
    assert elsewhere.requests == []


async def test_a_server_that_is_not_there_cannot_be_reached() -> None:
    with pytest.raises(BackendUnavailable, match="cannot be reached"):
        await list_models("http://127.0.0.1:9/v1", KEY)
