"""What the next question is limited to: the day whose policies count, and for whom."""

from dataclasses import dataclass
from datetime import date

from PySide6.QtCore import QDate, QPoint, Qt, Signal
from PySide6.QtWidgets import (
    QCalendarWidget,
    QFrame,
    QHBoxLayout,
    QLineEdit,
    QPushButton,
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
        calendar = QCalendarWidget()
        calendar.setAccessibleName("The policies in force on this day")
        calendar.setVerticalHeaderFormat(QCalendarWidget.VerticalHeaderFormat.NoVerticalHeader)
        calendar.setGridVisible(False)
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


class Popup(QFrame):
    """A field over a chip, with one button to take what is in it and one to go back to no limit."""

    taken = Signal()
    reset = Signal()

    def __init__(self, parent: QWidget, field: QWidget, no_limit: str) -> None:
        super().__init__(parent, Qt.WindowType.Popup)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setAttribute(Qt.WidgetAttribute.WA_TranslucentBackground)  # for the round corners
        self.setProperty("kind", "card")
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

    def show_over(self, chip: QWidget) -> None:
        """Open above a chip."""
        self.adjustSize()
        corner = chip.mapToGlobal(QPoint(0, 0))
        self.move(corner - QPoint(0, self.sizeHint().height() + 6))
        self.show()
