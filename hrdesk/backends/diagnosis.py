"""Tries a connection and says what is wrong with it: name, network, proxy, certificate, key, model, quota.

The address and whatever a server says stand in the advice only: titles may be logged.
"""

import asyncio
import ssl
from socket import gaierror
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit
from urllib.request import getproxies, proxy_bypass

from hrdesk.backends.certificates import issuer_of
from hrdesk.backends.client import CONNECT_SECONDS, make_client
from hrdesk.backends.troubles import chain, in_words, refused
from hrdesk.core.connections import Connection, ConnectionKind
from hrdesk.core.errors import BackendUnavailable

if TYPE_CHECKING:
    import httpx2
    from openai import AsyncOpenAI

NO_LIST = (404, 405, 501)  # servers that do not tell their models
UNDERSTOOD = (400, 422)  # who refuses how a question is put has accepted key and quota
NAMED = 5  # models that are named when the one asked for is missing
EXPIRED, NOT_YET, SELF_SIGNED, WRONG_HOST = (10,), (9,), (18,), (62, 63, 64)  # OpenSSL's X509_V_ERR_...


async def diagnose(connection: Connection, key: str) -> str:
    """Return a sentence on what works. Raises `BackendUnavailable` with what does not, and what to do.

    The models are listed; a server elsewhere is then asked for a few words, since only that tells whether
    the account has credit left.
    """
    client = await asyncio.to_thread(make_client, connection, key)
    async with client:
        models = await _models(client, connection)
        if models is not None:
            _check_model(connection.model, models)
        if not connection.is_here:
            await _say_hello(client, connection)
    works = "The key works" if key else "The server answers"
    if models is None:
        return f"{works}: {connection.title} does not list its models."
    return f"{works}: {connection.title} offers {len(models)} model{'' if len(models) == 1 else 's'}."


async def _models(client: "AsyncOpenAI", connection: Connection) -> list[str] | None:
    """Return the models, None where the server does not tell them."""
    import httpx2
    import openai

    try:
        response = await client.get("/models", cast_to=httpx2.Response)
    except openai.APIStatusError as error:
        if _is_page(error.response):
            raise _wrong_service(connection) from error
        if error.status_code in NO_LIST:
            return None
        raise _refused(connection, error.response) from error
    except openai.OpenAIError as error:
        raise await _unreachable(connection, error) from error
    try:
        return [str(model["id"]) for model in response.json()["data"]]
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        raise _wrong_service(connection) from error


def _check_model(model: str, models: list[str]) -> None:
    if not model or model in models or f"{model}:latest" in models:
        return
    named = ", ".join(name[:80] for name in models[:NAMED]) or "none at all"
    raise BackendUnavailable(
        "The server does not offer this model.", f"It offers {named}. Choose a model from its list."
    )


async def _say_hello(client: "AsyncOpenAI", connection: Connection) -> None:
    """Ask for a few words, in the way of the connection."""
    import httpx2
    import openai

    if connection.kind is ConnectionKind.CHAT:
        path, how = "/chat/completions", {"messages": [{"role": "user", "content": "Hello"}]}
        limit = "max_completion_tokens"
    elif connection.kind is ConnectionKind.RESPONSES:
        path, how, limit = "/responses", {"input": "Hello", "store": False}, "max_output_tokens"  # type: ignore[dict-item]
    else:
        return
    body: dict[str, Any] = {"model": connection.model, limit: 16, **how}
    try:
        await client.post(path, cast_to=httpx2.Response, body=body)
    except openai.APIStatusError as error:
        if error.status_code not in UNDERSTOOD:
            raise _refused(connection, error.response) from error
    except openai.OpenAIError as error:
        raise await _unreachable(connection, error) from error


def _refused(connection: Connection, response: "httpx2.Response") -> BackendUnavailable:
    if response.status_code == 407:
        return _no_password(proxy_of(connection))
    return refused(response)


def _no_password(proxy: str) -> BackendUnavailable:
    return BackendUnavailable(
        "The proxy asks for a password.",
        f"Its address is {proxy or 'not known'}. Ask your IT department how hrdesk may pass it.",
    )


def _wrong_service(connection: Connection) -> BackendUnavailable:
    return BackendUnavailable(
        "At this address answers something else than a model server.",
        f"{connection.host} sent a web page or the like. The address usually ends in /v1; a login page of"
        " your network may be in between.",
    )


