"""The built-in answerer: it quotes the policies and never adds a word of its own about them.

It takes the same two turns a language model would: first it asks for `lookup_policy` (once for each part of
a double question), then it quotes the sentences that answer, each with the id of its passage. Which
sentences answer is decided by an injected `SentenceChooser`.
"""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from hrdesk.backends.base import ModelReply, SentenceChooser, ToolRound
from hrdesk.core.documents import Outcome, Quote
from hrdesk.core.ids import new_id
from hrdesk.core.runs import RunRequest, ToolCall
from hrdesk.core.threads import Role

QuestionParts = Callable[[str, str], list[str]]
"""Splits a question, given the question before it, into parts that can be looked up alone."""

NOT_FOUND = "The policies on file do not answer this question."
CLOSEST = "The policies on file may not answer this question. These passages come closest:"
PART_NOT_FOUND = "The policies on file do not answer: {part}"


@dataclass(frozen=True, slots=True)
class _Part:
    question: str
    outcome: Outcome
    quotes: tuple[Quote, ...]
    notice: str


class ExtractiveModel:
    """Quotes the best sentences. `parts` splits a question; `chooser` picks sentences from passages."""

    name = "quotes from your policies (no language model)"

    def __init__(self, chooser: SentenceChooser, parts: QuestionParts) -> None:
        self._chooser = chooser
        self._parts = parts

    async def respond(
        self, request: RunRequest, rounds: Sequence[ToolRound], write: Callable[[str], None]
    ) -> ModelReply:
        """Ask for lookups first; with their outputs, quote."""
        if not rounds:
            return ModelReply(calls=tuple(_lookup(part) for part in self._split(request)))
        last = rounds[-1]
        found: list[_Part] = []
        for call, output in zip(last.calls, last.outputs, strict=True):
            part = await self._read(call, output.output)
            found.append(part)
            if part.outcome is not Outcome.NOT_FOUND:
                write("\n\n".join(_blocks(part, alone=len(last.calls) == 1)) + "\n\n")
        return ModelReply(text=_answer(found), outcome=_overall(found))

    def _split(self, request: RunRequest) -> list[str]:
        asked = [message.text for message in request.messages if message.role is Role.USER]
        before = asked[-2] if len(asked) > 1 else ""
        return self._parts(asked[-1], before) or [asked[-1]]

    async def _read(self, call: ToolCall, output: str) -> _Part:
        question = str(json.loads(call.arguments)["query"])
        found = _parse(output)
        outcome = Outcome(found.get("outcome", Outcome.NOT_FOUND))
        passages = found.get("passages", [])
        quotes: Sequence[Quote] = ()
        if outcome is not Outcome.NOT_FOUND and passages:
            # What was searched for speaks the policies' language: no typing errors, synonyms put in.
            quotes = await self._chooser.choose(str(found.get("searched") or question), passages)
        if not quotes:
            outcome = Outcome.NOT_FOUND
        texts = {str(passage["id"]): str(passage["text"]) for passage in passages}
        return _Part(question, outcome, _joined(quotes, texts), str(found.get("notice", "")))


def _joined(quotes: Sequence[Quote], texts: Mapping[str, str]) -> tuple[Quote, ...]:
    """Join sentences that follow each other in their passage into one quote, in the place of the best."""
    joined: list[Quote] = []
    for quote in quotes:
        for other in [one for one in joined if one.ref == quote.ref]:
            text = texts[quote.ref]
            start, end = min(quote.start, other.start), max(quote.end, other.end)
            between = text[min(quote.end, other.end) : max(quote.start, other.start)]
            if not between.strip():
                joined[joined.index(other)] = Quote(quote.ref, start, end, text[start:end], other.score)
                break
        else:
            joined.append(quote)
    return tuple(joined)


def _lookup(query: str) -> ToolCall:
    return ToolCall(new_id("call"), "lookup_policy", json.dumps({"query": query}, ensure_ascii=False))


def _parse(output: str) -> dict[str, Any]:
    try:
        found = json.loads(output)
    except json.JSONDecodeError:  # an error text from the tool: there is nothing to quote
        return {"notice": output}
    return found if isinstance(found, dict) else {}


def _overall(parts: Sequence[_Part]) -> Outcome:
    for outcome in (Outcome.ANSWERED, Outcome.CLOSEST):
        if any(part.outcome is outcome for part in parts):
            return outcome
    return Outcome.NOT_FOUND


def _answer(parts: Sequence[_Part]) -> str:
    """Lay the answer out: one group of quotes a part, framing sentences only where something is missing."""
    notices = list(dict.fromkeys(part.notice for part in parts if part.notice))
    if all(part.outcome is Outcome.NOT_FOUND for part in parts):
        return "\n\n".join([NOT_FOUND, *notices])
    blocks = [block for part in parts for block in _blocks(part, alone=len(parts) == 1)]
    return "\n\n".join(blocks + notices)


def _blocks(part: _Part, *, alone: bool) -> list[str]:
    if part.outcome is Outcome.NOT_FOUND:
        return [PART_NOT_FOUND.format(part=part.question)]
    heading = [] if alone else [f"**{part.question}**"]
    framing = [CLOSEST] if part.outcome is Outcome.CLOSEST else []
    return heading + framing + [f"“{quote.text}” [{quote.ref}]" for quote in part.quotes]
