"""What goes wrong between hrdesk and a server, in words for people.

Titles may be logged, so they hold no words of the server; those are quoted in the advice, without the key.
Error bodies come in two shapes: `{"error": {"message"}}` and `{"detail": text or list}`.
"""

import math
import ssl
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from socket import gaierror
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from hrdesk.core.errors import BackendUnavailable

if TYPE_CHECKING:
    import httpx2

LONGEST_QUOTE = 300  # characters of the server's own words
NO_CREDIT = ("insufficient_quota", "billing_hard_limit_reached", "credit_balance_exhausted")
TOO_LONG = ("context_length_exceeded", "exceed_context_size_error", "string_above_max_length")

_BY_STATUS = {
    401: ("The server does not accept this key.", "Check the key.", False),
    403: ("This key is not allowed to do that.", "Ask who gave it to you.", False),
    404: ("The server does not know this (error 404).", "Check the address and the model.", False),
    407: ("The proxy asks for a password.", "Ask your IT department for the proxy's settings.", False),
    408: ("The server lost patience (error 408).", "Try again.", True),
    409: ("The server is still busy with this (error 409).", "Wait a moment, then try again.", True),
    410: ("The server has given this up (error 410).", "Choose another connection.", False),
    413: ("The question is too large for the server.", "Continue in a fresh thread.", False),
    429: ("The server refuses for now: too many requests.", "Wait a minute, then try again.", True),
}


def in_words(error: Exception, creates: bool = False) -> BackendUnavailable:
    """Return a foreign exception as a sentence with advice.

    `creates` says that the failed request creates something: where nobody knows whether it was carried out,
    the answer says so (`maybe_done`). An HTTP status other than 2xx is a refusal, never "maybe".
    """
    import httpx2
    import openai

    if isinstance(error, openai.APIStatusError):
        return refused(error.response)
    if isinstance(error, (openai.APIConnectionError, httpx2.TransportError)):
        return _unreachable(error, creates)
    return not_understood(creates)


def not_understood(creates: bool = False) -> BackendUnavailable:
    """Return the trouble with an answer that is no answer, such as a login page with status 200."""
    return BackendUnavailable(
        "The server's answer cannot be understood.",
        "Check the address; a login page may be in between.",
        maybe_done=creates,
    )


def refused(response: "httpx2.Response") -> BackendUnavailable:
    """Return the trouble that an HTTP status tells."""
    status, code, words = response.status_code, error_code(response), _quotation(error_text(response))
    if 300 <= status < 400:
        other = urlsplit(response.headers.get("location", "")).netloc.rpartition("@")[2] or "another address"
        return BackendUnavailable(
            "The server sends requests on to another address.",
            f"Nothing was sent to {other}. If that is the right one, change the address of the connection.",
        )
    if code in NO_CREDIT:
        return BackendUnavailable("The account has no credit left.", "Check the balance and its limits.")
    if code in TOO_LONG:
        return BackendUnavailable(
            "The conversation is too long for this model.", "Continue in a fresh thread."
        )
    if status in _BY_STATUS:
        title, advice, retryable = _BY_STATUS[status]
        advice = advice if status in (401, 407) else f"{advice} {words}".strip()  # a 401 may quote the key
    elif status >= 500:
        title, retryable = f"The server answered with error {status}.", True
        advice = f"Try again later. {words}".strip()
    else:
        title, retryable = f"The server refuses this request (error {status}).", False
        advice = words or "Check the address and the model."
    wait = retry_after(response.headers) if retryable else None
    return BackendUnavailable(title, advice, retryable=retryable, retry_after=wait)


def refuses(response: "httpx2.Response", *words: str) -> bool:
    """Return whether a refusal is about something in the request that is named by one of `words`."""
    if response.status_code not in (400, 404, 422, 500, 501):
        return False
    if error_code(response) in ("model_not_found", *TOO_LONG):
        return False
    text = message_in(_body(response)).casefold()
    return any(word in text for word in words)


