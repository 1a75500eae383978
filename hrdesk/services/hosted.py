"""Policies looked up in a hosted vector store, in the same words as those looked up on this computer.

The provider finds; the library here says which version each passage is from, whether it is in force, and
where it stands. The provider's scores have no common scale and may be missing: only its order is used.
"""

import time
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from hrdesk.core.connections import Connection, SearchPlace
from hrdesk.core.documents import Filters, Outcome, Passage, RankedPassage, Ranking
from hrdesk.core.errors import BackendUnavailable, HrdeskError, NotFound
from hrdesk.core.runs import Evidence, Run
from hrdesk.documents import hits as judging
from hrdesk.documents import languages
from hrdesk.documents.ranking import query_words
from hrdesk.services.connections import ConnectionService
from hrdesk.services.hosted_places import HostedPlaces, day_in
from hrdesk.services.opened import Opened
from hrdesk.services.policy import SHOWN, PolicyIndex, as_lookup
from hrdesk.services.store_thread import StoreThread
from hrdesk.store.passages import PassageStore
from hrdesk.store.uploads import UploadStore

if TYPE_CHECKING:
    from hrdesk.backends.vector_store import VectorStore

MORE = 2  # times as many hits are asked for, because those not in force are left out
THEIR_SEARCH = "(the provider's own file search)"
SENT_TO_MODEL = 50  # passages of the provider's own search that are kept with a run


def open_vector_stores(connections: ConnectionService) -> "Opened[VectorStore]":
    """Return the accounts with vector stores by connection; which store in them is no matter here."""
    return Opened(connections, _open, lambda connection: connection.address)


def _open(connection: Connection, key: str) -> "VectorStore":
    from hrdesk.backends.client import make_client
    from hrdesk.backends.vector_store import VectorStore

    return VectorStore(make_client(connection, key))


class HostedSearch:
    """Turns what hosted indexes find into passages of our library, ranked and judged as our own."""

    def __init__(
        self, store: StoreThread, places: HostedPlaces, passages: PassageStore, uploads: UploadStore
    ) -> None:
        self._store = store
        self._places = places
        self._passages = passages
        self._uploads = uploads

    async def ranked(
        self, connection: Connection, query: str, filters: Filters, hits: Sequence[Evidence], limit: int
    ) -> Ranking:
        """Return hits of a hosted index as our own search would return them."""
        return await self._store(self._ranked, connection, query, filters, hits, limit)

    def evidence_lookup(self, run: Run, evidence: Sequence[Evidence]) -> dict[str, Any]:
        """Return what the provider's own file search showed the model as a lookup that can be cited.

        Runs in the store's thread. The model read all of it, also what is not in force any more; refs stay
        those of the evidence (h1, h2 ...).
        """
        shown = evidence[:SENT_TO_MODEL]
        passages = [(one.ref, self._places.passage(run.connection, one)) for one in shown]
        results = [
            RankedPassage(passage, 1 - number / len(passages), 0.0, ref=ref)
            for number, (ref, passage) in enumerate(passages)
        ]
        outcome = Outcome.CLOSEST if results else Outcome.NOT_FOUND
        notice = _notice([passage for _, passage in passages])
        ranking = Ranking(THEIR_SEARCH, tuple(results), outcome, 0.0, lexical_only=False, notice=notice)
        return as_lookup(ranking, Filters(), results)

    def _ranked(
        self, connection: Connection, query: str, filters: Filters, hits: Sequence[Evidence], limit: int
    ) -> Ranking:
        eligible = self._uploads.eligible(filters)
        today = datetime.now().astimezone().date()
        found: dict[int, Passage] = {}
        for hit in hits:
            passage = self._places.passage(connection.name, hit)
            fits = passage.version in eligible if passage.document_id else _fits(hit, filters, today)
            if fits:
                found.setdefault(passage.id, passage)
        kept = list(found.values())[:limit]
        frequencies = self._passages.document_frequencies(query_words(query))
        passages = self._passages.count()
        outcome, confidence = judging.judge(query, [one.text for one in kept], frequencies, passages)
        results = [
            RankedPassage(passage, 1 - number / len(kept), judging.coverage(query, passage.text))
            for number, passage in enumerate(kept)
        ]
        spoken = languages.of_library(one.text for one in kept)
        notice = " ".join(filter(None, (languages.notice(query, spoken), _notice(kept))))
        return Ranking(query, tuple(results), outcome, confidence, lexical_only=False, notice=notice)


class HostedIndex:
    """The policies of one connection's vector store; a `PolicyIndex`."""

    def __init__(self, connection: Connection, stores: "Opened[VectorStore]", search: HostedSearch) -> None:
        self._connection = connection
        self._stores = stores
        self._search = search

    async def search(self, query: str, filters: Filters | None = None, limit: int = SHOWN) -> Ranking:
        """Return the best `limit` passages for `query`, and whether they answer it."""
        started = time.perf_counter()
        wanted = filters or Filters()
        hits = await self._hits(query, wanted, MORE * limit)
        ranked = await self._search.ranked(self._connection, query, wanted, hits, limit)
        return replace(ranked, milliseconds=round((time.perf_counter() - started) * 1000, 2))

    async def _hits(self, query: str, filters: Filters, limit: int) -> list[Evidence]:
        from hrdesk.backends.vector_store import equals

        store, name = await self._stores(self._connection), self._connection.vector_store
        category = equals(category=filters.category) if filters.category else None
        try:
            try:
                return await store.search(name, query, category, limit)
            except BackendUnavailable as error:
                if not error.retryable and category is None:
                    raise
                # A search may be repeated. Some servers know no filters; what comes is checked here anyway.
                return await store.search(name, query, None, limit)
        except NotFound as error:
            raise HrdeskError(
                f"The vector store {name} is not there, or this key may not read it.",
                "Check its id and the key in Settings.",
            ) from error


class PolicyIndexes:
    """Where policies are looked up for a connection: on this computer, or in its vector store."""

    def __init__(self, own: PolicyIndex, stores: "Opened[VectorStore]", search: HostedSearch) -> None:
        self._own = own
        self._stores = stores
        self._search = search

    def of(self, connection: Connection) -> PolicyIndex:
        """Return the index that `lookup_policy` searches."""
        if connection.search is SearchPlace.HOSTED and connection.vector_store:
            return HostedIndex(connection, self._stores, self._search)
        return self._own


def _fits(hit: Evidence, filters: Filters, today: date) -> bool:
    """Whether a file that is not in the library may be used, by what was said when it was uploaded."""
    said = hit.attributes
    category, place = str(said.get("category") or ""), str(said.get("jurisdiction") or "")
    if filters.category and category.casefold() != filters.category.casefold():
        return False
    if not filters.holds_in(place):
        return False
    day = filters.as_of or today
    start, end = day_in(said, "effective_from"), day_in(said, "effective_to")
    return (start is None or start <= day) and (end is None or day < end)


def _notice(passages: Sequence[Passage]) -> str:
    strange = sum(not passage.document_id for passage in passages)
    if not strange:
        return ""
    what = "1 passage is" if strange == 1 else f"{strange} passages are"
    return f"{what} from files that are not in this library; only the text can be shown."
