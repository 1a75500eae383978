"""The library page over a fake library, with the verbs of a user."""

from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLineEdit, QPushButton, QWidget

from hrdesk.ui.library.pane import LibraryPane
from hrdesk.ui.notices import Notice, Notices
from hrdesk.ui.tasks import Tasks
from tests.ui.fakes import FakeLibrary, Reports


class Testbed:
    """A page over a fake library."""

    __test__ = False

    def __init__(self, qtbot: Any, library: FakeLibrary, *, settled: bool = True) -> None:
        self.qtbot, self.library = qtbot, library
        self.reports = Reports()
        self.shown: list[Notice] = []
        notices = Notices()
        notices.notified.connect(self.shown.append)
        self.tasks = Tasks(self.reports)
        self.pane = LibraryPane(self.tasks, notices)
        self.pane.resize(1100, 800)
        qtbot.addWidget(self.pane)
        self.pane.show()
        self.pane.attach(library)
        if settled:
            self.settle()

    def settle(self) -> None:
        """Wait until nothing happens any more."""
        presenter = self.pane.presenter
        self.qtbot.waitUntil(
            lambda: not (self.tasks.names or presenter.imports.is_running or self.pane._changed.isActive())
        )

    def rows(self) -> list[tuple[str, str]]:
        model = self.pane.table.model()
        return [(model.index(row, 0).data(), model.index(row, 4).data()) for row in range(model.rowCount())]

    def select(self, *names: str) -> None:
        self.pane.table.clearSelection()
        model = self.pane.table.model()
        for row in range(model.rowCount()):
            if model.index(row, 0).data() in names:
                flags = self.pane.table.selectionModel().SelectionFlag
                self.pane.table.selectionModel().select(model.index(row, 0), flags.Select | flags.Rows)
        self.settle()

    def named(self, kind: type[QWidget], name: str) -> Any:
        return next(
            each
            for each in self.pane.findChildren(kind)
            if each.accessibleName() == name and each.isVisible()
        )

    def press(self, text: str) -> None:
        self.qtbot.mouseClick(self.named(QPushButton, text), Qt.MouseButton.LeftButton)
        self.settle()

    def enter(self, name: str, text: str) -> None:
        """Type into a field and press Enter."""
        field = self.named(QLineEdit, name)
        field.selectAll()
        self.qtbot.keyClick(field, Qt.Key.Key_Delete)
        self.qtbot.keyClicks(field, text)
        self.qtbot.keyClick(field, Qt.Key.Key_Return)
        self.settle()

    def undo(self) -> None:
        """Press Undo in the newest notice."""
        assert self.notice.action is not None and self.notice.action.text == "Undo"
        self.notice.action.run()
        self.settle()

    @property
    def notice(self) -> Notice:
        return self.shown[-1]
