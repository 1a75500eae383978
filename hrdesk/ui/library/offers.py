"""The card that asks whether a new file is a version of a policy it looks like."""

from collections.abc import Sequence
from datetime import date

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout

from hrdesk.core.documents import DocumentVersion
from hrdesk.core.versions import LookAlike
from hrdesk.ui import theme
from hrdesk.ui.library.days import MONTHS
from hrdesk.ui.plain import visible


class OfferCard(QFrame):
    """Asks about one offer after the other; hidden while there is none."""

    accepted = Signal(object)
    apart = Signal(object)
    compared = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self.setProperty("kind", "asking")
        self.offer: LookAlike | None = None
        self.question = theme.label("", "strong", wrap=True)
        self._detail = theme.label("", "muted", wrap=True)
        self.accept = theme.button("New version", kind="primary")
        self.keep_apart = theme.button("Keep apart")
        self.compare = theme.button("Compare", name="Compare the two texts")
        words = QVBoxLayout()
        words.setSpacing(2)
        words.addWidget(self.question)
        words.addWidget(self._detail)
        row = QHBoxLayout(self)
        row.setContentsMargins(16, 12, 12, 12)
        row.setSpacing(8)
        row.addLayout(words, 1)
        row.addSpacing(8)
        chosen = ((self.compare, self.compared), (self.keep_apart, self.apart), (self.accept, self.accepted))
        for button, signal in chosen:
            button.clicked.connect(lambda _checked=False, signal=signal: signal.emit(self.offer))
            row.addWidget(button)
        self.hide()

    def show_offers(self, offers: Sequence[LookAlike]) -> None:
        """Ask about the newest offer, and say how many more there are."""
        self.offer = offers[-1] if offers else None
        self.setVisible(bool(offers))
        if self.offer is None:
            return
        question, accept = asked(self.offer)
        self.question.setText(visible(question))
        self._detail.setText(visible(details(self.offer, len(offers) - 1)))
        self.accept.setText(accept)
        self.accept.setAccessibleName(accept)


def asked(offer: LookAlike) -> tuple[str, str]:
    """Return the question and the word that says yes to it."""
    new, policy = f"“{offer.title}”", f"“{offer.policy.title}”"
    if offer.is_same_text:
        return f"{new} has the same text as {policy}: another file of that version?", "Same policy"
    if offer.is_earlier:
        return f"{new} looks like {policy}: an earlier version of it?", "Earlier version"
    return f"{new} looks like {policy}: replaces the {which(offer.newest)}?", "New version"


def details(offer: LookAlike, more: int) -> str:
    """Return how alike the two are, and from when the version would be in force."""
    share = f"{offer.version.file} · {offer.likeness * 100:.0f} % alike"
    begins = offer.version.effective_from
    when = f"in force from {_long(begins)}" if begins else ""
    if begins is None and not offer.is_same_text:
        when = "it names no date: in force from today"
    rest = f"{more} more to decide" if more else ""
    return " · ".join(part for part in (share, when, rest) if part)


def which(version: DocumentVersion) -> str:
    """Return what a version is called in a sentence: "version of 1 January 2026"."""
    if version.effective_from:
        return f"version of {_long(version.effective_from)}"
    return f"version added on {_long(version.added_at.date())}"


def _long(day: date) -> str:
    return f"{day.day} {MONTHS[day.month - 1].title()} {day.year}"
