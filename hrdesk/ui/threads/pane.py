"""The column of threads as it is seen: new thread, search, the list, and what the filter hides."""

from PySide6.QtCore import QItemSelectionModel, QModelIndex, QPoint, Qt, Signal
from PySide6.QtGui import QAction, QKeyEvent, QKeySequence, QMouseEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QListView,
    QMenu,
    QStackedLayout,
    QVBoxLayout,
    QWidget,
)

from hrdesk.core.threads import Thread
from hrdesk.ui import theme
from hrdesk.ui.notices import Notices
from hrdesk.ui.tasks import Tasks
from hrdesk.ui.threads.delegate import ThreadDelegate
from hrdesk.ui.threads.ports import ThreadPage, Threads
from hrdesk.ui.threads.presenter import ThreadsPresenter

EMPTY = "No threads yet"
EMPTY_ADVICE = "Ask a question and it is kept here, with its answer and sources."
NO_MATCH = "Nothing found"
NO_MATCH_ADVICE = "No title or message has all of these words."


class ThreadsPane(QWidget):
    """List and search; what they mean is in the presenter."""

    new_thread_clicked = Signal()

    def __init__(self, tasks: Tasks, notices: Notices, presenter: ThreadsPresenter | None = None) -> None:
        super().__init__()
        self.presenter = presenter or ThreadsPresenter(tasks, notices, parent=self)
        self.search = self._make_search()
        self.list = _ThreadList(self.presenter)
        self._counts = theme.label("", "small")
        self._counts.setContentsMargins(10, 0, 0, 0)
        self._empty, self._empty_title, self._empty_advice = _empty_state()
        column = QVBoxLayout(self)
        column.setContentsMargins(12, 12, 12, 0)
        column.setSpacing(10)
        column.addLayout(self._head())
        column.addWidget(self.search)
        stack = QWidget()
        self._stack = QStackedLayout(stack)
        self._stack.addWidget(self.list)
        self._stack.addWidget(self._empty)
        column.addWidget(stack, 1)
        column.addWidget(self._counts)
        self.presenter.page_changed.connect(self._show_page)

    def attach(self, threads: Threads) -> None:
        """Begin to work."""
        self.presenter.attach(threads)

    def focus_search(self) -> None:
        """Put the keyboard into the search field, with its words selected."""
        self.search.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.search.selectAll()

    def focus_list(self) -> None:
        """Put the keyboard into the list."""
        self.list.setFocus(Qt.FocusReason.TabFocusReason)

    def _head(self) -> QHBoxLayout:
        row = QHBoxLayout()
        name = theme.label("hrdesk", "title")
        row.addWidget(name)
        row.addStretch(1)
        new = theme.button("New thread", drawing="plus", kind="primary")
        new.setToolTip(f"New thread ({QKeySequence(QKeySequence.StandardKey.New).toString()})")
        new.clicked.connect(self.new_thread_clicked)
        row.addWidget(new)
        return row

    def _make_search(self) -> QLineEdit:
        field = _SearchField()
        field.setProperty("kind", "search")
        field.setAccessibleName("Search threads")
        field.setPlaceholderText("Search titles and messages")
        field.addAction(theme.icon("search", 15, "faint"), QLineEdit.ActionPosition.LeadingPosition)
        field.setClearButtonEnabled(False)
        field.textChanged.connect(self.presenter.search)
        return field

    def _show_page(self, page: ThreadPage) -> None:
        searching = bool(self.presenter.words)
        self._empty_title.setText(NO_MATCH if searching else EMPTY)
        self._empty_advice.setText(NO_MATCH_ADVICE if searching else EMPTY_ADVICE)
        self._stack.setCurrentWidget(self.list if page.threads else self._empty)
        self._counts.setText(_counts(page))
        self.list.follow(self.presenter.current)


class _SearchField(QLineEdit):
    """A field that Escape empties."""

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape and self.text():
            self.clear()
        else:
            super().keyPressEvent(event)


class _ThreadList(QListView):
    """The list: Enter or a click opens, F2 renames, Delete deletes, the menu key shows all of it."""

    def __init__(self, presenter: ThreadsPresenter) -> None:
        super().__init__()
        self._presenter = presenter
        self.setAccessibleName("Threads")
        self.setModel(presenter.model)
        self.setItemDelegate(ThreadDelegate(self))
        self.setEditTriggers(QAbstractItemView.EditTrigger.EditKeyPressed)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setMouseTracking(True)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.customContextMenuRequested.connect(self._show_menu)
        presenter.opened.connect(self.follow)
        theme.watcher.changed.connect(self.doItemsLayout)

    def follow(self, thread_id: str | None) -> None:
        """Select the thread that is shown."""
        index = self._presenter.model.index_of(thread_id)
        if index.isValid():
            self.selectionModel().setCurrentIndex(index, QItemSelectionModel.SelectionFlag.ClearAndSelect)
        else:
            self.clearSelection()
            self.setCurrentIndex(QModelIndex())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        before = thread = self._current()
        if event.matches(QKeySequence.StandardKey.Delete) and thread is not None:
            self._presenter.delete(thread)
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and thread is not None:
            self._presenter.open(thread.id)
        else:
            super().keyPressEvent(event)
            thread = self._current()
            if thread is not None and thread is not before:
                self._presenter.open(thread.id)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        super().mouseReleaseEvent(event)
        thread = self._presenter.model.thread_at(self.indexAt(event.position().toPoint()))
        if thread is not None and event.button() == Qt.MouseButton.LeftButton:
            self._presenter.open(thread.id)

    def _current(self) -> Thread | None:
        return self._presenter.model.thread_at(self.currentIndex())

    def _show_menu(self, at: QPoint) -> None:
        index = self.indexAt(at)
        thread = self._presenter.model.thread_at(index)
        if thread is not None:
            self.menu(index, thread).popup(self.viewport().mapToGlobal(at))

    def menu(self, index: QModelIndex, thread: Thread) -> QMenu:
        """Return what can be done with a thread."""
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        rename = QAction("Rename\tF2", menu)
        rename.triggered.connect(lambda: self.edit(index))
        pin = QAction("Unpin" if thread.pinned else "Pin to top", menu)
        pin.triggered.connect(lambda: self._presenter.pin(thread.id, not thread.pinned))
        delete = QAction("Delete\tDel", menu)
        delete.triggered.connect(lambda: self._presenter.delete(thread))
        for action, drawing in ((rename, "pencil"), (pin, "pin"), (delete, "trash-2")):
            action.setIcon(theme.icon(drawing, 16, "muted"))
            menu.addAction(action)
        return menu


def _empty_state() -> tuple[QWidget, QLabel, QLabel]:
    place = QWidget()
    column = QVBoxLayout(place)
    column.setContentsMargins(10, 16, 10, 0)
    column.setSpacing(4)
    title = theme.label(EMPTY, "strong", wrap=True)
    advice = theme.label(EMPTY_ADVICE, "small", wrap=True)
    column.addWidget(title)
    column.addWidget(advice)
    column.addStretch(1)
    return place, title, advice


def _counts(page: ThreadPage) -> str:
    if not page.total and not page.hidden:
        return ""
    threads = "1 thread" if page.total == 1 else f"{page.total:,} threads"
    return f"{threads} · {page.hidden:,} hidden by filter" if page.hidden else threads
