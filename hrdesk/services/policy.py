"""Looking policies up: the search that both people and models use, and the `lookup_policy` tool over it.

What a lookup returns to the model, with every candidate it was chosen from, is kept beside the run: the
user can always see what the model saw.
"""

import json
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, Protocol

from hrdesk.backends.base import Tool
from hrdesk.core.documents import Filters, Outcome, RankedPassage, Ranking
from hrdesk.core.errors import ChildStopped, HrdeskError
from hrdesk.core.runs import RunRequest, ToolSpec
from hrdesk.documents import languages, ranking, spelling, suggesting, verdict
from hrdesk.services.encoder import LEXICAL_ONLY, Encoder, numbers
from hrdesk.services.store_thread import StoreThread
from hrdesk.store.documents import DocumentStore
from hrdesk.store.passages import PassageStore

TOOL_NAME = "lookup_policy"
SENT = 6  # passages a lookup sends to the model: about 5,000 characters
EMPTY_LIBRARY = "There are no policies in the library yet. Add your policy files there."
SHOWN = 20  # candidates kept for "What the model saw"
SAMPLED, READ_FOR_LANGUAGE = 64, 400  # passages, and characters of each, that tell the library's languages


class PolicySearch:
    """Searches the library on this computer: words and meaning, fused, with a verdict."""

    def __init__(
        self, store: StoreThread, documents: DocumentStore, passages: PassageStore, encoder: Encoder
    ) -> None:
        self._store = store
        self._documents = documents
        self._passages = passages
        self._encoder = encoder
        self._matrix = ranking.Matrix((), (), b"")
        self._generation = -1
        self._spoken: tuple[int, tuple[str, ...]] = (-1, ("en",))  # generation, languages of the library

    async def search(self, query: str, filters: Filters | None = None, limit: int = SHOWN) -> Ranking:
        """Return the best `limit` passages for `query`, and whether they answer it."""
        started = time.perf_counter()
        meant = await self._store(self.mended, query)
        try:
            vector = await self._encoder.vectors([meant])
        except ChildStopped:  # searching by words still works; the next query starts the encoder anew
            vector = None
        looked = await self._store(self.look, meant, filters or Filters(), vector, limit)
        ranked = await self._read_closely(looked)
        offered = await self._store(self._suggested, ranked)
        parts = (spelling.notice(query, meant), ranked.notice, suggesting.notice(offered))
        notice = " ".join(filter(None, parts))
        milliseconds = round((time.perf_counter() - started) * 1000, 2)
        return replace(
            ranked,
            query=query,
            searched=meant,
            notice=notice,
            milliseconds=milliseconds,
            suggestion=offered,
        )

    async def _read_closely(self, looked: "Look") -> Ranking:
        """Return the ranking with its verdict; where that is open, the best passage is read once more."""
        ranked, features = looked.ranking, looked.features
        if ranked.results and verdict.is_open(features):
            passage = ranked.results[0].passage
            text = f"{passage.path}\n{passage.text}"
            try:
                matched = await self._encoder.matches(ranked.query, [(text, [(0, len(text))])])
            except ChildStopped:  # the verdict stands on what is known
                matched = None
            features = replace(features, match=numbers(matched)[0] if matched else None)
        outcome, confidence = verdict.judge(features, found=bool(ranked.results), foreign=looked.foreign)
        return replace(ranked, outcome=outcome, confidence=confidence)

    def _suggested(self, ranked: Ranking) -> str:
        """Return what the query may have meant, only where nothing was found."""
        spoken = self._library_languages()
        if ranked.outcome is not Outcome.NOT_FOUND or languages.notice(ranked.query, spoken):
            return ""
        english = spelling.english(str(self._encoder.folder))
        return suggesting.suggestion(ranked.query, self._passages, english)

    def _library_languages(self) -> tuple[str, ...]:
        generation = self._passages.generation()
        if generation != self._spoken[0]:
            texts = [text[:READ_FOR_LANGUAGE] for text in self._passages.sample(SAMPLED)]
            self._spoken = generation, languages.of_library(texts)
        return self._spoken[1]

    def mended(self, query: str) -> str:
        """Return the query without its typing errors; to be called in the store's thread."""
        asked, spoken = languages.language(query), self._library_languages()
        if asked != languages.ENCODED or asked not in spoken:
            return query  # what looks misspelt is another language
        return spelling.mended(query, self._passages.document_frequencies, self._encoder.folder)

    def look(self, query: str, filters: Filters, vector: bytes | None, limit: int) -> "Look":
        """Rank the library's passages; to be called in the store's thread. `vector` is the encoded query."""
        allowed = self._documents.eligible_versions(filters)
        expression = ranking.match_expression(query)
        hits = self._passages.lexical(expression, allowed) if expression else []
        matrix = self._current_matrix() if vector is not None else None
        cosines = matrix.cosines(vector) if matrix is not None and vector is not None else None
        fused = ranking.fuse(hits, matrix, cosines, allowed)
        stored = self._passages.get([candidate.passage_id for candidate in fused[: max(limit, SHOWN)]])
        results = [
            RankedPassage(
                stored[candidate.passage_id],
                candidate.score,
                candidate.lexical,
                candidate.vector,
                candidate.cosine,
            )
            for candidate in fused
            if candidate.passage_id in stored
        ]
        spoken = self._library_languages()
        foreign = languages.notice(query, spoken)
        passages = self._passages.count()
        features = verdict.features(
            query,
            hits,
            fused,
            [f"{result.passage.path}\n{result.passage.text}" for result in results[: verdict.READ]],
            self._passages.document_frequencies(ranking.query_words(query)),
            passages,
        )
        if languages.ENCODED not in spoken:  # cosines of other languages say little
            features = replace(features, cosine=None, gap=None)
        notices = (
            EMPTY_LIBRARY if not passages else "",
            foreign or languages.words_decide(spoken),
            LEXICAL_ONLY if vector is None else "",
        )
        ranked = Ranking(
            query=query,
            results=tuple(results[:limit]),
            outcome=Outcome.NOT_FOUND,
            confidence=0.0,
            lexical_only=vector is None,
            notice=" ".join(notice for notice in notices if notice),
        )
        return Look(ranked, features, bool(foreign))

    def _current_matrix(self) -> ranking.Matrix:
        generation = self._passages.generation()
        if generation != self._generation:
            self._matrix = ranking.Matrix(*self._passages.vectors())
            self._generation = generation
        return self._matrix


@dataclass(frozen=True, slots=True)
class Look:
    """A ranking without its verdict, and what the verdict is taken from."""

    ranking: Ranking
    features: verdict.Features
    foreign: bool


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
                "category": {"type": "string", "enum": list(categories)},
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
                "searched": ranked.searched or ranked.query,
                "notice": ranked.notice,
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
        "category": filters.category,
        "as_of": filters.as_of.isoformat() if filters.as_of else None,
        "scope": filters.scope,
        "outcome": ranked.outcome,
        "confidence": round(ranked.confidence, 4),
        "lexical_only": ranked.lexical_only,
        "notice": ranked.notice,
        "suggestion": ranked.suggestion,
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
