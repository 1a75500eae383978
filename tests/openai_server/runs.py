"""The runs of the Assistants API: created, looked at, given tool outputs, cancelled, and their steps."""

import copy
from typing import Any

from tests.openai_server.assistants import Assistants
from tests.openai_server.http import Reply, Request, refusal
from tests.openai_server.lists import page
from tests.openai_server.live_run import ENDS, LiveRun
from tests.openai_server.run_objects import new_message, new_run
from tests.openai_server.script import Heard, Script

WITH_CONTENT = "step_details.tool_calls[*].file_search.results[*].content"


class Runs:
    """Everything below /threads/{id}/runs."""

    def __init__(self, script: Script, held: Assistants) -> None:
        self._script = script
        self._held = held

    def create(self, request: Request, thread_id: str) -> Reply:
        """POST /threads/{id}/runs."""
        body = request.json
        if (trouble := self._held.closed(thread_id)) is not None:
            return trouble
        assistant = self._held.assistants.get(body.get("assistant_id"))
        if assistant is None:
            return refusal(404, f"No assistant found with id '{body.get('assistant_id')}'.")
        messages = self._held.messages[thread_id]
        messages += [new_message(thread_id, more) for more in body.get("additional_messages") or []]
        run = LiveRun(new_run(thread_id, assistant, body), messages)
        self._held.runs[run.body["id"]] = run
        run.begin(self._script.next(self._heard(run)))
        return Reply(events=run.told(new=True)) if body.get("stream") else Reply(run.body)

    def create_with_thread(self, request: Request) -> Reply:
        """POST /threads/runs."""
        thread = self._held.add_thread(request.json.get("thread") or {})
        return self.create(request, thread["id"])

    def list_runs(self, request: Request, thread_id: str) -> Reply:
        """GET /threads/{id}/runs."""
        runs = [run.body for run in self._held.runs.values() if run.body["thread_id"] == thread_id]
        return page(runs, request)

    async def retrieve(self, request: Request, thread_id: str, name: str) -> Reply:
        """GET /threads/{id}/runs/{id}; the run moves on by being looked at."""
        if (run := self._find(thread_id, name)) is None:
            return _missing(name)
        await run.look()
        return Reply(run.body)

    def cancel(self, request: Request, thread_id: str, name: str) -> Reply:
        """POST .../cancel."""
        if (run := self._find(thread_id, name)) is None:
            return _missing(name)
        if run.status in ENDS:
            return refusal(400, f"Cannot cancel run with status '{run.status}'.")
        run.cancel()
        return Reply(run.body)

    def submit(self, request: Request, thread_id: str, name: str) -> Reply:
        """POST .../submit_tool_outputs; all outputs have to come at once."""
        if (run := self._find(thread_id, name)) is None:
            return _missing(name)
        if run.status != "requires_action":
            return refusal(400, f'Runs in status "{run.status}" do not accept tool outputs.')
        body = request.json
        given = {output["tool_call_id"]: output["output"] for output in body["tool_outputs"]}
        action = run.body["required_action"]["submit_tool_outputs"]
        expected = [call["id"] for call in action["tool_calls"]]
        if sorted(given) != sorted(expected):
            return refusal(400, f"Expected tool outputs for call_ids {expected}, got {list(given)}")
        run.submit(given)
        run.begin(self._script.next(self._heard(run)))
        return Reply(events=run.told(new=False)) if body.get("stream") else Reply(run.body)

    def list_steps(self, request: Request, thread_id: str, name: str) -> Reply:
        """GET .../steps; the passages that file search read only if they are asked for."""
        if (run := self._find(thread_id, name)) is None:
            return _missing(name)
        return page([_shown(step, request) for step in run.steps], request)

    def retrieve_step(self, request: Request, thread_id: str, name: str, step_id: str) -> Reply:
        """GET .../steps/{id}."""
        run = self._find(thread_id, name)
        for step in run.steps if run else []:
            if step["id"] == step_id:
                return Reply(_shown(step, request))
        return _missing(step_id)

    def _find(self, thread_id: str, name: str) -> LiveRun | None:
        run = self._held.runs.get(name)
        return run if run is not None and run.body["thread_id"] == thread_id else None

    def _heard(self, run: LiveRun) -> Heard:
        messages = self._held.messages[run.body["thread_id"]]
        asked = [message for message in messages if message["role"] == "user"]
        question = asked[-1]["content"][0]["text"]["value"] if asked else ""
        tools = [tool.get("function", {}).get("name", tool["type"]) for tool in run.body["tools"]]
        return Heard(question, run.outputs, tuple(tools))


def _shown(step: dict[str, Any], request: Request) -> dict[str, Any]:
    if request.query.get("include[]") == WITH_CONTENT or request.query.get("include") == WITH_CONTENT:
        return step
    shown = copy.deepcopy(step)
    for call in shown["step_details"].get("tool_calls", []):
        for result in call.get("file_search", {}).get("results", []):
            result.pop("content", None)
    return shown


def _missing(name: str) -> Reply:
    return refusal(404, f"No run found with id '{name}'.")
