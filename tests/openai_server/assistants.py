"""The Assistants API without its runs: assistants, threads, messages."""

from typing import Any

from tests.openai_server.http import Reply, Request, refusal
from tests.openai_server.lists import page
from tests.openai_server.live_run import ENDS, LiveRun
from tests.openai_server.run_objects import new_assistant, new_message, new_thread


class Assistants:
    """What the server holds: assistants and threads by id, with each thread's messages and runs."""

    def __init__(self) -> None:
        self.assistants: dict[str, dict[str, Any]] = {}
        self.threads: dict[str, dict[str, Any]] = {}
        self.messages: dict[str, list[dict[str, Any]]] = {}
        self.runs: dict[str, LiveRun] = {}

    def create_assistant(self, request: Request) -> Reply:
        """POST /assistants."""
        assistant = new_assistant(request.json)
        self.assistants[assistant["id"]] = assistant
        return Reply(assistant)

    def list_assistants(self, request: Request) -> Reply:
        """GET /assistants."""
        return page(list(self.assistants.values()), request)

    def retrieve_assistant(self, request: Request, name: str) -> Reply:
        """GET /assistants/{id}."""
        return _found("assistant", name, self.assistants.get(name))

    def modify_assistant(self, request: Request, name: str) -> Reply:
        """POST /assistants/{id}."""
        if name in self.assistants:
            self.assistants[name] |= request.json
        return self.retrieve_assistant(request, name)

    def delete_assistant(self, request: Request, name: str) -> Reply:
        """DELETE /assistants/{id}."""
        found = _found("assistant", name, self.assistants.pop(name, None))
        return found if found.status != 200 else _deleted(name, "assistant.deleted")

    def create_thread(self, request: Request) -> Reply:
        """POST /threads."""
        return Reply(self.add_thread(request.json))

    def add_thread(self, body: dict[str, Any]) -> dict[str, Any]:
        """Make a thread with the messages it is given."""
        thread = new_thread(body)
        self.threads[thread["id"]] = thread
        self.messages[thread["id"]] = [
            new_message(thread["id"], message) for message in body.get("messages") or []
        ]
        return thread

    def retrieve_thread(self, request: Request, name: str) -> Reply:
        """GET /threads/{id}."""
        return _found("thread", name, self.threads.get(name))

    def delete_thread(self, request: Request, name: str) -> Reply:
        """DELETE /threads/{id}."""
        found = _found("thread", name, self.threads.pop(name, None))
        self.messages.pop(name, None)
        return found if found.status != 200 else _deleted(name, "thread.deleted")

    def create_message(self, request: Request, thread_id: str) -> Reply:
        """POST /threads/{id}/messages."""
        if (trouble := self.closed(thread_id)) is not None:
            return trouble
        message = new_message(thread_id, request.json)
        self.messages[thread_id].append(message)
        return Reply(message)

    def list_messages(self, request: Request, thread_id: str) -> Reply:
        """GET /threads/{id}/messages, of one run if asked."""
        if thread_id not in self.threads:
            return _found("thread", thread_id, None)
        run_id = request.query.get("run_id")
        messages = self.messages[thread_id]
        return page([m for m in messages if run_id is None or m["run_id"] == run_id], request)

    def retrieve_message(self, request: Request, thread_id: str, name: str) -> Reply:
        """GET /threads/{id}/messages/{id}."""
        known = {message["id"]: message for message in self.messages.get(thread_id, [])}
        return _found("message", name, known.get(name))

    def delete_message(self, request: Request, thread_id: str, name: str) -> Reply:
        """DELETE /threads/{id}/messages/{id}."""
        found = self.retrieve_message(request, thread_id, name)
        if found.status != 200:
            return found
        self.messages[thread_id] = [m for m in self.messages[thread_id] if m["id"] != name]
        return _deleted(name, "thread.message.deleted")

    def closed(self, thread_id: str) -> Reply | None:
        """Return why nothing can be added to the thread: it is not there, or a run is active in it."""
        if thread_id not in self.threads:
            return _found("thread", thread_id, None)
        for run in self.runs.values():
            if run.body["thread_id"] == thread_id and run.status not in ENDS:
                active = f"while a run {run.body['id']} is active"
                return refusal(400, f"Can't add messages to {thread_id} {active}.")
        return None


def _found(kind: str, name: str, body: dict[str, Any] | None) -> Reply:
    return refusal(404, f"No {kind} found with id '{name}'.") if body is None else Reply(body)


def _deleted(name: str, kind: str) -> Reply:
    return Reply({"id": name, "object": kind, "deleted": True})
