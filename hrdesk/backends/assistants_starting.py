"""From a request to a run on an Assistants server: assistant, thread, messages, run.

Each part is found before it is made, and what was made is remembered, so that a start that failed half-way
goes on where it stopped. When nobody knows whether a message or a run was made, the thread is asked.
"""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from hrdesk.backends.assistants_reading import raw_text
from hrdesk.backends.assistants_view import RUN
from hrdesk.backends.assistants_wire import RESULTS, AssistantsWire, RunStream
from hrdesk.backends.raw_answers import Record, metadata, text
from hrdesk.backends.troubles import not_understood
from hrdesk.core.connections import Connection, SearchPlace
from hrdesk.core.errors import BackendUnavailable, HrdeskError, NotFound
from hrdesk.core.runs import RunRequest
from hrdesk.core.threads import Message, Role

AT_CREATION = 32  # messages a new thread may hold
CONFIGURATION = "hrdesk_config"  # names of our metadata on the server
MESSAGE = "hrdesk_message"

RETIRED = (
    "This server does not offer the Assistants API.",
    "OpenAI and Azure ended theirs on 26 August 2026. Choose the OpenAI (Responses) kind instead.",
)


@dataclass(frozen=True, slots=True)
class Started:
    """A run on the server: as it stands, or as a stream that will tell it."""

    thread: str
    run: Record | None
    stream: RunStream | None = None


class Assistants:
    """The assistants of one connection, found or made by their configuration."""

    def __init__(self, wire: AssistantsWire, connection: Connection) -> None:
        self._wire = wire
        self._connection = connection
        self._known: dict[str, str] = {}

    async def id_for(self, request: RunRequest) -> str:
        """Return the id of the assistant with exactly the request's configuration."""
        settings = self.settings(request)
        wanted = settings["metadata"][CONFIGURATION]
        if wanted not in self._known:
            self._known[wanted] = await self._find(wanted) or await self._create(settings, request, wanted)
        return self._known[wanted]

    def forget(self) -> None:
        """Look all assistants up again: somebody deleted one."""
        self._known.clear()

    def settings(self, request: RunRequest) -> dict[str, Any]:
        """Return what an assistant is made of; its metadata name the hash of the rest."""
        connection = self._connection
        made: dict[str, Any] = {
            "model": request.model or connection.model,
            "instructions": request.instructions,
            "tools": [_function(spec.name, spec.description, spec.parameters) for spec in request.tools],
        }
        if searches(connection):
            made["tools"].append({"type": "file_search"})
            made["tool_resources"] = {"file_search": {"vector_store_ids": [connection.vector_store]}}
        if connection.code_interpreter:
            made["tools"].append({"type": "code_interpreter"})
        digest = hashlib.sha256(json.dumps(made, sort_keys=True).encode()).hexdigest()
        return {**made, "name": request.assistant, "metadata": {CONFIGURATION: digest}}

    async def _find(self, wanted: str) -> str:
        try:
            async for assistant in self._wire.assistants():
                if metadata(assistant).get(CONFIGURATION) == wanted and text(assistant.get("id")):
                    return text(assistant.get("id"))
        except NotFound:
            return ""  # a server without a list may still make one; else the next request tells
        return ""

    async def _create(self, settings: Mapping[str, Any], request: RunRequest, wanted: str) -> str:
        try:
            made = await self._wire.create_assistant(settings, f"{request.run_id}-assistant")
        except NotFound as error:
            raise BackendUnavailable(*RETIRED) from error
        except BackendUnavailable as error:
            found = await self._find(wanted) if error.maybe_done else ""
            if not found:
                raise repeatable(error) from error
            return found
        if not text(made.get("id")):
            raise not_understood()
        return text(made.get("id"))


def _function(name: str, description: str, parameters: Mapping[str, Any]) -> dict[str, Any]:
    function = {"name": name, "description": description, "parameters": dict(parameters)}
    return {"type": "function", "function": function}


def searches(connection: Connection) -> bool:
    """Whether the server's own file search reads the connection's vector store."""
    return connection.search is SearchPlace.PROVIDER and bool(connection.vector_store)


