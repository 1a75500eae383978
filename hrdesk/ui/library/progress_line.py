"""The line that tells how far the import is, with Pause, Go on and Cancel."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QProgressBar

from hrdesk.ui import theme
from hrdesk.ui.library.progress import Progress

STEPS = 1_000


class ProgressLine(QFrame):
    """Hidden while nothing is imported."""

    pause_clicked = Signal()
    go_on_clicked = Signal()
    cancel_clicked = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setProperty("kind", "card")
        self._words = theme.label("")
        self._bar = QProgressBar()
        self._bar.setAccessibleName("Import progress")
        self._bar.setTextVisible(False)
        self._bar.setRange(0, STEPS)
        self._bar.setFixedWidth(180)
        self.pause = theme.button("Pause", name="Pause import")
        self.go_on = theme.button("Go on", name="Go on with import", kind="primary")
        self.cancel = theme.button("Cancel", name="Cancel import")
        self.pause.clicked.connect(self.pause_clicked)
        self.go_on.clicked.connect(self.go_on_clicked)
        self.cancel.clicked.connect(self.cancel_clicked)
        row = QHBoxLayout(self)
        row.setContentsMargins(16, 8, 8, 8)
        row.setSpacing(8)
        row.addWidget(self._words, 1)
        row.addWidget(self._bar)
        row.addSpacing(4)
        for button in (self.pause, self.go_on, self.cancel):
            row.addWidget(button)
        self.go_on.hide()
        self.hide()

    def show_progress(self, progress: Progress) -> None:
        """Show where the import is; nothing without files."""
        self.setVisible(progress.total > 0)
        if not progress.total:
            return
        self._words.setText(progress.sentence)
        self._words.setToolTip(progress.current)
        self._bar.setValue(round(progress.share * STEPS))
        if self.pause.isHidden() is not progress.is_paused:
            focus = self.pause.hasFocus() or self.go_on.hasFocus()
            self.pause.setVisible(not progress.is_paused)
            self.go_on.setVisible(progress.is_paused)
            if focus:  # whoever pressed one button with a key finds the other
                (self.go_on if progress.is_paused else self.pause).setFocus()
