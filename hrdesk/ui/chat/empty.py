"""What a conversation shows before its first question: what can be asked, and where policies go in."""

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout, QWidget

from hrdesk.ui import theme

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
        self._examples.setVisible(bool(files))
        self._drop.setVisible(not files)
        if files:
            some = "1 file" if files == 1 else f"{files} files"
            self._lead.setText(
                f"Answers quote the {some} in your library, and every claim opens the page it comes from. "
                "Nothing leaves this computer."
            )
        else:
            self._lead.setText(
                "Answers quote your own files, and every claim opens the page it comes from. "
                "Nothing leaves this computer."
            )


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
        kinds = theme.label("PDF, Word, Markdown, HTML or text; whole folders too", tone="small")
        add = theme.button("Choose files", kind="primary", drawing="upload")
        add.clicked.connect(self.add_clicked)
        for part in (words, kinds, add):
            column.addWidget(part, 0, Qt.AlignmentFlag.AlignHCenter)
            if part is kinds:
                column.addSpacing(8)

    def sizeHint(self) -> QSize:
        return super().sizeHint().expandedTo(QSize(360, 0))
