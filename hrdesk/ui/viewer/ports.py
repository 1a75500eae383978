"""What the viewer needs of the services; `services.desk.Desk` has it, and so have the tests' fakes."""

from collections.abc import Sequence
from typing import Protocol

from hrdesk.core.citations import Citation
from hrdesk.core.documents import Document, DocumentVersion, PageImage, Rect, Span
from hrdesk.core.runs import Run
from hrdesk.core.versions import Comparison


class Sources(Protocol):
    """Pages of cited documents."""

    async def page(self, version: str, page: int, width_px: int, spans: Sequence[Span] = ()) -> PageImage: ...
    async def rectangles(self, citation: Citation) -> tuple[tuple[int, Rect], ...]: ...
    async def table(self, citation: Citation) -> tuple[tuple[int, Rect], ...]: ...
    async def version(self, sha256: str) -> DocumentVersion: ...
    async def document(self, document_id: str) -> Document: ...


class Comparing(Protocol):
    """Versions, and what changed between two of them."""

    async def family(self, sha256: str) -> tuple[Document, list[DocumentVersion]]: ...
    async def version(self, sha256: str) -> DocumentVersion: ...
    async def compare(self, old: str, new: str) -> Comparison: ...


class Journal(Protocol):
    """Runs with all their lookups."""

    async def seen(self, run_id: str) -> Run: ...


class ViewerServices(Protocol):
    """The services of the viewer."""

    @property
    def citations(self) -> Sources: ...
    @property
    def comparing(self) -> Comparing: ...
    @property
    def chat(self) -> Journal: ...
