"""Looking policies up: the search that both people and models use, and the `lookup_policy` tool over it.

What a lookup returns to the model, with every candidate it was chosen from, is kept beside the run: the
user can always see what the model saw.
"""

import json
import time
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any, Protocol

from hrdesk.backends.base import Tool
from hrdesk.core.documents import Filters, Outcome, RankedPassage, Ranking
from hrdesk.core.errors import ChildStopped, HrdeskError
from hrdesk.core.runs import RunRequest, ToolSpec
from hrdesk.documents import embedding, languages, multilingual, ranking, spelling, synonyms, verdict
from hrdesk.services.corpus import Corpus
from hrdesk.services.encoder import LEXICAL_ONLY, Encoder
from hrdesk.services.multilingual import MultilingualPack
from hrdesk.services.multilingual import Question as ForeignQuestion
from hrdesk.services.store_thread import StoreThread
from hrdesk.store.documents import DocumentStore
from hrdesk.store.passages import PassageStore
from hrdesk.store.synonyms import SynonymStore

TOOL_NAME = "lookup_policy"
SENT = 6  # passages a lookup sends to the model: about 5,000 characters
EMPTY_LIBRARY = "There are no policies in the library yet. Add your policy files there."
SHOWN = 20  # candidates kept for "What the model saw"


class PolicySearch:
    """Searches the library on this computer: words and meaning, fused, with a verdict."""

    def __init__(
        self,
        store: StoreThread,
        documents: DocumentStore,
        passages: PassageStore,
        synonyms: SynonymStore,
        encoder: Encoder,
        pack: MultilingualPack,
    ) -> None:
        self._store = store
        self._passages = passages
        self._synonyms = synonyms
        self._encoder = encoder
        self._pack = pack
        self._corpus = Corpus(documents, passages)

    async def search(self, query: str, filters: Filters | None = None, limit: int = SHOWN) -> Ranking:
        """Return the best `limit` passages for `query`, and whether they answer it."""
        started = time.perf_counter()
        foreign = await self._pack.question(query) if languages.notice(query) else None
        if foreign is not None:
            ranked = await self._store(self._rank_foreign, query, foreign, filters or Filters(), limit)
            return replace(ranked, milliseconds=_since(started))
        meant, other = await self._store(self._understood, query)
        try:
            vector = await self._encoder.vectors([meant, *([other.text] if other.also else [])])
        except ChildStopped:  # searching by words still works; the next query starts the encoder anew
            vector = None
        if vector is not None:
            vector = embedding.middle(vector)
        ranked = await self._store(self._rank, meant, other, filters or Filters(), vector, limit)
        notice = " ".join(filter(None, (spelling.notice(query, meant), ranked.notice)))
        return replace(ranked, query=query, notice=notice, milliseconds=_since(started))

    def _understood(self, query: str) -> tuple[str, synonyms.Wording]:
        """Return the query without typing errors, and its other wording by the company's synonyms."""
        own_words = self._synonyms.synonyms()
        meant = self._mended(query, synonyms.vocabulary(own_words))
        return meant, synonyms.worded(meant, own_words)

    def _mended(self, query: str, own_words: frozenset[str]) -> str:
        if languages.notice(query):  # what looks misspelt is another language
            return query
        self._corpus.refresh()

        def frequencies(words: Iterable[str]) -> dict[str, int]:
            counted = self._corpus.frequencies(words)
            return {word: max(count, word in own_words) for word, count in counted.items()}

        return spelling.mended(query, frequencies, self._encoder.folder)

    def _rank(
        self, query: str, other: synonyms.Wording, filters: Filters, vector: bytes | None, limit: int
    ) -> Ranking:
        self._corpus.refresh()
        allowed = self._corpus.allowed(filters)
        hits = self._corpus.lexical(ranking.match_expression(query), allowed)
        if other.also:
            hits = synonyms.with_synonyms(hits, self._corpus.lexical(other.expression, allowed))
        matrix = self._corpus.vectors() if vector is not None else None
        cosines = matrix.cosines(vector) if matrix is not None and vector is not None else None
        fused = ranking.fuse(hits, matrix, cosines, allowed)
        results = self._results(fused, limit)
        foreign = languages.notice(query)
        passages = self._corpus.passages
        texts = [f"{result.passage.path}\n{result.passage.text}" for result in results[: verdict.READ]]

        def judge(wording: str) -> tuple[Outcome, float]:
            frequencies = self._corpus.frequencies(ranking.query_words(wording))
            features = verdict.features(wording, hits, fused, texts, frequencies, passages)
            return verdict.judge(features, found=bool(results), foreign=bool(foreign))

        # Both wordings mean the same; the one that the policies use says more about them.
        judged = [judge(wording) for wording in dict.fromkeys((query, other.text))]
        outcome, confidence = max(judged, key=lambda one: one[1])
        notices = (
            EMPTY_LIBRARY if not passages else "",
            foreign,
            LEXICAL_ONLY if vector is None else _words_only(self._corpus.without_vectors(allowed)),
        )
        return Ranking(
            query=query,
            results=tuple(results[:limit]),
            outcome=outcome,
            confidence=confidence,
            lexical_only=vector is None,
            notice=" ".join(notice for notice in notices if notice),
            also=other.also,
        )

    def _rank_foreign(self, query: str, foreign: ForeignQuestion, filters: Filters, limit: int) -> Ranking:
        """Rank a question in another language, by the multilingual pack alone."""
        self._corpus.refresh()
        nearest = self._pack.nearest(foreign, self._corpus.allowed(filters))
        results = self._results(nearest, limit)
        outcome, confidence = multilingual.judge(nearest[0].cosine if nearest else None)
        return Ranking(query, tuple(results[:limit]), outcome, confidence, notice=foreign.notice)

    def _results(self, fused: Sequence[ranking.Fused], limit: int) -> list[RankedPassage]:
        stored = self._passages.get([candidate.passage_id for candidate in fused[: max(limit, SHOWN)]])
        return [
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


def _words_only(count: int) -> str:
    """Return the sentence for passages whose vectors are still to come, "" for none."""
    if not count:
        return ""
    passages = "1 passage is" if count == 1 else f"{count:,} passages are"
    return f"{passages} searched by words only so far."


def _since(started: float) -> float:
    """Return the milliseconds since a moment of `time.perf_counter`."""
    return round((time.perf_counter() - started) * 1000, 2)


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
