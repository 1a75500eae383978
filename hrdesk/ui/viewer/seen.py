"""The tab "What the model saw": where it was asked, lookups and tool calls, the exact prompt, the cost."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QGridLayout, QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from hrdesk.core.errors import HrdeskError
from hrdesk.core.runs import Run
from hrdesk.ui import theme
from hrdesk.ui.plain import visible
from hrdesk.ui.viewer.candidate import CandidateCard
from hrdesk.ui.viewer.passage import TroubleCard
from hrdesk.ui.viewer.seen_calls import CallsCard, Prompt
from hrdesk.ui.viewer.seen_rows import Lookup, calls_of, facts_of, lookups_of

AT_FIRST = 8  # candidates of a lookup that are shown before one asks for all
NO_MODEL = "No language model was asked: the sentences were chosen on this computer."
NOTHING_YET = "Choose “What the model saw” under an answer to see every passage it was made from."
OUTCOMES = {
    "answered": ("answers", "verified"),
    "closest": ("may not answer", "caution"),
    "not_found": ("does not answer", "plain"),
}


class SeenTab(QScrollArea):
    """Shows one run."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName("What the model saw")
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setWidgetResizable(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.trouble = TroubleCard()
        self._say(theme.label(NOTHING_YET, tone="muted", wrap=True))

    def _say(self, *parts: QWidget) -> None:
        """Put other parts in place of what was shown."""
        body = QWidget()
        body.setProperty("kind", "ground")
        column = QVBoxLayout(body)
        column.setContentsMargins(18, 16, 16, 20)
        column.setSpacing(16)
        for part in parts:
            column.addWidget(part)
        column.addStretch(1)
        self.setWidget(body)
        self.verticalScrollBar().setValue(0)

    def clear(self) -> None:
        """Show that nothing was chosen."""
        self._say(theme.label(NOTHING_YET, tone="muted", wrap=True))

    def wait(self) -> None:
        """Show that a run is on its way from the journal."""
        self._say(theme.label("Opening…", tone="muted"))

    def show_run(self, run: Run) -> None:
        """Show a run."""
        lookups, calls = lookups_of(run), calls_of(run)
        parts: list[QWidget] = [_facts(run), *(LookupCard(lookup) for lookup in lookups)]
        if not lookups:
            parts.append(theme.label("Nothing was looked up in this run.", tone="muted", wrap=True))
        if calls:
            parts.append(CallsCard(calls))
        asked = Prompt(run.prompt) if run.prompt else theme.label(NO_MODEL, tone="muted", wrap=True)
        self._say(*parts, asked)

    def show_trouble(self, trouble: HrdeskError) -> None:
        """Show why there is nothing to see."""
        card = TroubleCard()
        card.show_trouble(trouble)
        card.retry_clicked.connect(self.trouble.retry_clicked)
        self._say(card)


def _facts(run: Run) -> QWidget:
    made = QWidget()
    grid = QGridLayout(made)
    grid.setContentsMargins(0, 0, 0, 0)
    grid.setHorizontalSpacing(16)
    grid.setVerticalSpacing(6)
    grid.setColumnStretch(1, 1)
    for number, (name, value) in enumerate(facts_of(run)):
        said = theme.label(visible(value), wrap=True)
        said.setAccessibleName(f"{name}: {visible(value)}")
        said.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        grid.addWidget(theme.label(name, tone="small"), number, 0, Qt.AlignmentFlag.AlignTop)
        grid.addWidget(said, number, 1)
    return made


class LookupCard(QFrame):
    """One lookup: what was looked for, the verdict, and the candidates."""

    def __init__(self, lookup: Lookup, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._lookup = lookup
        self.setProperty("kind", "card")
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(6, 12, 6, 8)
        self._column.setSpacing(2)
        self._column.addLayout(self._head())
        shown = max(AT_FIRST, lookup.sent)
        for candidate in lookup.candidates[:shown]:
            self._column.addWidget(CandidateCard(candidate))
        rest = len(lookup.candidates) - shown
        if rest > 0:
            self._more = theme.button(f"Show the other {rest}", kind="link")
            self._more.clicked.connect(lambda: self._show_rest(shown))
            self._column.addWidget(self._more, 0, Qt.AlignmentFlag.AlignHCenter)

    def _head(self) -> QVBoxLayout:
        lookup = self._lookup
        words, tone = OUTCOMES.get(lookup.outcome, (lookup.outcome, "plain"))
        row = QHBoxLayout()
        row.addWidget(theme.label(f"“{lookup.query}”", tone="strong", wrap=True), 1)
        if words:
            badge = theme.label(words, tone=tone)
            badge.setToolTip(f"Confidence {lookup.confidence:.2f}")
            row.addWidget(badge, 0, Qt.AlignmentFlag.AlignTop)
        figures = [f"confidence {lookup.confidence:.2f}", f"{lookup.milliseconds:.0f} ms"]
        head = QVBoxLayout()
        head.setContentsMargins(10, 0, 10, 6)
        head.setSpacing(4)
        head.addLayout(row)
        said = " · ".join([*([lookup.limits] if lookup.limits else []), *figures])
        head.addWidget(theme.label(said, tone="small", wrap=True))
        for told in (lookup.also_words, lookup.notice):
            if told:
                head.addWidget(theme.label(visible(told), tone="muted", wrap=True))
        return head

    def _show_rest(self, shown: int) -> None:
        self._more.hide()
        for candidate in self._lookup.candidates[shown:]:
            self._column.addWidget(CandidateCard(candidate))
