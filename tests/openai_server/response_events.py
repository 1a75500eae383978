"""The stream of a response, event by event. Source: schema ResponseStreamEvent."""

from collections.abc import AsyncIterator, Iterator
from typing import Any

from tests.openai_server.http import Event
from tests.openai_server.response_items import ending, text_part
from tests.openai_server.script import Fail, Turn, opened, spoken

END = {"completed": "response.completed", "incomplete": "response.incomplete", "failed": "response.failed"}


class ResponseStream:
    """Plays a turn into `body`, the response as it stands, telling each step."""

    def __init__(self, body: dict[str, Any], turn: Turn, items: list[dict[str, Any]]) -> None:
        self._body = body
        self._turn = turn
        self._items = items
        self._number = -1
        self._speaks = any(item["type"] == "message" for item in items)

    async def events(self) -> AsyncIterator[Event]:
        """Yield the events; the body is whole before the last one."""
        yield self._whole("response.created")
        if self._body["status"] == "queued":
            yield self._whole("response.queued")
            self._body["status"] = "in_progress"
        yield self._whole("response.in_progress")
        if isinstance(self._turn, Fail):
            await opened(self._turn)
        for index, item in enumerate(self._items):
            async for event in self._item(index, item):
                yield event
            self._body["output"].append(item)
        self._body.update(ending(self._turn))
        yield self._whole(END[self._body["status"]])

    def _event(self, kind: str, **fields: Any) -> Event:
        self._number += 1
        return Event({"type": kind, "sequence_number": self._number, **fields}, kind)

    def _whole(self, kind: str) -> Event:
        return self._event(kind, response={**self._body, "output": [*self._body["output"]]})

    async def _item(self, index: int, item: dict[str, Any]) -> AsyncIterator[Event]:
        if item["type"] == "message":
            async for event in self._message(index, item):
                yield event
        elif item["type"] == "function_call":
            if not self._speaks:
                await opened(self._turn)
            for event in self._call(index, item):
                yield event
        else:
            for event in self._search(index, item):
                yield event

    async def _message(self, index: int, item: dict[str, Any]) -> AsyncIterator[Event]:
        part = item["content"][0]
        place = {"item_id": item["id"], "output_index": index, "content_index": 0}
        begun = {**item, "status": "in_progress", "content": []}
        yield self._event("response.output_item.added", output_index=index, item=begun)
        yield self._event("response.content_part.added", **place, part=text_part("", []))
        async for piece in spoken(self._turn):
            yield self._event("response.output_text.delta", **place, delta=piece, logprobs=[])
        for number, note in enumerate(part["annotations"]):
            yield self._event(
                "response.output_text.annotation.added", **place, annotation_index=number, annotation=note
            )
        yield self._event("response.output_text.done", **place, text=part["text"], logprobs=[])
        yield self._event("response.content_part.done", **place, part=part)
        yield self._event("response.output_item.done", output_index=index, item=item)

    def _call(self, index: int, item: dict[str, Any]) -> Iterator[Event]:
        place = {"item_id": item["id"], "output_index": index}
        begun = {**item, "status": "in_progress", "arguments": ""}
        yield self._event("response.output_item.added", output_index=index, item=begun)
        middle = len(item["arguments"]) // 2
        for part in (item["arguments"][:middle], item["arguments"][middle:]):
            yield self._event("response.function_call_arguments.delta", **place, delta=part)
        yield self._event(
            "response.function_call_arguments.done",
            **place,
            name=item["name"],
            arguments=item["arguments"],
        )
        yield self._event("response.output_item.done", output_index=index, item=item)

    def _search(self, index: int, item: dict[str, Any]) -> Iterator[Event]:
        place = {"item_id": item["id"], "output_index": index}
        begun = {**item, "status": "in_progress", "results": None}
        yield self._event("response.output_item.added", output_index=index, item=begun)
        for state in ("in_progress", "searching", "completed"):
            yield self._event(f"response.file_search_call.{state}", **place)
        yield self._event("response.output_item.done", output_index=index, item=item)
