"""Answers of a server as plain JSON, with every trouble in words, and lists page by page.

Compatible servers leave fields out or fill them differently; the SDK's models hide that until an attribute
is missing. So the SDK sends the requests, and what comes back is read as plain values (`text`, `record`,
`records`), each checked where it is used.
"""

from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from hrdesk.backends.troubles import error_code, in_words, not_understood
from hrdesk.core.errors import NotFound
from hrdesk.core.usage import Usage

if TYPE_CHECKING:
    import httpx2

GONE = (404, 410)
MOST_PAGES = 20
MOST_TOKENS = 1e12
_LARGEST = 1e300  # what is beyond does not fit a float

Record = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Answer:
    """The JSON object a server answered with, and its headers (names in lower case)."""

    body: Record
    headers: Mapping[str, str]


async def answered(request: Awaitable[Any], *, creates: bool = False) -> "httpx2.Response":
    """Await a raw request of the SDK (`with_raw_response`) and return the response.

    `creates` says that the request makes something. Raises `NotFound` for 404 and 410, else
    `BackendUnavailable`.
    """
    import openai

    try:
        response: httpx2.Response = (await request).http_response
    except openai.APIStatusError as error:
        if error.status_code in GONE and error_code(error.response) != "model_not_found":
            raise NotFound("The server does not know this any more.", in_words(error).advice) from error
        raise in_words(error, creates) from error
    except openai.OpenAIError as error:
        raise in_words(error, creates) from error
    return response


async def answer(request: Awaitable[Any], *, creates: bool = False) -> Answer:
    """Return what a raw request brought; raises as `answered`, and for what is no JSON object."""
    response = await answered(request, creates=creates)
    try:
        body = response.json()
    except (ValueError, RecursionError) as error:
        raise not_understood(creates) from error
    if not isinstance(body, dict):
        raise not_understood(creates)
    return Answer(body, response.headers)


async def items(
    page: Callable[[str], Awaitable[Answer]], *, most_pages: int = MOST_PAGES
) -> AsyncIterator[Record]:
    """Yield the items of a list; `page(after)` fetches the page after the item with that id.

    A server that turns in a circle, or says that there is more and sends nothing, ends the list.
    """
    after, seen = "", {""}
    for _ in range(most_pages):
        body = (await page(after)).body
        found = records(body.get("data"))
        for one in found:
            yield one
        after = text(body.get("last_id")) or (text(found[-1].get("id")) if found else "")
        if not found or not body.get("has_more") or after in seen:
            return
        seen.add(after)


def text(value: object) -> str:
    """Return `value` if it is text, else ""."""
    return value if isinstance(value, str) else ""


def record(value: object) -> Record:
    """Return `value` if it is a JSON object, else an empty one."""
    return value if isinstance(value, dict) else {}


def records(value: object) -> list[Record]:
    """Return the JSON objects in a list; what is none is left out."""
    return [one for one in value if isinstance(one, dict)] if isinstance(value, list) else []


def number(value: object) -> float | None:
    """Return `value` if it is a finite number, else None."""
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        return None
    return float(value) if abs(value) < _LARGEST else None


def metadata(value: Record) -> Record:
    """Return the metadata of an object; one server calls them `metadata_`."""
    return record(value.get("metadata")) or record(value.get("metadata_"))


def usage_in(usage: Record) -> Usage:
    """Return the tokens of any of the APIs; what is left out or nonsense counts as none."""
    into = record(
        usage.get("prompt_tokens_details")
        or usage.get("prompt_token_details")
        or usage.get("input_tokens_details")
    )
    out = record(usage.get("completion_tokens_details") or usage.get("output_tokens_details"))
    return Usage(
        _count(usage, "prompt_tokens") or _count(usage, "input_tokens"),
        _count(usage, "completion_tokens") or _count(usage, "output_tokens"),
        _count(into, "cached_tokens"),
        _count(out, "reasoning_tokens"),
    )


def _count(counts: Record, name: str) -> int:
    value = counts.get(name)
    is_number = isinstance(value, (int, float)) and 0 <= value < MOST_TOKENS
    return int(value) if is_number and value is not None else 0
