"""The SDK client: imported late (0.4 s), never retrying what creates, its errors in words for people.

No key, address or answer of a server enters a log from here.
"""

from typing import TYPE_CHECKING

from hrdesk.core.errors import BackendUnavailable

if TYPE_CHECKING:
    from openai import AsyncOpenAI

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
    import openai

    try:
        async with make_client(base_url, key) as client:
            return [model.id async for model in client.models.list()]
    except openai.AuthenticationError as error:
        raise BackendUnavailable(
            "The server does not accept this key.", "Check the key and its project."
        ) from error
    except openai.PermissionDeniedError as error:
        raise BackendUnavailable(
            "This key is not allowed to do that.", "Ask who gave you the key."
        ) from error
    except openai.RateLimitError as error:
        raise BackendUnavailable(
            "The server refuses for now: too many requests, or no credit.",
            "Wait a minute, or check the account's balance.",
            retryable=True,
        ) from error
    except openai.APITimeoutError as error:
        raise BackendUnavailable(
            "The server does not answer.", "Check the network, then try again.", retryable=True
        ) from error
    except openai.APIConnectionError as error:
        raise BackendUnavailable(
            "The server cannot be reached.", "Check the network, the proxy and the address.", retryable=True
        ) from error
    except openai.APIStatusError as error:
        raise BackendUnavailable(
            f"The server answered with error {error.status_code}.", "Try again later.", retryable=True
        ) from error
    except openai.OpenAIError as error:
        raise BackendUnavailable("The server's answer cannot be understood.", "Check the address.") from error
