"""Notifications go to the first channel that is there, and never make a trouble."""

import pytest
from PySide6.QtCore import QObject
from PySide6.QtWidgets import QWidget

from hrdesk.ui.notify import OPEN, TITLE, Notifier, Portal, Tray


class FakeChannel:
    def __init__(self, *, there: bool = True) -> None:
        self.there = there
        self.shown: list[tuple[str, str]] = []
        self.withdrawn = 0

    def show(self, words: str, place: str) -> bool:
        self.shown.append((words, place))
        return self.there

    def withdraw(self) -> None:
        self.withdrawn += 1


@pytest.fixture
def window(themed, qtbot):
    made = QWidget()
    qtbot.addWidget(made)
    return made


def test_the_first_channel_that_is_there_tells(window):
    gone, here, spare = FakeChannel(there=False), FakeChannel(), FakeChannel()
    notifier = Notifier(window, (gone, here, spare))
    notifier.tell("An answer is ready.", "thread_1")
    assert here.shown == [("An answer is ready.", "thread_1")] and spare.shown == []
    notifier.withdraw()
    assert here.withdrawn == 1


def test_without_any_channel_nothing_happens(window, monkeypatch, tmp_path):
    monkeypatch.delenv("DBUS_SESSION_BUS_ADDRESS", raising=False)
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(tmp_path))
    assert Portal.find(window) is None
    assert Tray(window).show("An answer is ready.", "thread_1") is False  # offscreen has no tray
    notifier = Notifier(window)
    notifier.tell("An answer is ready.", "thread_1")
    notifier.withdraw()


class SilentPortal(Portal):
    """A portal that writes down what it would send: the real bus may be somebody's desktop."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self.sent: list[tuple[object, ...]] = []

    def _call(self, verb: str, *arguments: object) -> None:
        self.sent.append((verb, *arguments))


def test_the_portal_is_told_no_contents_and_takes_its_words_back(window):
    portal = SilentPortal(window)
    assert portal.show("An answer is ready.", "thread_1")
    told = {"title": TITLE, "body": "An answer is ready.", "default-action": OPEN}
    portal.withdraw()
    portal.withdraw()
    assert portal.sent == [("AddNotification", TITLE, told), ("RemoveNotification", TITLE)]


def test_a_click_names_the_place_and_others_notifications_are_not_ours(window):
    portal = SilentPortal(window)
    told: list[str] = []
    portal.clicked.connect(told.append)
    portal.take(TITLE, OPEN, [])
    assert told == []
    portal.show("An answer is ready.", "thread_1")
    portal.take("someone", OPEN, [])
    portal.take(TITLE, "other", [])
    portal.take(TITLE, OPEN, [])
    assert told == ["thread_1"]
