"""The Source tab: which document and version, the page with its marks or its text, and the way through it."""

from datetime import datetime

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QButtonGroup,
    QFrame,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QSizePolicy,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from hrdesk.core.citations import Citation, CitationState
from hrdesk.core.errors import HrdeskError, NotFound
from hrdesk.ui import theme
from hrdesk.ui.viewer.images import ShownPage
from hrdesk.ui.viewer.page_view import ZOOMS, PageView
from hrdesk.ui.viewer.passage import PassageCard, TroubleCard
from hrdesk.ui.viewer.presenter import SourcePresenter
from hrdesk.ui.viewer.table_picture import TablePicture
from hrdesk.ui.viewer.text_view import PageTextView
from hrdesk.ui.viewer.words import APPROXIMATE, TROUBLES, section_words, version_words


class SourceTab(QFrame):
    """Shows what the presenter holds."""

    def __init__(self, presenter: SourcePresenter, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._shown = presenter
        self._title = Line("strong")
        self._which = Line("small")
        self._section = Line("small")
        self.page = PageView()
        self.text = PageTextView()
        self.table = TablePicture()
        self.passage = PassageCard()
        self.trouble = TroubleCard()
        self._modes = Modes()
        self._foot = Foot()
        self.setAccessibleName("Document")
        self._lay_out()
        self._connect()
        self._show_citation(None)

    def _lay_out(self) -> None:
        self._sheet = QStackedWidget()
        self._sheet.addWidget(self.page)
        self._words = QWidget()
        words = QVBoxLayout(self._words)
        words.setContentsMargins(16, 0, 16, 0)
        words.setSpacing(8)
        words.addWidget(self.table)
        words.addWidget(self.text, 1)
        self._sheet.addWidget(self._words)
        names = QVBoxLayout()
        names.setSpacing(2)
        for line in (self._title, self._which, self._section):
            names.addWidget(line)
        head = QHBoxLayout()
        head.setContentsMargins(18, 10, 16, 8)
        head.addLayout(names, 1)
        head.addWidget(self._modes, 0, Qt.AlignmentFlag.AlignTop)
        cards = QVBoxLayout()
        cards.setContentsMargins(16, 0, 16, 0)
        cards.setSpacing(8)
        cards.addWidget(self.passage)
        cards.addWidget(self.trouble)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(head)
        column.addLayout(cards)
        column.addWidget(self._sheet, 1)
        self._rest = QWidget()  # keeps the head at the top while there is no page
        column.addWidget(self._rest, 1)
        column.addWidget(self._foot)

    def _connect(self) -> None:
        shown, foot = self._shown, self._foot
        shown.opened.connect(self._show_citation)
        shown.waiting.connect(self._wait)
        shown.page_shown.connect(self._show_page)
        shown.failed.connect(self._show_trouble)
        shown.table_shown.connect(self.table.show_table)
        shown.highlight_changed.connect(self.page.show_mark)
        shown.highlight_changed.connect(self._update_foot)
        self.page.width_changed.connect(shown.set_width)
        self.page.zoom_changed.connect(self._update_foot)
        self.trouble.retry_clicked.connect(shown.retry)
        self._modes.chosen.buttonClicked.connect(self._choose_mode)
        foot.mark_back.clicked.connect(lambda: shown.step_highlight(-1))
        foot.mark_on.clicked.connect(lambda: shown.step_highlight(1))
        foot.page_back.clicked.connect(lambda: shown.turn_to(shown.page - 1))
        foot.page_on.clicked.connect(lambda: shown.turn_to(shown.page + 1))
        foot.smaller.clicked.connect(lambda: self.page.step_zoom(-1))
        foot.larger.clicked.connect(lambda: self.page.step_zoom(1))

    def _choose_mode(self) -> None:
        self._sheet.setCurrentWidget(self._words if self._modes.is_text else self.page)
        self._update_foot()

    def _show_citation(self, citation: Citation | None) -> None:
        self.trouble.hide()
        self._modes.setEnabled(citation is not None)
        self._has_page(citation is not None and citation.state is not CitationState.UNAVAILABLE)
        if citation is None:
            self.passage.hide()
            return
        title = self._shown.document.title if self._shown.document else citation.document
        version = self._shown.version
        which = version_words(version, datetime.now().astimezone().date()) if version else ""
        self._title.say(title)
        self._which.say(which[:1].upper() + which[1:])
        self._section.say(section_words(citation.section, title))
        self.setAccessibleDescription(f"{title}, {which or 'version not known yet'}, page {self._shown.page}")
        self.passage.show_passage(*_beside(citation), citation.quote)
        self._update_foot()

    def _has_page(self, has_page: bool) -> None:
        self._sheet.setVisible(has_page)
        self._rest.setVisible(not has_page)
        self._foot.setVisible(has_page)

    def _wait(self) -> None:
        self.trouble.hide()
        self.page.wait()
        self.text.show_text("", ())
        self.table.forget()
        self._update_foot()

    def _show_page(self, shown: ShownPage) -> None:
        self.trouble.hide()
        self._has_page(True)
        self.page.show_page(shown)
        citation = self._shown.citation
        spans = tuple(s for s in citation.spans if s.page == shown.page.page) if citation else ()
        if citation is not None and citation.state is CitationState.NOT_LOCATED:
            spans = ()
        self.text.show_text(shown.page.text, spans)
        marked = f" Marked: {citation.quote}" if citation and shown.page.rects else ""
        self.page.setAccessibleDescription(
            f"Page {shown.page.page} of {shown.page.page_count} of {self._title.whole}.{marked}"
        )
        self._update_foot()

    def _show_trouble(self, trouble: HrdeskError) -> None:
        citation = self._shown.citation
        self._has_page(False)
        if citation is not None and isinstance(trouble, NotFound):  # trying again would not bring it back
            why = TROUBLES[CitationState.UNAVAILABLE]
            self.passage.show_passage(why, citation.passage, citation.quote)
            return
        self.trouble.show_trouble(trouble)
        if citation is not None and self.passage.isHidden():
            self.passage.show_passage(
                "This is the passage as it was quoted:", citation.passage, citation.quote
            )

    def _update_foot(self, _changed: object = None) -> None:
        shown = self._shown
        self._foot.show_marks(shown.at, len(shown.highlights))
        self._foot.show_pages(shown.page, shown.page_count)
        self._foot.show_zoom(self.page.zoom, shows_text=self._modes.is_text)


def _beside(citation: Citation) -> tuple[str, str]:
    """Return what is to be said about a citation, and the text to compare with the page."""
    if citation.state in (CitationState.NOT_LOCATED, CitationState.UNAVAILABLE):
        return TROUBLES[citation.state], citation.passage
    if citation.state in TROUBLES:
        return TROUBLES[citation.state], ""
    return (APPROXIMATE, citation.quote) if citation.is_approximate else ("", "")


class Line(QLabel):
    """One line of text that gives way: cut at its end, whole as a tooltip."""

    def __init__(self, tone: str) -> None:
        super().__init__()
        self.whole = ""
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setProperty("tone", tone)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)

    def say(self, text: str) -> None:
        """Show a text; nothing is shown for a blank one."""
        self.whole = text
        self.setVisible(bool(text))
        self._cut()

    def _cut(self) -> None:
        cut = self.fontMetrics().elidedText(self.whole, Qt.TextElideMode.ElideRight, max(40, self.width()))
        self.setText(cut)
        self.setToolTip(self.whole if cut != self.whole else "")

    def resizeEvent(self, event: object) -> None:
        super().resizeEvent(event)  # type: ignore[arg-type]
        self._cut()


