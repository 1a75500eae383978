"""The main window: three columns, three pages, and all the wiring between panes.

It is made without panes, so that something is on the screen before anything slow is imported; `furnish`
builds the panes, and `attach` hands them the services once they are open.
"""

from collections.abc import Awaitable, Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QApplication, QStackedWidget, QVBoxLayout, QWidget

from hrdesk.system.settings import Settings
from hrdesk.ui import theme
from hrdesk.ui.frame import LEAST_WIDTHS, Frame

if TYPE_CHECKING:
    from hrdesk.core.citations import Citation
    from hrdesk.core.connections import Connection
    from hrdesk.core.threads import Message, Thread
    from hrdesk.services.desk import Desk
    from hrdesk.ui.chat.flights import Flight
    from hrdesk.ui.chat.pane import ChatPane
    from hrdesk.ui.library.pane import LibraryPane
    from hrdesk.ui.library.words import Counts
    from hrdesk.ui.navigation import Navigation
    from hrdesk.ui.notice_stack import NoticeStack
    from hrdesk.ui.notices import Notices
    from hrdesk.ui.notify import Notifier
    from hrdesk.ui.settings.pane import SettingsPane
    from hrdesk.ui.tasks import Tasks
    from hrdesk.ui.threads.pane import ThreadsPane
    from hrdesk.ui.trouble import TroublePage
    from hrdesk.ui.viewer.pane import ViewerPane

ANSWER_READY = "An answer is ready."
ANSWER_BROKEN = "An answer ended before it was finished."
LEAVE_ASKED = "hrdesk waits for your permission."
HEADER = 48  # notices leave the title and its chips in sight
CONVERSATION, LIBRARY, SETTINGS = "conversation", "library", "settings"


def load_panes() -> None:
    """Import what `furnish` needs; may be called in a thread, so that the window stays alive meanwhile."""
    import hrdesk.ui.chat.pane
    import hrdesk.ui.library.pane
    import hrdesk.ui.navigation
    import hrdesk.ui.notice_stack
    import hrdesk.ui.notify
    import hrdesk.ui.settings.pane
    import hrdesk.ui.threads.pane
    import hrdesk.ui.trouble
    import hrdesk.ui.viewer.pane  # noqa: F401


