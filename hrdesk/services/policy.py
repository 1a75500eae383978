"""Looking policies up: the search that both people and models use, and the `lookup_policy` tool over it.

What a lookup returns to the model, with every candidate it was chosen from, is kept beside the run: the
user can always see what the model saw.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any, Protocol

from hrdesk.backends.base import Tool
from hrdesk.core.documents import Filters, Outcome, RankedPassage, Ranking
from hrdesk.core.errors import HrdeskError
from hrdesk.core.runs import RunRequest, ToolSpec

TOOL_NAME = "lookup_policy"
SENT = 6  # passages a lookup sends to the model: about 5,000 characters
SHOWN = 20  # candidates kept for "What the model saw"


class PolicyIndex(Protocol):
    """Where policies are looked up: on this computer (`PolicySearch`), or in a hosted vector store."""

    async def search(self, query: str, filters: Filters | None = None, limit: int = SHOWN) -> Ranking:
        """Return the best `limit` passages for `query`, and whether they answer it."""


class RunTools:
    """The tools of one run and what they returned. Passage ids (p1, p2, ...) are unique in the run.

    `others` are further tools by name; only those that the request names are offered. `lookups` are what an
    earlier start of hrdesk already looked up in this run.
    """

    def __init__(
        self,
        index: PolicyIndex,
        request: RunRequest,
        others: Mapping[str, Tool] | None = None,
        lookups: Sequence[dict[str, Any]] = (),
    ) -> None:
        self.lookups: list[dict[str, Any]] = list(lookups)
        self.tools: dict[str, Tool] = {}
        for spec in request.tools:
            if spec.name == TOOL_NAME:
                self.tools[spec.name] = LookupPolicy(index, spec, request, self)
            elif others and spec.name in others:
                self.tools[spec.name] = others[spec.name]
        self._refs: dict[int, str] = {
            candidate["passage_id"]: candidate["ref"]
            for lookup in lookups
            for candidate in lookup["candidates"]
            if candidate["ref"]
        }

    @property
    def passages_read(self) -> int:
        """How many different passages the model has been given."""
        return len(self._refs)

    def refer(self, passage_id: int) -> str:
        """Return the passage's short id in this run."""
        return self._refs.setdefault(passage_id, f"p{len(self._refs) + 1}")


def policy_tool(categories: Sequence[str]) -> ToolSpec:
    """Return the contract of `lookup_policy` with the library's categories."""
    return ToolSpec(
        TOOL_NAME,
        "Search HR policy documents",
        {
            "type": "object",
            "properties": {
                "query": {"type": "string", "description": "What to look for, in the policies' language"},
                # A schema must not offer a choice of nothing.
                **({"category": {"type": "string", "enum": list(categories)}} if categories else {}),
                "as_of": {"type": "string", "description": "The policies in force on this day, YYYY-MM-DD"},
                "scope": {"type": "string", "description": "Country, site or group the question is about"},
            },
            "required": ["query"],
            "additionalProperties": False,
        },
    )


class LookupPolicy:
    """The function tool `lookup_policy` of one run."""

    has_side_effects = False

    def __init__(self, index: PolicyIndex, spec: ToolSpec, request: RunRequest, run: RunTools) -> None:
        self.spec = spec
        self._index = index
        self._request = request
        self._run = run

    async def __call__(self, arguments: dict[str, Any]) -> str:
        """Search, remember every candidate, and return the best passages as JSON."""
        filters = Filters(
            category=arguments.get("category"),
            as_of=_day(arguments["as_of"]) if "as_of" in arguments else self._request.as_of,
            scope=arguments.get("scope", self._request.scope),
        )
        ranked = await self._index.search(str(arguments["query"]), filters)
        sent = [replace(result, ref=self._run.refer(result.passage.id)) for result in ranked.results[:SENT]]
        self._run.lookups.append(as_lookup(ranked, filters, (*sent, *ranked.results[SENT:])))
        return json.dumps(
            {
                "outcome": ranked.outcome,
                "notice": ranked.notice,
                "searched": ranked.searched or ranked.query,
                **({"also_searched": ranked.also} if ranked.also else {}),
                "passages": [] if ranked.outcome is Outcome.NOT_FOUND else [_passage(r) for r in sent],
            },
            ensure_ascii=False,
        )


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise HrdeskError(f"as_of must be a day such as 2026-01-31, not {text}.") from error


def _passage(result: RankedPassage) -> dict[str, Any]:
    passage = result.passage
    return {
        "id": result.ref,
        "document": passage.title,
        "version": passage.version,
        "effective": passage.effective_from.isoformat() if passage.effective_from else None,
        "section": passage.path,
        "page": passage.page,
        "text": passage.text,
        "score": round(result.score, 4),
    }


def as_lookup(ranked: Ranking, filters: Filters, results: Sequence[RankedPassage]) -> dict[str, Any]:
    """Return what a lookup saw, as it is kept with the run and shown under "What the model saw"."""
    return {
        "query": ranked.query,
        "also_searched": list(ranked.also),
        "suggestion": ranked.suggestion,
        "category": filters.category,
        "as_of": filters.as_of.isoformat() if filters.as_of else None,
        "scope": filters.scope,
        "outcome": ranked.outcome,
        "confidence": round(ranked.confidence, 4),
        "lexical_only": ranked.lexical_only,
        "notice": ranked.notice,
        "milliseconds": ranked.milliseconds,
        "candidates": [_candidate(result, ranked.outcome) for result in results],
    }


def _candidate(result: RankedPassage, outcome: Outcome) -> dict[str, Any]:
    passage = result.passage
    return {
        "ref": result.ref,
        "sent": bool(result.ref) and outcome is not Outcome.NOT_FOUND,
        "passage_id": passage.id,
        "document_id": passage.document_id,
        "title": passage.title,
        "file": passage.file,
        "version": passage.version,
        "page": passage.page,
        "section": passage.path,
        "text": passage.text,
        "spans": [[span.page, span.start, span.end] for span in passage.spans],
        "score": round(result.score, 4),
        "lexical": round(result.lexical, 4),
        "vector": None if result.vector is None else round(result.vector, 4),
        "cosine": None if result.cosine is None else round(result.cosine, 4),
    }
