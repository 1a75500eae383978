"""What goes between model and program, to the letter: tool calls with their outputs, and the exact prompt.

All of it comes from outside and may be large: it is plain text, made when it is opened, and cut only where
no window could show it.
"""

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from hrdesk.ui import theme
from hrdesk.ui.plain import PlainText, visible
from hrdesk.ui.viewer.seen_rows import SeenCall

LINES = 16
LONGEST = 200_000  # characters of one text
TONES = {"answered": "plain", "refused": "caution", "no output": "caution"}


class Disclosure(QWidget):
    """A line that opens and closes what is below it; the inside is made when it is opened first."""

    def __init__(self, title: str, name: str = "") -> None:
        super().__init__()
        self._line = theme.button(title, kind="disclosure", drawing="chevron-right", name=name or title)
        self._line.setCheckable(True)
        self._line.toggled.connect(self._open)
        self._inside: QWidget | None = None
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(4)
        self._head = QHBoxLayout()
        self._head.setSpacing(8)
        self._head.addWidget(self._line, 1)
        self._column.addLayout(self._head)

    @property
    def line(self) -> QPushButton:
        """Return the button that opens and closes."""
        return self._line

    def add_badge(self, badge: QLabel) -> None:
        """Put a badge at the end of the line."""
        self._head.addWidget(badge, 0, Qt.AlignmentFlag.AlignVCenter)

    def inside(self) -> QWidget:
        """Make what is below the line."""
        raise NotImplementedError

    def _open(self, is_open: bool) -> None:
        self._line.setIcon(theme.icon("chevron-down" if is_open else "chevron-right", 16, "muted"))
        if is_open and self._inside is None:
            self._inside = self.inside()
            self._column.addWidget(self._inside)
        if self._inside is not None:
            self._inside.setVisible(is_open)


class Prompt(Disclosure):
    """The exact prompt; its size is said before it is opened."""

    def __init__(self, prompt: str) -> None:
        super().__init__(f"Exact prompt · {len(prompt):,} characters", "Show the exact prompt")
        self._prompt = prompt

    def inside(self) -> QWidget:
        return framed("Exact prompt", self._prompt)


class CallLine(Disclosure):
    """One tool call: its name and state, and below them arguments and output."""

    def __init__(self, call: SeenCall) -> None:
        super().__init__(visible(call.name), f"Tool call {visible(call.name)}: {call.state}")
        self._call = call
        self.add_badge(theme.label(call.state, tone=TONES[call.state]))

    def inside(self) -> QWidget:
        made = QWidget()
        column = QVBoxLayout(made)
        column.setContentsMargins(24, 0, 0, 8)
        column.setSpacing(4)
        if self._call.refusal:
            column.addWidget(theme.label(visible(self._call.refusal), tone="warning", wrap=True))
        for name, text in (("Arguments", self._call.arguments), ("Output", self._call.output)):
            if text:
                column.addWidget(theme.label(name, tone="caption"))
                column.addWidget(framed(name, text))
        return made


class CallsCard(QFrame):
    """Every tool call of a run."""

    def __init__(self, calls: Sequence[SeenCall]) -> None:
        super().__init__()
        self.setProperty("kind", "card")
        column = QVBoxLayout(self)
        column.setContentsMargins(12, 10, 12, 10)
        column.setSpacing(2)
        column.addWidget(theme.label(_calls_title(calls), tone="caption", wrap=True))
        for call in calls:
            column.addWidget(CallLine(call))


def _calls_title(calls: Sequence[SeenCall]) -> str:
    refused = sum(bool(call.refusal) for call in calls)
    made = "1 tool call" if len(calls) == 1 else f"{len(calls)} tool calls"
    return f"{made}, {refused} refused" if refused else made


def framed(name: str, text: str) -> QWidget:
    """Return a text in a frame of its own, in the font of code."""
    frame = QFrame()
    frame.setProperty("kind", "well")
    inner = QVBoxLayout(frame)
    inner.setContentsMargins(10, 8, 4, 8)
    shown = PlainText(name, LINES, fixed=True)
    rest = len(text) - LONGEST
    shown.show_text(text if rest <= 0 else f"{text[:LONGEST]}\n… {rest:,} more characters are not shown.")
    inner.addWidget(shown)
    return frame
