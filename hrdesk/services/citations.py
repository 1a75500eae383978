"""Opening a citation: the page of the pinned version as an image, with the cited words as rectangles.

Pages are rendered in a child process that is kept while somebody looks at documents.
"""

import asyncio
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from hrdesk.core.citations import Citation, CitationState
from hrdesk.core.documents import Document, DocumentVersion, PageImage, Rect, Span
from hrdesk.core.errors import HrdeskError, NotFound
from hrdesk.documents import rendering_wire as wire
from hrdesk.documents import tables
from hrdesk.documents.locate import locate
from hrdesk.services.store_thread import StoreThread
from hrdesk.store.documents import DocumentStore
from hrdesk.system.workers import RENDERING, ChildProcess


class CitationService:
    """Pages and rectangles of cited documents. `files` is the folder of our own copies."""

    def __init__(self, store: StoreThread, documents: DocumentStore, files: Path) -> None:
        self._store = store
        self._documents = documents
        self._files = files
        self._child = ChildProcess(wire.RENDERING_HANDLER, RENDERING)
        self._turn = asyncio.Lock()

    async def page(self, version: str, page: int, width_px: int, spans: Sequence[Span] = ()) -> PageImage:
        """Render a page `width_px` pixels wide, with rectangles for those `spans` that lie on it.

        Raises `NotFound` when the version is no longer kept, `HrdeskError` when it cannot be shown.
        """
        message = wire.image_request(await self._view_of(version), page, width_px, spans)
        return wire.parse_image(*await self._ask(message))

    async def rectangles(self, citation: Citation) -> tuple[tuple[int, Rect], ...]:
        """Return (page, rectangle) for every line of the cited words; empty when not located."""
        if not citation.spans:
            return ()
        message = wire.rects_request(await self._view_of(citation.version), citation.spans)
        answer, _ = await self._ask(message)
        boxes = wire.parse_rects(answer, citation.spans)
        return tuple(
            (span.page, box) for span, found in zip(citation.spans, boxes, strict=True) for box in found
        )

    async def table(self, citation: Citation) -> tuple[tuple[int, Rect], ...]:
        """Return (page, rectangle) of the table that is cited, page by page; empty where none is.

        Of a long table these are the rows of the passage and the heads of its columns.
        """
        rows = tables.cited_rows(citation.quote, citation.passage)
        if not rows or not citation.spans:
            return ()
        pages = await self._store(self._documents.pages, citation.version)
        spans = await asyncio.to_thread(tables.row_spans, rows, pages, citation.spans)
        if not spans:
            return ()
        answer, _ = await self._ask(wire.rects_request(await self._view_of(citation.version), spans))
        boxes = wire.parse_rects(answer, spans)
        return tables.areas(
            [(span.page, box) for span, found in zip(spans, boxes, strict=True) for box in found]
        )

    async def version(self, sha256: str) -> DocumentVersion:
        """Return the version of a file. Raises `NotFound`."""
        return await self._store(self._documents.version, sha256)

    async def document(self, document_id: str) -> Document:
        """Return the family a version belongs to. Raises `NotFound`."""
        return await self._store(self._documents.document, document_id)

    async def refresh(self, citation: Citation) -> Citation:
        """Return the citation with its state as of now: unavailable, changed, or as it was."""
        try:
            await self._view_of(citation.version)
            version = await self.version(citation.version)  # it may have joined another policy since
            newest = await self._store(self._documents.newest_version, version.document_id)
        except NotFound:
            return replace(citation, state=CitationState.UNAVAILABLE)
        if newest.sha256 == citation.version:
            return citation
        pages = await self._store(self._documents.pages, newest.sha256)
        place = await asyncio.to_thread(locate, citation.quote, pages)
        if place is not None and place.exact:
            return citation
        return replace(citation, state=CitationState.CHANGED)

    async def aclose(self) -> None:
        """End the rendering process."""
        await asyncio.to_thread(self._child.close)

    async def _view_of(self, version: str) -> Path:
        """Return the file that shows the version as pages."""
        await self._store(self._documents.version, version)
        for candidate in (self._files / f"{version}.pages.pdf", self._files / f"{version}.pdf"):
            if candidate.exists():
                return candidate
        raise NotFound("The copy of this policy is missing.", "Add the file to the library again.")

    async def _ask(self, message: dict[str, object]) -> tuple[dict[str, object], bytes]:
        async with self._turn:
            try:
                return await asyncio.to_thread(self._child.request, message, seconds=wire.RENDERING_SECONDS)
            except asyncio.CancelledError:
                self._child.kill()
                raise
            except HrdeskError as error:
                raise HrdeskError(
                    "This page cannot be shown.", "The passage as text is still there."
                ) from error
