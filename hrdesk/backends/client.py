"""The SDK client of one connection: imported late (0.4 s), never retrying, never going elsewhere.

No key, address or answer of a server enters a log from here. What goes wrong is put into words in
`hrdesk.backends.troubles`.
"""

import asyncio
import gc
import importlib
import ssl
from functools import cache
from typing import TYPE_CHECKING, Any

from hrdesk.backends.troubles import in_words, not_understood
from hrdesk.backends.unpacking import unpacked, whole
from hrdesk.core.connections import Connection
from hrdesk.core.errors import HrdeskError

if TYPE_CHECKING:
    import httpx2
    from openai import AsyncOpenAI

__all__ = ["in_words", "list_models", "make_client"]

CONNECT_SECONDS, SILENCE_SECONDS = 5.0, 30.0
_AMBIENT = ("authorization", "openai-organization", "openai-project")
"""Headers the SDK also takes from environment variables, which may be meant for another host."""


@cache
def load(module: str) -> None:
    """Import a module of the SDK, which takes most of a second; call it in a thread.

    What is there now stays: a full garbage collection that walks through the SDK takes 150 ms.
    """
    importlib.import_module(module)
    gc.freeze()


def make_client(connection: Connection, key: str) -> "AsyncOpenAI":
    """Return a client for one connection; an empty `key` sends none.

    Redirects are refused, so that neither key nor question goes elsewhere. What creates something gets a
    connection of its own: a kept one that the server has dropped would look like a lost request. Takes
    time at first; call it in a thread. Raises `HrdeskError` where the connection cannot be used as it is.
    """
    if not key.isascii() or not (key + "x").isprintable():
        raise HrdeskError("This key has characters that no key has.", "Store the key once more.")
    load("openai")
    import httpx2
    from openai import AsyncOpenAI, DefaultAsyncHttpxClient

    timeout = httpx2.Timeout(SILENCE_SECONDS, connect=CONNECT_SECONDS)
    settings: dict[str, Any] = {
        "timeout": timeout,
        "follow_redirects": False,
        "verify": trust(connection.ca_file),
        "event_hooks": {"request": [_signed_with(key)]},
        "trust_env": not connection.is_here,  # a proxy must not see what stays on this computer
    }

    class Http(DefaultAsyncHttpxClient):
        """Sends POSTs on fresh connections, all else on kept ones."""

        def __init__(self) -> None:
            super().__init__(**settings)
            self._fresh = httpx2.AsyncClient(**settings, limits=httpx2.Limits(max_keepalive_connections=0))

        async def send(self, request: httpx2.Request, *, stream: bool = False, **how: Any) -> httpx2.Response:
            if request.method == "POST":
                answer = unpacked(await self._fresh.send(request, stream=True, **how))
            else:
                answer = unpacked(await super().send(request, stream=True, **how))
            return answer if stream and not answer.is_error else await whole(answer)

        async def aclose(self) -> None:
            await self._fresh.aclose()
            await super().aclose()

    where: dict[str, Any] = (
        {"data_residency": connection.region} if connection.region else {"base_url": connection.base_url}
    )
    try:
        return AsyncOpenAI(api_key=key or "none", timeout=timeout, max_retries=0, http_client=Http(), **where)
    except ValueError as error:
        raise HrdeskError(
            f"{connection.title} has no valid address.", "Correct the connection in Settings."
        ) from error


def trust(ca_file: str) -> ssl.SSLContext:
    """Return the trust of this computer, with the authorities of `ca_file` (PEM) added."""
    import httpx2

    context = httpx2.create_ssl_context()
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    if ca_file:
        try:
            context.load_verify_locations(cafile=ca_file)
        except OSError as error:  # ssl.SSLError too
            raise HrdeskError(
                "The file with further certificate authorities cannot be read.", "Choose a PEM file."
            ) from error
    return context


async def list_models(connection: Connection, key: str) -> list[str]:
    """Return the ids of the models, in the server's order. Raises `BackendUnavailable` with advice."""
    client = await asyncio.to_thread(make_client, connection, key)
    import httpx2  # loaded by now, outside the event loop's thread
    import openai

    try:
        async with client:
            # The SDK's own list type falls over a login page that comes with status 200.
            answer = await client.get("/models", cast_to=httpx2.Response)
            return [str(model["id"]) for model in answer.json()["data"]]
    except openai.OpenAIError as error:
        raise in_words(error) from error
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        raise not_understood() from error


def _signed_with(key: str) -> Any:
    """Return a hook that leaves exactly this key on a request, whatever the environment holds."""

    async def sign(request: "httpx2.Request") -> None:
        for name in _AMBIENT:
            request.headers.pop(name, None)
        request.headers["accept-encoding"] = "identity"
        if key:
            request.headers["authorization"] = f"Bearer {key}"

    return sign
