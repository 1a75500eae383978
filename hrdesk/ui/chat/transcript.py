"""The conversation as a list that stays fast: only the messages in sight have widgets.

Heights of messages that were never shown are guessed; when a real one differs, the message at the top edge
stays where it is. At the end of the conversation the view follows what is written.
"""

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QModelIndex, QObject, QPersistentModelIndex, Qt, QTimer, Signal
from PySide6.QtGui import QHideEvent, QPalette, QResizeEvent, QShowEvent
from PySide6.QtWidgets import QAbstractScrollArea, QApplication, QFrame, QWidget

from hrdesk.core.threads import Message, Role
from hrdesk.ui import theme
from hrdesk.ui.chat.answer_card import AnswerCard
from hrdesk.ui.chat.cards import Card, QuestionCard, SummaryCard
from hrdesk.ui.chat.heights import Heights
from hrdesk.ui.chat.model import TranscriptModel, TranscriptRole

TOP, BOTTOM, SIDE = 20, 12, 28
OVERSCAN = 300  # pixels above and below that are ready before they are seen
SETTLED_MS = 120
ROUNDS = 12  # corrections of guessed heights in one go; each one can only reveal rows that were guessed

Index = QModelIndex | QPersistentModelIndex
KINDS: dict[Role, type[Card]] = {
    Role.USER: QuestionCard,
    Role.ASSISTANT: AnswerCard,
    Role.SUMMARY: SummaryCard,
}


