"""Citations: from passage ids in an answer to characters on the pages of one version of one policy.

Each mark `[p2]` of an answer closes a claim. The claim's supporting sentences are found in the passage the
model saw, then in the text of the pinned version's pages. A wrong highlight is worse than none: what cannot
be located gets no spans. One claim that cannot be cited never touches the citations of the others.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from hrdesk.core.citations import Citation, CitationState
from hrdesk.core.documents import Page, Span
from hrdesk.core.errors import NotFound
from hrdesk.documents.answering import amounts, content_words, supporting
from hrdesk.documents.locate import locate
from hrdesk.services.store_thread import StoreThread
from hrdesk.store.documents import DocumentStore

LEAST_CLAIM = 4  # content words; less is a phrase, not a claim
SAME_WORDS = 0.6  # share of a claim's words that its quote must hold before we call it verified

_MARK = re.compile(r"\s*\[([ph]\d+(?:\s*,\s*[ph]\d+)*)\]")  # p: our own lookup, h: the provider's search
_REF = re.compile(r"[ph]\d+")
_NUMBER = re.compile(r"\[\d+\]")
_SILENCE = re.compile(
    r"\b(polic|passage|document)\w*\b.*\b(not|no|nothing|silent)\b|\bno (polic|passage|inform)"
)
_SENTENCE = re.compile(r".+?(?:[.!?…]['\"”’)]*(?:\s*\[\d+\])+(?:[.!?])?|[.!?…]['\"”’)]*(?=\s|$)|$)")
_CLAIM_START = re.compile(r"[.!?…]['\"”’)]*\s+|\n\s*(?:[-*•]\s+)?")


def candidates(lookups: Sequence[Mapping[str, Any]]) -> dict[str, Mapping[str, Any]]:
    """Return the passages that were sent in a run, by their id in the run."""
    return {
        str(candidate["ref"]): candidate
        for lookup in lookups
        for candidate in lookup["candidates"]
        if candidate["sent"]
    }


class CitationWriter:
    """Turns the marks of an answer into citations; reads the pages of the cited versions."""

    def __init__(self, store: StoreThread, documents: DocumentStore) -> None:
        self._store = store
        self._documents = documents

    async def cite(self, text: str, lookups: Sequence[Mapping[str, Any]]) -> tuple[str, tuple[Citation, ...]]:
        """Return the answer with `[1]`, `[2]` ... in place of passage ids, and its citations in order.

        Marks that name no passage of the run are dropped. The same quote cited twice keeps one number.
        """
        return await self._store(self._cite, text, lookups)

    def _cite(self, text: str, lookups: Sequence[Mapping[str, Any]]) -> tuple[str, tuple[Citation, ...]]:
        sent = candidates(lookups)
        pages: dict[str, tuple[Page, ...]] = {}
        numbered: dict[tuple[str, str], Citation] = {}
        pieces: list[str] = []
        position = 0
        for mark in _MARK.finditer(text):
            pieces.append(text[position : mark.start()])
            position = mark.end()
            claim = _claim(text[: mark.start()])
            for ref in _REF.findall(mark.group(1)):
                if ref not in sent:
                    continue
                citation = self._citation(claim, ref, sent[ref], pages)
                known = numbered.setdefault(
                    (ref, citation.quote), replace(citation, number=len(numbered) + 1)
                )
                pieces.append(f" [{known.number}]")
        pieces.append(text[position:])
        return "".join(pieces), tuple(numbered.values())

    def _citation(
        self, claim: str, ref: str, passage: Mapping[str, Any], pages: dict[str, tuple[Page, ...]]
    ) -> Citation:
        version = str(passage["version"])
        if version not in pages:
            pages[version] = self._pages(version)
        text = str(passage["text"])
        near = tuple(Span(*span) for span in passage["spans"])
        quotes = _quotes(claim, text)
        located = [locate(quote, pages[version], near) for quote in quotes]
        spans = tuple(span for place in located if place is not None for span in place.spans)
        whole = " … ".join(quotes)
        exact = all(place is not None and place.exact for place in located)
        return Citation(
            number=0,
            ref=ref,
            document_id=str(passage["document_id"]),
            document=str(passage["title"]),
            version=version,
            file=str(passage["file"]),
            page=spans[0].page if spans else int(passage["page"]),
            section=str(passage["section"]),
            quote=whole,
            passage=text,
            state=_state(claim, whole, exact=exact, located=bool(spans))
            if pages[version]
            else CitationState.UNAVAILABLE,
            spans=spans,
            is_approximate=bool(spans) and not exact,
        )

    def _pages(self, version: str) -> tuple[Page, ...]:
        """Return the pages of a version; none where it is not in the library (any more)."""
        try:
            return self._documents.pages(version)
        except NotFound:
            return ()


def uncited(text: str) -> tuple[str, ...]:
    """Return the sentences of an answer, marked by numbers, that claim something and cite nothing.

    Questions, headings, short phrases, sentences that only introduce what follows, and those that say that
    the policies are silent are no claims.
    """
    found = []
    for block in re.split(r"\n+", text):
        for sentence in _SENTENCE.findall(block):
            bare = sentence.strip().lstrip("-*• ")
            is_claim = len(content_words(bare)) >= LEAST_CLAIM and not bare.startswith(("#", "**"))
            says_nothing = bare.endswith(("?", ":")) or _SILENCE.search(bare)
            if is_claim and not says_nothing and not _NUMBER.search(bare):
                found.append(bare)
    return tuple(found)


def _claim(before: str) -> str:
    """Return the sentence that ends where the mark stands, without marks and quotation marks."""
    clean = _MARK.sub("", before).rstrip()
    block = clean.rsplit("\n\n", 1)[-1]
    if block.startswith("“") and block.endswith("”"):
        return block[1:-1]
    body = clean[:-1] if clean.endswith((".", "!", "?")) else clean
    starts = [match.end() for match in _CLAIM_START.finditer(body)]
    return clean[starts[-1] if starts else 0 :].strip()


def _quotes(claim: str, passage: str) -> list[str]:
    """Return the words of the passage that support the claim: itself where it is quoted, else sentences."""
    if claim and claim in passage:
        return [claim]
    return [passage[start:end] for start, end in supporting(claim, passage)] or [passage]


def _state(claim: str, quote: str, *, exact: bool, located: bool) -> CitationState:
    """Verified needs the quote to the letter, every amount of the claim, and most of its words."""
    if not located:
        return CitationState.NOT_LOCATED
    words = content_words(claim)
    shared = len(words & content_words(quote)) / len(words) if words else 1.0
    if exact and amounts(claim) <= amounts(quote) and shared >= SAME_WORDS:
        return CitationState.VERIFIED
    return CitationState.SUPPORTED
