"""The SDK client: imported late (0.4 s), never retrying what creates, its errors in words for people.

No key, address or answer of a server enters a log from here.
"""

from typing import TYPE_CHECKING

from hrdesk.core.errors import BackendUnavailable

if TYPE_CHECKING:
    from openai import AsyncOpenAI, OpenAIError

CONNECT_SECONDS, SILENCE_SECONDS = 5.0, 30.0


def make_client(base_url: str, key: str) -> "AsyncOpenAI":
    """Return a client for one connection. Redirects are refused, so that the key never goes elsewhere."""
    import httpx2
    from openai import AsyncOpenAI, DefaultAsyncHttpxClient

    timeout = httpx2.Timeout(SILENCE_SECONDS, connect=CONNECT_SECONDS)
    http = DefaultAsyncHttpxClient(timeout=timeout, follow_redirects=False)
    return AsyncOpenAI(api_key=key, base_url=base_url, timeout=timeout, max_retries=0, http_client=http)


async def list_models(base_url: str, key: str) -> list[str]:
    """Return the ids of the models the server offers. Raises `BackendUnavailable` with advice."""
    import httpx2
    import openai

    try:
        async with make_client(base_url, key) as client:
            # The SDK's own list type falls over a login page that comes with status 200.
            answer = await client.get("/models", cast_to=httpx2.Response)
            return [str(model["id"]) for model in answer.json()["data"]]
    except openai.OpenAIError as error:
        raise in_words(error) from error
    except (ValueError, KeyError, TypeError) as error:
        raise BackendUnavailable(
            "The server's answer cannot be understood.", "Check the address; a login page may be in between."
        ) from error


def in_words(error: "OpenAIError") -> BackendUnavailable:
    """Return the SDK's error as a sentence with advice; the kinds are tried from narrow to wide."""
    import openai

    for kind, title, advice, retryable in (
        (openai.AuthenticationError, "The server does not accept this key.", "Check the key.", False),
        (
            openai.PermissionDeniedError,
            "This key is not allowed to do that.",
            "Ask who gave it to you.",
            False,
        ),
        (
            openai.RateLimitError,
            "The server refuses for now: too many requests, or no credit.",
            "Wait a minute, or check the account's balance.",
            True,
        ),
        (openai.APITimeoutError, "The server does not answer.", "Check the network, then try again.", True),
        (
            openai.APIConnectionError,
            "The server cannot be reached.",
            "Check the network, the proxy and the address.",
            True,
        ),
    ):
        if isinstance(error, kind):
            return BackendUnavailable(title, advice, retryable=retryable)
    status = getattr(error, "status_code", None)
    title = f"The server answered with error {status}." if status else "The server's answer is not valid."
    return BackendUnavailable(title, "Check the address, then try again later.", retryable=True)
