"""Versions of policies: what people say about them, and files that look like a version of another policy.

Titles and dates that say so join versions at import. Where only the text is alike nothing is decided: it is
offered, and the answer can be undone.
"""

import asyncio
from dataclasses import replace
from datetime import date, datetime, timedelta

from hrdesk.core.categories import category_name
from hrdesk.core.documents import DocumentVersion
from hrdesk.core.errors import HrdeskError
from hrdesk.core.versions import Joined, LookAlike, OfferAnswer, PolicyFacts
from hrdesk.documents import likeness
from hrdesk.services.store_thread import StoreThread
from hrdesk.store.documents import DocumentStore
from hrdesk.store.versions import VersionStore

ALMOST = 0.99  # of texts that are not the same
LONGEST = 200  # characters of a title, a place or a name


class VersionService:
    """Facts about policies and their versions, and the offers to join them."""

    def __init__(self, store: StoreThread, documents: DocumentStore, versions: VersionStore) -> None:
        self._store = store
        self._documents = documents
        self._versions = versions

    async def versions(self, document_id: str) -> list[DocumentVersion]:
        """Return the versions of a policy, oldest first."""
        return await self._store(self._documents.versions, document_id)

    async def facts(self, sha256: str) -> PolicyFacts:
        """Return what can be edited about a version and its policy. Raises `NotFound`."""
        return await self._store(self._versions.facts, sha256)

    async def save(self, facts: PolicyFacts) -> PolicyFacts:
        """Write facts, tidied, and return them as they are now.

        Raises `HrdeskError` for a policy without a title, or one that would end before it begins.
        """
        return await self._store(self._versions.save, _tidied(facts))

    # --- offers

    async def look(self, sha256: str) -> None:
        """Compare a new file with every other policy, and keep an offer if it looks like one of them."""
        while missing := await self._store(self._versions.unsketched):
            text = await self._store(self._versions.text, missing)
            made = await asyncio.to_thread(likeness.sketch, text)
            await self._store(self._versions.put_sketch, missing, made)
        sketches = await self._store(self._versions.sketches)
        if sha256 not in sketches:
            return
        own, sketch = sketches[sha256]
        others = {other: kept for other, (family, kept) in sketches.items() if family != own}
        found = await asyncio.to_thread(likeness.most_alike, sketch, others)
        if found is not None:
            other, share = found
            texts = [await self._store(self._versions.text, one) for one in (sha256, other)]
            same = await asyncio.to_thread(likeness.same_words, *texts)  # a sketch misses a changed number
            await self._store(self._versions.offer, sha256, other, 1.0 if same else min(share, ALMOST))

    async def offers(self) -> list[LookAlike]:
        """Return the offers that wait for an answer, newest file last."""
        return await self._store(self._versions.look_alikes)

    async def accept(self, offer: LookAlike) -> Joined:
        """Make the file a version of the policy; `part` undoes it. Raises `NotFound` if the offer is gone."""
        return await self._store(self._accept, offer.version.sha256)

    async def part(self, joined: Joined) -> None:
        """Undo `accept`: the file is a policy of its own again, and the offer is open."""
        await self._store(self._versions.part, joined)

    async def keep_apart(self, offer: LookAlike, *, apart: bool = True) -> None:
        """Keep the file a policy of its own and do not ask again; or, to undo that, ask again."""
        answer = OfferAnswer.APART if apart else OfferAnswer.OPEN
        await self._store(self._versions.answer, offer.version.sha256, answer)

    def _accept(self, sha256: str) -> Joined:
        offer = self._versions.look_alike(sha256)
        today = datetime.now().astimezone().date()
        return self._versions.join(sha256, offer.policy.id, begins(offer, today))


def begins(offer: LookAlike, today: date) -> date | None:
    """Return from when the version of an accepted offer is in force.

    That is what the file says; else, for the same text in another file, what is known of that; else today,
    and in any case after the newest version: a version without a date would count as the oldest.
    """
    if offer.version.effective_from is not None:
        return offer.version.effective_from
    if offer.is_same_text:
        return offer.other.effective_from
    newest = offer.newest.effective_from
    return max(today, newest + timedelta(days=1)) if newest else today


def _tidied(facts: PolicyFacts) -> PolicyFacts:
    document, first, end = facts.document, facts.version.effective_from, facts.said_end
    if not _words(document.title):
        raise HrdeskError("A policy needs a title.", "Nothing was changed.")
    if first is not None and end is not None and end <= first:
        raise HrdeskError(
            "The policy would end before it begins.", "Choose a last day that does not lie before the first."
        )
    tidy = replace(
        document,
        title=_words(document.title) or "",
        category=category_name(document.category),
        jurisdiction=_words(document.jurisdiction),
        owner=_words(document.owner),
    )
    return replace(facts, document=tidy)


def _words(text: str | None) -> str | None:
    """Return a text on one line, None for an empty one."""
    return " ".join((text or "").split())[:LONGEST] or None
