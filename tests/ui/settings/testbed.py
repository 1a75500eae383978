"""The settings page over fake services, with the verbs of a user."""

import asyncio
from collections.abc import Coroutine
from pathlib import Path
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QCheckBox, QComboBox, QLineEdit, QPushButton, QWidget

from hrdesk.system.settings import Settings
from hrdesk.ui.notices import Notice, Notices
from hrdesk.ui.settings.pane import SettingsPane
from hrdesk.ui.tasks import Tasks
from tests.ui.fakes import Reports
from tests.ui.settings.fakes import FakeDesk, FakeFolders


class Testbed:
    """A page and what it says."""

    __test__ = False

    def __init__(self, qtbot, folder: Path, settings: Settings | None = None) -> None:
        self.qtbot = qtbot
        self.desk = FakeDesk(FakeFolders(folder))
        self.connections = self.desk.connections
        self.reports = Reports()
        self.tasks = Tasks(self.reports)
        self.notices: list[Notice] = []
        notices = Notices()
        notices.notified.connect(self.notices.append)
        self.path = folder / "settings.json"
        self.pane = SettingsPane(self.tasks, notices, settings or Settings(), self.path)
        self.pane.resize(900, 800)
        qtbot.addWidget(self.pane)
        self.pane.show()
        self.pane.attach(self.desk)
        self.settle()

    # Waiting

    def settle(self) -> None:
        self.qtbot.waitUntil(lambda: not self.tasks.names)

    def run(self, coroutine: Coroutine[Any, Any, Any]) -> None:
        self.tasks.start(coroutine, "prepare")
        self.settle()
        self.pane.presenter.offer(self.pane.presenter.settings.connection)
        self.settle()

    def close_gate(self) -> asyncio.Event:
        self.connections.gate = asyncio.Event()
        return self.connections.gate

    # What a user does

    def find(self, kind: type[QWidget], name: str) -> Any:
        found = [one for one in self.pane.findChildren(kind) if one.accessibleName() == name]
        visible = [one for one in found if one.isVisible()]
        assert visible, f"{name} is not to be seen"
        return visible[0]

    def press(self, name: str, *, wait: bool = True) -> None:
        self.qtbot.mouseClick(self.find(QPushButton, name), Qt.MouseButton.LeftButton)
        if wait:
            self.settle()
        else:
            self.qtbot.waitUntil(lambda: bool(self.connections.asked))

    def type(self, name: str, text: str) -> None:
        field = self.find(QLineEdit, name)
        field.selectAll()
        if text:
            self.qtbot.keyClicks(field, text)
        else:
            self.qtbot.keyClick(field, Qt.Key.Key_Delete)

    def tick(self, name: str) -> None:
        self.find(QCheckBox, name).click()
        self.settle()

    def pick(self, name: str, words: str) -> None:
        box = self.find(QComboBox, name)
        at = box.findText(words)
        assert at >= 0, [box.itemText(index) for index in range(box.count())]
        box.setCurrentIndex(at)
        box.activated.emit(at)
        self.settle()

    def choose(self, name: str) -> None:
        chooser = self.pane.connection.chooser
        chooser.setCurrentIndex(chooser.findData(name))
        chooser.activated.emit(chooser.currentIndex())
        self.settle()

    def store(self, key: str) -> None:
        self.qtbot.keyClicks(self.pane.connection.key.field, key)
        self.press("Store key")

    # What the page says

    @property
    def words(self) -> str:
        return str(self.pane.connection.key.words.text())

    @property
    def trial(self) -> str:
        return str(self.pane.connection.doing.line.words.text())
