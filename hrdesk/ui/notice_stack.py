"""Shows notices as cards on top of the conversation, newest first, at most three."""

from PySide6.QtCore import QEvent, QObject, Qt, QTimer, Signal
from PySide6.QtGui import QAccessible, QAccessibleEvent, QColor, QEnterEvent
from PySide6.QtWidgets import (
    QFrame,
    QGraphicsDropShadowEffect,
    QHBoxLayout,
    QVBoxLayout,
    QWidget,
)

from hrdesk.ui import theme
from hrdesk.ui.notices import Notice, NoticeKind, Notices

MOST = 3
WIDEST = 560
SECONDS = 6
_DRAWINGS = {
    NoticeKind.INFO: ("info", "accent"),
    NoticeKind.CAUTION: ("triangle-alert", "caution"),
    NoticeKind.ERROR: ("circle-alert", "danger"),
}


class NoticeCard(QFrame):
    """One notice. Infos go after six seconds unless the mouse is over them."""

    dismissed = Signal()

    def __init__(self, notice: Notice) -> None:
        super().__init__()
        self.notice = notice
        self.setAccessibleName("Notice")
        self.setAccessibleDescription(f"{notice.text} {notice.advice}".strip())
        kind = notice.kind
        self.setProperty("kind", "notice" if kind == NoticeKind.INFO else f"notice-{kind}")
        self._timer = QTimer(self, interval=SECONDS * 1000, singleShot=True)
        self._timer.timeout.connect(self.dismissed)
        row = QHBoxLayout(self)
        row.setContentsMargins(12, 8, 8, 8)
        row.setSpacing(10)
        drawing, role = _DRAWINGS[kind]
        picture = theme.Picture(drawing, 18, role)
        picture.setFixedHeight(theme.CONTROL_HEIGHT)
        row.addWidget(picture, 0, Qt.AlignmentFlag.AlignTop)
        row.addLayout(_words(notice), 1)
        self._add_buttons(row)
        shadow = QGraphicsDropShadowEffect(self, blurRadius=18, xOffset=0, yOffset=4)
        shadow.setColor(QColor(0, 0, 0, 40))
        self.setGraphicsEffect(shadow)

    def _add_buttons(self, row: QHBoxLayout) -> None:
        action = self.notice.action
        if action is not None:
            run = theme.button(action.text)
            run.clicked.connect(self._act)
            row.addWidget(run)
        close = theme.button("", name="Dismiss notice", drawing="x")
        close.clicked.connect(self.dismissed)
        row.addWidget(close, 0, Qt.AlignmentFlag.AlignTop)

    def _act(self) -> None:
        self.dismissed.emit()
        if self.notice.action is not None:
            self.notice.action.run()

    def announce(self) -> None:
        """Start the clock and tell screen readers."""
        if self.notice.kind == NoticeKind.INFO:
            self._timer.start()
        QAccessible.updateAccessibility(QAccessibleEvent(self, QAccessible.Event.Alert))

    def enterEvent(self, event: QEnterEvent) -> None:
        self._timer.stop()
        super().enterEvent(event)

    def leaveEvent(self, event: QEvent) -> None:
        if self.notice.kind == NoticeKind.INFO:
            self._timer.start()
        super().leaveEvent(event)


def _words(notice: Notice) -> QVBoxLayout:
    column = QVBoxLayout()
    column.setSpacing(2)
    column.setContentsMargins(0, 6, 0, 6)
    column.addWidget(theme.label(notice.text, "strong" if notice.advice else "", wrap=True))
    if notice.advice:
        column.addWidget(theme.label(notice.advice, wrap=True))
    return column


class NoticeStack(QWidget):
    """The cards, at the top of `host`; it covers nothing where there is no card."""

    def __init__(self, notices: Notices, host: QWidget, top: int = 12) -> None:
        super().__init__(host)
        self._host, self._top = host, top
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(12, 4, 12, 16)
        self._column.setSpacing(8)
        self.hide()
        host.installEventFilter(self)
        notices.notified.connect(self._show)
        notices.withdrawn.connect(self._withdraw)

    @property
    def cards(self) -> list[NoticeCard]:
        """The cards on show, newest first."""
        items = (self._column.itemAt(at) for at in range(self._column.count()))
        widgets = (item.widget() for item in items if item is not None)
        return [card for card in widgets if isinstance(card, NoticeCard)]

    def dismiss_newest(self) -> bool:
        """Take the newest card away; False where there is none."""
        if not self.cards:
            return False
        self._remove(self.cards[0])
        return True

    def eventFilter(self, _watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Resize:
            self._place()
        return False

    def _show(self, notice: Notice) -> None:
        if notice.key:
            self._withdraw(notice.key)
        card = NoticeCard(notice)
        card.dismissed.connect(lambda: self._remove(card))
        self._column.insertWidget(0, card)
        card.show()  # at once: a hidden card counts as having no height
        self._drop_surplus()
        self._place()
        card.announce()

    def _drop_surplus(self) -> None:
        """Keep the newest; an info gives way before a caution or an error."""
        while len(self.cards) > MOST:
            infos = [card for card in self.cards[1:] if card.notice.kind == NoticeKind.INFO]
            self._remove((infos or self.cards)[-1])

    def _withdraw(self, key: str) -> None:
        for card in self.cards:
            if card.notice.key == key:
                self._remove(card)

    def _remove(self, card: NoticeCard) -> None:
        self._column.removeWidget(card)
        card.hide()
        card.deleteLater()
        self._place()

    def _place(self) -> None:
        self.setVisible(bool(self.cards))
        if not self.cards:
            return
        width = min(WIDEST, self._host.width() - 16)
        height = self._column.heightForWidth(width)
        height = height if height > 0 else self._column.sizeHint().height()
        self.setGeometry((self._host.width() - width) // 2, self._top, width, height)
        self.raise_()
