"""One message as a widget: the question as a soft bubble at the right, the answer with its sources.

Cards lay themselves out by hand: the transcript asks `lay_out(width)` for the height, and a card that was
taken from the pool shows another message without being built again.
"""

from PySide6.QtCore import QPoint, QRect, QRectF, Qt, Signal
from PySide6.QtGui import QColor, QPainter, QPainterPath, QPaintEvent
from PySide6.QtWidgets import QLabel, QWidget

from hrdesk.core.documents import Outcome
from hrdesk.core.threads import Message, MessageStatus
from hrdesk.ui import theme
from hrdesk.ui.chat.chips import CitationChip
from hrdesk.ui.chat.facts import RunFacts
from hrdesk.ui.chat.text import MessageText

GAP = 8
BUBBLE_PAD_X, BUBBLE_PAD_Y = 14, 9
BUBBLE_SHARE = 0.78  # of the column, at most
NOTE_INSET = 24
BELOW_QUESTION, BELOW_ANSWER = 14, 24

_TAGS = {
    Outcome.CLOSEST: ("Closest passages", "caution"),
    Outcome.NOT_FOUND: ("Not in the policies", "plain"),
}


class Card(QWidget):
    """What question and answer have in common; the signals are those of the answer."""

    citation_clicked = Signal(object, int)  # Message, number
    seen_clicked = Signal(str)  # run id
    copy_clicked = Signal(object)  # Message
    ask_again_clicked = Signal(object)  # Message

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.message: Message | None = None
        self.text = MessageText(self)

    def show_message(self, message: Message, facts: RunFacts | None, current: int | None) -> None:
        """Show another message, or another state of the same."""
        raise NotImplementedError

    def lay_out(self, width: int) -> int:
        """Place everything in `width` pixels and return the height with the space below."""
        raise NotImplementedError

    def stops(self) -> list[QWidget]:
        """Return what the Tab key visits, in order."""
        return [self.text]


class QuestionCard(Card):
    """What the user asked, as typed."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._bubble = QRect()
        self.text.setAccessibleName("Question")

    def show_message(self, message: Message, _facts: RunFacts | None, _current: int | None) -> None:
        self.message = message
        self.text.show_plain(message.text)

    def lay_out(self, width: int) -> int:
        limit = max(80, int(width * BUBBLE_SHARE) - 2 * BUBBLE_PAD_X)
        inner = self.text.natural_width(limit)
        height = self.text.height_for(inner)
        outer = inner + 2 * BUBBLE_PAD_X
        self._bubble = QRect(width - outer, 0, outer, height + 2 * BUBBLE_PAD_Y)
        self.text.setGeometry(self._bubble.left() + BUBBLE_PAD_X, BUBBLE_PAD_Y, inner, height)
        self.update()
        return self._bubble.height() + BELOW_QUESTION

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        box = QRectF(self._bubble)
        shape = QPainterPath()
        shape.addRoundedRect(box, 14, 14)
        corner = QPainterPath()
        corner.addRoundedRect(QRectF(box.right() - 20, box.bottom() - 20, 20, 20), 4, 4)
        painter.fillPath(shape.united(corner), QColor(theme.tokens().accent_soft))


class AnswerCard(Card):
    """What was answered: text, the mark of its outcome, sources, and what it took."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._chips: list[CitationChip] = []
        self._sign = QPoint()
        self._tag = theme.label(tone="plain")
        self._note = theme.label(wrap=True)
        self._facts = theme.label(tone="small")
        self._again = theme.button("Ask again", kind="chip", drawing="rotate-ccw", size=14)
        self._seen = theme.button("What the model saw", kind="link", name="Show what the model saw")
        self._copy = theme.button("Copy with sources", kind="link")
        for part in (self._tag, self._note, self._facts, self._again, self._seen, self._copy):
            part.setParent(self)
        self.text.setAccessibleName("Answer")
        self.text.marker_clicked.connect(self._click_number)
        self._seen.clicked.connect(lambda: self.seen_clicked.emit(self._run_id()))
        self._copy.clicked.connect(lambda: self.copy_clicked.emit(self.message))
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
            self.text.show_markdown(message.text, frozenset(c.number for c in message.citations))
        words, tone = _TAGS.get(message.outcome, ("", "plain")) if message.outcome else ("", "plain")
        self._tag.setText(words)
        if self._tag.property("tone") != tone:
            self._tag.setProperty("tone", tone)
            theme.repolish(self._tag)
        self._note.setText(_note(message))
        self._fill_chips(message)
        self.show_facts(facts)
        self.set_current(current)

    def show_facts(self, facts: RunFacts | None) -> None:
        """Show the figures of the run."""
        self._facts.setText("    ".join(facts.words) if facts else "")

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
        return [self.text, *self.chips, self._again, self._seen, self._copy]

    def lay_out(self, width: int) -> int:
        message = self.message
        if message is None:
            return 0
        is_open = message.status is MessageStatus.IN_PROGRESS
        self._tag.setVisible(bool(self._tag.text()))
        self._note.setVisible(bool(self._note.text()))
        self._again.setVisible(message.status is MessageStatus.INCOMPLETE)
        for part in (self._facts, self._seen, self._copy):
            part.setVisible(not is_open)
        if is_open and not message.text:
            self.text.setGeometry(0, 0, width, 0)
            return 0
        y = self._place_tag()
        y = self._place_text(y, width)
        y = self._place_note(y, width)
        y = flow([*self.chips], width, y + (4 if self.chips else 0))
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
        self._sign = QPoint(0, y + 7)
        if self._note.isHidden():
            return y
        again = self._again.sizeHint()
        room = width - NOTE_INSET - again.width() - GAP
        wide = min(room, self._note.fontMetrics().horizontalAdvance(self._note.text()) + 4)
        height = max(self._note.heightForWidth(wide), again.height())
        self._note.setGeometry(NOTE_INSET, y, wide, height)
        self._again.setGeometry(QRect(QPoint(NOTE_INSET + wide + GAP, y), again))
        return y + height + GAP

    def _place_footer(self, y: int, width: int) -> int:
        facts = [self._facts] if self._facts.text() else []
        parts: list[QWidget] = [*facts, *([self._seen] if self._run_id() else []), self._copy]
        self._facts.setVisible(bool(facts))
        self._seen.setVisible(bool(self._run_id()))
        return flow(
            parts, width, y + (2 if self.chips else -2), gap_x=16, gap_y=0, height=28, left=0 if facts else -2
        )

    def paintEvent(self, _event: QPaintEvent) -> None:
        if self._note.isVisible():
            theme.paint_icon(QPainter(self), "circle-alert", self._sign, 16, "caution")

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


def flow(
    parts: list[QWidget],
    width: int,
    y: int,
    *,
    gap_x: int = GAP,
    gap_y: int = GAP,
    height: int | None = None,
    left: int = 0,
) -> int:
    """Place `parts` in rows `width` pixels wide; return the height below the last row."""
    x, row = left, 0
    for part in parts:
        size = part.sizeHint()
        wide, high = min(size.width(), width), height or size.height()
        if x > left and x + wide > width:
            x, y, row = left, y + row + gap_y, 0
        part.setGeometry(x, y, wide, high)
        x, row = x + wide + gap_x, max(row, high)
    return y + row


def elide(label: QLabel, text: str, width: int) -> None:
    """Show `text` in a label, cut at its end to `width` pixels; the whole text is its tooltip then."""
    shown = label.fontMetrics().elidedText(text, Qt.TextElideMode.ElideRight, width)
    label.setText(shown)
    label.setToolTip(text if shown != text else "")