async def _unreachable(connection: Connection, error: Exception) -> BackendUnavailable:
    """Say why nothing came back."""
    import httpx2

    causes, proxy = list(chain(error)), proxy_of(connection)

    def due_to(*kinds: type[BaseException]) -> BaseException | None:
        return next((cause for cause in causes if isinstance(cause, kinds)), None)

    if isinstance(untrusted := due_to(ssl.SSLCertVerificationError), ssl.SSLCertVerificationError):
        return _not_trusted(connection, untrusted, await _issuer(connection, proxy))
    if any(isinstance(one, ssl.SSLError) and not isinstance(one, ssl.SSLWantReadError) for one in causes):
        return BackendUnavailable(
            "No secure connection came about, so nothing was sent.",
            f"{connection.host} does not speak https here, or only in an outdated form (before TLS 1.2).",
        )
    if refusal := due_to(httpx2.ProxyError):
        if "407" in str(refusal):
            return _no_password(proxy)
        return BackendUnavailable("The proxy refuses.", f"Its address is {proxy}. Ask your IT department.")
    if proxy and not due_to(httpx2.TimeoutException):
        gone = "is not there" if due_to(httpx2.ConnectError) else "hung up"
        return BackendUnavailable(
            "The proxy does not help.", f"{proxy} {gone}. Ask your IT department.", retryable=True
        )
    if due_to(gaierror):
        return BackendUnavailable(
            "The server's name is not known.",
            f"Is {connection.hostname} spelt rightly, and is there a network?",
            retryable=True,
        )
    if due_to(ConnectionRefusedError):
        return BackendUnavailable(
            "Nobody answers at this address.", f"Is the server running on {connection.host}?", retryable=True
        )
    return in_words(error)


def _not_trusted(
    connection: Connection, error: ssl.SSLCertVerificationError, issuer: str
) -> BackendUnavailable:
    by = f"It was issued by “{issuer}”." if issuer else "Its issuer is not known."
    code = error.verify_code
    if code in EXPIRED or code in NOT_YET:
        title = "The server's certificate is not valid today, so nothing was sent."
        advice = f"{by} Check this computer's clock, or tell who runs the server."
    elif code in WRONG_HOST:
        title = "The server's certificate is for another host, so nothing was sent."
        advice = f"{by} It is not made out for {connection.host}: check the address."
    elif code in SELF_SIGNED:
        title = "The server signed its certificate itself, so nothing was sent."
        advice = f"{by} If it is yours, name its file as a certificate authority of this connection."
    else:
        title = "Nobody this computer trusts issued the server's certificate, so nothing was sent."
        advice = f"{by} If that is your organisation's, ask IT for its file and name it in this connection."
    return BackendUnavailable(title, advice)


async def _issuer(connection: Connection, proxy: str) -> str:
    """Return who issued the certificate that comes; nothing but the greeting of TLS is sent."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    url = urlsplit(connection.address)
    host, port = url.hostname or "", url.port or 443
    first = urlsplit(f"//{proxy}") if proxy else url
    try:
        async with asyncio.timeout(CONNECT_SECONDS):
            reader, writer = await asyncio.open_connection(first.hostname, first.port or port)
            try:
                if proxy:
                    writer.write(f"CONNECT {host}:{port} HTTP/1.1\r\nHost: {host}:{port}\r\n\r\n".encode())
                    await reader.readuntil(b"\r\n\r\n")
                await writer.start_tls(context, server_hostname=host)
                found = writer.get_extra_info("ssl_object").getpeercert(binary_form=True)
            finally:
                writer.close()
    except (OSError, ValueError, TimeoutError, asyncio.IncompleteReadError):
        return ""
    return issuer_of(found or b"")


def proxy_of(connection: Connection) -> str:
    """Return host and port of the proxy that requests pass, "" where they pass none; never its password."""
    if connection.is_here or proxy_bypass(connection.hostname):
        return ""
    proxies = getproxies()
    found = proxies.get(urlsplit(connection.address).scheme) or proxies.get("all") or ""
    return urlsplit(found if "//" in found else f"//{found}").netloc.rpartition("@")[2]


def _is_page(response: "httpx2.Response") -> bool:
    return "html" in response.headers.get("content-type", "")
