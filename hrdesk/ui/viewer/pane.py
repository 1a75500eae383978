"""The viewer pane: the tabs Source, What the model saw, and Versions."""

from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QHideEvent, QPainter, QPaintEvent, QShowEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QStackedLayout, QTabBar, QVBoxLayout, QWidget

from hrdesk.core.citations import Citation
from hrdesk.core.errors import HrdeskError
from hrdesk.ui import theme
from hrdesk.ui.notices import Notices
from hrdesk.ui.tasks import Tasks
from hrdesk.ui.viewer.ports import Journal, ViewerServices
from hrdesk.ui.viewer.presenter import SourcePresenter
from hrdesk.ui.viewer.seen import SeenTab
from hrdesk.ui.viewer.source import SourceTab
from hrdesk.ui.viewer.versions import VersionsTab
from hrdesk.ui.viewer.versions_presenter import VersionsPresenter

SOURCE, SEEN, VERSIONS = 0, 1, 2
NO_SOURCE = "Choose a source under an answer to see the page it comes from."


class ViewerPane(QFrame):
    """The right column."""

    def __init__(self, tasks: Tasks, _notices: Notices, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._tasks = tasks
        self._journal: Journal | None = None
        self._run_id = ""
        self._followed = ""  # the version whose family the Versions tab was last told of
        self.presenter = SourcePresenter(tasks, self)
        self.tabs = QTabBar()
        self.source = SourceTab(self.presenter)
        self.seen = SeenTab()
        self.versions = VersionsTab(VersionsPresenter(tasks, self))
        self._empty = Empty()
        self.setProperty("kind", "ground")
        self._lay_out()
        self.tabs.currentChanged.connect(self._show_tab)
        self.seen.trouble.retry_clicked.connect(lambda: self.show_seen(self._run_id))
        self.versions.citation_clicked.connect(self.show_citation)
        self._show_tab()

    def _lay_out(self) -> None:
        self.tabs.setAccessibleName("Source views")
        self.tabs.setDrawBase(False)
        self.tabs.setExpanding(False)
        for words in ("Source", "What the model saw", "Versions"):
            self.tabs.addTab(words)
        head = QWidget()
        inner = QVBoxLayout(head)
        inner.setContentsMargins(18, 0, 16, 0)
        inner.addWidget(self.tabs, 0, Qt.AlignmentFlag.AlignBottom)
        head.setFixedHeight(47)
        self._stack = QStackedLayout()
        for part in (self._empty, self.source, self.seen, self.versions):
            self._stack.addWidget(part)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(head)
        column.addWidget(theme.divider())
        column.addLayout(self._stack, 1)

    def attach(self, desk: ViewerServices) -> None:
        """Begin to work with the services."""
        self._journal = desk.chat
        self.presenter.attach(desk.citations)
        self.versions.presenter.attach(desk.comparing)

    def show_citation(self, citation: Citation) -> None:
        """Open the page of a citation."""
        self.tabs.setCurrentIndex(SOURCE)
        self.presenter.show(citation)
        self._show_tab()

    def show_seen(self, run_id: str) -> None:
        """Show what the model saw in a run."""
        self.tabs.setCurrentIndex(SEEN)
        self._run_id = run_id
        if self._journal is not None:
            self.seen.wait()
            self._tasks.start(self._load_seen(self._journal, run_id), "open run")

    def show_versions(self, newer: str, older: str = "") -> None:
        """Compare a version, named by its sha256, with an older one or with the one before it."""
        self._followed = self.presenter.citation.version if self.presenter.citation else ""
        self.versions.presenter.show(newer, older)
        self.tabs.setCurrentIndex(VERSIONS)

    def clear(self) -> None:
        """Show nothing: another thread is open."""
        self._run_id = ""
        self.presenter.clear()
        self.seen.clear()
        self.versions.presenter.clear()
        self._show_tab()

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self.presenter.pause()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.presenter.resume()

    async def _load_seen(self, journal: Journal, run_id: str) -> None:
        try:
            run = await journal.seen(run_id)
        except HrdeskError as trouble:
            if run_id == self._run_id:
                self.seen.show_trouble(trouble)
            return
        if run_id == self._run_id:
            self.seen.show_run(run)

    def _show_tab(self, _index: int = 0) -> None:
        if self.tabs.currentIndex() == SEEN:
            self._stack.setCurrentWidget(self.seen)
        elif self.tabs.currentIndex() == VERSIONS:
            self._follow_source()
            self._stack.setCurrentWidget(self.versions)
        else:
            self._stack.setCurrentWidget(self.source if self.presenter.citation else self._empty)

    def _follow_source(self) -> None:
        """Show the versions of the policy whose page was opened last, unless they are shown already."""
        opened = self.presenter.citation.version if self.presenter.citation else ""
        if opened and opened != self._followed and not self.versions.presenter.shows(opened):
            self.versions.presenter.show(opened)
        self._followed = opened


class Empty(QFrame):
    """What the Source tab shows before a source was chosen."""

    def __init__(self) -> None:
        super().__init__()
        words = theme.label(NO_SOURCE, tone="muted", wrap=True)
        words.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        words.setFixedWidth(240)
        column = QVBoxLayout(self)
        column.addStretch(2)
        column.addSpacing(48)
        # A row with stretches and not an alignment: only so are wrapped lines given their height.
        row = QHBoxLayout()
        row.addStretch(1)
        row.addWidget(words)
        row.addStretch(1)
        column.addLayout(row)
        column.addStretch(3)
        self._words = words

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        painter = QPainter(self)
        middle = self._words.geometry().center().x()
        top = self._words.geometry().top() - 44
        theme.paint_icon(painter, "file-text", QPoint(middle - 14, top), 28, "faint")