class RunStart:
    """One run on its way to the server. `go` may be called again after a trouble."""

    def __init__(
        self, wire: AssistantsWire, assistants: Assistants, connection: Connection, request: RunRequest
    ) -> None:
        self._wire = wire
        self._assistants = assistants
        self._connection = connection
        self._request = request
        self._messages = [message for message in request.messages if message.text.strip()]
        self._thread = request.remote_thread
        self._there: set[str] = {message.id for message in request.messages[: request.known_messages]}
        self._in_doubt = False

    async def go(self) -> Started:
        """Bring everything to the server and start the run."""
        if self._in_doubt and (run := await self._find_run()):
            return Started(self._thread, run)
        assistant = await self._assistants.id_for(self._request)
        try:
            if self._thread:
                await self._say_the_rest()
        except NotFound:  # the server has forgotten the thread; ours is the truth
            self._thread, self._there = "", set()
        if not self._thread:
            await self._create_thread()
        try:
            return await self._start(assistant)
        except NotFound:  # the assistant was deleted meanwhile
            self._assistants.forget()
            return await self._start(await self._assistants.id_for(self._request))

    # --- the thread and its messages

    async def _create_thread(self) -> None:
        first = self._messages[:AT_CREATION]
        key = f"{self._request.run_id}-thread"
        try:
            ours = {"hrdesk_thread": self._request.thread_id}
            made = await self._wire.create_thread([self._said(one) for one in first], ours, key)
        except NotFound as error:
            raise BackendUnavailable(*RETIRED) from error
        except BackendUnavailable as error:  # threads cannot be listed; a lost one costs nothing
            raise repeatable(error) from error
        self._thread = text(made.get("id"))
        if not self._thread:
            raise not_understood()
        self._there = {message.id for message in first}
        await self._say_the_rest()

    async def _say_the_rest(self) -> None:
        missing = [message for message in self._messages if message.id not in self._there]
        if len(missing) > 1 and self._request.remote_thread:
            self._there |= _present(missing, await self._wire.messages(self._thread))
        for message in missing:
            if message.id not in self._there:
                await self._say(message)
                self._there.add(message.id)

    async def _say(self, message: Message) -> None:
        key = f"{self._request.run_id}-{message.id}"
        try:
            await self._wire.add_message(self._thread, self._said(message), key)
        except BackendUnavailable as error:
            if error.maybe_done:
                there = await self._wire.messages(self._thread)
                if any(metadata(one).get(MESSAGE) == message.id for one in there):
                    return
            raise repeatable(error) from error

    def _said(self, message: Message) -> dict[str, Any]:
        return {
            "role": "assistant" if message.role is Role.ASSISTANT else "user",
            "content": spoken(message),
            "metadata": {MESSAGE: message.id, RUN: self._request.run_id},
        }

    # --- the run

    async def _start(self, assistant: str) -> Started:
        key = f"{self._request.run_id}-0"
        settings = self._run_settings(assistant)
        self._in_doubt = True  # also where this is cancelled while the request is on its way
        try:
            if not self._connection.stream:
                return Started(self._thread, await self._wire.create_run(self._thread, settings, key))
            return Started(self._thread, None, await self._wire.stream_new_run(self._thread, settings, key))
        except BackendUnavailable as error:
            if error.maybe_done and (run := await self.find_again()):
                return Started(self._thread, run)
            self._in_doubt = error.maybe_done
            raise

    async def find_again(self) -> Record | None:
        """Return the run that may have been made, by its metadata; None if the server has none or is gone."""
        try:
            return await self._find_run()
        except HrdeskError:
            return None

    async def _find_run(self) -> Record | None:
        return await find_run(self._wire, self._thread, self._request.run_id)

    def _run_settings(self, assistant: str) -> dict[str, Any]:
        request = self._request
        settings: dict[str, Any] = {
            "assistant_id": assistant,
            "model": request.model or self._connection.model,
            "instructions": request.instructions,
            "metadata": {RUN: request.run_id},
        }
        return settings | ({"include": [RESULTS]} if searches(self._connection) else {})


async def find_run(wire: AssistantsWire, thread: str, run_id: str) -> Record | None:
    """Return the thread's run that carries our id in its metadata, None if there is none."""
    for run in await wire.runs(thread):
        if metadata(run).get(RUN) == run_id and text(run.get("id")):
            return run
    return None


def spoken(message: Message) -> str:
    """Return what a message says on the server; a carried-over summary comes as the user's words."""
    carried = message.role is Role.SUMMARY
    return f"Summary of an earlier conversation:\n{message.text}" if carried else message.text


def _present(messages: Sequence[Message], there: Sequence[Record]) -> set[str]:
    """Return the ids of those messages that the thread holds: by our metadata, or word for word."""
    ids = {metadata(one).get(MESSAGE) for one in there}
    said = {" ".join(raw_text(one).split()) for one in there if one.get("role") == "assistant"}
    return {
        message.id
        for message in messages
        if message.id in ids or (message.role is Role.ASSISTANT and " ".join(message.text.split()) in said)
    }


def repeatable(error: BackendUnavailable) -> BackendUnavailable:
    """Return the same trouble for a request that may be sent again without harm."""
    return BackendUnavailable(
        error.title,
        error.advice,
        retryable=error.retryable,
        retry_after=error.retry_after,
        unreachable=error.unreachable,
    )
