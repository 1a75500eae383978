"""The column of threads, used as a user does."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLineEdit, QPushButton

from hrdesk.core.errors import HrdeskError
from hrdesk.ui.notices import Notice, Notices
from hrdesk.ui.tasks import Tasks
from hrdesk.ui.threads.model import RUNNING_ROLE, UNREAD_ROLE
from hrdesk.ui.threads.pane import ThreadsPane
from hrdesk.ui.threads.presenter import ThreadsPresenter
from tests.ui.fakes import NOW, FakeThreads, Reports

SICK = "thread_Sick days in the first year"
JURY = "thread_Jury duty and annual leave"


class Testbed:
    """A pane over fake threads, with the verbs of a user."""

    __test__ = False

    def __init__(self, qtbot, threads: FakeThreads) -> None:
        self.qtbot, self.threads = qtbot, threads
        self.reports = Reports()
        self.shown: list[Notice] = []
        self.opened: list[str | None] = []
        notices = Notices()
        notices.notified.connect(self.shown.append)
        self.tasks = Tasks(self.reports)
        presenter = ThreadsPresenter(self.tasks, notices, now=lambda: NOW)
        presenter.opened.connect(self.opened.append)
        self.pane = ThreadsPane(self.tasks, notices, presenter)
        self.pane.resize(268, 800)
        qtbot.addWidget(self.pane)
        self.pane.show()
        self.pane.attach(threads)
        self.settle()

    def settle(self) -> None:
        presenter = self.pane.presenter
        self.qtbot.waitUntil(lambda: not self.tasks.names and not presenter._pause.isActive())

    def titles(self) -> list[str]:
        return [thread.title for thread in self.pane.presenter.model.threads]

    def click(self, thread_id: str, button=Qt.MouseButton.LeftButton) -> None:
        where = self.pane.list.visualRect(self.pane.presenter.model.index_of(thread_id)).center()
        self.qtbot.mouseClick(self.pane.list.viewport(), button, pos=where)

    def press(self, key: Qt.Key) -> None:
        self.qtbot.keyClick(self.pane.list, key)

    @property
    def counts(self) -> str:
        return str(self.pane._counts.text())

    @property
    def notice(self) -> Notice:
        return self.shown[-1]


@pytest.fixture
def bed(qloop, qtbot) -> Testbed:
    return Testbed(qtbot, FakeThreads())


def test_threads_are_listed_and_counted(bed):
    assert len(bed.titles()) == 7
    assert bed.counts == "7 threads"


def test_names_for_screen_readers(bed):
    assert bed.pane.list.accessibleName() == "Threads"
    assert bed.pane.search.accessibleName() == "Search threads"
    assert [button.accessibleName() for button in bed.pane.findChildren(QPushButton)] == ["New thread"]


def test_a_click_opens_a_thread_also_when_it_is_open_already(bed):
    bed.click(SICK)
    bed.click(SICK)
    assert bed.opened == [SICK, SICK]


def test_arrow_keys_open_the_next_thread(bed):
    bed.click(SICK)
    bed.press(Qt.Key.Key_Down)
    assert bed.opened[-1] == "thread_Parental leave, adoptive parents"


def test_search_hides_what_does_not_match_and_says_how_much(bed):
    bed.qtbot.keyClicks(bed.pane.search, "leave")
    bed.settle()
    assert bed.titles() == [
        "Sick days in the first year",
        "Parental leave, adoptive parents",
        "Jury duty and annual leave",
    ]
    assert bed.counts == "3 threads · 4 hidden by filter"


def test_typing_quickly_asks_once(bed):
    before = len(bed.threads.calls)
    bed.qtbot.keyClicks(bed.pane.search, "bereavement")
    bed.settle()
    assert bed.threads.calls[before:] == [("threads", "bereavement")]


def test_escape_empties_the_search(bed):
    bed.qtbot.keyClicks(bed.pane.search, "leave")
    bed.qtbot.keyClick(bed.pane.search, Qt.Key.Key_Escape)
    bed.settle()
    assert len(bed.titles()) == 7


def test_nothing_found_is_said_in_words(bed):
    bed.qtbot.keyClicks(bed.pane.search, "zebra")
    bed.settle()
    assert bed.pane._empty.isVisible() and not bed.pane.list.isVisible()
    assert bed.pane._empty_title.text() == "Nothing found"


def test_no_threads_yet_is_said_in_words(qloop, qtbot):
    bed = Testbed(qtbot, FakeThreads([]))
    assert bed.pane._empty_title.text() == "No threads yet"
    assert bed.counts == ""


def test_f2_renames_in_place(bed):
    bed.click(SICK)
    bed.press(Qt.Key.Key_F2)
    [editor] = bed.pane.list.findChildren(QLineEdit)
    assert editor.text() == "Sick days in the first year"
    editor.setText("Sick leave")
    bed.qtbot.keyClick(editor, Qt.Key.Key_Return)
    bed.qtbot.waitUntil(lambda: "Sick leave" in bed.titles())
    assert bed.threads.kept[SICK].title == "Sick leave"


def test_delete_takes_the_thread_away_and_undo_brings_it_back(bed):
    bed.click(JURY)
    bed.press(Qt.Key.Key_Delete)
    bed.settle()
    assert "Jury duty and annual leave" not in bed.titles()
    assert bed.opened[-1] is None
    assert bed.notice.text == "“Jury duty and annual leave” was deleted."
    bed.notice.action.run()
    bed.settle()
    assert bed.titles()[-1] == "Jury duty and annual leave"


def test_a_pinned_thread_goes_to_the_top(bed):
    bed.pane.presenter.pin(JURY, True)
    bed.settle()
    assert bed.titles()[0] == "Jury duty and annual leave"


def test_the_menu_offers_what_the_keys_do(bed):
    index = bed.pane.presenter.model.index_of(SICK)
    menu = bed.pane.list.menu(index, bed.pane.presenter.model.thread_at(index))
    assert [action.text() for action in menu.actions()] == ["Rename\tF2", "Pin to top", "Delete\tDel"]
    menu.deleteLater()


def test_a_running_thread_says_what_its_run_does_until_it_ends(bed):
    bed.pane.presenter.show_flight(SICK, "Looking up: sick leave")
    index = bed.pane.presenter.model.index_of(SICK)
    assert index.data(RUNNING_ROLE) == "Looking up: sick leave"
    bed.pane.presenter.show_flight(SICK, "")
    assert index.data(RUNNING_ROLE) is None


def test_an_unread_answer_is_marked_until_its_thread_is_opened_also_after_reloading(bed):
    bed.pane.presenter.mark_unread(SICK)
    bed.pane.presenter.reload()
    bed.settle()
    assert bed.pane.presenter.model.index_of(SICK).data(UNREAD_ROLE) is True
    bed.click(SICK)
    assert bed.pane.presenter.model.index_of(SICK).data(UNREAD_ROLE) is False


def test_running_and_unread_threads_look_different(bed):
    pictures = [bed.pane.grab().toImage()]
    bed.pane.presenter.show_flight(SICK, "Full-time staff accrue 10 days of paid sick leave")
    pictures.append(bed.pane.grab().toImage())
    bed.pane.presenter.show_flight(SICK, "")
    bed.pane.presenter.mark_unread(SICK)
    pictures.append(bed.pane.grab().toImage())
    assert pictures[0] != pictures[1] != pictures[2] != pictures[0]


def test_a_trouble_is_reported_and_the_list_stays(bed):
    bed.threads.trouble = HrdeskError("The disk is full.")
    bed.pane.presenter.pin(SICK, True)
    bed.settle()
    assert [str(error) for error in bed.reports.errors] == ["The disk is full."]
    assert len(bed.titles()) == 7


def test_the_open_thread_stays_selected_while_the_list_changes(bed):
    bed.click(JURY)
    bed.threads.in_flight = {SICK}
    bed.pane.presenter.reload()
    bed.settle()
    assert bed.pane.list.currentIndex() == bed.pane.presenter.model.index_of(JURY)
    assert bed.opened == [JURY]


def test_everything_is_painted_in_both_themes(bed, themed):
    from hrdesk.ui import theme

    bed.threads.in_flight = {SICK}
    bed.pane.presenter.pin(JURY, True)
    bed.settle()
    light = bed.pane.grab().toImage()
    theme.apply(themed, "dark")
    assert bed.pane.grab().toImage() != light
