"""Citation marks in the text of an Assistants message: 【4:0†source】 and their annotations."""

from collections.abc import AsyncIterator
from typing import Any

from tests.openai_server.script import Say, Turn, spoken


class MarkedText:
    """The text of a message as it grows, with marks where the turn cites."""

    def __init__(self, turn: Turn) -> None:
        self._turn = turn
        self.value = ""
        self.annotations: list[dict[str, Any]] = []
        self._cites: list[tuple[int, int]] = []
        if isinstance(turn, Say):
            places = [(turn.whole.index(cite.after) + len(cite.after), cite.found) for cite in turn.cites]
            self._cites = sorted(places)

    async def deltas(self) -> AsyncIterator[tuple[str, list[dict[str, Any]]]]:
        """Yield text and the annotations that come with it, and grow."""
        said = 0
        async for piece in spoken(self._turn):
            rest = piece
            while self._cites and said + len(rest) >= self._cites[0][0]:
                place, found = self._cites.pop(0)
                before, rest = rest[: place - said], rest[place - said :]
                said = place
                if before:
                    yield self._grown(before), []
                note = self._note(found)
                yield self._grown(note["text"]), [note]
            if rest:
                said += len(rest)
                yield self._grown(rest), []

    def _grown(self, text: str) -> str:
        self.value += text
        return text

    def _note(self, found: int) -> dict[str, Any]:
        mark = f"【4:{found}†{self._turn.found[found].file}】"
        note = {
            "type": "file_citation",
            "text": mark,
            "start_index": len(self.value),
            "end_index": len(self.value) + len(mark),
            "file_citation": {"file_id": self._turn.found[found].file_id},
        }
        self.annotations.append(note)
        return note
