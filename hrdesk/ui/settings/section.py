"""A card of the settings page: a title, a sentence, and rows of label and control."""

import re
from collections.abc import Callable, Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QFontMetrics, QMouseEvent, QResizeEvent
from PySide6.QtWidgets import (
    QBoxLayout,
    QCheckBox,
    QFrame,
    QHBoxLayout,
    QLabel,
    QLayout,
    QProgressBar,
    QPushButton,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from hrdesk.ui import theme
from hrdesk.ui.plain import BREAK, visible
from hrdesk.ui.settings.trial import TrialView

LABEL_WIDTH = 150
STACKED_BELOW = 480  # a row this narrow has its label above its control; both grow with the text
_LONG_WORD = re.compile(r"\S{16}(?=\S)")
TONES = {"good": "good", "caution": "warning", "muted": "muted"}


class Section(QFrame):
    """One card."""

    def __init__(self, title: str, sentence: str = "") -> None:
        super().__init__()
        self.setProperty("kind", "card")
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(20, 16, 20, 18)
        self._column.setSpacing(12)
        head = QVBoxLayout()
        head.setSpacing(2)
        self.title = theme.label(title, "title")
        head.addWidget(self.title)
        if sentence:
            head.addWidget(theme.label(sentence, "muted", wrap=True))
        self._column.addLayout(head)

    def add_row(self, name: str, control: QWidget, note: QWidget | None = None) -> "Row":
        """Add a control with its name at the left and a note below; return the row."""
        row = Row(name, control, note)
        self._column.addWidget(row)
        return row

    def add_widget(self, widget: QWidget) -> None:
        """Add something that is as wide as the card."""
        self._column.addWidget(widget)


class Row(QWidget):
    """A name and its control; where it is narrow the name stands above. A fault is said below the control."""

    def __init__(self, name: str, control: QWidget, note: QWidget | None = None) -> None:
        super().__init__()
        self._control = control
        self._name = theme.label(name)
        self._name.setBuddy(control)
        self._fault = theme.label("", "warning", wrap=True)
        self._fault.hide()
        column = QVBoxLayout()
        column.setSpacing(6)
        for part in (control, self._fault, note):
            if part is not None:
                column.addWidget(part)
        self._box = QBoxLayout(QBoxLayout.Direction.LeftToRight, self)
        self._box.setContentsMargins(0, 0, 0, 0)
        self._box.addWidget(self._name, 0, Qt.AlignmentFlag.AlignTop)
        self._box.addLayout(column, 1)
        self._fit()
        theme.watcher.changed.connect(self._fit)

    @property
    def fault(self) -> str:
        """What is said to be wrong."""
        return self._fault.text()

    def show_fault(self, words: str) -> None:
        """Say what is wrong with the value; "" when nothing is."""
        self._fault.setText(breakable(words))
        self._fault.setVisible(bool(words))
        field = self._control.focusProxy() or self._control
        field.setAccessibleDescription(words)
        field.setProperty("invalid", bool(words))
        theme.repolish(field)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        scale = theme.watcher.text_scale
        is_stacked = self.width() < STACKED_BELOW * scale
        sides = QBoxLayout.Direction
        self._box.setDirection(sides.TopToBottom if is_stacked else sides.LeftToRight)
        self._box.setSpacing(4 if is_stacked else 12)
        self._name.setVisible(not is_stacked or bool(self._name.text()))
        line = QFontMetrics(theme.body()).height()
        self._name.setFixedHeight(line if is_stacked else max(line, theme.CONTROL_HEIGHT))
        self._name.setFixedWidth(round((STACKED_BELOW if is_stacked else LABEL_WIDTH) * scale))
        if isinstance(self._control, QLabel):  # its first line beside the name
            above = 0 if is_stacked else max(0, theme.CONTROL_HEIGHT - line) // 2
            self._control.setContentsMargins(0, above, 0, 0)
            self._control.setAlignment(Qt.AlignmentFlag.AlignTop | Qt.AlignmentFlag.AlignLeft)
        # A name above its control may be wider than the card is.
        self._name.setMinimumWidth(0 if is_stacked else self._name.maximumWidth())


class Tick(QWidget):
    """A check box with its words, which may wrap, and a sentence below."""

    toggled = Signal(bool)
    """The user set or took away the tick."""

    def __init__(self, words: str, sentence: str = "") -> None:
        super().__init__()
        self.box = QCheckBox()
        self.box.setAccessibleName(words)
        self.box.clicked.connect(self.toggled)
        self.box.setFixedWidth(18)
        self.setFocusProxy(self.box)
        self._words = _ClickedLabel(words, "", self.box)
        self.sentence = _ClickedLabel(sentence, "small", self.box)
        self.sentence.setVisible(bool(sentence))
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 4, 0, 4)
        row.setSpacing(10)
        row.addWidget(self.box, 0, Qt.AlignmentFlag.AlignTop)
        column = QVBoxLayout()
        column.setSpacing(2)
        column.addWidget(self._words)
        column.addWidget(self.sentence)
        column.addStretch(1)
        row.addLayout(column, 1)
        theme.watcher.changed.connect(self._fit)
        self._fit()

    def _fit(self) -> None:
        """Keep the box in the middle of the first line of the words."""
        self.box.setFixedHeight(max(18, QFontMetrics(theme.body()).height()))

    def say(self, sentence: str) -> None:
        """Show another sentence below the words."""
        self.sentence.setText(sentence)
        self.sentence.setVisible(bool(sentence))
        self.box.setAccessibleDescription(sentence)


