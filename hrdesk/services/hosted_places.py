"""Where the passages of a hosted index stand in our own library.

A provider names files in its own way and cuts its own chunks. Each is led back to one version of one policy,
by the sha256 we sent along, by the id of the upload, or by a file name that only one version has and whose
text holds the chunk; else it stays a text that opens nothing. All of it runs in the store's thread.
"""

import hashlib
from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from hrdesk.core.documents import Document, DocumentVersion, Page, Passage, Span
from hrdesk.core.errors import NotFound
from hrdesk.core.runs import Evidence
from hrdesk.documents.locate import locate
from hrdesk.documents.words import words
from hrdesk.store.documents import DocumentStore
from hrdesk.store.passages import PassageStore
from hrdesk.store.uploads import UploadStore

KEPT = 16  # versions whose texts stay in memory
COVERED = 0.6  # share of a passage's words that a chunk has where it holds the passage
SIMILAR = 0.5  # share of a chunk's words that a version must have to be the chunk's file


@dataclass(frozen=True, slots=True)
class _Version:
    """One version with all that is needed to find a chunk in it."""

    version: DocumentVersion
    document: Document
    pages: tuple[Page, ...]
    passages: tuple[tuple[Passage, frozenset[str]], ...]


class HostedPlaces:
    """Leads hits of a hosted index back to the library."""

    def __init__(self, documents: DocumentStore, passages: PassageStore, uploads: UploadStore) -> None:
        self._documents = documents
        self._passages = passages
        self._uploads = uploads
        self._kept: OrderedDict[str, _Version] = OrderedDict()
        self._generation = -1

    def passage(self, connection: str, hit: Evidence) -> Passage:
        """Return a hit as a passage. One that cannot be led back has no document id.

        The passage's number is made from its text, below zero, and the same every time.
        """
        self._forget_changes()
        known = self._resolved(connection, hit)
        if known is None:
            return _unknown(hit)
        window = _covered(known.passages, frozenset(words(hit.text)))
        path = window[0].path if window else known.document.title
        spans = _spans(hit.text, known.pages, window)
        return Passage(
            id=_number(known.version.sha256, hit.text),
            version=known.version.sha256,
            document_id=known.document.id,
            title=known.document.title,
            file=known.version.file,
            path=path,
            text=hit.text,
            spans=spans,
            effective_from=known.version.effective_from,
            category=known.document.category,
        )

    def _forget_changes(self) -> None:
        generation = self._passages.generation()
        if generation != self._generation:
            self._kept.clear()
            self._generation = generation

    def _resolved(self, connection: str, hit: Evidence) -> _Version | None:
        sha = _said(hit.attributes, "sha256")
        if sha:  # ours: if it is not here, no other file is meant
            return self._version(sha)
        ids = [name for name in (_said(hit.attributes, "file_id"), hit.file_id) if name]
        uploaded = self._uploads.sha_of(connection, ids)
        if uploaded:
            return self._version(uploaded)
        return self._by_name(hit)

    def _by_name(self, hit: Evidence) -> _Version | None:
        if not hit.file or not hit.text:
            return None
        same = [one for one in self._uploads.published() if _base(one.version.file) == _base(hit.file)]
        found = self._version(same[0].version.sha256) if len(same) == 1 else None
        if found is None:
            return None
        wanted = frozenset(words(hit.text))
        there = frozenset().union(*(held for _, held in found.passages))
        return (
            found
            if len(wanted & there) >= SIMILAR * len(wanted) and _covered(found.passages, wanted)
            else None
        )

    def _version(self, sha: str) -> _Version | None:
        if sha in self._kept:
            self._kept.move_to_end(sha)
            return self._kept[sha]
        try:
            version = self._documents.version(sha)
            document = self._documents.document(version.document_id)
        except NotFound:
            return None
        passages = tuple((one, frozenset(words(one.text))) for one in self._passages.of_version(sha))
        self._kept[sha] = _Version(version, document, self._documents.pages(sha), passages)
        while len(self._kept) > KEPT:
            self._kept.popitem(last=False)
        return self._kept[sha]


def _covered(passages: Sequence[tuple[Passage, frozenset[str]]], chunk: frozenset[str]) -> list[Passage]:
    """Return the following passages of a version that a chunk holds, or the one that holds a short chunk."""
    held = [number for number, (_, text) in enumerate(passages) if _shared(text, chunk) >= COVERED]
    if not held:
        return []
    first = last = max(held, key=lambda number: len(passages[number][1] & chunk))
    while first - 1 in held:
        first -= 1
    while last + 1 in held:
        last += 1
    return [passage for passage, _ in passages[first : last + 1]]


def _shared(passage: frozenset[str], chunk: frozenset[str]) -> float:
    smaller = min(len(passage), len(chunk))
    return len(passage & chunk) / smaller if smaller else 0.0


def _spans(text: str, pages: Sequence[Page], window: Sequence[Passage]) -> tuple[Span, ...]:
    """Return where a chunk stands: word for word near its passages, else the passages themselves."""
    near = tuple(span for passage in window for span in passage.spans)
    if not near:
        return ()
    around = {number for span in near for number in (span.page - 1, span.page, span.page + 1)}
    place = locate(text, [page for page in pages if page.number in around], near)
    return place.spans if place is not None else near


def _unknown(hit: Evidence) -> Passage:
    """A passage whose file is not in the library: it can be read, but nothing can be opened."""
    title = _said(hit.attributes, "document") or hit.file or "A file of the provider"
    sha = _said(hit.attributes, "sha256")
    return Passage(
        id=_number(sha or hit.file_id or hit.file, hit.text),
        version=sha,
        document_id="",
        title=title,
        file=_base(hit.file),
        path=title,
        text=hit.text,
        spans=(),
        effective_from=day_in(hit.attributes, "effective_from"),
        category=_said(hit.attributes, "category") or None,
    )


def _number(name: str, text: str) -> int:
    digest = hashlib.sha256(f"{name}\n{text}".encode("utf-8", "replace")).digest()
    return -1 - int.from_bytes(digest[:6])


def _base(file: str) -> str:
    return file.replace("\\", "/").rpartition("/")[2]


def _said(attributes: dict[str, Any], name: str) -> str:
    value = attributes.get(name)
    return value if isinstance(value, str) else ""


def day_in(attributes: dict[str, Any], name: str) -> date | None:
    """Return the day that an attribute holds, None for anything else."""
    try:
        return date.fromisoformat(_said(attributes, name))
    except ValueError:
        return None
