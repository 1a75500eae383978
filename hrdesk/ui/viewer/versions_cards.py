"""One change between two versions: what it is, the old and the new words, and the way to both pages."""

from collections.abc import Sequence

from PySide6.QtCore import QPointF, QSize, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QFont,
    QPainter,
    QPaintEvent,
    QResizeEvent,
    QTextCharFormat,
    QTextLayout,
    QTextOption,
)
from PySide6.QtWidgets import QFrame, QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from hrdesk.core.versions import Change, ChangeKind, Side
from hrdesk.ui import theme
from hrdesk.ui.plain import visible
from hrdesk.ui.viewer.page_text import utf16
from hrdesk.ui.viewer.words import section_words

LONGEST = 1_500  # characters of a side that are shown; the page has the rest
BADGES = {
    ChangeKind.ADDED: ("added", "verified"),
    ChangeKind.REMOVED: ("removed", "danger"),
    ChangeKind.CHANGED: ("changed", "caution"),
    ChangeKind.MOVED: ("moved", "plain"),
}


class MarkedText(QWidget):
    """A text of several lines with marked words: struck out in an old version, underlined in a new one."""

    def __init__(self, name: str, text: str, marks: Sequence[tuple[int, int]], *, old: bool) -> None:
        super().__init__()
        self._old = old
        self.text, self._marks = shown(text, marks)
        self._layout = QTextLayout()
        self._height = 0.0
        self.setAccessibleName(f"{name}: {self.text}")
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        theme.watcher.changed.connect(self._fit)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if event.size().width() != event.oldSize().width():
            self._fit()

    def _fit(self) -> None:
        """Be as high as the lines need: layouts in a scroll area do not ask widgets for their height."""
        self.setFixedHeight(self.heightForWidth(self.width()))
        self.update()

    def heightForWidth(self, width: int) -> int:
        return round(self._arrange(width) + 1)

    def sizeHint(self) -> QSize:
        return QSize(240, self.heightForWidth(max(self.width(), 240)))

    def paintEvent(self, _event: QPaintEvent) -> None:
        self._arrange(self.width())
        painter = QPainter(self)
        painter.setPen(QColor(theme.tokens().muted if self._old else theme.tokens().text))
        self._layout.draw(painter, QPointF(0, 0))

    def _arrange(self, width: int) -> float:
        """Break the text into lines of this width and return its height."""
        layout = QTextLayout(self.text.replace("\n", "\u2028"), theme.body())
        option = QTextOption()
        option.setWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
        layout.setTextOption(option)
        layout.setFormats([self._format(start, end) for start, end in self._marks])
        layout.beginLayout()
        height = 0.0
        while (line := layout.createLine()).isValid():
            line.setLineWidth(max(width, 40))
            line.setPosition(QPointF(0, height))
            height += line.height() * 1.15
        layout.endLayout()
        self._layout = layout
        return height

    def _format(self, start: int, end: int) -> QTextLayout.FormatRange:
        colours = theme.tokens()
        made, form = QTextLayout.FormatRange(), QTextCharFormat()
        form.setForeground(QColor(colours.danger if self._old else colours.verified))
        form.setBackground(QColor(colours.danger_ground if self._old else colours.verified_ground))
        if self._old:
            form.setFontStrikeOut(True)  # colour alone is not seen by everybody
        else:
            form.setFontUnderline(True)
            form.setFontWeight(QFont.Weight.DemiBold)
        made.start, made.length, made.format = start, end - start, form
        return made


class ChangeCard(QFrame):
    """A change; the two links open the pages."""

    opened = Signal(bool)
    """Open a page: True for the old version, False for the new one."""

    def __init__(self, change: Change, number: int) -> None:
        super().__init__()
        self.setProperty("kind", "card")
        words, tone = BADGES[change.kind]
        self.setAccessibleName(f"Change {number}: {words}")
        column = QVBoxLayout(self)
        column.setContentsMargins(14, 10, 14, 6)
        column.setSpacing(6)
        column.addLayout(_head(change, words, tone))
        for side, old in ((change.old, True), (change.new, False)):
            if side is not None and not (old and change.kind is ChangeKind.MOVED):
                whole = change.kind is ChangeKind.CHANGED
                column.addWidget(MarkedText(_which(old), side.text, side.marks if whole else (), old=old))
        column.addLayout(self._links(change))

    def _links(self, change: Change) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(12)
        for side, old in ((change.old, True), (change.new, False)):
            if side is not None:
                row.addWidget(self._link(side, old=old))
        row.addStretch(1)
        return row

    def _link(self, side: Side, *, old: bool) -> QWidget:
        text = f"{_which(old)}, page {side.page}"
        link = theme.button(text, kind="textlink", name=f"Open {text[0].lower()}{text[1:]}")
        link.clicked.connect(lambda: self.opened.emit(old))
        return link


def shown(text: str, marks: Sequence[tuple[int, int]]) -> tuple[str, list[tuple[int, int]]]:
    """Return a text as it is painted, nothing invisible in it, and its marks in UTF-16 units."""
    pieces: list[str] = []
    places: list[tuple[int, int]] = []
    last = 0
    for start, end in [*marks, (len(text), len(text))]:
        pieces.append(visible(text[last:start]))
        before = "".join(pieces)
        pieces.append(visible(text[start:end]))
        if start < end:
            places.append((len(before), len(before) + len(pieces[-1])))
        last = end
    whole = "".join(pieces)
    if len(whole) > LONGEST:
        whole = whole[:LONGEST].rstrip() + "…"
    cut = [(start, min(end, len(whole))) for start, end in places if start < len(whole)]
    return whole, [(utf16(whole, start), utf16(whole, end)) for start, end in cut]


def _head(change: Change, words: str, tone: str) -> QHBoxLayout:
    side = change.new or change.old
    assert side is not None, "a change has at least one side"
    title = side.section.split(" > ")[0]
    row = QHBoxLayout()
    row.setSpacing(8)
    row.addWidget(theme.label(words, tone), 0, Qt.AlignmentFlag.AlignTop)
    row.addWidget(theme.label(visible(section_words(side.section, title)), "small", wrap=True), 1)
    return row


def _which(old: bool) -> str:
    return "Older version" if old else "Newer version"
