"""An answer as a widget: text, the mark of its outcome, sources, and what it took."""

from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QLabel, QWidget

from hrdesk.core.documents import DID_YOU_MEAN, Outcome
from hrdesk.core.threads import Message, MessageStatus
from hrdesk.ui import theme
from hrdesk.ui.chat.cards import BELOW_ANSWER, GAP, Card, flow
from hrdesk.ui.chat.chips import CitationChip
from hrdesk.ui.chat.facts import RunFacts

NOTE_INSET = 24
SUGGESTION_PADDING = 64  # of the button around its words

_TAGS = {
    Outcome.CLOSEST: ("Closest passages", "caution"),
    Outcome.NOT_FOUND: ("Not in the policies", "plain"),
}


class AnswerCard(Card):
    """What was answered: text, the mark of its outcome, sources, and what it took."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._chips: list[CitationChip] = []
        self._figures: list[QLabel] = []
        self._signs: list[tuple[str, QPoint, str]] = []  # icons beside lines: name, place, role
        self._tag = theme.label(tone="plain")
        self._note = theme.label(wrap=True)
        self._who = theme.label(tone="small")
        self._uncited = theme.label(tone="small", wrap=True)
        self._again = theme.button("Ask again", kind="chip", drawing="rotate-ccw", size=14)
        self._meant = theme.button("", kind="chip", drawing="search", size=14)
        self._seen = theme.button("What the model saw", kind="link", name="Show what the model saw")
        self._copy = theme.button("Copy with sources", kind="link")
        buttons = (self._again, self._meant, self._seen, self._copy)
        for part in (self._tag, self._note, self._who, self._uncited, *buttons):
            part.setParent(self)
        self.text.setAccessibleName("Answer")
        self.text.marker_clicked.connect(self._click_number)
        self._seen.clicked.connect(lambda: self.seen_clicked.emit(self._run_id()))
        self._copy.clicked.connect(lambda: self.copy_clicked.emit(self.message))
        self._meant.clicked.connect(lambda: self.suggestion_clicked.emit(_suggestion(self.message)))
        self._again.clicked.connect(lambda: self.ask_again_clicked.emit(self.message))

    @property
    def chips(self) -> tuple[CitationChip, ...]:
        """Return the chips in use."""
        return tuple(self._chips[: len(self.message.citations)] if self.message else ())

    def show_message(self, message: Message, facts: RunFacts | None, current: int | None) -> None:
        self.message = message
        if message.status is MessageStatus.IN_PROGRESS:
            self.text.stream(message.text)
        else:
            numbers = frozenset(c.number for c in message.citations)
            self.text.show_markdown(message.text, numbers, message.uncited)
        words, tone = _TAGS.get(message.outcome, ("", "plain")) if message.outcome else ("", "plain")
        self._tag.setText(words)
        if self._tag.property("tone") != tone:
            self._tag.setProperty("tone", tone)
            theme.repolish(self._tag)
        self._note.setText(_note(message))
        self._uncited.setText(_uncited(message))
        self._meant.setAccessibleName(f"Ask: {_suggestion(message)}")
        self._fill_chips(message)
        self.show_facts(facts)
        self.set_current(current)

    def show_facts(self, facts: RunFacts | None) -> None:
        """Show the figures of the run."""
        words = facts.words if facts else ()
        self._who.setText(facts.who if facts else "")
        while len(self._figures) < len(words):
            label = theme.label(tone="small")
            label.setParent(self)
            self._figures.append(label)
        for at, label in enumerate(self._figures):
            label.setText(words[at] if at < len(words) else "")

    def stream(self, message: Message) -> None:
        """Show more text of an answer that is being written."""
        self.message = message
        self.text.stream(message.text)

    def set_current(self, number: int | None) -> None:
        """Mark the citation that is open: its chip by a frame, its marker in yellow."""
        self.text.set_current(number)
        for chip in self.chips:
            chip.setChecked(chip.citation is not None and chip.citation.number == number)

    def stops(self) -> list[QWidget]:
        return [self.text, *self.chips, self._meant, self._again, self._seen, self._copy]

    def lay_out(self, width: int) -> int:
        message = self.message
        if message is None:
            return 0
        is_open = message.status is MessageStatus.IN_PROGRESS
        self._signs = []
        self._tag.setVisible(bool(self._tag.text()))
        self._meant.setVisible(bool(_suggestion(message)))
        self._again.setVisible(message.status is MessageStatus.INCOMPLETE)
        for part in (*self._figures, self._seen, self._copy, self._who):
            part.setVisible(not is_open)
        if is_open and not message.text:
            self.text.setGeometry(0, 0, width, 0)
            return 0
        y = self._place_tag()
        y = self._place_text(y, width)
        y = self._place_note(y, width)
        y = self._place_suggestion(y, width)
        y = flow([*self.chips], width, y + (4 if self.chips else 0))
        y = self._place_uncited(y, width)
        return y + BELOW_ANSWER if is_open else self._place_footer(y, width) + BELOW_ANSWER

    def _place_tag(self) -> int:
        if self._tag.isHidden():
            return 0
        self._tag.move(0, 0)
        self._tag.adjustSize()
        return self._tag.height() + GAP

    def _place_text(self, y: int, width: int) -> int:
        if not self.message or not self.message.text:
            self.text.hide()
            return y
        self.text.show()
        height = self.text.height_for(width)
        self.text.setGeometry(0, y, width, height)
        return y + height + GAP

    def _place_note(self, y: int, width: int) -> int:
        self._note.setVisible(bool(self._note.text()))
        if self._note.isHidden():
            return y
        again = self._again.sizeHint()
        room = max(120, width - NOTE_INSET - again.width() - GAP)
        wide = min(room, self._note.fontMetrics().horizontalAdvance(self._note.text()) + 4)
        height = max(self._note.heightForWidth(wide), again.height())
        self._note.setGeometry(NOTE_INSET, y, wide, height)
        self._again.setGeometry(QRect(QPoint(NOTE_INSET + wide + GAP, y), again))
        self._signs.append(("circle-alert", QPoint(0, y + 7), "caution"))
        return y + height + GAP

    def _place_suggestion(self, y: int, width: int) -> int:
        if self._meant.isHidden():
            return y
        words = f"Ask: {_suggestion(self.message)}"
        room = min(width, theme.READING_WIDTH) - SUGGESTION_PADDING
        self._meant.setText(
            self._meant.fontMetrics().elidedText(words, Qt.TextElideMode.ElideRight, room).replace("&", "&&")
        )
        self._meant.setGeometry(QRect(QPoint(0, y), self._meant.sizeHint()))
        return y + self._meant.height() + GAP

    def _place_uncited(self, y: int, width: int) -> int:
        self._uncited.setVisible(bool(self._uncited.text()))
        if self._uncited.isHidden():
            return y
        y += GAP if self.chips else -2
        wide = width - NOTE_INSET
        height = self._uncited.heightForWidth(wide)
        line = self._uncited.fontMetrics().height()
        self._uncited.setGeometry(NOTE_INSET, y, wide, height)
        self._signs.append(("info", QPoint(1, y + (line - 15) // 2), "muted"))
        return y + height + 4

    def _place_footer(self, y: int, width: int) -> int:
        figures: list[QWidget] = [label for label in self._figures if label.text()]
        for label in self._figures:
            label.setVisible(label in figures)
        self._seen.setVisible(bool(self._run_id()))
        parts = [*figures, *([self._seen] if self._run_id() else []), self._copy]
        self._who.setVisible(bool(self._who.text()))
        parts += [self._who] if self._who.text() else []
        top = y + (2 if self.chips or self._uncited.text() else -2)
        high = max(28, self._copy.sizeHint().height())
        return flow(parts, width, top, gap_x=16, gap_y=0, height=high, left=0 if figures else -2)

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        for name, place, role in self._signs:
            theme.paint_icon(painter, name, place, 16 if role == "caution" else 15, role)

    def _fill_chips(self, message: Message) -> None:
        while len(self._chips) < len(message.citations):
            chip = CitationChip(self)
            chip.clicked.connect(lambda _checked=False, made=chip: self._click_chip(made))
            self._chips.append(chip)
        for chip, citation in zip(self._chips, message.citations, strict=False):
            chip.show_citation(citation)
        for at, chip in enumerate(self._chips):
            chip.setVisible(at < len(message.citations))

    def _run_id(self) -> str:
        return (self.message.run_id or "") if self.message else ""

    def _click_chip(self, chip: CitationChip) -> None:
        if chip.citation is not None:
            self._click_number(chip.citation.number)

    def _click_number(self, number: int) -> None:
        if self.message is not None:
            self.citation_clicked.emit(self.message, number)


def _note(message: Message) -> str:
    if message.status is not MessageStatus.INCOMPLETE:
        return ""
    return message.note or "This answer ends before it was finished."


def _suggestion(message: Message | None) -> str:
    """Return the question that an answer offers at its end, "" if it offers none."""
    if message is None or message.outcome is not Outcome.NOT_FOUND:
        return ""
    return message.text.rpartition(DID_YOU_MEAN)[2] if DID_YOU_MEAN in message.text else ""


def _uncited(message: Message) -> str:
    count = len(message.uncited)
    if not count or message.status is MessageStatus.IN_PROGRESS:
        return ""
    said = "1 sentence carries no source" if count == 1 else f"{count} sentences carry no source"
    return f"Not from the policies: {said}"
