"""The card that says where the data lies and how it is protected, and the one about hrdesk."""

from pathlib import Path

from PySide6.QtCore import QUrl
from PySide6.QtGui import QDesktopServices

from hrdesk import __version__
from hrdesk.ui import theme
from hrdesk.ui.plain import PlainText
from hrdesk.ui.settings.section import Section, say, side_by_side


class DataCard(Section):
    """Where the data lies and how it is protected."""

    def __init__(self) -> None:
        super().__init__("Your data", "Threads, policies and records stay in one folder on this computer.")
        self._folder: Path | None = None
        self.path = PlainText("Data folder", 4)
        self.storage = theme.label("", "muted", wrap=True)
        self.storage.setAccessibleName("Protection")
        self.open = theme.button("Open folder", drawing="folder-open")
        self.open.setEnabled(False)
        self.open.clicked.connect(self._open_folder)
        self.add_row("Folder", side_by_side(self.path, self.open))
        self.add_row("Protection", self.storage)

    def show_folder(self, folder: Path, storage: str) -> None:
        """Show the folder and the sentence on its protection."""
        self._folder = folder
        self.path.show_text(str(folder))
        say(self.storage, storage)
        self.open.setEnabled(True)

    def _open_folder(self) -> None:
        if self._folder is not None:
            QDesktopServices.openUrl(QUrl.fromLocalFile(str(self._folder)))


class AboutCard(Section):
    """What this is."""

    def __init__(self) -> None:
        super().__init__("About")
        words = f"hrdesk {__version__}. Every answer shows the sentences of your policies that it rests on."
        self.add_widget(theme.label(words, "muted", wrap=True))