class _ClickedLabel(QLabel):
    """Words beside a check box; a click on them is one on the box."""

    def __init__(self, words: str, tone: str, box: QCheckBox) -> None:
        super().__init__(words)
        self._box = box
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setProperty("tone", tone)
        self.setWordWrap(True)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        event.accept()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if self.rect().contains(event.position().toPoint()):
            self._box.click()


class TrialLine(QWidget):
    """How a trial goes, in words, with Cancel while it is under way. Takes no room while there is nothing."""

    def __init__(self, name: str, cancel: Callable[[], None]) -> None:
        super().__init__()
        self.words = theme.label("", "muted", wrap=True)
        self.words.setAccessibleName(name)
        self.cancel = theme.button("Cancel", name=f"Cancel: {name.lower()}", kind="link")
        self.cancel.clicked.connect(cancel)
        self.bar = QProgressBar()
        self.bar.setRange(0, 0)  # how long it takes is not known
        self.bar.setTextVisible(False)
        self.bar.setAccessibleName(f"Progress: {name.lower()}")
        row = QHBoxLayout()
        fill(row, self.words, self.cancel)
        row.setStretchFactor(self.words, 1)
        column = QVBoxLayout(self)
        fill(column, self.bar, spacing=4)
        column.insertLayout(0, row)
        self.show_view(TrialView())

    def show_view(self, view: TrialView) -> None:
        """Show what is known."""
        say(self.words, view.words, TONES[view.tone])
        self.cancel.setVisible(view.is_busy)
        self.bar.setVisible(view.is_busy)
        self.setVisible(bool(view.words))


class ChoiceButton(QPushButton):
    """A wide button with a title and a sentence that wraps."""

    def __init__(self, title: str, sentence: str) -> None:
        super().__init__()
        self.setAccessibleName(title)
        self.setAccessibleDescription(sentence)
        self.setProperty("kind", "choice")
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        row = QHBoxLayout(self)
        row.setContentsMargins(14, 10, 12, 10)
        column = QVBoxLayout()
        column.setSpacing(2)
        for label in (theme.label(title, "strong", wrap=True), theme.label(sentence, "small", wrap=True)):
            label.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
            column.addWidget(label)
        row.addLayout(column, 1)
        row.addWidget(theme.Picture("chevron-right", 16))
        # A button counts no layout: only so does it grow with its words.
        row.setSizeConstraint(QLayout.SizeConstraint.SetMinimumSize)
        policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Minimum)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)

    def hasHeightForWidth(self) -> bool:
        return True

    def heightForWidth(self, width: int) -> int:
        inside = self.layout()
        return inside.totalHeightForWidth(width) if inside is not None else -1


def breakable(text: str) -> str:
    """Return text from outside for a label: nothing invisible in it, and no word too long for a line."""
    return _LONG_WORD.sub(lambda match: match[0] + BREAK, visible(text))


def say(label: QLabel, words: str, tone: str = "") -> None:
    """Show `words` in a label that has a name of its own; screen readers get them as its description."""
    label.setText(breakable(words))
    label.setAccessibleDescription(words)
    if tone:
        label.setProperty("tone", tone)
        theme.repolish(label)


def fill(layout: QBoxLayout, *controls: QWidget, spacing: int = 8) -> None:
    """Put controls side by side into a layout without margins."""
    layout.setContentsMargins(0, 0, 0, 0)
    layout.setSpacing(spacing)
    for control in controls:
        layout.addWidget(control)


def side_by_side(wide: QWidget, *others: QWidget) -> QWidget:
    """Return `wide` with other controls at its right; it stands for `wide` where focus and names count."""
    place = QWidget()
    row = QHBoxLayout(place)
    fill(row, wide, *others)
    row.setStretchFactor(wide, 1)
    place.setFocusProxy(wide)
    return place


class Replaced(QWidget):
    """A column whose widgets are exchanged all at once: the page is laid out once and not once for each."""

    def __init__(self, spacing: int = 0) -> None:
        super().__init__()
        self._spacing = spacing
        self._shown: QWidget | None = None
        self._column = QVBoxLayout(self)
        fill(self._column)

    def show_widgets(self, widgets: Sequence[QWidget]) -> None:
        """Show these instead of those before, which are deleted."""
        before, self._shown = self._shown, None
        if before is not None:
            self._column.removeWidget(before)
            before.hide()
            before.deleteLater()
        if widgets:
            self._shown = QWidget()
            fill(QVBoxLayout(self._shown), *widgets, spacing=self._spacing)
            self._column.addWidget(self._shown)
            self._shown.show()  # now, and not with the next turn of the event loop


def at_left(control: QWidget, *others: QWidget) -> QWidget:
    """Return `control` with others close at its right and nothing behind; it stands for `control`."""
    place = QWidget()
    row = QHBoxLayout(place)
    fill(row, control, *others)
    row.addStretch(1)
    place.setFocusProxy(control)
    return place