class MainWindow(Frame):
    """Everything the user sees. The attributes are there after `furnish`."""

    retry_clicked = Signal()

    tasks: "Tasks"
    notices: "Notices"
    chat: "ChatPane"
    viewer: "ViewerPane"
    threads: "ThreadsPane"
    library: "LibraryPane"
    settings: "SettingsPane"
    navigation: "Navigation"
    notice_stack: "NoticeStack"
    notifier: "Notifier"
    trouble: "TroublePage"

    def __init__(self, settings: Settings | None = None, settings_path: Path | None = None) -> None:
        self._settings, self._settings_path = settings or Settings(), settings_path
        super().__init__(self._settings)
        self.is_furnished = False
        self._use: Callable[[str], None] = lambda _name: None
        self._warning: Callable[[], Awaitable[str]] | None = None
        self._page = CONVERSATION

    @property
    def page(self) -> str:
        """The page shown: conversation, library or settings."""
        return self._page

    # What whoever runs the window calls

    def furnish(self) -> None:
        """Build the panes and connect them."""
        from hrdesk.ui.notices import Notices
        from hrdesk.ui.tasks import Tasks

        self.notices = Notices(self)
        self.tasks = Tasks(self.notices.report)
        self._make_panes()
        self._lay_out()
        self._connect_panes()
        self._connect_pages()
        self._add_shortcuts()
        self.is_furnished = True

    def attach(self, desk: "Desk") -> None:
        """Hand the services to the panes and begin to work."""
        self.root.setCurrentWidget(self.columns)
        self._use, self._warning = desk.chat.use, desk.costs.warning
        self.chat.attach(desk)
        self.viewer.attach(desk)
        self.library.attach(desk.library, desk.evaluation, desk.synonyms, desk.categories, desk.multilingual)
        self.settings.attach(desk)
        self.tasks.start(self._begin(desk), "begin")
        for notice in desk.notices:
            self.notices.notify(notice, "caution", key=notice)

    async def _begin(self, desk: "Desk") -> None:
        # Runs cut short by an earlier end get theirs before the list shows them.
        await desk.chat.settle()
        self.threads.attach(desk.chat)
        self.chat.resume()
        self.chat.focus_composer()

    def show_trouble(self, error: BaseException) -> None:
        """Say over the whole window that the data could not be opened."""
        self.trouble.show_trouble(error, self.notices.describe(error))
        self.root.setCurrentWidget(self.trouble)
        self.trouble.retry.setFocus()

    def show_page(self, page: str) -> None:
        """Show the conversation, the library or the settings."""
        self._page = page
        self._pages.setCurrentWidget(self._panes[page])
        self.viewer.setVisible(page == CONVERSATION)
        self.navigation.show_page(page)
        if page == LIBRARY:
            self.notices.withdraw("import")
        self._look()

    async def put_away(self) -> None:
        """Keep what was typed and chosen, then end every task. The services close after this."""
        if not self.is_furnished:
            return
        self.settings.presenter.change(**self.layout_state())
        self.chat.presenter.drafts.save()
        self.library.presenter.questions.stop()
        await self.tasks.finish("save draft")
        await self.tasks.finish("save settings")
        await self.tasks.cancel_all()

    # Building

    def _make_panes(self) -> None:
        from hrdesk.ui.chat.pane import ChatPane
        from hrdesk.ui.library.pane import LibraryPane
        from hrdesk.ui.navigation import Navigation
        from hrdesk.ui.notify import Notifier
        from hrdesk.ui.settings.pane import SettingsPane
        from hrdesk.ui.threads.pane import ThreadsPane
        from hrdesk.ui.trouble import TroublePage
        from hrdesk.ui.viewer.pane import ViewerPane

        self.chat = ChatPane(self.tasks, self.notices)
        self.chat.setAcceptDrops(False)  # the whole window takes files, in one way
        self.viewer = ViewerPane(self.tasks, self.notices)
        self.threads = ThreadsPane(self.tasks, self.notices)
        self.library = LibraryPane(self.tasks, self.notices)
        self.settings = SettingsPane(self.tasks, self.notices, self._settings, self._settings_path)
        self.navigation = Navigation()
        self.trouble = TroublePage()
        self.notifier = Notifier(self)

    def _lay_out(self) -> None:
        from hrdesk.ui.notice_stack import NoticeStack

        sizes = self.columns.sizes()
        self._panes: dict[str, QWidget] = {
            CONVERSATION: self.chat,
            LIBRARY: self.library,
            SETTINGS: self.settings,
        }
        self._pages = QStackedWidget()
        _inside(self.middle).addWidget(self._pages)
        for pane in self._panes.values():
            self._pages.addWidget(pane)
        _inside(self.left).addWidget(self.threads, 1)
        _inside(self.left).addWidget(self.navigation)
        empty = self.columns.replaceWidget(2, self.viewer)
        if empty is not None:
            empty.deleteLater()
        self.root.addWidget(self.trouble)
        for column, least in zip((self.left, self.middle, self.viewer), LEAST_WIDTHS, strict=True):
            column.setMinimumWidth(least)
        self.columns.setSizes(sizes)
        self.notice_stack = NoticeStack(self.notices, self.middle, top=HEADER)

    # Wiring

    def _connect_panes(self) -> None:
        threads, chat, library = self.threads.presenter, self.chat, self.library.presenter
        threads.opened.connect(self._open_thread)
        threads.thread_changed.connect(chat.update_thread)
        self.threads.new_thread_clicked.connect(self.new_thread)
        chat.thread_changed.connect(self._follow_thread)
        chat.thread_continued.connect(lambda _thread: self.viewer.clear())
        chat.flight_changed.connect(self._show_flight)
        chat.flight_landed.connect(self._land_flight)
        chat.answered.connect(self._tell_answered)
        chat.confirmation_asked.connect(self._tell_asked)
        self.notifier.clicked.connect(self._come_to)
        chat.citation_clicked.connect(self._show_citation)
        chat.seen_clicked.connect(self._show_seen)
        chat.golden_clicked.connect(self._keep_golden)
        chat.files_dropped.connect(self.add_files)
        self.files_dropped.connect(self.add_files)
        library.counts_changed.connect(self._show_counts)
        library.imports.progress_changed.connect(self.navigation.show_progress)
        library.imports.ended.connect(self._tell_import)
        self.library.compare_clicked.connect(self._show_versions)
        self.library.wanted.connect(lambda: self.show_page(LIBRARY))
        self.settings.presenter.changed.connect(self._apply_settings)
        self.settings.presenter.connection_shown.connect(self._show_connection)

    def _connect_pages(self) -> None:
        self.navigation.library_clicked.connect(lambda: self._toggle(LIBRARY))
        self.navigation.settings_clicked.connect(lambda: self._toggle(SETTINGS))
        self.trouble.retry_clicked.connect(self.retry_clicked)
        app = QApplication.instance()
        if isinstance(app, QApplication):
            app.focusWindowChanged.connect(self._look)

    def _add_shortcuts(self) -> None:
        keys: tuple[tuple[str, Callable[[], None]], ...] = (
            ("Ctrl+N", self.new_thread),
            ("Ctrl+F", self.threads.focus_search),
            ("Ctrl+L", lambda: self._toggle(LIBRARY)),
            ("Ctrl+,", lambda: self._toggle(SETTINGS)),
            ("Esc", self._escape),
            ("F6", self._next_pane),
        )
        for sequence, run in keys:
            QShortcut(QKeySequence(sequence), self).activated.connect(run)

    # What the user does

    def new_thread(self) -> None:
        """Show the place where a new thread begins."""
        self.threads.presenter.open(None)

    def add_files(self, paths: list[Path]) -> None:
        """Add files and folders to the library."""
        self.library.presenter.add(paths)

    def _open_thread(self, thread_id: str | None) -> None:
        self.show_page(CONVERSATION)
        self.notices.withdraw("import")  # the library page keeps saying what could not be read
        if thread_id != self.chat.presenter.thread_id:
            self.chat.show_thread(thread_id)
            self.viewer.clear()
        if thread_id is None:
            self.chat.focus_composer()

    def _toggle(self, page: str) -> None:
        self.show_page(CONVERSATION if self._page == page else page)

    def _escape(self) -> None:
        """Leave a page for the conversation; else stop a run; else take the newest notice away."""
        if self._page != CONVERSATION:
            self.show_page(CONVERSATION)
        elif self.chat.presenter.flight is not None:
            self.chat.stop()
        else:
            self.notice_stack.dismiss_newest()

    def _next_pane(self) -> None:
        """Move the keyboard from threads to the page to the source, and round again."""
        focus = QApplication.focusWidget()
        if focus is not None and self.left.isAncestorOf(focus):
            self._focus_page()
        elif focus is not None and self.middle.isAncestorOf(focus) and self.viewer.isVisible():
            self.viewer.tabs.setFocus()
        else:
            self.threads.focus_list()

    def _focus_page(self) -> None:
        if self._page == CONVERSATION:
            self.chat.focus_composer()
        elif self._page == LIBRARY:
            self.library.focus_page()
        else:
            self.settings.focus_page()

    # What the panes say

    def _follow_thread(self, thread: "Thread") -> None:
        shown = self.chat.presenter.thread_id
        self.threads.presenter.follow(thread.id if thread.id == shown else self.threads.presenter.current)

    def _show_flight(self, flight: "Flight") -> None:
        if flight.thread_id is None:  # the first question of a new thread is on its way
            self.notices.withdraw("import")
        else:
            self.threads.presenter.show_flight(flight.thread_id, flight.words.removesuffix(":"))

    def _land_flight(self, thread_id: str | None) -> None:
        if thread_id is not None:
            self.threads.presenter.show_flight(thread_id, "")

    def _tell_answered(self, answer: "Message") -> None:
        """Mark and tell of an answer that nobody sees arriving."""
        if self._seen_thread() != answer.thread_id:
            self.threads.presenter.mark_unread(answer.thread_id)
        from hrdesk.core.threads import MessageStatus  # not before the first paint

        whole = answer.status is MessageStatus.COMPLETED
        self._tell(ANSWER_READY if whole else ANSWER_BROKEN, answer.thread_id)
        if answer.cost:
            self.tasks.start(self._warn(), "look at the budget")

    async def _warn(self) -> None:
        """Say when the month's budget runs out."""
        words = await self._warning() if self._warning is not None else ""
        if words:
            self.notices.notify(words, "caution", key="budget")

    def _tell_asked(self, thread_id: str) -> None:
        self._tell(LEAVE_ASKED, thread_id)

    def _tell(self, words: str, thread_id: str) -> None:
        if QApplication.activeWindow() is None and not self.is_closing:
            self.notifier.tell(words, thread_id)

    def _seen_thread(self) -> str | None:
        """Return the thread that the user looks at now."""
        looks = QApplication.activeWindow() is not None and self._page == CONVERSATION
        return self.chat.presenter.thread_id if looks else None

    def _look(self, _window: object = None) -> None:
        """Take in that the user may have come back: what is looked at is read."""
        if QApplication.activeWindow() is not None and self.isVisible():
            self.notifier.withdraw()
            self.threads.presenter.mark_read(self._seen_thread())

    def _come_to(self, thread_id: str) -> None:
        """Show the window and the thread that a notification told of."""
        self.showNormal() if self.isMinimized() else self.show()
        self.raise_()
        self.activateWindow()
        self.threads.presenter.open(thread_id)
        self.threads.presenter.reload()

    def _show_citation(self, citation: "Citation") -> None:
        self.show_page(CONVERSATION)
        self.viewer.show_citation(citation)

    def _show_seen(self, run_id: str) -> None:
        self.show_page(CONVERSATION)
        self.viewer.show_seen(run_id)

    def _show_versions(self, older: str, newer: str) -> None:
        self.show_page(CONVERSATION)
        self.viewer.show_versions(newer, older)

    def _keep_golden(self, question: str, citations: "Sequence[Citation]") -> None:
        from hrdesk.core.evaluations import Gold  # not before the first paint

        gold = [Gold(citation.file, citation.quote) for citation in citations]
        self.library.presenter.questions.add(question, gold)

    def _show_counts(self, counts: "Counts") -> None:
        if not self.library.presenter.imports.is_running:
            self.navigation.show_counts(counts)
        self.chat.show_library(counts.ready)

    def _tell_import(self, counts: "Counts") -> None:
        """Say how an import ended, unless the library page shows it."""
        self.navigation.show_counts(self.library.presenter.model.counts)
        if self._page != LIBRARY:
            self.library.presenter.imports.tell_end(
                counts, lambda: self.show_page(LIBRARY), self.library.ask_password
            )

    def _show_connection(self, connection: "Connection") -> None:
        self._use(connection.name)
        self.chat.show_connection(connection)

    def _apply_settings(self, settings: Settings) -> None:
        app = QApplication.instance()
        if isinstance(app, QApplication):
            theme.apply(app, settings.theme, settings.text_size / 100)


def _inside(frame: QWidget) -> QVBoxLayout:
    layout = frame.layout()
    assert isinstance(layout, QVBoxLayout)
    return layout
