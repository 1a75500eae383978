"""The card that asks for leave before a tool with side effects runs: its arguments, and how long it waits.

Name and arguments come from a model and are shown as plain text, whole, with nothing invisible in them.
Keyboard and pointer stay where they are when the card appears; it can be allowed only after a moment, so
that a click meant for something else does not hit it.
"""

import json
from collections.abc import Sequence
from datetime import UTC, datetime

from PySide6.QtCore import QEvent, QObject, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QAccessible, QAccessibleAnnouncementEvent
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QScrollArea, QSizePolicy, QVBoxLayout, QWidget

from hrdesk.core.runs import ConfirmationAsked
from hrdesk.ui import theme
from hrdesk.ui.chat.flights import countdown
from hrdesk.ui.chat.ticking import TickingFrame
from hrdesk.ui.plain import PlainText, visible

TICK_MS = 250
MOMENT_MS = 600
LONGEST_SHOWN = 20_000  # characters of all arguments; nobody reads more than this before a click
HIGHEST, LEAST = 260, 64  # pixels of all arguments together; beyond that they scroll
TOO_LONG = "These arguments are too long to be read, so they cannot be allowed."
WHY = "It can change something outside hrdesk. It runs only if you allow it."


class ConfirmationCard(TickingFrame):
    """Asks for one tool at a time, the one that was asked for first."""

    decided = Signal(object, bool)  # ConfirmationAsked, allowed
    expired = Signal(object)  # ConfirmationAsked: its time is over

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(TICK_MS, parent)
        self._asked: ConfirmationAsked | None = None
        self._readable = True
        self._title = theme.label(tone="strong", wrap=True)
        self._left = theme.label(tone="small")
        self._why = theme.label(WHY, tone="small", wrap=True)
        self._arguments = Arguments()
        self._refuse = theme.button("Do not allow", name="Do not allow")
        self._allow = theme.button("Allow", kind="primary")
        self.tick.timeout.connect(self._show_time)
        self._moment = QTimer(self, interval=MOMENT_MS, singleShot=True)
        self._moment.timeout.connect(self._let_allow)
        self._allow.clicked.connect(lambda: self._decide(True))
        self._refuse.clicked.connect(lambda: self._decide(False))
        self.setProperty("kind", "asking")
        self.setAccessibleName("Confirmation")
        self._lay_out()
        self.hide()

    def _lay_out(self) -> None:
        head = QHBoxLayout()
        head.setSpacing(10)
        head.addWidget(theme.Picture("shield-check", 18, "caution"), 0, Qt.AlignmentFlag.AlignTop)
        head.addWidget(self._title, 1)
        head.addWidget(self._left, 0, Qt.AlignmentFlag.AlignTop)
        foot = QHBoxLayout()
        foot.setSpacing(8)
        foot.addStretch(1)
        foot.addWidget(self._refuse)
        foot.addWidget(self._allow)
        column = QVBoxLayout(self)
        column.setContentsMargins(14, 12, 12, 12)
        column.setSpacing(8)
        column.addLayout(head)
        column.addWidget(self._why)
        column.addWidget(self._arguments)
        column.addLayout(foot)

    @property
    def allow_button(self) -> QPushButton:
        """Return the button named Allow."""
        return self._allow

    @property
    def refuse_button(self) -> QPushButton:
        """Return the button named Do not allow."""
        return self._refuse

    @property
    def words(self) -> str:
        """Return the question that is asked."""
        return self._title.text()

    def show_asking(self, asking: Sequence[ConfirmationAsked]) -> None:
        """Ask for the first of these tools; none hides the card."""
        asked = asking[0] if asking else None
        self._why.setText(f"{WHY} {len(asking) - 1} more will be asked for." if len(asking) > 1 else WHY)
        if asked != self._asked:
            self._asked = asked
            if asked is not None:
                self._ask(asked)
        self.setVisible(asked is not None)

    def _ask(self, asked: ConfirmationAsked) -> None:
        self._readable = len(asked.call.arguments) <= LONGEST_SHOWN
        self._title.setText(f"Allow {visible(asked.call.name)}?")
        self._arguments.show_arguments(asked.call.arguments if self._readable else "", self._readable)
        self._allow.setEnabled(False)
        self._moment.start()
        self._show_time()
        spoken = f"The assistant asks: {self.words} {countdown(asked.until)}. {WHY}"
        self.setAccessibleDescription(spoken)
        said = QAccessibleAnnouncementEvent(self, spoken)
        said.setPoliteness(QAccessible.AnnouncementPoliteness.Assertive)
        QAccessible.updateAccessibility(said)

    def _show_time(self) -> None:
        asked = self._asked
        if asked is not None:
            self._left.setText(countdown(asked.until))
            if asked.until <= datetime.now(UTC):
                self.expired.emit(asked)

    def _let_allow(self) -> None:
        self._allow.setEnabled(self._readable)

    def _decide(self, allow: bool) -> None:
        if self._asked is not None:
            self.decided.emit(self._asked, allow)


class Arguments(QScrollArea):
    """The arguments of a call: each name with its value. Only the whole of them scrolls, never a part."""

    def __init__(self) -> None:
        super().__init__()
        self.setAccessibleName("Arguments")
        self.setProperty("kind", "well")
        self.setWidgetResizable(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Maximum)

    def show_arguments(self, arguments: str, readable: bool) -> None:
        """Show the JSON text of a call's arguments."""
        body = QWidget()
        body.setProperty("kind", "clear")
        column = QVBoxLayout(body)
        column.setContentsMargins(10, 8, 10, 8)
        column.setSpacing(2)
        if not readable:
            column.addWidget(theme.label(TOO_LONG, tone="warning", wrap=True))
        for name, value in pairs(arguments) if readable else ():
            self._add(column, name, value)
        self.setWidget(body)
        self.setVisible(column.count() > 0)
        body.installEventFilter(self)

    def _add(self, column: QVBoxLayout, name: str, value: str) -> None:
        if column.count():
            column.addSpacing(6)
        if name:
            column.addWidget(theme.label(visible(name), tone="caption", wrap=True))
        text = PlainText(f"Argument {visible(name)}".strip(), lines=LONGEST_SHOWN)
        text.show_text(value)
        column.addWidget(text)

    def eventFilter(self, _watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.LayoutRequest:
            self.updateGeometry()
        return False

    def sizeHint(self) -> QSize:
        body = self.widget()
        height = body.sizeHint().height() + 2 if body is not None else 24
        return QSize(320, min(HIGHEST, max(24, height)))

    def minimumSizeHint(self) -> QSize:
        return QSize(80, min(LEAST, self.sizeHint().height()))


def pairs(arguments: str) -> list[tuple[str, str]]:
    """Return names and values of a call's arguments as they are read; what is no JSON object is one value."""
    try:
        given = json.loads(arguments) if arguments.strip() else {}
    except (ValueError, RecursionError):
        return [("", arguments)]
    if not isinstance(given, dict):
        return [("", arguments)]
    return [(str(name), _words(value)) for name, value in given.items()]


def _words(value: object) -> str:
    if isinstance(value, str):
        return value or "(empty)"
    if isinstance(value, list) and value and all(isinstance(one, str | int | float) for one in value):
        return "\n".join(str(one) for one in value)
    return json.dumps(value, ensure_ascii=False, indent=2)