class TranscriptView(QAbstractScrollArea):
    """Shows a TranscriptModel with a pool of cards."""

    citation_clicked = Signal(object, int)  # Message, number
    seen_clicked = Signal(str)  # run id
    copy_clicked = Signal(object)  # Message
    ask_again_clicked = Signal(object)  # Message
    suggestion_clicked = Signal(str)  # the question that may have been meant
    edit_clicked = Signal(object)  # Message: a summary
    settled = Signal(object)  # list[Message]: in sight for a moment

    def __init__(self, model: TranscriptModel, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._model = model
        self._heights = Heights()
        self._cards: dict[int, Card] = {}
        self._spare: dict[type[Card], list[Card]] = {kind: [] for kind in KINDS.values()}
        self._measured: dict[int, int] = {}  # row -> width its card was laid out in
        self._current: tuple[str, int] | None = None
        self._anchor = (0, 0)
        self._at_end = True
        self._placing = False
        self._scrolled_to = 0
        self._ordered: tuple[Card, ...] = ()
        self._settle = QTimer(self, interval=SETTLED_MS, singleShot=True)
        self._settle.timeout.connect(lambda: self.settled.emit(self.in_sight()))
        self.setAccessibleName("Conversation")
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.viewport().setAutoFillBackground(True)
        self.viewport().setBackgroundRole(QPalette.ColorRole.Base)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.verticalScrollBar().setSingleStep(48)
        self.verticalScrollBar().valueChanged.connect(self._scrolled)
        self._listen(model)

    def _listen(self, model: TranscriptModel) -> None:
        model.modelReset.connect(self._start_over)
        model.rowsInserted.connect(self._insert)
        model.dataChanged.connect(self._change)
        theme.watcher.changed.connect(self._restyle)
        app = QApplication.instance()
        if isinstance(app, QApplication):
            app.focusChanged.connect(self._follow_focus)

    # What the model says

    def _start_over(self) -> None:
        for row in list(self._cards):
            self._retire(row)
        self._heights.reset(self._guess(m) for m in self._model.messages)
        self._at_end, self._anchor = True, (0, 0)
        self._place()

    def _insert(self, _parent: Index, first: int, last: int) -> None:
        self._heights.insert(first, [self._guess(self._model.message(row)) for row in range(first, last + 1)])
        self._at_end = True
        self._place()

    def _change(self, first: Index, last: Index, roles: Sequence[int]) -> None:
        for row in range(first.row(), last.row() + 1):
            card = self._cards.get(row)
            if card is None:
                continue
            if TranscriptRole.TEXT in roles and isinstance(card, AnswerCard):
                card.stream(self._model.message(row))
            elif TranscriptRole.FACTS in roles and isinstance(card, AnswerCard):
                card.show_facts(self._model.facts(row))
            else:
                self._show(card, row)
            self._measured.pop(row, None)
        self._place()

    def _restyle(self) -> None:
        for row, card in self._cards.items():
            self._show(card, row)
        self._measured.clear()
        self._place()

    # Where things are

    @property
    def column(self) -> tuple[int, int]:
        """Return left edge and width of the text."""
        # Of the whole view, so that nothing moves when the scroll bar comes.
        width = max(160, min(theme.READING_WIDTH, self.width() - 2 * SIDE))
        return max(SIDE, (self.width() - width) // 2), width

    def in_sight(self) -> list[Message]:
        """Return the messages that can be seen, at least in part."""
        top = self.verticalScrollBar().value() - TOP
        if not len(self._heights):
            return []
        rows = range(self._heights.row_at(top), self._heights.row_at(top + self.viewport().height()) + 1)
        return [self._model.message(row) for row in rows]

    def card(self, row: int) -> Card | None:
        """Return the card that shows a row now."""
        return self._cards.get(row)

    def _guess(self, message: Message) -> int:
        width = self.column[1] * (0.7 if message.role is Role.USER else 1.0)
        lines = message.text.count("\n") + 1 + len(message.text) * 7 // max(1, int(width))
        return lines * 21 + (46 if message.role is Role.USER else 100)

    # Placing

    def _place(self) -> None:
        if self._placing or not self.isVisible():
            return
        self._placing = True
        try:
            rows = self._measure_in_sight()
            for row in [row for row in self._cards if row not in rows and not self._has_focus(row)]:
                self._retire(row)
            self._put_in_place()
        finally:
            self._placing = False
        self._settle.start()

    def _measure_in_sight(self) -> range:
        rows = range(0)
        for _ in range(ROUNDS):
            self._update_bar()
            if not len(self._heights):
                return range(0)
            top = self.verticalScrollBar().value() - TOP
            bottom = top + self.viewport().height() + OVERSCAN
            rows = range(self._heights.row_at(top - OVERSCAN), self._heights.row_at(bottom) + 1)
            grown = [self._measure(row) for row in rows]
            if not any(grown):
                break
        self._update_bar()
        return rows

    def _measure(self, row: int) -> int:
        """Lay a row out if it is not yet; return by how much its height changed."""
        width = self.column[1]
        if row in self._cards and self._measured.get(row) == width:
            return 0
        card = self._cards.get(row) or self._take(row)
        self._measured[row] = width
        return self._heights.set(row, card.lay_out(width))

    def _update_bar(self) -> None:
        bar = self.verticalScrollBar()
        extent = TOP + self._heights.total + BOTTOM
        bar.setPageStep(self.viewport().height())
        bar.setRange(0, max(0, extent - self.viewport().height()))
        row, offset = self._anchor
        wanted = (
            bar.maximum() if self._at_end else TOP + self._heights.top(min(row, len(self._heights))) + offset
        )
        bar.setValue(wanted)

    def _put_in_place(self) -> None:
        left, width = self.column
        value = self.verticalScrollBar().value()
        if self._scrolled_to != value:  # what is painted already is moved, not painted again
            self.viewport().scroll(0, self._scrolled_to - value)
            self._scrolled_to = value
        for row, card in self._cards.items():
            card.setGeometry(left, TOP + self._heights.top(row) - value, width, self._heights[row])
            card.show()
        if self._ordered != tuple(self._cards.values()):
            self._ordered = tuple(self._cards.values())
            self._order()

    def _order(self) -> None:
        """Let Tab go through the cards from top to bottom, whatever the order of the pool."""
        stops = [stop for row in sorted(self._cards) for stop in self._cards[row].stops()]
        before: QWidget = self
        for stop in stops:
            QWidget.setTabOrder(before, stop)
            before = stop

    def _take(self, row: int) -> Card:
        kind = KINDS[self._model.message(row).role]
        spare = self._spare[kind]
        card = spare.pop() if spare else self._make(kind)
        self._cards[row] = card
        self._show(card, row)
        return card

    def _make(self, kind: type[Card]) -> Card:
        card = kind(self.viewport())
        card.citation_clicked.connect(self.citation_clicked)
        card.seen_clicked.connect(self.seen_clicked)
        card.copy_clicked.connect(self.copy_clicked)
        card.ask_again_clicked.connect(self.ask_again_clicked)
        card.suggestion_clicked.connect(self.suggestion_clicked)
        card.edit_clicked.connect(self.edit_clicked)
        return card

    def _show(self, card: Card, row: int) -> None:
        message = self._model.message(row)
        card.show_message(message, self._model.facts(row), self._number_in(message))

    def _retire(self, row: int) -> None:
        card = self._cards.pop(row)
        self._measured.pop(row, None)
        card.hide()
        self._spare[type(card)].append(card)

    def _has_focus(self, row: int) -> bool:
        focus = QApplication.focusWidget()
        return focus is not None and self._cards[row].isAncestorOf(focus)

    # Moving

    def _scrolled(self, value: int) -> None:
        if self._placing:
            return
        self._at_end = value >= self.verticalScrollBar().maximum() - 4
        self._set_anchor(value)
        self._place()

    def _set_anchor(self, value: int) -> None:
        row = max(0, self._heights.row_at(value - TOP))
        self._anchor = (row, value - TOP - (self._heights.top(row) if len(self._heights) else 0))

    def scrollContentsBy(self, _dx: int, _dy: int) -> None:
        """Do nothing: cards are placed by `_place`."""

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._place()

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self._settle.stop()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._place()

    def scroll_to_end(self) -> None:
        """Show the end of the conversation and follow it from now on."""
        self._at_end = True
        self._place()

    def scroll_to(self, row: int) -> None:
        """Bring a message into sight, moving no more than needed."""
        if not 0 <= row < len(self._heights):
            return
        for _ in range(2):  # the way there may correct guessed heights
            top, bar = TOP + self._heights.top(row), self.verticalScrollBar()
            bottom, high = top + self._heights[row], self.viewport().height()
            if top < bar.value() or self._heights[row] > high:
                bar.setValue(top - 12)
            elif bottom > bar.value() + high:
                bar.setValue(bottom - high)

    def _follow_focus(self, _old: QObject | None, now: QWidget | None) -> None:
        for row, card in self._cards.items():
            if now is not None and card.isAncestorOf(now):
                self.scroll_to(row)
                return

    # The citation that is open

    def set_current(self, current: tuple[str, int] | None) -> None:
        """Mark the open citation: message id and number."""
        self._current = current
        for row, card in self._cards.items():
            if isinstance(card, AnswerCard):
                card.set_current(self._number_in(self._model.message(row)))

    def _number_in(self, message: Message) -> int | None:
        return self._current[1] if self._current and self._current[0] == message.id else None

    def viewportEvent(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.LayoutDirectionChange:
            self._measured.clear()
        return super().viewportEvent(event)
