"""What the next question is limited to: the day whose policies count, and for whom."""

from dataclasses import dataclass
from datetime import date

from PySide6.QtCore import QDate, QPoint, QRectF, Qt, Signal
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen, QTextCharFormat
from PySide6.QtWidgets import (
    QCalendarWidget,
    QFrame,
    QHBoxLayout,
    QLineEdit,
    QPushButton,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from hrdesk.ui import theme


@dataclass(frozen=True, slots=True)
class Limits:
    """What the next question of a thread is limited to; None and "" mean no limit."""

    as_of: date | None = None
    scope: str = ""

    @property
    def as_of_words(self) -> str:
        """Return the day as the chips show it."""
        return f"As of: {'today' if self.as_of is None else day_words(self.as_of)}"


def day_words(day: date) -> str:
    """Return a day such as "1 January 2026"."""
    return f"{day.day} {day:%B %Y}"


class LimitChips(QWidget):
    """The chips "Scope" and "As of"."""

    changed = Signal(object)  # Limits

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._limits = Limits()
        self._scope = theme.button("Scope", kind="chip")
        self._as_of = theme.button("As of", kind="chip")
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        for chip, meaning, action in (
            (self._scope, "Ask for one country, site or group only", self._choose_scope),
            (self._as_of, "Ask what the policies said on another day", self._choose_day),
        ):
            chip.setToolTip(meaning)
            chip.clicked.connect(action)
            row.addWidget(chip)

    def show_limits(self, limits: Limits) -> None:
        """Show what counts now."""
        self._limits = limits
        self._scope.setText(f"Scope: {limits.scope}" if limits.scope else "Scope")
        self._as_of.setText(limits.as_of_words if limits.as_of else "As of")

    def _set(self, limits: Limits) -> None:
        self.show_limits(limits)
        self.changed.emit(limits)

    def _choose_scope(self) -> None:
        field = QLineEdit(self._limits.scope)
        field.setAccessibleName("Scope of the question")
        field.setPlaceholderText("Country, site or group, e.g. Germany")
        field.setMinimumWidth(260)
        popup = Popup(self, field, "Everywhere")

        def take() -> None:
            self._set(Limits(self._limits.as_of, " ".join(field.text().split())))
            popup.close()

        field.returnPressed.connect(take)
        popup.taken.connect(take)
        popup.reset.connect(lambda: self._set(Limits(self._limits.as_of, "")))
        popup.show_over(self._scope)
        field.setFocus()

    def _choose_day(self) -> None:
        calendar = _calendar()
        day = self._limits.as_of
        calendar.setSelectedDate(QDate(day.year, day.month, day.day) if day else QDate.currentDate())
        popup = Popup(self, calendar, "Today")

        def take() -> None:
            chosen = calendar.selectedDate()
            self._set(Limits(date(chosen.year(), chosen.month(), chosen.day()), self._limits.scope))
            popup.close()

        calendar.activated.connect(take)
        popup.taken.connect(take)
        popup.reset.connect(lambda: self._set(Limits(None, self._limits.scope)))
        popup.show_over(self._as_of)
        calendar.setFocus()


def _calendar() -> QCalendarWidget:
    made = QCalendarWidget()
    made.setAccessibleName("The policies in force on this day")
    made.setVerticalHeaderFormat(QCalendarWidget.VerticalHeaderFormat.NoVerticalHeader)
    colours = theme.tokens()
    plain, muted = QTextCharFormat(), QTextCharFormat()
    plain.setForeground(QColor(colours.text))
    muted.setForeground(QColor(colours.muted))
    made.setHeaderTextFormat(muted)
    for day in (Qt.DayOfWeek.Saturday, Qt.DayOfWeek.Sunday):  # red says nothing here
        made.setWeekdayTextFormat(day, plain)
    made.setStyleSheet(
        "#qt_calendar_navigationbar { background: transparent; }"
        f"QToolButton {{ color: {colours.text}; background: transparent; border: none; padding: 4px 8px; }}"
        f"QToolButton:hover {{ background: {colours.hover}; border-radius: 6px; }}"
        "QToolButton::menu-indicator { image: none; }"
        f"QTableView {{ background: {colours.panel}; alternate-background-color: {colours.panel};"
        f" selection-background-color: {colours.accent}; selection-color: {colours.on_accent}; }}"
    )
    for name, drawing in (
        ("qt_calendar_prevmonth", "chevron-left"),
        ("qt_calendar_nextmonth", "chevron-right"),
    ):
        arrow = made.findChild(QToolButton, name)
        if isinstance(arrow, QToolButton):
            arrow.setIcon(theme.icon(drawing))
    return made


class Popup(QFrame):
    """A field over a chip, with one button to take what is in it and one to go back to no limit."""

    taken = Signal()
    reset = Signal()

    def __init__(self, parent: QWidget, field: QWidget, no_limit: str) -> None:
        super().__init__(parent, Qt.WindowType.Popup)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setAttribute(Qt.WidgetAttribute.WA_TranslucentBackground)  # for the round corners
        reset = theme.button(no_limit, kind="quiet")
        take: QPushButton = theme.button("Use", kind="primary")
        reset.clicked.connect(self.reset)
        reset.clicked.connect(self.close)
        take.clicked.connect(self.taken)
        column = QVBoxLayout(self)
        column.setContentsMargins(12, 12, 12, 12)
        column.addWidget(field)
        row = QHBoxLayout()
        row.addWidget(reset)
        row.addStretch(1)
        row.addWidget(take)
        column.addLayout(row)

    def paintEvent(self, _event: QPaintEvent) -> None:
        # A style sheet does not paint the ground of a see-through window.
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(QColor(theme.tokens().line), 1))
        painter.setBrush(QColor(theme.tokens().panel))
        box = QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5)
        painter.drawRoundedRect(box, theme.CARD_RADIUS, theme.CARD_RADIUS)

    def show_over(self, chip: QWidget) -> None:
        """Open above a chip."""
        self.adjustSize()
        corner = chip.mapToGlobal(QPoint(0, 0))
        self.move(corner - QPoint(0, self.sizeHint().height() + 6))
        self.show()
