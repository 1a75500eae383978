"""What a user can do with a source, without widgets: open a citation, turn pages, go from mark to mark."""

from PySide6.QtCore import QObject, QTimer, Signal

from hrdesk.core.citations import Citation, CitationState
from hrdesk.core.documents import Document, DocumentVersion, Rect
from hrdesk.core.errors import HrdeskError
from hrdesk.ui.tasks import Tasks
from hrdesk.ui.viewer.highlights import Highlight, gather
from hrdesk.ui.viewer.images import PageImages, ShownPage, shown
from hrdesk.ui.viewer.ports import Sources

WIDTHS = (320, 4000)  # pixels a page may be rendered wide
RESIZED_MS = 150
TABLE_SCALE = 2  # the picture of a table is enlarged to the column's width


class SourcePresenter(QObject):
    """Holds the citation that is open, its document, and the page that is shown."""

    opened = Signal(object)  # Citation | None; once at the click and again when its version is known
    waiting = Signal()  # a page that is not there yet was asked for
    page_shown = Signal(object)  # ShownPage
    failed = Signal(object)  # HrdeskError
    highlight_changed = Signal(object)  # Highlight | None
    table_shown = Signal(object, object)  # ShownPage, Rect: the cited table as it is printed

    def __init__(self, tasks: Tasks, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._tasks = tasks
        self._sources: Sources | None = None
        self._images = PageImages()
        self._opening = object()  # tickets: an answer to an earlier question is not shown
        self._loading = object()
        self._width = 0
        self._resized = QTimer(self, interval=RESIZED_MS, singleShot=True)
        self._resized.timeout.connect(self._ask_for_page)
        self._is_open = False
        self.citation: Citation | None = None
        self.version: DocumentVersion | None = None
        self.document: Document | None = None
        self.highlights: tuple[Highlight, ...] = ()
        self.tables: dict[int, Rect] = {}
        self.at = 0
        self.page = 1
        self.page_count = 0
        self.shown: ShownPage | None = None

    def attach(self, sources: Sources) -> None:
        """Begin to work."""
        self._sources = sources

    @property
    def highlight(self) -> Highlight | None:
        """Return the mark that is current, if it is on the page shown."""
        if not self.highlights:
            return None
        current = self.highlights[self.at]
        return current if current.page == self.page else None

    def show(self, citation: Citation) -> None:
        """Open a citation at its first mark."""
        if self._sources is None:
            return
        if self.version is not None and self.version.sha256 != citation.version:
            self.version = self.document = None
            self.page_count = 0
        self.citation, self.page = citation, citation.page
        self.highlights, self.at, self.shown, self.tables = (), 0, None, {}
        self._opening = self._loading = object()
        self._is_open = False
        self.opened.emit(citation)
        self.waiting.emit()
        self._tasks.start(self._open(self._sources, citation, self._opening), "open citation")

    def retry(self) -> None:
        """Try again what failed."""
        if self.citation is not None:
            self.show(self.citation)

    def clear(self) -> None:
        """Show nothing."""
        self._opening = self._loading = object()
        self.citation = self.version = self.document = self.shown = None
        self.highlights, self.page, self.page_count, self.tables = (), 1, 0, {}
        self.opened.emit(None)

    def set_width(self, pixels: int) -> None:
        """Say how many device pixels wide a page is painted; rendered again after a pause."""
        wanted = min(max(pixels, WIDTHS[0]), WIDTHS[1])
        if wanted != self._width:
            had_none, self._width = self._width == 0, wanted
            if self.citation is not None and not had_none:
                self._resized.start()

    def pause(self) -> None:
        """Render nothing while nobody looks."""
        self._resized.stop()

    def resume(self) -> None:
        """Render the page again if its width changed meanwhile."""
        if self.shown is not None and self.shown.page.width != self._width:
            self._resized.start()

    def turn_to(self, page: int) -> None:
        """Show another page of the document."""
        if 1 <= page <= self.page_count and page != self.page:
            self.page, self.shown = page, None
            on_page = [at for at, mark in enumerate(self.highlights) if mark.page == page]
            self.at = on_page[0] if on_page else self.at
            self._ask_for_page()

    def step_highlight(self, by: int) -> None:
        """Go to the next (1) or previous (-1) mark, also on another page."""
        wanted = self.at + by
        if not 0 <= wanted < len(self.highlights):
            return
        self.at = wanted
        if self.highlights[wanted].page == self.page:
            self.highlight_changed.emit(self.highlights[wanted])
        else:
            self.page, self.shown = self.highlights[wanted].page, None
            self._ask_for_page()

    def _ask_for_page(self) -> None:
        if self._sources is None or self.citation is None or not self._is_open:
            return  # while a citation is being opened its page comes in the width of that moment
        self._loading = object()
        if self.shown is None:
            self.waiting.emit()
        self._tasks.start(self._load(self._sources, self.citation, self._loading), "load page")

    async def _open(self, sources: Sources, citation: Citation, ticket: object) -> None:
        try:
            version = await sources.version(citation.version)
            document = await sources.document(version.document_id)
            lines = await sources.rectangles(citation) if _can_mark(citation) else ()
        except HrdeskError as trouble:
            if ticket is self._opening:
                self.failed.emit(trouble)
            return
        if ticket is not self._opening:
            return
        self.version, self.document, self.page_count = version, document, version.page_count
        self.highlights = gather(lines)
        self.page = self.highlights[0].page if self.highlights else citation.page
        self._is_open = True
        self.opened.emit(citation)
        self._loading = object()
        await self._load(sources, citation, self._loading)
        if ticket is self._opening and self.highlights:
            await self._find_table(sources, citation, ticket)

    async def _find_table(self, sources: Sources, citation: Citation, ticket: object) -> None:
        try:
            tables = dict(await sources.table(citation))
        except HrdeskError:
            return  # the page is there; without its table nothing is lost but a second look at it
        if ticket is self._opening:
            self.tables = tables
            await self._load_table(sources, citation, self._loading)

    async def _load_table(self, sources: Sources, citation: Citation, ticket: object) -> None:
        """Show the table on this page, if one is cited there, in letters that can be read."""
        page, part = self.page, self.tables.get(self.page)
        if part is None:
            return
        spans = tuple(span for span in citation.spans if span.page == page)
        width = min(TABLE_SCALE * (self._width or WIDTHS[0]), WIDTHS[1])
        try:
            picture = await sources.page(citation.version, page, width, spans)
        except HrdeskError:
            return
        if ticket is self._loading:
            self.table_shown.emit(shown(picture), part)

    async def _load(self, sources: Sources, citation: Citation, ticket: object) -> None:
        spans = tuple(s for s in citation.spans if s.page == self.page) if _can_mark(citation) else ()
        width = self._width or WIDTHS[0]
        key = (citation.version, self.page, width, spans)
        kept = self._images.get(key)
        if kept is None:
            try:
                page = await sources.page(citation.version, self.page, width, spans)
            except HrdeskError as trouble:
                if ticket is self._loading:
                    self.failed.emit(trouble)
                return
            kept = shown(page)
            self._images.keep(key, kept)
        if ticket is self._loading:
            is_new = self.shown is None
            self.shown, self.page_count = kept, kept.page.page_count
            self.page_shown.emit(kept)
            if is_new:
                self.highlight_changed.emit(self.highlight)
                await self._load_table(sources, citation, ticket)


def _can_mark(citation: Citation) -> bool:
    return citation.state is not CitationState.NOT_LOCATED and bool(citation.spans)
