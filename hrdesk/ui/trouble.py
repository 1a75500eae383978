"""What the window shows instead of everything else when the store cannot be opened."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout, QWidget

from hrdesk.core.errors import HrdeskError
from hrdesk.ui import theme

UNKNOWN = HrdeskError(
    "hrdesk could not open its data.", "Nothing was changed. Copy the report and pass it on, or try again."
)


class TroublePage(QWidget):
    """A calm message with advice and the offer to try again."""

    retry_clicked = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setProperty("kind", "ground")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._report = ""
        self._title = theme.label("", "heading", wrap=True)
        self._advice = theme.label("", "muted", wrap=True)
        self.retry = theme.button("Try again", drawing="rotate-ccw", kind="primary")
        self.retry.clicked.connect(self.retry_clicked)
        self.report = theme.button("Copy report", drawing="copy")
        self.report.clicked.connect(lambda: QGuiApplication.clipboard().setText(self._report))
        outer = QVBoxLayout(self)
        outer.addStretch(2)
        # A row with stretches and not an alignment: only so are wrapped lines given their height.
        row = QHBoxLayout()
        row.addStretch(1)
        row.addWidget(self._card())
        row.addStretch(1)
        outer.addLayout(row)
        outer.addStretch(3)

    def show_trouble(self, error: BaseException, report: str) -> None:
        """Say what is wrong and what can be done; `report` is what a developer gets."""
        self._report = report
        said = error if isinstance(error, HrdeskError) else UNKNOWN
        self._title.setText(said.title)
        self._advice.setText(said.advice)
        self._advice.setVisible(bool(said.advice))

    def _card(self) -> QFrame:
        card = QFrame()
        card.setProperty("kind", "card")
        card.setFixedWidth(520)
        card.setAccessibleName("Trouble")
        column = QVBoxLayout(card)
        column.setContentsMargins(28, 28, 28, 24)
        column.setSpacing(10)
        for widget in (theme.Picture("circle-alert", 28, "caution"), self._title, self._advice):
            column.addWidget(widget)
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addStretch(1)
        row.addWidget(self.report)
        row.addWidget(self.retry)
        column.addSpacing(10)
        column.addLayout(row)
        return card
