"""The Responses API: foreground and background, kept or not, tool rounds by chain or by transcript."""

from typing import Any

from tests.openai_server.http import Reply, Request, refusal
from tests.openai_server.response_events import ResponseStream
from tests.openai_server.response_items import ending, items, new_body
from tests.openai_server.script import Heard, Looks, Script, Turn, opened


class KeptResponse:
    """A response that the server remembers, with what led to it."""

    def __init__(
        self, body: dict[str, Any], transcript: list[Any], turn: Turn, made: list[dict[str, Any]]
    ) -> None:
        self.body = body
        self.transcript = transcript
        self._turn = turn
        self._made = made
        self._looks = Looks(turn)

    @property
    def is_under_way(self) -> bool:
        """Whether the response has not ended."""
        return self.body["status"] in ("queued", "in_progress")

    def look(self) -> None:
        """Move a background response one look on."""
        if not self.is_under_way:
            return
        if (seen := self._looks.next()) is None:
            self.finish()
        else:
            self.body["status"] = seen

    def finish(self) -> None:
        """Put all of the turn into the response."""
        self.body["output"] = list(self._made)
        self.body.update(ending(self._turn))

    async def wait(self) -> None:
        """Wait for all that the turn waits for, then finish."""
        await opened(self._turn)
        self.finish()


class Responses:
    """POST, GET, DELETE and cancel; `kept` holds the responses by id."""

    def __init__(self, script: Script) -> None:
        self._script = script
        self.kept: dict[str, KeptResponse] = {}

    async def create(self, request: Request) -> Reply:
        """Start a response."""
        body = request.json
        transcript = self._transcript(body)
        if isinstance(transcript, Reply):
            return transcript
        heard = _heard(body, transcript)
        turn = self._script.next(heard)
        made = items(turn, heard.question, body.get("include") or [])
        kept = KeptResponse(new_body(body), transcript, turn, made)
        if kept.body["store"]:
            self.kept[kept.body["id"]] = kept
        if body.get("stream"):
            return Reply(events=ResponseStream(kept.body, turn, made).events())
        if not kept.body["background"]:
            await kept.wait()
        return Reply(kept.body)

    def retrieve(self, request: Request, name: str) -> Reply:
        """Show a kept response; a background one moves on by being looked at."""
        kept = self.kept.get(name)
        if kept is None:
            return _missing(name)
        if kept.body["background"]:
            kept.look()
        return Reply(kept.body)

    def cancel(self, request: Request, name: str) -> Reply:
        """Stop a background response; one that has ended stays as it is."""
        kept = self.kept.get(name)
        if kept is None:
            return _missing(name)
        if not kept.body["background"]:
            return refusal(400, "Only responses created with background=true can be cancelled.")
        if kept.is_under_way:
            kept.body["status"] = "cancelled"
        return Reply(kept.body)

    def delete(self, request: Request, name: str) -> Reply:
        """Forget a response."""
        if self.kept.pop(name, None) is None:
            return _missing(name)
        return Reply({"id": name, "object": "response", "deleted": True})

    def _transcript(self, body: dict[str, Any]) -> list[Any] | Reply:
        """Return all items that led here, or why this cannot be."""
        if body.get("background") and body.get("store") is False:
            return refusal(400, "Background responses must be stored.", param="store")
        before: list[Any] = []
        if (previous := body.get("previous_response_id")) is not None:
            if previous not in self.kept:
                return refusal(400, f"Previous response with id '{previous}' not found.")
            before = [*self.kept[previous].transcript, *self.kept[previous].body["output"]]
        given = body.get("input") or []
        now = [{"role": "user", "content": given}] if isinstance(given, str) else given
        return _checked([*before, *now])


def _checked(transcript: list[Any]) -> list[Any] | Reply:
    """Refuse a transcript in which calls and outputs do not belong together."""
    kind = "function_call"
    asked = [item["call_id"] for item in transcript if item.get("type") == kind]
    answered = [item["call_id"] for item in transcript if item.get("type") == f"{kind}_output"]
    known, done = set(asked), set(answered)
    for call_id in asked:
        if call_id not in done:
            return refusal(400, f"No tool output found for function call {call_id}.", param="input")
    for call_id in answered:
        if call_id not in known:
            return refusal(400, f"No tool call found for function call output {call_id}.", param="input")
    return transcript


def _heard(body: dict[str, Any], transcript: list[Any]) -> Heard:
    last = max((i for i, item in enumerate(transcript) if item.get("role") == "user"), default=-1)
    question = _text(transcript[last]["content"]) if last >= 0 else ""
    outputs = [item for item in transcript[last + 1 :] if item.get("type") == "function_call_output"]
    tools = tuple(tool.get("name", tool["type"]) for tool in body.get("tools") or [])
    return Heard(question, tuple(_text(item["output"]) for item in outputs), tools)


def _text(content: Any) -> str:
    if isinstance(content, list):
        return "".join(part.get("text", "") for part in content)
    return str(content or "")


def _missing(name: str) -> Reply:
    return refusal(404, f"Response with id '{name}' not found.")
