"""The tab "Versions": the versions of a policy with their dates, and what changed between two of them."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QComboBox, QFrame, QGridLayout, QScrollArea, QVBoxLayout, QWidget

from hrdesk.core.errors import HrdeskError
from hrdesk.core.versions import Change, Comparison
from hrdesk.ui import theme
from hrdesk.ui.plain import visible
from hrdesk.ui.viewer.passage import TroubleCard
from hrdesk.ui.viewer.versions_cards import ChangeCard
from hrdesk.ui.viewer.versions_presenter import VersionsPresenter, counted, named

AT_ONCE = 40  # changes that get a card before one asks for more
NOTHING_YET = "Open a source or choose a policy in the library to see its versions and what changed."
ONLY_ONE = "This is the only version in the library. Add an earlier or a newer one to see what changed."


class VersionsTab(QScrollArea):
    """Shows what the presenter holds."""

    citation_clicked = Signal(object)
    """`Citation` of a side of a change: open its page."""

    def __init__(self, presenter: VersionsPresenter, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.presenter = self._shown = presenter
        self._comparison: Comparison | None = None
        self._cards = 0
        self.setAccessibleName("Versions")
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setWidgetResizable(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._title = theme.label("", "strong", wrap=True)
        self.summary = theme.label(NOTHING_YET, "muted", wrap=True)
        self.older, self.newer = _choice("Older version"), _choice("Newer version")
        self._lay_out()
        self._connect()
        self._show_choice()

    def _lay_out(self) -> None:
        body = QWidget()
        body.setProperty("kind", "ground")
        column = QVBoxLayout(body)
        column.setContentsMargins(18, 12, 16, 20)
        column.setSpacing(12)
        self._choices = QWidget()
        grid = QGridLayout(self._choices)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(12)
        grid.setVerticalSpacing(8)
        grid.setColumnStretch(1, 1)
        for row, (words, field) in enumerate((("From", self.older), ("to", self.newer))):
            head = theme.label(words, "small")
            head.setBuddy(field)
            grid.addWidget(head, row, 0)
            grid.addWidget(field, row, 1)
        self._list = QVBoxLayout()
        self._list.setSpacing(12)
        self._more = theme.button("Show more changes")
        for part in (self._title, self._choices, self.summary):
            column.addWidget(part)
        column.addLayout(self._list)
        column.addWidget(self._more, 0, Qt.AlignmentFlag.AlignHCenter)
        column.addStretch(1)
        self.setWidget(body)

    def _connect(self) -> None:
        shown = self._shown
        shown.opened.connect(self._show_choice)
        shown.waiting.connect(self._wait)
        shown.compared.connect(self._show_comparison)
        shown.failed.connect(self._show_trouble)
        self._more.clicked.connect(self._show_more)
        for field in (self.older, self.newer):
            field.activated.connect(self._choose)

    def _choose(self) -> None:
        self._shown.choose(self.older.currentData(), self.newer.currentData())

    def _show_choice(self) -> None:
        shown = self._shown
        self._empty()
        self._title.setVisible(shown.document is not None)
        self._title.setText(visible(shown.document.title) if shown.document else "")
        self._choices.setVisible(len(shown.versions) > 1)
        for field, version in ((self.older, shown.old), (self.newer, shown.new)):
            field.clear()
            for one in reversed(shown.versions):
                field.addItem(named(one), one)
                field.setItemData(field.count() - 1, one.file, Qt.ItemDataRole.ToolTipRole)
            if version is not None:
                field.setCurrentIndex(len(shown.versions) - 1 - shown.versions.index(version))
        only = f"{named(shown.versions[0])}. {ONLY_ONE}" if len(shown.versions) == 1 else ""
        same = "Choose two different versions." if shown.old is not None and shown.old == shown.new else ""
        self.summary.setText(same or (only if shown.document else NOTHING_YET))

    def _wait(self) -> None:
        self._empty()
        self.summary.setText("Comparing…")

    def _show_comparison(self, comparison: Comparison) -> None:
        self._empty()
        self._comparison = comparison
        self.summary.setText(counted(comparison))
        self._show_more()
        self.verticalScrollBar().setValue(0)

    def _show_trouble(self, trouble: HrdeskError) -> None:
        self._empty()
        self.summary.setText("")
        card = TroubleCard()
        card.retry_clicked.connect(self._shown.retry)
        self._list.addWidget(card)
        card.show_trouble(trouble)

    def _show_more(self) -> None:
        changes = self._comparison.changes if self._comparison else ()
        for change in changes[self._cards : self._cards + AT_ONCE]:
            self._cards += 1
            card = ChangeCard(change, self._cards)
            card.opened.connect(lambda old, change=change: self._open(change, old=old))
            self._list.addWidget(card)
            card.show()  # a layout would show it only with the next event
        rest = len(changes) - self._cards
        self._more.setVisible(rest > 0)
        self._more.setText(f"Show {min(rest, AT_ONCE)} more of {rest}")

    def _open(self, change: Change, *, old: bool) -> None:
        citation = self._comparison.cite(change, old=old) if self._comparison else None
        if citation is not None:
            self.citation_clicked.emit(citation)

    def _empty(self) -> None:
        self._comparison, self._cards = None, 0
        self._more.hide()
        while (item := self._list.takeAt(0)) is not None:
            widget = item.widget()
            if widget is not None:
                widget.hide()
                widget.deleteLater()


def _choice(name: str) -> QComboBox:
    field = QComboBox()
    field.setAccessibleName(name)
    field.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
    field.setMinimumContentsLength(12)
    return field
