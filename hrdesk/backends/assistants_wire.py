"""The requests of the Assistants v2 contract, sent with the SDK's `client.beta` objects.

OpenAI has retired its own service, so the SDK deprecates these objects; other servers still speak the
contract. Answers come back as plain JSON (see `raw_answers`), streams as events (see `event_stream`).
"""

import asyncio
import sys
import warnings
from collections.abc import AsyncIterator, Awaitable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from hrdesk.backends.client import CONNECT_SECONDS, load
from hrdesk.backends.event_stream import THINKING_SECONDS, EventStream
from hrdesk.backends.raw_answers import Answer, Record, answer, answered, items, record, records, text
from hrdesk.backends.troubles import not_understood
from hrdesk.core.runs import ToolOutput

if TYPE_CHECKING:
    from openai import AsyncOpenAI

BETA = "openai.resources.beta.beta"
PAGE = 100
DEPRECATED = r"deprecated$|The Assistants API is deprecated"
CALLERS = r"openai\._(legacy_response|utils\._utils)$"  # modules of the SDK in whose name it warns
RESULTS = "step_details.tool_calls[*].file_search.results[*].content"


@dataclass(frozen=True, slots=True)
class RunEvent:
    """An event of a run's stream, as the server named it. `data` is a run, step, message, or delta.

    `after_gap` is True once an event before it could not be read.
    """

    name: str
    data: Record
    after_gap: bool = False


class RunStream:
    """A run as its server tells it. A server that does not stream tells one event: the run as it stands."""

    def __init__(self, events: EventStream) -> None:
        self._events = events
        self._objects = events.objects()

    async def next(self) -> RunEvent | None:
        """Return the next event, None at the end. Raises `BackendUnavailable` where the connection breaks."""
        data = await anext(self._objects, None)
        if data is None:
            return None
        name, gap = self._events.name, self._events.damaged
        if not name and isinstance(data.get("data"), dict):  # a server that wraps name and data
            return RunEvent(text(data.get("event")), record(data.get("data")), gap)
        return RunEvent(name or _name(data), data, gap)

    async def aclose(self) -> None:
        """Hang up."""
        await self._objects.aclose()
        await self._events.aclose()


def _name(data: Record) -> str:
    if "error" in data:
        return "error"
    return "thread.run.told" if data.get("object") == "thread.run" else ""


