"""Where a summary is edited, in place of the composer: before a fresh thread begins, or afterwards."""

from PySide6.QtCore import QEvent, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QTextCursor
from PySide6.QtWidgets import QFrame, QHBoxLayout, QPlainTextEdit, QPushButton, QVBoxLayout, QWidget

from hrdesk.ui import theme

LINES, FEWEST = 10, 3
FRESH = "The fresh thread begins with this text, and only with it. Change it as you like."
LATER = "This is what the thread was begun with. Later questions are answered with the changed text."


class SummaryPanel(QFrame):
    """A card with a text field; Escape leaves it, Ctrl+Enter takes it."""

    accepted = Signal(str)
    cancelled = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._title = theme.label(tone="strong", wrap=True)
        self._why = theme.label(tone="small", wrap=True)
        self.field = _Field()
        self._cancel = theme.button("Cancel", kind="quiet")
        self._take = theme.button("", kind="primary", name="Use summary")
        self._cancel.clicked.connect(self.cancelled)
        self._take.clicked.connect(self._accept)
        self.field.taken.connect(self._accept)
        self.field.left.connect(self.cancelled)
        self.field.textChanged.connect(self._change)
        self.setProperty("kind", "card")
        self.setAccessibleName("Summary")
        self._lay_out()
        self.hide()

    def _lay_out(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(14, 12, 11, 11)
        column.setSpacing(8)
        frame = QFrame()
        frame.setProperty("kind", "field")
        inside = QVBoxLayout(frame)
        inside.setContentsMargins(10, 8, 4, 8)
        inside.addWidget(self.field)
        foot = QHBoxLayout()
        foot.setSpacing(8)
        foot.addStretch(1)
        foot.addWidget(self._cancel)
        foot.addWidget(self._take)
        for part in (self._title, self._why, frame):
            column.addWidget(part)
        column.addLayout(foot)

    @property
    def take_button(self) -> QPushButton:
        """Return the button that takes the summary."""
        return self._take

    @property
    def cancel_button(self) -> QPushButton:
        """Return the button named Cancel."""
        return self._cancel

    def propose(self, text: str) -> None:
        """Let a summary be edited before a fresh thread begins with it."""
        self._open(text, "Continue in a fresh thread", FRESH, "Begin thread")

    def edit(self, text: str) -> None:
        """Let the summary of this thread be edited."""
        self._open(text, "Carried over", LATER, "Save")

    def _open(self, text: str, title: str, why: str, take: str) -> None:
        self._title.setText(title)
        self._why.setText(why)
        self._take.setText(take)
        self._take.setAccessibleName(take)
        self.field.setPlainText(text)
        self.field.moveCursor(QTextCursor.MoveOperation.Start)
        self.show()
        self.field.setFocus(Qt.FocusReason.OtherFocusReason)

    def _change(self) -> None:
        self._take.setEnabled(bool(self.field.toPlainText().strip()))

    def _accept(self) -> None:
        if self._take.isEnabled():
            self.accepted.emit(self.field.toPlainText())


class _Field(QPlainTextEdit):
    """The summary as plain text."""

    taken = Signal()
    left = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setAccessibleName("Summary text")
        self.setPlaceholderText("What the fresh thread should know")
        self.setTabChangesFocus(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.document().setDocumentMargin(0)
        self.viewport().setAutoFillBackground(False)
        theme.watcher.changed.connect(self._fit)
        self._fit()

    def _fit(self) -> None:
        self.setMinimumHeight(self._lines(FEWEST))
        self.setMaximumHeight(self._lines(LINES))

    def _lines(self, count: int) -> int:
        return round(count * self.fontMetrics().lineSpacing()) + 2

    def sizeHint(self) -> QSize:
        return QSize(320, self._lines(LINES))

    def event(self, event: QEvent) -> bool:
        # Escape is a key of the window too; while one types here it means this panel.
        is_escape = isinstance(event, QKeyEvent) and event.key() == Qt.Key.Key_Escape
        if is_escape and event.type() == QEvent.Type.ShortcutOverride:
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        control = event.modifiers() & Qt.KeyboardModifier.ControlModifier
        if event.key() == Qt.Key.Key_Escape:
            self.left.emit()
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and control:
            self.taken.emit()
        else:
            super().keyPressEvent(event)
