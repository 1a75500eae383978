"""The window as a frame: pages, keys, dropped files, size. The main job is in tests/e2e."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDragLeaveEvent, QDropEvent
from PySide6.QtWidgets import QApplication, QPushButton

from hrdesk.core.errors import HrdeskError
from hrdesk.core.threads import MessageStatus
from hrdesk.system.settings import Settings
from hrdesk.ui.frame import local_files
from hrdesk.ui.window import ANSWER_READY, CONVERSATION, LEAVE_ASKED, LIBRARY, SETTINGS, MainWindow
from tests.ui.chat.fakes import answer
from tests.ui.fakes import FakeLibrary, FakeThreads

COPY = Qt.DropAction.CopyAction


@pytest.fixture
def window(qloop, qtbot) -> Iterator[MainWindow]:
    made = MainWindow()
    made.show()
    made.furnish()
    made.activateWindow()
    qtbot.waitUntil(made.isActiveWindow)
    yield made
    closing = qloop.create_task(made.put_away())
    qtbot.waitUntil(closing.done)
    made.hide()
    made.deleteLater()


def _press(qtbot, window, key, modifier=Qt.KeyboardModifier.NoModifier) -> None:
    qtbot.keyClick(QApplication.focusWidget() or window, key, modifier)


def test_the_empty_frame_has_its_three_columns_where_they_stay(qloop, qtbot):
    made = MainWindow()
    made.show()
    before = made.columns.sizes()
    assert before == sorted(before, key=lambda width: before.index(width))
    made.furnish()
    assert made.columns.sizes() == before
    made.hide()
    made.deleteLater()


def test_keys_show_the_pages_and_escape_leads_back(window, qtbot):
    _press(qtbot, window, Qt.Key.Key_L, Qt.KeyboardModifier.ControlModifier)
    assert window.page == LIBRARY
    assert window.library.isVisible() and not window.viewer.isVisible()
    assert window.navigation.library.isChecked()
    _press(qtbot, window, Qt.Key.Key_Comma, Qt.KeyboardModifier.ControlModifier)
    assert window.page == SETTINGS and window.settings.isVisible()
    _press(qtbot, window, Qt.Key.Key_Escape)
    assert window.page == CONVERSATION and window.viewer.isVisible()


def test_a_second_press_leads_back_to_the_conversation(window, qtbot):
    button = window.navigation.library
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
    assert window.page == LIBRARY
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
    assert window.page == CONVERSATION and not button.isChecked()


def test_control_f_searches_and_control_n_begins_a_thread(window, qtbot):
    window.show_page(SETTINGS)
    _press(qtbot, window, Qt.Key.Key_F, Qt.KeyboardModifier.ControlModifier)
    assert QApplication.focusWidget() is window.threads.search
    _press(qtbot, window, Qt.Key.Key_N, Qt.KeyboardModifier.ControlModifier)
    assert window.page == CONVERSATION
    assert window.chat.isAncestorOf(QApplication.focusWidget())


def test_f6_goes_round_the_columns(window, qtbot):
    window.threads.attach(FakeThreads())
    qtbot.waitUntil(lambda: window.threads.list.isVisible() and not window.tasks.names)
    window.chat.focus_composer()
    visited = []
    for _ in range(3):
        _press(qtbot, window, Qt.Key.Key_F6)
        focus = QApplication.focusWidget()
        visited.append(
            [pane for pane in ("left", "middle", "viewer") if getattr(window, pane).isAncestorOf(focus)]
        )
    assert visited == [["viewer"], ["left"], ["middle"]]


def test_escape_takes_the_newest_notice_away(window, qtbot):
    window.notices.notify("Something to know.", "caution")
    _press(qtbot, window, Qt.Key.Key_Escape)
    assert window.notice_stack.cards == []


def test_every_button_can_be_reached_and_has_a_name(window):
    for button in window.findChildren(QPushButton):
        assert button.accessibleName() or button.text(), button
        assert button.focusPolicy() != Qt.FocusPolicy.NoFocus or not button.isVisible(), (
            button.accessibleName()
        )


def test_dropped_files_are_added_and_said(window, qtbot):
    window.library.attach(FakeLibrary())
    qtbot.waitUntil(lambda: not window.tasks.names)
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile("/x/leave.pdf"), QUrl("https://example.org/remote.pdf")])
    _send(window, QDragEnterEvent(QPointF(500, 300).toPoint(), COPY, data, *_hands()))
    assert window._sheet is not None and window._sheet.isVisible()
    _send(window, QDropEvent(QPointF(500, 300), COPY, data, *_hands()))
    assert window._sheet is None
    qtbot.waitUntil(lambda: bool(window.notice_stack.cards))
    assert [file.file for file in window.library.presenter.model.files] == ["leave.pdf"]
    assert window.notice_stack.cards[0].notice.text == "1 file is ready to be asked."
    assert window.navigation._counts.text() == "1 file"
    window.notice_stack.cards[0].notice.action.run()
    assert window.page == LIBRARY and window.notice_stack.cards == []
    qtbot.waitUntil(lambda: not window.tasks.names)


class Told:
    """A notification channel that writes down what it shows."""

    def __init__(self) -> None:
        self.shown: list[tuple[str, str]] = []

    def show(self, words: str, place: str) -> bool:
        self.shown.append((words, place))
        return True

    def withdraw(self) -> None:
        self.shown.clear()


def test_an_answer_in_another_thread_is_marked_and_one_in_sight_is_not(window, qtbot):
    told = window.notifier._channels = (Told(),)
    window.chat.presenter.thread_id = "thread_1"
    window.chat.answered.emit(answer(1))
    assert window.threads.presenter._unread == set()
    window.chat.answered.emit(answer(2, thread="thread_2"))
    assert window.threads.presenter._unread == {"thread_2"} and told[0].shown == []


def test_an_answer_while_another_page_is_shown_is_read_on_return(window):
    window.chat.presenter.thread_id = "thread_1"
    window.show_page(LIBRARY)
    window.chat.answered.emit(answer(1))
    assert window.threads.presenter._unread == {"thread_1"}
    window.show_page(CONVERSATION)
    assert window.threads.presenter._unread == set()


def test_in_the_background_the_desktop_is_told_without_contents(window, qtbot):
    (told,) = window.notifier._channels = (Told(),)
    window.chat.presenter.thread_id = "thread_1"
    window.hide()
    qtbot.waitUntil(lambda: QApplication.activeWindow() is None)
    window.chat.answered.emit(answer(1))
    window.chat.confirmation_asked.emit("thread_1")
    assert [place for _words, place in told.shown] == ["thread_1", "thread_1"]
    assert [words for words, _place in told.shown] == [ANSWER_READY, LEAVE_ASKED]
    assert window.threads.presenter._unread == {"thread_1"}
    window.notifier.clicked.emit("thread_1")
    assert window.isVisible() and window.threads.presenter.current == "thread_1"
    assert window.threads.presenter._unread == set()


def test_nothing_is_told_while_the_window_is_put_away(window, qtbot):
    (told,) = window.notifier._channels = (Told(),)
    window.close()
    qtbot.waitUntil(lambda: QApplication.activeWindow() is None)
    window.chat.answered.emit(answer(1, status=MessageStatus.INCOMPLETE))
    assert told.shown == []


def test_coming_back_to_the_window_takes_its_notification_away(window):
    (told,) = window.notifier._channels = (Told(),)
    window.notifier.tell(ANSWER_READY, "thread_1")
    window.threads.presenter.mark_unread("thread_1")
    window.chat.presenter.thread_id = "thread_1"
    app = QApplication.instance()
    assert isinstance(app, QApplication)
    app.focusWindowChanged.emit(window.windowHandle())
    assert told.shown == [] and window.threads.presenter._unread == set()


def test_what_is_dragged_away_leaves_no_sheet(window):
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile("/x/leave.pdf")])
    _send(window, QDragEnterEvent(QPointF(500, 300).toPoint(), COPY, data, *_hands()))
    _send(window, QDragLeaveEvent())
    assert window._sheet is None


def test_only_files_of_this_computer_are_taken():
    data = QMimeData()
    data.setText("just text")
    assert local_files(data) == []
    data.setUrls([QUrl("https://example.org/x.pdf"), QUrl.fromLocalFile("/a/b.pdf")])
    assert local_files(data) == [Path("/a/b.pdf")]


def test_text_dragged_over_the_window_is_refused(window):
    data = QMimeData()
    data.setText("just text")
    event = QDragEnterEvent(QPointF(500, 300).toPoint(), COPY, data, *_hands())
    event.ignore()
    _send(window, event)
    assert not event.isAccepted() and window._sheet is None


def test_size_and_columns_are_found_again(window, qloop, qtbot, tmp_path):
    window.resize(940, 640)  # no wider than the screen of the tests, or the width is not kept
    window.columns.setSizes([230, 405, 305])
    state = window.layout_state()
    again = MainWindow(Settings(**state))
    again.show()
    assert again.size() == window.size()
    again.furnish()
    assert again.columns.sizes() == window.columns.sizes()
    again.hide()
    again.deleteLater()


def test_closing_is_said_once_and_hides_the_window(window, qtbot):
    told = []
    window.closed.connect(lambda: told.append("closed"))
    window.close()
    window.close()
    assert told == ["closed"] and not window.isVisible() and window.is_closing


def test_a_trouble_covers_everything_and_offers_to_try_again(window, qtbot, themed):
    window.show_trouble(HrdeskError("The data is in use.", "Close the other window."))
    assert window.trouble.isVisible() and not window.chat.isVisible()
    with qtbot.waitSignal(window.retry_clicked):
        qtbot.mouseClick(window.trouble.retry, Qt.MouseButton.LeftButton)


def test_a_long_trouble_is_shown_whole(window, qtbot):
    window.show_trouble(
        HrdeskError("The data was written by a newer version of hrdesk. " * 2, "Advice. " * 40)
    )
    qtbot.waitUntil(lambda: window.trouble._advice.height() > 0)
    for words in (window.trouble._title, window.trouble._advice):
        qtbot.waitUntil(lambda words=words: words.height() >= words.heightForWidth(words.width()))


def _send(window, event) -> None:
    QApplication.sendEvent(window, event)


def _hands():
    return Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
