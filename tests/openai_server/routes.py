"""Which request is whose."""

import re
from collections.abc import Awaitable, Callable

from tests.openai_server.assistants import Assistants
from tests.openai_server.chat import Chat
from tests.openai_server.files import Files
from tests.openai_server.http import Reply
from tests.openai_server.responses import Responses
from tests.openai_server.runs import Runs
from tests.openai_server.vector_stores import VectorStores

Handler = Callable[..., Reply | Awaitable[Reply]]
Table = list[tuple[str, Handler]]


class Routes:
    """Finds the handler of a request."""

    def __init__(self, *tables: Table) -> None:
        self._table = [(line.split(), handler) for table in tables for line, handler in table]
        self._patterns = [
            (method, re.compile(re.sub(r"\{\w+\}", "([^/]+)", f"/v1{path}")), handler)
            for (method, path), handler in self._table
        ]

    def find(self, method: str, path: str) -> tuple[Handler, tuple[str, ...]] | None:
        """Return the handler and the ids in the path."""
        for wanted, pattern, handler in self._patterns:
            if wanted == method and (match := pattern.fullmatch(path)):
                return handler, match.groups()
        return None


def answers(chat: Chat, responses: Responses) -> Table:
    """Return the routes of chat completions and Responses."""
    return [
        ("POST /chat/completions", chat.create),
        ("POST /responses", responses.create),
        ("GET /responses/{id}", responses.retrieve),
        ("DELETE /responses/{id}", responses.delete),
        ("POST /responses/{id}/cancel", responses.cancel),
    ]


def assistants(held: Assistants, runs: Runs) -> Table:
    """Return the routes of the Assistants API."""
    thread, run = "/threads/{thread}", "/threads/{thread}/runs/{run}"
    return [
        ("POST /assistants", held.create_assistant),
        ("GET /assistants", held.list_assistants),
        ("GET /assistants/{id}", held.retrieve_assistant),
        ("POST /assistants/{id}", held.modify_assistant),
        ("DELETE /assistants/{id}", held.delete_assistant),
        ("POST /threads", held.create_thread),
        ("POST /threads/runs", runs.create_with_thread),
        (f"GET {thread}", held.retrieve_thread),
        (f"DELETE {thread}", held.delete_thread),
        (f"POST {thread}/messages", held.create_message),
        (f"GET {thread}/messages", held.list_messages),
        (f"GET {thread}/messages/{{id}}", held.retrieve_message),
        (f"DELETE {thread}/messages/{{id}}", held.delete_message),
        (f"POST {thread}/runs", runs.create),
        (f"GET {thread}/runs", runs.list_runs),
        (f"GET {run}", runs.retrieve),
        (f"POST {run}/cancel", runs.cancel),
        (f"POST {run}/submit_tool_outputs", runs.submit),
        (f"GET {run}/steps", runs.list_steps),
        (f"GET {run}/steps/{{id}}", runs.retrieve_step),
    ]


def library(files: Files, stores: VectorStores) -> Table:
    """Return the routes of files and vector stores."""
    store, file = "/vector_stores/{store}", "/vector_stores/{store}/files/{file}"
    return [
        ("POST /files", files.create),
        ("GET /files", files.list_files),
        ("GET /files/{id}", files.retrieve),
        ("GET /files/{id}/content", files.content),
        ("DELETE /files/{id}", files.delete),
        ("POST /vector_stores", stores.create),
        ("GET /vector_stores", stores.list_stores),
        (f"GET {store}", stores.retrieve),
        (f"POST {store}", stores.modify),
        (f"DELETE {store}", stores.delete),
        (f"POST {store}/search", stores.search),
        (f"POST {store}/files", stores.add_file),
        (f"GET {store}/files", stores.list_files),
        (f"GET {file}", stores.retrieve_file),
        (f"POST {file}", stores.modify_file),
        (f"DELETE {file}", stores.delete_file),
        (f"GET {file}/content", stores.content),
        (f"POST {store}/file_batches", stores.create_batch),
        (f"GET {store}/file_batches/{{id}}", stores.retrieve_batch),
        (f"GET {store}/file_batches/{{id}}/files", stores.list_batch_files),
    ]
