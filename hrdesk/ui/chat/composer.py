"""Where the question is typed: a field that grows, what the question is limited to, and Send."""

from pathlib import Path

from PySide6.QtCore import QMimeData, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QFocusEvent,
    QInputMethodEvent,
    QKeyEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QResizeEvent,
    QTextCursor,
)
from PySide6.QtWidgets import QFrame, QHBoxLayout, QPlainTextEdit, QPushButton, QVBoxLayout, QWidget

from hrdesk.core.usage import Estimate
from hrdesk.ui import theme
from hrdesk.ui.chat.limits import LimitChips
from hrdesk.ui.chat.outlook_line import BAR, MeterBar, estimate_details, estimate_words

LINES = 8  # the field grows up to this many lines, then it scrolls
BEHIND = "Send when this answer is done"
PLACEHOLDER = "Ask about a policy, or drop files here"


class MessageField(QPlainTextEdit):
    """The text field. Enter sends, Shift+Enter begins a line; neither while an input method composes."""

    submitted = Signal()
    files_pasted = Signal(object)  # list[Path]
    focus_moved = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._composing = False
        self.setAccessibleName("Message")
        self.setPlaceholderText(PLACEHOLDER)
        self.setTabChangesFocus(True)
        self.setAcceptDrops(False)  # files go to the window, whatever they are dropped on
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.document().setDocumentMargin(0)
        self.viewport().setAutoFillBackground(False)
        self.textChanged.connect(self.grow)
        theme.watcher.changed.connect(self.grow)
        self.grow()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        is_enter = event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter)
        shift = event.modifiers() & Qt.KeyboardModifier.ShiftModifier
        if not is_enter or self._composing:
            super().keyPressEvent(event)
        elif shift:
            self.insertPlainText("\n")
            self.ensureCursorVisible()
        else:
            self.submitted.emit()

    def inputMethodEvent(self, event: QInputMethodEvent) -> None:
        self._composing = bool(event.preeditString())
        super().inputMethodEvent(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self.focus_moved.emit()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self.focus_moved.emit()

    def insertFromMimeData(self, source: QMimeData) -> None:
        paths = local_files(source)
        if paths:
            self.files_pasted.emit(paths)
        else:
            self.insertPlainText(source.text())

    def canInsertFromMimeData(self, source: QMimeData) -> bool:
        return source.hasText() or bool(local_files(source))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.grow()

    def grow(self) -> None:
        """Take the height that the text needs."""
        lines = max(1, min(LINES, int(self.document().size().height())))
        wanted = round(lines * self.fontMetrics().lineSpacing()) + 8
        if wanted != self.height():
            self.setFixedHeight(wanted)
        more = self.document().size().height() > LINES
        policy = Qt.ScrollBarPolicy.ScrollBarAsNeeded if more else Qt.ScrollBarPolicy.ScrollBarAlwaysOff
        self.setVerticalScrollBarPolicy(policy)


class Composer(QFrame):
    """The card at the foot of the conversation."""

    submitted = Signal(str)
    text_changed = Signal(str)  # typed
    text_shown = Signal(str)  # typed or loaded
    attach_clicked = Signal()
    files_pasted = Signal(object)  # list[Path]

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._refusal = "hrdesk is still opening its library."
        self._behind = False
        self._estimate: Estimate | None = None
        self.field = MessageField()
        self.limits = LimitChips()
        self.meter = MeterBar()
        self._attach = theme.button("Attach", kind="chip", drawing="plus", size=14)
        self._attach.setToolTip("Add policy files to the library")
        self._hint = theme.label(tone="small")
        self._send = theme.button("Send ↵", kind="primary", name="Send")
        self.setProperty("kind", "card")
        self._lay_out()
        self.field.focus_moved.connect(self.update)
        self._send.clicked.connect(self._submit)
        self._attach.clicked.connect(self.attach_clicked)
        self.field.submitted.connect(self._submit)
        self.field.files_pasted.connect(self.files_pasted)
        self.field.textChanged.connect(self._change)
        self._change()

    def _lay_out(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(14, 12, 11, 11)
        column.setSpacing(8)
        self._above, self._row = QHBoxLayout(), QHBoxLayout()
        self._above.setSpacing(8)
        self._above.addStretch(1)
        self._row.setSpacing(8)
        self._row.addWidget(self._attach)
        self._row.addWidget(self.limits)
        self._row.addStretch(1)
        self._row.addWidget(self.meter)
        self._row.addWidget(self._hint)
        self._row.addWidget(self._send)
        column.addWidget(self.field)
        column.addLayout(self._above)
        column.addLayout(self._row)
        self.setFocusProxy(self.field)

    @property
    def send_button(self) -> QPushButton:
        """Return the button named Send."""
        return self._send

    @property
    def text(self) -> str:
        """Return what is typed."""
        return self.field.toPlainText()

    @property
    def hint(self) -> str:
        """Return the words beside Send."""
        return self._hint.text()

    def set_text(self, text: str) -> None:
        """Put a text into the field, with the cursor at its end; it counts as loaded, not as typed."""
        if text != self.text:
            self.field.blockSignals(True)
            self.field.setPlainText(text)
            self.field.blockSignals(False)
            self.field.moveCursor(QTextCursor.MoveOperation.End)
            self.field.grow()
            self._change(typed=False)

    def refuse(self, reason: str) -> None:
        """Say why nothing can be sent now; "" lets Send work again."""
        self._refusal = reason
        self._show_hint()

    def queue_behind(self, behind: bool) -> None:
        """Say whether what is sent now waits until an answer is done."""
        self._behind = behind
        self._show_hint()

    def show_estimate(self, estimate: Estimate | None) -> None:
        """Say what the question would take."""
        self._estimate = estimate
        self._show_hint()

    def _change(self, *, typed: bool = True) -> None:
        self._show_hint()
        self.text_shown.emit(self.text)
        if typed:
            self.text_changed.emit(self.text)

    def _show_hint(self) -> None:
        blank = not self.text.strip()
        self._send.setEnabled(not blank and not self._refusal)
        words = self._refusal or (BEHIND if self._behind else estimate_words(self._estimate))
        details = "" if self._refusal else estimate_details(self._estimate)
        self._hint.setText("" if blank else words)
        self._hint.setToolTip(details)
        what = BEHIND if self._behind else "Send"
        tip = self._refusal or ("Type a question first" if blank else f"{what} (Enter)")
        self._send.setToolTip("\n".join(part for part in (tip, "" if blank else details) if part))
        said = (self._refusal, BEHIND if self._behind and not self._refusal else "", details)
        self._send.setAccessibleDescription(" ".join(part for part in said if part))
        self._place_hint()

    def _place_hint(self) -> None:
        """Give meter and words a row of their own where they do not fit beside Send."""
        has_words = bool(self._hint.text())
        needed = self._buttons_width() + 2 * 8 + BAR.width() + self._hint.sizeHint().width()
        above = has_words and needed > self.width()
        self._hint.setVisible(has_words)
        if above == (self._above.indexOf(self._hint) >= 0):
            return
        source, target = (self._row, self._above) if above else (self._above, self._row)
        for part in (self.meter, self._hint):
            source.removeWidget(part)
            target.insertWidget(target.count() if above else self._row.indexOf(self._send), part)

    def _buttons_width(self) -> int:
        widths = [part.sizeHint().width() for part in (self._attach, self.limits, self._send)]
        return sum(widths) + 2 * 8 + 25

    def minimumSizeHint(self) -> QSize:
        # Not what the layout says: it would keep the width at which nothing has to give way.
        return QSize(self._buttons_width(), super().minimumSizeHint().height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._place_hint()

    def _submit(self) -> None:
        if self._send.isEnabled():
            self.submitted.emit(self.text)

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        if self.field.hasFocus():
            painter = QPainter(self)
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(QPen(QColor(theme.tokens().accent), 2))
            painter.drawRoundedRect(QRectF(self.rect()).adjusted(1, 1, -1, -1), 11, 11)

    def sizeHint(self) -> QSize:
        return QSize(400, super().sizeHint().height())


def local_files(source: QMimeData) -> list[Path]:
    """Return the local files a drop or paste brings; nothing from elsewhere."""
    return [Path(url.toLocalFile()) for url in source.urls() if url.isLocalFile() and url.toLocalFile()]
