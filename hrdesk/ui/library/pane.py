"""The library page as it is seen: head, progress, table, details, and a place to drop files when empty."""

from collections.abc import Callable

from PySide6.QtCore import QItemSelection, QItemSelectionModel, Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent, QKeySequence
from PySide6.QtWidgets import (
    QAbstractItemView,
    QButtonGroup,
    QFrame,
    QHBoxLayout,
    QHeaderView,
    QPushButton,
    QStackedLayout,
    QStyleOptionViewItem,
    QTabBar,
    QTableView,
    QVBoxLayout,
    QWidget,
)

from hrdesk.core.documents import LibraryFile
from hrdesk.core.versions import LookAlike
from hrdesk.ui import theme
from hrdesk.ui.dialogs import ask_for_files, ask_for_folder
from hrdesk.ui.formats import FILTER, READABLE
from hrdesk.ui.library.delegate import LibraryDelegate
from hrdesk.ui.library.details import Details
from hrdesk.ui.library.model import CATEGORY, DOCUMENT, FILE_ROLE, IN_FORCE, PAGES, STATE, LibraryFilter, Show
from hrdesk.ui.library.offers import OfferCard, asked
from hrdesk.ui.library.ports import Categories, Evaluations, Languages, Library, Synonyms
from hrdesk.ui.library.preparing import PreparingLine
from hrdesk.ui.library.presenter import LibraryPresenter
from hrdesk.ui.library.progress_line import ProgressLine
from hrdesk.ui.library.questions import QuestionsView
from hrdesk.ui.library.synonyms import SynonymsView
from hrdesk.ui.library.words import Counts, can_unlock
from hrdesk.ui.notices import Action, Notices
from hrdesk.ui.tasks import Tasks

WIDEST = 1080
QUESTIONS, SYNONYMS = 1, 2  # tabs; 0 is the documents
OFFER = "offer"
"""The key of notices about files that look like another policy."""
_WIDTHS = {CATEGORY: 130, IN_FORCE: 160, PAGES: 80, STATE: 160}
COPIED = "Files are copied; the originals stay untouched."


