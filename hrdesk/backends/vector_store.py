"""A hosted, OpenAI-compatible vector store: files go in one by one with attributes, passages come out.

Per-file attributes in batches are ignored by a server that was measured, so each file is attached by a
request of its own. Edited attributes do not reach that server's search, and a deleted file stays searchable:
a file is attached anew after an edit, and taken out of the store before it is deleted.
"""

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from hrdesk.backends.raw_answers import Record, answer, items, metadata, number, record, records, text
from hrdesk.backends.troubles import not_understood
from hrdesk.core.errors import BackendUnavailable, HrdeskError, NotFound
from hrdesk.core.runs import Evidence

if TYPE_CHECKING:
    from openai import AsyncOpenAI

PAGE = 100
MOST_RESULTS = 50  # the contract's limit
READING_SECONDS = 180.0  # a server may take to read one file
UPLOAD_SECONDS = 300.0
CLOCKS_DIFFER = 120.0  # seconds
FIRST_PAUSE, LONGEST_PAUSE = 0.25, 4.0
OWNER = "hrdesk_library"  # our metadata on a store

_FAILURES = {
    "unsupported_file": "The provider does not read this kind of file.",
    "invalid_file": "The provider finds the file damaged.",
    "server_error": "The provider failed while it was reading the file.",
}


@dataclass(frozen=True, slots=True)
class StoredFile:
    """A file as it stands in a vector store. `state` is in_progress, completed, failed or cancelled."""

    id: str
    state: str
    attributes: Mapping[str, Any] = field(default_factory=dict)
    trouble: str = ""