def _unreachable(error: Exception, creates: bool) -> BackendUnavailable:
    import httpx2

    causes = list(chain(error))
    advice = "Check the network, the proxy and the address."
    if any(isinstance(cause, ssl.SSLCertVerificationError) for cause in causes):
        return BackendUnavailable(
            "The server's certificate is not trusted, so nothing was sent.",
            "Test the connection in Settings; it says whose certificate came.",
        )
    never_sent = (httpx2.ConnectError, httpx2.ConnectTimeout, httpx2.PoolTimeout, httpx2.UnsupportedProtocol)
    kinds: tuple[type[BaseException], ...]
    for kinds, title in (
        ((httpx2.ProxyError,), "The proxy refuses or is not there."),
        ((gaierror,), "The server's name is not known."),
        (never_sent, "The server cannot be reached."),
    ):
        if any(isinstance(cause, kinds) for cause in causes):
            return BackendUnavailable(title, advice, retryable=True, unreachable=True)
    silent = any(isinstance(cause, httpx2.TimeoutException) for cause in causes)
    return BackendUnavailable(
        "The server does not answer." if silent else "The connection broke off.",
        "Check the network, then try again.",
        retryable=True,
        maybe_done=creates,
        unreachable=True,
    )


def chain(error: BaseException | None) -> Iterator[BaseException]:
    """Yield an exception and everything it came from, outermost first."""
    seen: set[int] = set()
    waiting = [error]
    while waiting:
        one = waiting.pop()
        if one is None or id(one) in seen:
            continue
        seen.add(id(one))
        yield one
        waiting += [one.__context__, one.__cause__]
        waiting += getattr(one, "exceptions", ())


def retry_after(headers: Mapping[str, str]) -> float | None:
    """Return the seconds a server wants to be left alone; None where it says nothing that makes sense."""
    for name, unit in (("retry-after-ms", 0.001), ("retry-after", 1.0)):
        text = headers.get(name, "")
        seconds = _seconds(text, unit) if text else None
        if seconds is not None and math.isfinite(seconds) and seconds >= 0:
            return seconds
    return None


def _seconds(text: str, unit: float) -> float | None:
    try:
        return float(text) * unit
    except ValueError:
        pass
    try:
        until = parsedate_to_datetime(text)
    except ValueError:
        return None
    return (until.replace(tzinfo=until.tzinfo or UTC) - datetime.now(UTC)).total_seconds()


def error_code(response: "httpx2.Response") -> str:
    """Return the server's code or type for an error, "" where it has none."""
    error = _body(response).get("error")
    if not isinstance(error, dict):
        return ""
    return str(error.get("code") or error.get("type") or "")


def error_text(response: "httpx2.Response") -> str:
    """Return what the server says about an error, in whichever shape it says it; without the key."""
    key = response.request.headers.get("authorization", "").removeprefix("Bearer ")
    return _short(_body(response), key)


def message_in(body: Mapping[str, Any]) -> str:
    """Return the sentence in an error body: `error.message`, `error`, `detail` (text or list), `message`."""
    error = body.get("error")
    found = error.get("message") if isinstance(error, dict) else error
    found = found or body.get("detail") or body.get("message") or ""
    if isinstance(found, list):
        found = "; ".join(str(one.get("msg", "")) if isinstance(one, dict) else str(one) for one in found)
    return found if isinstance(found, str) else ""


def quoted(body: Mapping[str, Any]) -> str:
    """Return the sentence in an error body as a quotation, "" where there is none."""
    return _quotation(_short(body))


def is_object(response: "httpx2.Response") -> bool:
    """Return whether an answer is a JSON object with something in it."""
    return bool(_body(response))


def _quotation(text: str) -> str:
    return f"The server says: “{text}”" if text else ""


def _short(body: Mapping[str, Any], key: str = "") -> str:
    text = " ".join(message_in(body).split())
    text = text.replace(key, "…") if key else text
    return "".join(char for char in text if char.isprintable())[:LONGEST_QUOTE]


def _body(response: "httpx2.Response") -> dict[str, Any]:
    try:
        body = response.json()
    except (ValueError, RecursionError):
        return {}
    return body if isinstance(body, dict) else {}