class AssistantsWire:
    """One method for each request. All raise `NotFound` and `BackendUnavailable`, none repeats anything.

    `key` is the idempotency key of what creates something: the same for each try of the same thing.
    """

    def __init__(self, client: "AsyncOpenAI") -> None:
        self._client = client

    async def aclose(self) -> None:
        """Close the connections."""
        await self._client.close()

    async def assistants(self) -> AsyncIterator[Record]:
        """Yield the assistants of the account, newest first."""
        beta = await self._beta()

        def page(after: str) -> Any:
            more = {"after": after} if after else {}
            return answer(beta.assistants.with_raw_response.list(limit=PAGE, order="desc", **more))

        async for one in items(page):
            yield one

    async def create_assistant(self, settings: Mapping[str, Any], key: str) -> Record:
        """Create an assistant."""
        beta = await self._beta()
        create = beta.assistants.with_raw_response.create
        return (await answer(create(**settings, extra_headers=_once(key)), creates=True)).body

    async def create_thread(
        self, messages: Sequence[Mapping[str, Any]], metadata: Mapping[str, str], key: str
    ) -> Record:
        """Create a thread that holds `messages` (role, content, metadata)."""
        create = (await self._beta()).threads.with_raw_response.create
        request = create(messages=list(messages), metadata=dict(metadata), extra_headers=_once(key))
        return (await answer(request, creates=True)).body

    async def add_message(self, thread: str, message: Mapping[str, Any], key: str) -> Record:
        """Add a message to a thread."""
        create = (await self._beta()).threads.messages.with_raw_response.create
        return (await answer(create(thread, **message, extra_headers=_once(key)), creates=True)).body

    async def messages(self, thread: str, run: str = "") -> list[Record]:
        """Return the last hundred messages of a thread, oldest first; those of a `run` if one is named."""
        only = {"run_id": run} if run else {}
        listed = (await self._beta()).threads.messages.with_raw_response.list
        found = (await answer(listed(thread, order="desc", limit=PAGE, **only))).body
        return records(found.get("data"))[::-1]

    async def create_run(self, thread: str, settings: Mapping[str, Any], key: str) -> Record:
        """Start a run."""
        create = (await self._beta()).threads.runs.with_raw_response.create
        request = create(thread, stream=False, extra_headers=_once(key), **settings)
        return (await answer(request, creates=True)).body

    async def stream_new_run(self, thread: str, settings: Mapping[str, Any], key: str) -> RunStream:
        """Start a run and follow it."""
        create = (await self._beta()).threads.runs.with_raw_response.create
        return await _opened(create(thread, stream=True, **settings, **_streaming(key)))

    async def run(self, thread: str, run: str) -> Answer:
        """Look at a run."""
        retrieve = (await self._beta()).threads.runs.with_raw_response.retrieve
        return await answer(retrieve(run, thread_id=thread))

    async def runs(self, thread: str) -> list[Record]:
        """Return the newest runs of a thread."""
        listed = (await self._beta()).threads.runs.with_raw_response.list
        return records((await answer(listed(thread, order="desc", limit=PAGE))).body.get("data"))

    async def cancel(self, thread: str, run: str) -> Answer:
        """Ask a run to stop. A server may refuse this for a run that has ended."""
        cancel = (await self._beta()).threads.runs.with_raw_response.cancel
        return await answer(cancel(run, thread_id=thread))

    async def submit(self, thread: str, run: str, outputs: Iterable[ToolOutput], key: str) -> Answer:
        """Hand in the outputs of all calls."""
        submit = (await self._beta()).threads.runs.with_raw_response.submit_tool_outputs
        request = submit(
            run, thread_id=thread, tool_outputs=_outputs(outputs), stream=False, extra_headers=_once(key)
        )
        return await answer(request, creates=True)

    async def stream_submitted(
        self, thread: str, run: str, outputs: Iterable[ToolOutput], key: str
    ) -> RunStream:
        """Hand in the outputs of all calls and follow the run on."""
        submit = (await self._beta()).threads.runs.with_raw_response.submit_tool_outputs
        given = _outputs(outputs)
        return await _opened(
            submit(run, thread_id=thread, tool_outputs=given, stream=True, **_streaming(key))
        )

    async def steps(self, thread: str, run: str) -> list[Record]:
        """Return the steps of a run with what its file search found, oldest first."""
        steps = (await self._beta()).threads.runs.steps

        def page(after: str) -> Any:
            more = {"after": after} if after else {}
            listed = steps.with_raw_response.list
            return answer(listed(run, thread_id=thread, order="asc", limit=PAGE, include=[RESULTS], **more))

        return [one async for one in items(page)]

    async def _beta(self) -> Any:
        """Return the SDK's deprecated objects, imported in a thread, with their warnings silenced.

        The filter holds for these two messages of the SDK to itself. It is set for every request
        because others may reset the filters; setting it again changes nothing.
        """
        if BETA not in sys.modules:
            await asyncio.to_thread(load, BETA)
        warnings.filterwarnings("ignore", DEPRECATED, DeprecationWarning, CALLERS)
        return self._client.beta


def _once(key: str) -> dict[str, str]:
    return {"Idempotency-Key": key}


def _streaming(key: str) -> dict[str, Any]:
    """How a request is sent whose answer is a stream: patient."""
    import httpx2

    return {"extra_headers": _once(key), "timeout": httpx2.Timeout(THINKING_SECONDS, connect=CONNECT_SECONDS)}


def _outputs(outputs: Iterable[ToolOutput]) -> list[dict[str, str]]:
    return [{"tool_call_id": output.call_id, "output": output.output} for output in outputs]


async def _opened(request: Awaitable[Any]) -> RunStream:
    """Send a request that streams; only its head has been looked at. A login page is no stream."""
    response = await answered(request, creates=True)
    if response.headers.get("content-type", "").startswith("text/html"):
        await response.aclose()
        raise not_understood(creates=True)
    return RunStream(EventStream(response))
