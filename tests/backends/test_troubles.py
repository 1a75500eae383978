"""Foreign exceptions in words: what may be asked again, when, and what nobody knows."""

import ssl
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from socket import gaierror

import httpx2
import openai
import pytest

from hrdesk.backends.troubles import error_text, in_words, message_in, refused, retry_after

REQUEST = httpx2.Request(
    "POST", "https://policies.example/v1/x", headers={"authorization": "Bearer sk-canary"}
)


def answer(status: int, body: object, **headers: str) -> httpx2.Response:
    return httpx2.Response(status, json=body, headers=headers, request=REQUEST)


def lost(cause: Exception) -> openai.APIConnectionError:
    error = openai.APIConnectionError(request=REQUEST)
    error.__cause__ = cause
    return error


def because(outer: Exception, inner: Exception) -> Exception:
    outer.__cause__ = inner
    return outer


@pytest.mark.parametrize(
    ("cause", "words", "maybe_done"),
    [
        (httpx2.ConnectError("refused"), "cannot be reached", False),
        (because(httpx2.ConnectError("dns"), gaierror(-2, "unknown")), "name is not known", False),
        (because(httpx2.ConnectError("tls"), ssl.SSLCertVerificationError()), "not trusted", False),
        (httpx2.ConnectTimeout("slow"), "cannot be reached", False),
        (httpx2.ProxyError("407"), "proxy", False),
        (httpx2.ReadTimeout("silent"), "does not answer", True),
        (httpx2.ReadError("reset"), "broke off", True),
        (httpx2.RemoteProtocolError("closed"), "broke off", True),
    ],
)
def test_a_lost_request_says_whether_it_may_have_been_done(
    cause: Exception, words: str, maybe_done: bool
) -> None:
    trouble = in_words(lost(cause), True)
    assert words in trouble.title
    assert trouble.maybe_done is maybe_done
    assert in_words(lost(cause), False).maybe_done is False


@pytest.mark.parametrize(
    "status", [302, 400, 401, 403, 404, 407, 408, 409, 410, 413, 422, 429, 500, 502, 529]
)
def test_a_status_is_a_refusal_and_never_maybe_done(status: int) -> None:
    trouble = refused(answer(status, {"error": {"message": "no"}}))
    assert trouble.maybe_done is False
    assert trouble.retryable is (status in (408, 409, 429, 500, 502, 529))
    assert trouble.advice


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({"retry-after-ms": "1500", "retry-after": "9"}, 1.5),
        ({"retry-after": "30"}, 30.0),
        ({"retry-after": "121"}, 121.0),
        ({"retry-after": "-5"}, None),
        ({"retry-after": "nan"}, None),
        ({"retry-after": "inf"}, None),
        ({"retry-after": "soon"}, None),
        ({"retry-after": ""}, None),
        ({"retry-after-ms": "garbage", "retry-after": "2"}, 2.0),
        ({}, None),
    ],
)
def test_the_wish_to_be_left_alone_is_read_where_it_makes_sense(
    headers: dict[str, str], seconds: float | None
) -> None:
    assert retry_after(headers) == seconds


def test_the_wish_may_be_a_date() -> None:
    until = format_datetime(datetime.now(UTC) + timedelta(seconds=60), usegmt=True)
    found = retry_after({"retry-after": until})
    assert found is not None and 50 < found <= 60


@pytest.mark.parametrize(
    ("body", "text"),
    [
        ({"error": {"message": "no"}}, "no"),
        ({"error": "no"}, "no"),
        ({"detail": "no"}, "no"),
        ({"detail": [{"loc": ["body"], "msg": "no"}, "never"]}, "no; never"),
        ({"message": "no"}, "no"),
        ({"error": {"message": None}}, ""),
        ({"error": None, "detail": {"odd": 1}}, ""),
        ({}, ""),
    ],
)
def test_error_text_is_found_in_every_shape(body: dict[str, object], text: str) -> None:
    assert message_in(body) == text


def test_the_servers_words_are_quoted_short_plain_and_without_the_key() -> None:
    said = error_text(answer(400, {"error": {"message": "\x1b[31m" + "no sk-canary \u202e" + "x" * 9_000}}))
    assert "sk-canary" not in said and len(said) <= 300
    assert said.isprintable()


def test_quota_context_and_too_many_are_told_apart() -> None:
    def title(status: int, code: str) -> str:
        return refused(answer(status, {"error": {"message": "x", "code": code}})).title

    assert "no credit" in title(429, "insufficient_quota")
    assert "too many" in title(429, "rate_limit_exceeded")
    assert "too long" in title(400, "context_length_exceeded")


def test_the_title_never_holds_the_servers_words() -> None:
    assert "canary" not in refused(answer(500, {"detail": "canary"})).title


def test_an_answer_that_cannot_be_read_may_have_been_done() -> None:
    error = openai.APIResponseValidationError(answer(200, {}), None)
    assert in_words(error, True).maybe_done