class VectorStore:
    """The vector stores of one account. All methods raise `BackendUnavailable`; by id also `NotFound`.

    `pause` sleeps between two looks at a file that the provider reads.
    """

    def __init__(
        self, client: "AsyncOpenAI", pause: Callable[[float], Awaitable[None]] = asyncio.sleep
    ) -> None:
        self._client = client
        self._patient = client.with_options(max_retries=2)  # for what may be asked twice without harm
        self._pause = pause

    async def aclose(self) -> None:
        """Close the connections."""
        await self._client.close()

    async def find_or_create(self, name: str) -> str:
        """Return the id of our store with this name, made if there is none."""
        found = await self._find(name)
        if found:
            return found
        create = self._client.vector_stores.with_raw_response.create
        try:
            made = await answer(create(name=name, metadata={OWNER: name}), creates=True)
        except BackendUnavailable as error:
            found = await self._find(name) if error.maybe_done else ""
            if not found:
                raise
            return found
        return _id(made.body)

    async def check(self, store: str) -> None:
        """Raise `NotFound` for a store that is not there, `BackendUnavailable` for one that has expired."""
        found = (await answer(self._patient.vector_stores.with_raw_response.retrieve(store))).body
        if found.get("status") == "expired":
            raise BackendUnavailable(
                f"The vector store {store} has expired.", "Empty its field in Settings and publish again."
            )

    async def files(self, store: str) -> AsyncIterator[StoredFile]:
        """Yield the files of a store."""

        def page(after: str) -> Any:
            more: dict[str, Any] = {"after": after} if after else {}
            return answer(self._patient.vector_stores.files.with_raw_response.list(store, limit=PAGE, **more))

        async for one in items(page, most_pages=200):
            yield _stored(one)

    async def upload(self, path: Path, name: str) -> str:
        """Upload a file under a name and return its id. A copy that arrived damaged is deleted again."""
        content = await asyncio.to_thread(path.read_bytes)
        create = self._client.files.with_raw_response.create
        request = create(file=(name, content), purpose="assistants", timeout=UPLOAD_SECONDS)
        started = time.time()
        try:
            made = (await answer(request, creates=True)).body
        except BackendUnavailable as error:
            arrived = await self._arrived(name, len(content), started) if error.maybe_done else ""
            if not arrived:
                raise
            return arrived
        if number(made.get("bytes")) not in (None, len(content)):
            await self.delete_file(_id(made))
            raise BackendUnavailable(
                f"{name} did not arrive whole.", "Publish again; the incomplete copy was deleted."
            )
        return _id(made)

    async def _arrived(self, name: str, size: int, since: float) -> str:
        """Return the id of an upload of which nobody knows whether it arrived, "" if it did not."""
        listed = self._patient.files.with_raw_response.list(limit=PAGE, order="desc")
        for one in records((await answer(listed)).body.get("data")):
            same = one.get("filename") == name and number(one.get("bytes")) == size
            if same and (number(one.get("created_at")) or 0) >= since - CLOCKS_DIFFER:
                return text(one.get("id"))
        return ""

    async def has_file(self, file_id: str) -> bool:
        """Whether an uploaded file is still there."""
        try:
            await answer(self._patient.files.with_raw_response.retrieve(file_id))
        except NotFound:
            return False
        return True

    async def attach(self, store: str, file_id: str, attributes: Mapping[str, str], name: str) -> None:
        """Put an uploaded file into a store and wait until it can be searched.

        Raises `HrdeskError` with the provider's reason for a file that it cannot read, `BackendUnavailable`
        where it does not come to an end; `name` is for these sentences.
        """
        files = self._client.vector_stores.files.with_raw_response
        looks = self._patient.vector_stores.files.with_raw_response
        request = files.create(store, file_id=file_id, attributes=dict(attributes), timeout=READING_SECONDS)
        try:
            state = _stored((await answer(request)).body)
        except BackendUnavailable as error:
            if not error.unreachable:
                raise
            raise BackendUnavailable(
                f"The provider does not take {name} in.", _PARSER, retryable=True
            ) from error
        waited, pause = 0.0, FIRST_PAUSE
        while state.state == "in_progress":
            if waited >= READING_SECONDS:
                raise BackendUnavailable(f"The provider still reads {name}.", _PARSER, retryable=True)
            await self._pause(pause)
            waited, pause = waited + pause, min(pause * 2, LONGEST_PAUSE)
            state = _stored((await answer(looks.retrieve(file_id, vector_store_id=store))).body)
        if state.state != "completed":
            raise HrdeskError(f"{name} was not taken in.", state.trouble)

    async def detach(self, store: str, file_id: str) -> None:
        """Take a file out of a store, so that it is found no more; nothing happens if it is not there."""
        try:
            await answer(
                self._patient.vector_stores.files.with_raw_response.delete(file_id, vector_store_id=store)
            )
        except NotFound:
            return

    async def delete_file(self, file_id: str) -> None:
        """Delete an uploaded file; first take it out of every store. Nothing happens if it is not there."""
        try:
            await answer(self._patient.files.with_raw_response.delete(file_id))
        except NotFound:
            return

    async def search(
        self, store: str, query: str, filters: Mapping[str, Any] | None = None, limit: int = 20
    ) -> list[Evidence]:
        """Return the best passages, best first, without refs.

        Their ids and names come from the attributes where they are there: one server names others. Scores
        have the provider's own scale, or are missing.
        """
        wanted: dict[str, Any] = {"filters": dict(filters)} if filters else {}
        search = self._client.vector_stores.with_raw_response.search
        request = search(store, query=query, max_num_results=min(limit, MOST_RESULTS), **wanted)
        found = await answer(request)
        return [_hit(one) for one in records(found.body.get("data"))]

    async def _find(self, name: str) -> str:
        def page(after: str) -> Any:
            more: dict[str, Any] = {"after": after} if after else {}
            return answer(self._patient.vector_stores.with_raw_response.list(limit=PAGE, **more))

        async for one in items(page):
            if metadata(one).get(OWNER) == name and one.get("status") != "expired":
                return text(one.get("id"))
        return ""


_PARSER = "It may lack what it needs to read such files."


def equals(**values: str) -> dict[str, Any] | None:
    """Return a filter that lets files pass whose attributes have all these values; None for no values."""
    conditions = [{"type": "eq", "key": key, "value": value} for key, value in values.items()]
    if len(conditions) > 1:
        return {"type": "and", "filters": conditions}
    return conditions[0] if conditions else None


def _id(made: Record) -> str:
    found = text(made.get("id"))
    if not found:
        raise not_understood(creates=True)
    return found


def _stored(one: Record) -> StoredFile:
    error = record(one.get("last_error"))
    trouble = _FAILURES.get(text(error.get("code")), text(error.get("message"))[:300])
    state = text(one.get("status")) or "failed"
    return StoredFile(text(one.get("id")), state, record(one.get("attributes")), trouble)


def _hit(one: Record) -> Evidence:
    attributes = dict(record(one.get("attributes")))
    content = one.get("content")
    pieces = [content] if isinstance(content, str) else [text(part.get("text")) for part in records(content)]
    name = text(attributes.get("filename")) or text(one.get("filename"))
    words = "\n".join(piece for piece in pieces if piece) or text(one.get("text"))
    return Evidence("", text(one.get("file_id")), name, words, number(one.get("score")), attributes)
