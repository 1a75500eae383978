"""The search of the library on this computer: words and meaning, fused, with a verdict.

A question is first put as the policies would put it: typing errors mended, the company's own words beside
their meaning. Where its language is not the policies', the multilingual pack ranks instead, if it is there.
"""

import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from hrdesk.core.documents import Filters, Outcome, RankedPassage, Ranking
from hrdesk.core.errors import ChildStopped
from hrdesk.documents import (
    embedding,
    languages,
    multilingual,
    ranking,
    spelling,
    suggesting,
    synonyms,
    verdict,
)
from hrdesk.services.corpus import Corpus
from hrdesk.services.encoder import LEXICAL_ONLY, Encoder, numbers
from hrdesk.services.multilingual import MultilingualPack
from hrdesk.services.multilingual import Question as ForeignQuestion
from hrdesk.services.policy import SHOWN
from hrdesk.services.store_thread import StoreThread
from hrdesk.store.documents import DocumentStore
from hrdesk.store.passages import PassageStore
from hrdesk.store.synonyms import SynonymStore

EMPTY_LIBRARY = "There are no policies in the library yet. Add your policy files there."


@dataclass(frozen=True, slots=True)
class Look:
    """A ranking without its verdict; what the verdict is taken from, and the wording that speaks best."""

    ranking: Ranking
    features: verdict.Features
    wording: str
    foreign: bool


class PolicySearch:
    """Searches the policies; `pack` is asked where a question is in another language than they are."""

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
        filters = filters or Filters()
        spoken, meant = await self._store(lambda: (self.spoken(), self.understood(query)))
        foreign = await self._pack.question(query, spoken) if languages.notice(query, spoken) else None
        if foreign is not None:
            ranked = await self._store(self._rank_foreign, query, foreign, filters, limit)
            return replace(ranked, searched=query, milliseconds=_since(started))
        looked = await self._store(self.look, meant, filters, await self._encoded(meant), limit)
        ranked = await self._read_closely(looked)
        is_lost = ranked.outcome is Outcome.NOT_FOUND and not looked.foreign
        offered = await self._store(self._suggested, ranked.query) if is_lost else ""
        parts = (spelling.notice(query, meant.question), ranked.notice, suggesting.notice(offered))
        return replace(
            ranked,
            query=query,
            searched=looked.wording,
            notice=" ".join(filter(None, parts)),
            milliseconds=_since(started),
            suggestion=offered,
        )

    # --- steps; those that are not coroutines are for the store's thread

    def spoken(self) -> tuple[str, ...]:
        """Return the languages that the policies are written in."""
        self._corpus.refresh()
        return self._corpus.languages()

    def understood(self, query: str) -> synonyms.Wording:
        """Return the query without typing errors, and its other wording by the company's synonyms."""
        own_words = self._synonyms.synonyms()
        return synonyms.worded(self._mended(query, synonyms.vocabulary(own_words)), own_words)

    def _mended(self, query: str, own_words: frozenset[str]) -> str:
        asked = languages.language(query)
        if asked != languages.ENCODED or asked not in self.spoken():
            return query  # what looks misspelt is another language

        def frequencies(words: Iterable[str]) -> dict[str, int]:
            counted = self._corpus.frequencies(words)
            return {word: max(count, word in own_words) for word, count in counted.items()}

        return spelling.mended(query, frequencies, self._encoder.folder)

    async def _encoded(self, meant: synonyms.Wording) -> bytes | None:
        try:
            vectors = await self._encoder.vectors(meant.both)
        except ChildStopped:  # searching by words still works; the next query starts the encoder anew
            return None
        return None if vectors is None else embedding.middle(vectors)

    def look(self, meant: synonyms.Wording, filters: Filters, vector: bytes | None, limit: int) -> Look:
        """Rank the passages. `vector` is the encoded query, None where the search goes by words alone."""
        spoken = self.spoken()
        allowed = self._corpus.allowed(filters)
        hits = self._corpus.lexical(ranking.match_expression(meant.question), allowed)
        if meant.also:
            hits = synonyms.with_synonyms(hits, self._corpus.lexical(meant.expression, allowed))
        matrix = self._corpus.vectors() if vector is not None else None
        cosines = matrix.cosines(vector) if matrix is not None and vector is not None else None
        fused = ranking.fuse(hits, matrix, cosines, allowed)
        results = self._results(fused, limit)
        wording, features = self._measured(meant, hits, fused, results)
        if languages.ENCODED not in spoken:  # cosines of other languages say little
            features = replace(features, cosine=None, gap=None)
        foreign = languages.notice(meant.question, spoken)
        notices = (
            "" if self._corpus.passages else EMPTY_LIBRARY,
            foreign or languages.words_decide(spoken),
            LEXICAL_ONLY if vector is None else _words_only(self._corpus.without_vectors(allowed)),
        )
        ranked = Ranking(
            query=meant.question,
            results=tuple(results[:limit]),
            outcome=Outcome.NOT_FOUND,
            confidence=0.0,
            lexical_only=vector is None,
            notice=" ".join(filter(None, notices)),
            also=meant.also,
        )
        return Look(ranked, features, wording, bool(foreign))

    def _measured(
        self,
        meant: synonyms.Wording,
        hits: Sequence[tuple[int, float]],
        fused: Sequence[ranking.Fused],
        results: Sequence[RankedPassage],
    ) -> tuple[str, verdict.Features]:
        """Return what the verdict is taken from, of the wording that the policies use: it says more."""
        texts = [_whole(result) for result in results[: verdict.READ]]
        measured = []
        for wording in meant.both:
            frequencies = self._corpus.frequencies(ranking.query_words(wording))
            features = verdict.features(wording, hits, fused, texts, frequencies, self._corpus.passages)
            measured.append((wording, features))
        return max(measured, key=lambda one: verdict.confidence(one[1]))

    async def _read_closely(self, looked: Look) -> Ranking:
        """Return the ranking with its verdict; where that is open, the best passage is read once more."""
        ranked, features = looked.ranking, looked.features
        if ranked.results and verdict.is_open(features):
            text = _whole(ranked.results[0])
            try:
                matched = await self._encoder.matches(looked.wording, [(text, [(0, len(text))])])
            except ChildStopped:  # the verdict stands on what is known
                matched = None
            features = replace(features, match=numbers(matched)[0] if matched else None)
        outcome, confidence = verdict.judge(features, found=bool(ranked.results), foreign=looked.foreign)
        return replace(ranked, outcome=outcome, confidence=confidence)

    def _suggested(self, query: str) -> str:
        """Return what a query that found nothing may have meant."""
        return suggesting.suggestion(query, self._passages, spelling.english(str(self._encoder.folder)))

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


def _whole(result: RankedPassage) -> str:
    """Return a passage as it was encoded: under its headings."""
    return f"{result.passage.path}\n{result.passage.text}"


def _words_only(count: int) -> str:
    """Return the sentence for passages whose vectors are still to come, "" for none."""
    if not count:
        return ""
    passages = "1 passage is" if count == 1 else f"{count:,} passages are"
    return f"{passages} searched by words only so far."


def _since(started: float) -> float:
    """Return the milliseconds since a moment of `time.perf_counter`."""
    return round((time.perf_counter() - started) * 1000, 2)
