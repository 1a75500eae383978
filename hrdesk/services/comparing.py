"""Comparing two versions side by side: each change is a passage that can be opened and cited."""

import asyncio

from hrdesk.core.documents import Document, DocumentVersion, Page, Passage
from hrdesk.core.versions import Comparison
from hrdesk.documents import comparing
from hrdesk.services.store_thread import StoreThread
from hrdesk.store.documents import DocumentStore
from hrdesk.store.passages import PassageStore


class ComparingService:
    """Versions of a policy, and what changed between two of them. Raises `NotFound` for a removed one."""

    def __init__(self, store: StoreThread, documents: DocumentStore, passages: PassageStore) -> None:
        self._store = store
        self._documents = documents
        self._passages = passages

    async def family(self, sha256: str) -> tuple[Document, list[DocumentVersion]]:
        """Return the policy of a version and all its versions, oldest first."""
        return await self._store(self._family, sha256)

    async def version(self, sha256: str) -> DocumentVersion:
        """Return one version, of whatever policy."""
        return await self._store(self._documents.version, sha256)

    async def compare(self, old: str, new: str) -> Comparison:
        """Return what changed from one version to another."""
        document, first, second = await self._store(self._heads, old, new)
        texts = [comparing.Text(*await self._store(self._read, sha256)) for sha256 in (old, new)]
        changes, same = await asyncio.to_thread(comparing.compare, *texts)
        return Comparison(document, first, second, changes, same)

    def _family(self, sha256: str) -> tuple[Document, list[DocumentVersion]]:
        document_id = self._documents.version(sha256).document_id
        return self._documents.document(document_id), self._documents.versions(document_id)

    def _heads(self, old: str, new: str) -> tuple[Document, DocumentVersion, DocumentVersion]:
        first, second = self._documents.version(old), self._documents.version(new)
        return self._documents.document(second.document_id), first, second

    def _read(self, sha256: str) -> tuple[list[Passage], tuple[Page, ...]]:
        return self._passages.of_version(sha256), self._documents.pages(sha256)
