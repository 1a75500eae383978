"""The foot of the left column: the way to the library and to the settings."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from hrdesk.ui import theme
from hrdesk.ui.library.progress import Progress
from hrdesk.ui.library.words import Counts, plural


class Navigation(QWidget):
    """Two buttons; the one of the page shown is checked."""

    library_clicked = Signal()
    settings_clicked = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._counts = theme.label("", "small")
        self._counts.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.library = _nav_button("Library", "library", "Ctrl+L")
        self.settings = _nav_button("Settings", "settings", "Ctrl+,")
        self.library.clicked.connect(self.library_clicked)
        self.settings.clicked.connect(self.settings_clicked)
        inside = QHBoxLayout(self.library)
        inside.setContentsMargins(0, 0, 10, 0)
        inside.addWidget(self._counts, 0, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        column = QVBoxLayout(self)
        column.setContentsMargins(12, 8, 12, 12)
        column.setSpacing(2)
        column.addWidget(self.library)
        column.addWidget(self.settings)

    def show_counts(self, counts: Counts) -> None:
        """Say how many files the library has."""
        self._counts.setText(plural(counts.files) if counts.files else "")

    def show_progress(self, progress: Progress) -> None:
        """Say how far an import is."""
        if progress.total:
            words = f"{progress.done:,} of {progress.total:,}"
            self._counts.setText(f"Paused, {words}" if progress.is_paused else f"{words} read")

    def show_page(self, page: str) -> None:
        """Check the button of the page shown."""
        self.library.setChecked(page == "library")
        self.settings.setChecked(page == "settings")


def _nav_button(text: str, drawing: str, keys: str) -> QPushButton:
    made = theme.button(text, name=f"Open {text.lower()}", drawing=drawing, kind="nav")
    made.setCheckable(True)
    made.setToolTip(f"{text} ({QKeySequence(keys).toString(QKeySequence.SequenceFormat.NativeText)})")
    return made
