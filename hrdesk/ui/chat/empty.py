"""What a conversation shows before its first question: what can be asked, and where policies go in."""

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout, QWidget

from hrdesk.core.connections import Connection
from hrdesk.ui import theme
from hrdesk.ui.formats import READABLE

EXAMPLES = (
    "How many days of paid sick leave do I get in the first year?",
    "What is the hotel limit for business travel?",
    "How far ahead must annual leave be requested?",
)


class EmptyState(QFrame):
    """Shown in place of the conversation while it has no messages."""

    example_clicked = Signal(str)
    add_clicked = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._files: int | None = None
        self._connection: Connection | None = None
        self._title = theme.label("Ask your own policies", tone="heading")
        self._lead = theme.label(wrap=True, tone="muted")
        self._examples = QWidget()
        self._drop = DropCard()
        self._drop.add_clicked.connect(self.add_clicked)
        self._fill_examples()
        self._lay_out()
        self.show_library(None)

    def _fill_examples(self) -> None:
        column = QVBoxLayout(self._examples)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        for question in EXAMPLES:
            chip = theme.button(question, drawing="search", size=14)
            chip.setStyleSheet("text-align: left; padding: 4px 12px;")
            chip.clicked.connect(lambda _checked=False, text=question: self.example_clicked.emit(text))
            column.addWidget(chip)

    def _lay_out(self) -> None:
        inner = QWidget()
        inner.setMaximumWidth(480)
        column = QVBoxLayout(inner)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(16)
        for part in (self._title, self._lead, self._examples, self._drop):
            column.addWidget(part)
        column.setSpacing(14)
        row = QHBoxLayout()
        row.addStretch(1)
        row.addWidget(inner, 10)
        row.addStretch(1)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(28, 24, 28, 12)
        outer.addStretch(2)
        outer.addLayout(row)
        outer.addStretch(3)

    def show_library(self, files: int | None) -> None:
        """Say how many files can be asked; None while that is not known."""
        self._files = files
        self._examples.setVisible(bool(files))
        self._drop.setVisible(not files)
        self._say()

    def show_connection(self, connection: Connection) -> None:
        """Say what leaves this computer."""
        self._connection = connection
        self._say()

    def _say(self) -> None:
        count = "1 file" if self._files == 1 else f"{self._files} files"
        own = f"the {count} in your library" if self._files else "your own files"
        opens = f"Answers quote {own}, and every claim opens the page it comes from."
        self._lead.setText(f"{opens} {leaving_words(self._connection)}")


def leaving_words(connection: Connection | None) -> str:
    """Return in a sentence what leaves this computer when a question is asked."""
    if connection is None or connection.is_local:
        return "Nothing leaves this computer."
    return f"Questions and the passages found for them are sent to {connection.host or connection.title}."


class DropCard(QFrame):
    """The invitation to bring the first policies."""

    add_clicked = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setProperty("kind", "card")
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 20, 24, 20)
        column.setSpacing(6)
        words = theme.label("Drop your policies here to begin", tone="strong")
        kinds = theme.label(f"{READABLE}; whole folders too", tone="small", wrap=True)
        kinds.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        add = theme.button("Choose files", kind="primary", drawing="upload")
        add.clicked.connect(self.add_clicked)
        column.addWidget(words, 0, Qt.AlignmentFlag.AlignHCenter)
        column.addWidget(kinds)
        column.addSpacing(8)
        column.addWidget(add, 0, Qt.AlignmentFlag.AlignHCenter)

    def sizeHint(self) -> QSize:
        return super().sizeHint().expandedTo(QSize(360, 0))