class Modes(QFrame):
    """Page or Text."""

    def __init__(self) -> None:
        super().__init__()
        self.setProperty("kind", "segments")
        self.chosen = QButtonGroup(self)
        self._text = theme.button("Text", kind="segment", name="Show the page as text")
        page = theme.button("Page", kind="segment", name="Show the page as an image")
        row = QHBoxLayout(self)
        row.setContentsMargins(2, 2, 2, 2)
        row.setSpacing(0)
        for part in (page, self._text):
            part.setCheckable(True)
            part.setFixedHeight(28)
            self.chosen.addButton(part)
            row.addWidget(part)
        page.setChecked(True)

    @property
    def is_text(self) -> bool:
        """Whether the text is wanted."""
        return self._text.isChecked()


class Foot(QFrame):
    """Marks, pages and zoom."""

    def __init__(self) -> None:
        super().__init__()
        self.setProperty("kind", "panel")
        self.mark_back = theme.button("", name="Previous highlight", drawing="chevron-left")
        self.mark_on = theme.button("", name="Next highlight", drawing="chevron-right")
        self.page_back = theme.button("", name="Previous page", drawing="chevron-left")
        self.page_on = theme.button("", name="Next page", drawing="chevron-right")
        self.smaller = theme.button("", name="Smaller", drawing="zoom-out")
        self.larger = theme.button("", name="Larger", drawing="zoom-in")
        self._mark, self._page, self._zoom = (theme.label(tone="small") for _ in range(3))
        row = QHBoxLayout(self)
        row.setContentsMargins(8, 4, 8, 4)
        row.setSpacing(0)
        groups: tuple[tuple[QPushButton, QLabel, QPushButton], ...] = (
            (self.mark_back, self._mark, self.mark_on),
            (self.page_back, self._page, self.page_on),
            (self.smaller, self._zoom, self.larger),
        )
        for number, group in enumerate(groups):
            if number:
                row.addStretch(1)
            for part in group:
                row.addWidget(part)

    def show_marks(self, at: int, count: int) -> None:
        """Say which mark is current."""
        self._mark.setText(f"Highlight {at + 1} of {count}" if count else "No highlight")
        self.mark_back.setEnabled(at > 0)
        self.mark_on.setEnabled(at + 1 < count)

    def show_pages(self, page: int, count: int) -> None:
        """Say which page is shown."""
        self._page.setText(f"Page {page} of {count}" if count else f"Page {page}")
        self.page_back.setEnabled(page > 1 and bool(count))
        self.page_on.setEnabled(page < count)

    def show_zoom(self, zoom: float, *, shows_text: bool) -> None:
        """Say how large the page is."""
        self._zoom.setText(f"{zoom * 100:.0f} %")
        for part in (self.smaller, self._zoom, self.larger):
            part.setVisible(not shows_text)
        self.smaller.setEnabled(zoom > ZOOMS[0])
        self.larger.setEnabled(zoom < ZOOMS[-1])
