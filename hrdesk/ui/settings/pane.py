"""The settings page as it is seen: a column of cards."""

from pathlib import Path

from PySide6.QtCore import Qt, QUrl
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from hrdesk import __version__
from hrdesk.system.settings import Settings
from hrdesk.ui import theme
from hrdesk.ui.settings.appearance import AppearanceCard
from hrdesk.ui.settings.connection import ConnectionCard
from hrdesk.ui.settings.ports import Connections
from hrdesk.ui.settings.presenter import SettingsPresenter
from hrdesk.ui.settings.section import Section
from hrdesk.ui.tasks import Tasks

WIDEST = 720


class SettingsPane(QWidget):
    """The page; what happens is in the presenter."""

    def __init__(self, tasks: Tasks, settings: Settings, path: Path | None = None) -> None:
        super().__init__()
        self.setAccessibleName("Settings")
        self.presenter = SettingsPresenter(tasks, settings, path, self)
        self.connection = ConnectionCard(self.presenter)
        self.appearance = AppearanceCard(self.presenter)
        self.data = _DataCard()
        column = _scrolled_column(self)
        column.addWidget(theme.label("Settings", "heading"))
        for card in (self.connection, self.data, self.appearance, _about()):
            column.addWidget(card)
        column.addStretch(1)

    def attach(self, connections: Connections, folder: Path, storage: str) -> None:
        """Begin to work. `storage` says in a sentence how the data in `folder` is protected."""
        self.connection.offer(connections.connections)
        self.data.show_folder(folder, storage)
        self.presenter.attach(connections)


class _DataCard(Section):
    """Where the data lies and how it is protected."""

    def __init__(self) -> None:
        super().__init__("Your data", "Threads, policies and records stay in one folder on this computer.")
        self._folder: Path | None = None
        self.path = theme.label("", "muted", wrap=True)
        self.path.setAccessibleName("Data folder")
        self.path.setTextInteractionFlags(
            Qt.TextInteractionFlag.TextSelectableByMouse | Qt.TextInteractionFlag.TextSelectableByKeyboard
        )
        self.storage = theme.label("", "muted", wrap=True)
        self.storage.setAccessibleName("Protection")
        place = QWidget()
        row = QHBoxLayout(place)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(self.path, 1)
        self.open = theme.button("Open folder", drawing="folder-open")
        self.open.setEnabled(False)
        self.open.clicked.connect(self._open_folder)
        row.addWidget(self.open)
        self.add_row("Folder", place)
        self.add_row("Protection", self.storage)

    def show_folder(self, folder: Path, storage: str) -> None:
        """Show the folder and the sentence on its protection."""
        self._folder = folder
        self.path.setText(str(folder))
        self.storage.setText(storage)
        self.open.setEnabled(True)

    def _open_folder(self) -> None:
        if self._folder is not None:
            QDesktopServices.openUrl(QUrl.fromLocalFile(str(self._folder)))


def _about() -> Section:
    card = Section("About")
    words = f"hrdesk {__version__}. Quotes your own policies and never adds a word of its own about them."
    card.add_widget(theme.label(words, "muted", wrap=True))
    return card


def _scrolled_column(page: QWidget) -> QVBoxLayout:
    """Return a column that scrolls, in the middle of `page` and at most `WIDEST` wide."""
    outer = QVBoxLayout(page)
    outer.setContentsMargins(0, 0, 0, 0)
    area = QScrollArea()
    area.setWidgetResizable(True)
    outer.addWidget(area)
    inside = QWidget()
    inside.setProperty("kind", "panel")
    area.setWidget(inside)
    return theme.centred_column(inside, WIDEST)