class LibraryPane(QWidget):
    """The page; what happens is in the presenter."""

    compare_clicked = Signal(str, str)
    """Compare two versions: the sha256 of the older (empty: the one before) and of the newer one."""

    wanted = Signal()
    """The user asked for this page in a notice."""

    def __init__(self, tasks: Tasks, notices: Notices) -> None:
        super().__init__()
        self._notices = notices
        self.setAccessibleName("Library")
        self.presenter = LibraryPresenter(tasks, notices, parent=self)
        self._filter = LibraryFilter(self)
        self._filter.setSourceModel(self.presenter.model)
        self.table = _Table(self._filter)
        self.details = Details()
        self.offers = OfferCard()
        self._has_files = False
        self.summary = theme.label("", "muted")
        self.languages = theme.label("", "small")
        self.languages.hide()
        self._progress = ProgressLine()
        self.preparing = PreparingLine()
        self._segments = _Segments()
        self.questions = QuestionsView(self.presenter.questions)
        self.synonyms = SynonymsView(self.presenter.synonyms)
        self._changed = QTimer(self, interval=0, singleShot=True)  # once for all files of a batch
        self._changed.timeout.connect(self._show_details)
        self._views = _views()
        self._empty = _empty_state(self.choose_files)
        column = theme.centred_column(self, WIDEST)
        column.addLayout(self._head())
        column.addWidget(self._progress)
        column.addWidget(self.offers)
        self._content = QStackedLayout()
        self._content.addWidget(self._empty)
        self._content.addWidget(self._listing())
        self._content.addWidget(self.questions)
        self._content.addWidget(self.synonyms)
        column.addWidget(self._views)
        column.addLayout(self._content, 1)
        self._connect()

    def attach(
        self,
        library: Library,
        evaluation: Evaluations | None = None,
        synonyms: Synonyms | None = None,
        categories: Categories | None = None,
        languages: Languages | None = None,
    ) -> None:
        """Begin to work; views without their service are not offered."""
        self.presenter.attach(library)
        self._views.setTabVisible(QUESTIONS, evaluation is not None)
        self._views.setTabVisible(SYNONYMS, synonyms is not None)
        self._views.setVisible(evaluation is not None or synonyms is not None)
        if evaluation is not None:
            self.presenter.questions.attach(evaluation)
        if synonyms is not None:
            self.presenter.synonyms.attach(synonyms)
        if categories is not None:
            self.presenter.categories.attach(categories)
        if languages is not None:
            self.presenter.languages.attach(languages)

    def choose_files(self) -> None:
        """Ask which files to add."""
        ask_for_files(self, "Add files", FILTER, self.presenter.add)

    def choose_folder(self) -> None:
        """Ask which folder to add, with everything in it."""
        ask_for_folder(self, "Add a folder", self.presenter.add)

    def ask_password(self) -> None:
        """Show the page with the protected files selected, and ask for their password."""
        self.wanted.emit()
        model, rows = self.table.model(), QItemSelection()
        for row in range(model.rowCount()):
            index = model.index(row, 0)
            if can_unlock(index.data(FILE_ROLE)):
                rows.select(index, index)
        flags = QItemSelectionModel.SelectionFlag
        self.table.selectionModel().select(rows, flags.ClearAndSelect | flags.Rows)
        self.details.ask_password()

    def focus_page(self) -> None:
        """Put the keyboard into the table, or on the way to add files where there is none."""
        target = self.table if self.table.isVisible() else self._empty.findChild(QPushButton)
        if target is not None:
            target.setFocus(Qt.FocusReason.TabFocusReason)

    def selected(self) -> list[LibraryFile]:
        """Return the files that are selected, in the order shown."""
        rows = sorted(self.table.selectionModel().selectedRows(), key=lambda index: index.row())
        return [row.data(FILE_ROLE) for row in rows]

    def _head(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(8)
        words = QVBoxLayout()
        words.setSpacing(2)
        words.addWidget(theme.label("Library", "heading"))
        words.addWidget(self.summary)
        words.addWidget(self.preparing)
        words.addWidget(self.languages)
        row.addLayout(words, 1)
        folder = theme.button("Add folder", drawing="folder-open")
        folder.clicked.connect(self.choose_folder)
        files = theme.button("Add files", drawing="plus", kind="primary")
        files.clicked.connect(self.choose_files)
        row.addWidget(folder, 0, Qt.AlignmentFlag.AlignVCenter)
        row.addWidget(files, 0, Qt.AlignmentFlag.AlignVCenter)
        return row

    def _listing(self) -> QWidget:
        place = QWidget()
        column = QVBoxLayout(place)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(12)
        column.addWidget(self._segments, 0, Qt.AlignmentFlag.AlignLeft)
        card = QFrame()
        card.setProperty("kind", "card")
        inside = QVBoxLayout(card)
        inside.setContentsMargins(1, 4, 1, 4)
        inside.addWidget(self.table)
        column.addWidget(card, 1)
        column.addWidget(self.details)
        return place

    def _connect(self) -> None:
        presenter, details = self.presenter, self.details
        presenter.counts_changed.connect(self._show_counts)
        presenter.imports.progress_changed.connect(self._progress.show_progress)
        presenter.preparing.changed.connect(self.preparing.show_preparing)
        presenter.categories_changed.connect(details.set_categories)
        self._progress.pause_clicked.connect(presenter.imports.pause)
        self._progress.go_on_clicked.connect(presenter.imports.go_on)
        self._progress.cancel_clicked.connect(presenter.imports.cancel)
        presenter.categories_changed.connect(lambda _names: presenter.categories.look())
        presenter.languages.changed.connect(self._show_languages)
        presenter.categories.changed.connect(details.categories.show_categories)
        presenter.categories.chosen.connect(details.categories.choose)
        details.categories.renamed.connect(presenter.categories.rename)
        details.categories.removed.connect(presenter.categories.remove)
        self._views.currentChanged.connect(self._show_view)
        self._segments.chosen.connect(self._filter.show)
        details.retry_clicked.connect(lambda: presenter.imports.retry(self.selected()))
        details.password_entered.connect(self._unlock)
        details.remove_clicked.connect(lambda: presenter.remove(self.selected()))
        details.category_chosen.connect(lambda name: presenter.set_category(self.selected(), name))
        details.compare_clicked.connect(lambda newer: self.compare_clicked.emit("", newer))
        details.facts.edited.connect(presenter.facts.save)
        presenter.facts.facts_changed.connect(details.show_facts)
        presenter.facts.offers_changed.connect(self.offers.show_offers)
        presenter.facts.asked.connect(self._tell_offer)
        self.offers.accepted.connect(presenter.facts.accept)
        self.offers.apart.connect(presenter.facts.keep_apart)
        self.offers.compared.connect(
            lambda offer: self.compare_clicked.emit(offer.other.sha256, offer.version.sha256)
        )
        self.table.delete_pressed.connect(lambda: presenter.remove(self.selected()))
        self.table.selectionModel().selectionChanged.connect(self._show_details)
        presenter.model.dataChanged.connect(lambda *_: self._changed.start())
        presenter.model.modelReset.connect(self._show_details)

    def _unlock(self, password: str) -> None:
        self.presenter.imports.retry([file for file in self.selected() if can_unlock(file)], password)

    def _tell_offer(self, offer: LookAlike) -> None:
        """Say in a notice what the card asks, unless the page is in sight."""
        if not self.isVisible():
            self._notices.notify(asked(offer)[0], action=Action("Decide", self.wanted.emit), key=OFFER)

    def _show_details(self) -> None:
        files = self.selected()
        self.details.show_files(files)
        self.presenter.facts.select(files)

    def _show_counts(self, counts: Counts) -> None:
        self.summary.setText(counts.sentence if counts.files else "Your policies, ready to be asked.")
        self._segments.show_counts(counts)
        self._has_files = bool(counts.files)
        self._show_view()

    def _show_languages(self, words: str) -> None:
        self.languages.setText(words)
        self.languages.show()

    def _show_view(self) -> None:
        """Show the documents, a place to drop them, the golden questions or the synonyms."""
        listing = 1 if self._has_files else 0
        view = self._views.currentIndex()
        self._content.setCurrentIndex(view + 1 if view else listing)
        if view and not self.presenter.imports.is_running:
            self.questions.show_files(self.presenter.model.files)


class _Table(QTableView):
    """The files. Delete removes, a click on a head sorts."""

    delete_pressed = Signal()

    def __init__(self, model: LibraryFilter) -> None:
        super().__init__()
        self.setAccessibleName("Documents")
        self.setModel(model)
        self.setItemDelegate(LibraryDelegate(self))
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setShowGrid(False)
        self.setTabKeyNavigation(False)
        self.setMouseTracking(True)
        self.setCornerButtonEnabled(False)
        self.setWordWrap(False)
        self.verticalHeader().hide()
        self._arrange_columns()
        self._arrange_sizes()
        theme.watcher.changed.connect(self._arrange_sizes)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.matches(QKeySequence.StandardKey.Delete):
            self.delete_pressed.emit()
        else:
            super().keyPressEvent(event)

    def _arrange_columns(self) -> None:
        head = self.horizontalHeader()
        head.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        head.setHighlightSections(False)
        head.setStretchLastSection(False)
        head.setSectionResizeMode(DOCUMENT, QHeaderView.ResizeMode.Stretch)
        head.setSortIndicator(-1, Qt.SortOrder.AscendingOrder)
        self.setSortingEnabled(True)

    def _arrange_sizes(self) -> None:
        """Make rows and columns fit the size of the text."""
        for column, width in _WIDTHS.items():
            self.horizontalHeader().resizeSection(column, round(width * theme.watcher.text_scale))
        height = self.itemDelegate().sizeHint(QStyleOptionViewItem(), self.model().index(0, 0)).height()
        self.verticalHeader().setDefaultSectionSize(height)


class _Segments(QFrame):
    """All, ready, needs attention: which files are listed."""

    chosen = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self.setProperty("kind", "segments")
        row = QHBoxLayout(self)
        row.setContentsMargins(3, 3, 3, 3)
        row.setSpacing(2)
        group = QButtonGroup(self)
        self.buttons = {}
        for what in Show:
            button = theme.button(what.value.capitalize(), kind="segment")
            button.setCheckable(True)
            button.clicked.connect(lambda _checked, what=what: self.chosen.emit(what))
            group.addButton(button)
            row.addWidget(button)
            self.buttons[what] = button
        self.buttons[Show.ALL].setChecked(True)

    def show_counts(self, counts: Counts) -> None:
        """Say how many files each would list."""
        self.buttons[Show.ALL].setText(f"All  {counts.files}")
        self.buttons[Show.READY].setText(f"Ready  {counts.ready}")
        self.buttons[Show.ATTENTION].setText(f"Needs attention  {counts.attention}")
        self.buttons[Show.ATTENTION].setVisible(bool(counts.attention))


def _views() -> QTabBar:
    """Return the choice between the documents, the questions about them, and the words people use."""
    bar = QTabBar()
    bar.setAccessibleName("Library views")
    bar.setDrawBase(False)
    bar.setExpanding(False)
    for words in ("Documents", "Golden questions", "Synonyms"):
        bar.addTab(words)
    bar.hide()
    return bar


def _empty_state(choose_files: Callable[[], None]) -> QWidget:
    place = QFrame()
    place.setProperty("kind", "empty")
    column = QVBoxLayout(place)
    column.setSpacing(8)
    column.addStretch(2)
    add = theme.button("Choose files", drawing="plus", kind="primary")
    add.clicked.connect(choose_files)
    for widget in (theme.Picture("upload", 32, "accent"), theme.label("Drop your policies here", "title")):
        column.addWidget(widget, 0, Qt.AlignmentFlag.AlignHCenter)
    for sentence in (f"{READABLE}.", COPIED):
        words = theme.label(sentence, "muted", wrap=True)
        words.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        column.addWidget(words)
    column.addSpacing(12)
    column.addWidget(add, 0, Qt.AlignmentFlag.AlignHCenter)
    column.addStretch(3)
    return place
