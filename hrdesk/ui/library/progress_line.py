"""The line that tells how far the import is, with Pause, Go on and Cancel."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QProgressBar, QSizePolicy

from hrdesk.ui import theme
from hrdesk.ui.library.progress import Progress
from hrdesk.ui.plain import visible

STEPS = 1_000
WIDE = 900  # pixels; with less there is no room for a bar beside the words
LEAST_NAME = 60


class ProgressLine(QFrame):
    """Hidden while nothing is imported."""

    pause_clicked = Signal()
    go_on_clicked = Signal()
    cancel_clicked = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setProperty("kind", "card")
        self._progress = Progress()
        self._words = theme.label("")
        self._words.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
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
        self._progress = progress
        if not progress.total:
            return
        self._fit()
        self._bar.setValue(round(progress.share * STEPS))
        if self.pause.isHidden() is not progress.is_paused:
            focus = self.pause.hasFocus() or self.go_on.hasFocus()
            self.pause.setVisible(not progress.is_paused)
            self.go_on.setVisible(progress.is_paused)
            if focus:  # whoever pressed one button with a key finds the other
                (self.go_on if progress.is_paused else self.pause).setFocus()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._bar.setVisible(self.width() >= WIDE)
        self._fit()

    def _fit(self) -> None:
        """Write the words into the room there is: the name of the file gives way, the time left stays."""
        name, metrics = visible(self._progress.current), self._words.fontMetrics()
        left = self._words.width() - metrics.horizontalAdvance(self._progress.naming("…"))
        name = metrics.elidedText(name, Qt.TextElideMode.ElideMiddle, left) if left >= LEAST_NAME else ""
        self._words.setText(self._progress.naming(name))
        self._words.setToolTip(visible(self._progress.sentence))
