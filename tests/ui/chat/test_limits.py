from datetime import date

import pytest
from PySide6.QtCore import QDate
from PySide6.QtWidgets import QCalendarWidget, QLineEdit, QPushButton

from hrdesk.ui.chat.limits import LimitChips, Limits

# Said by the offscreen platform of every popup.
pytestmark = pytest.mark.qt_log_ignore("does not support grabbing the keyboard", extend=True)


@pytest.fixture
def chips(themed, qtbot):
    chips = LimitChips()
    qtbot.addWidget(chips)
    chips.show()
    return chips


def press(chips: LimitChips, text: str) -> None:
    next(button for button in chips.findChildren(QPushButton) if button.text() == text).click()


def test_a_day_is_chosen_in_a_calendar_and_given_up_again(chips, qtbot):
    press(chips, "As of")
    chips.findChild(QCalendarWidget).setSelectedDate(QDate(2025, 11, 1))
    with qtbot.waitSignal(chips.changed, check_params_cb=lambda limits: limits == Limits(date(2025, 11, 1))):
        press(chips, "Use")
    press(chips, "As of: 1 November 2025")
    with qtbot.waitSignal(chips.changed, check_params_cb=lambda limits: limits == Limits()):
        press(chips, "Today")


def test_a_scope_is_typed_and_keeps_the_day(chips, qtbot):
    chips.show_limits(Limits(date(2025, 11, 1)))
    press(chips, "Scope")
    chips.findChild(QLineEdit).setText("  Germany,  Berlin ")
    with qtbot.waitSignal(chips.changed) as caught:
        press(chips, "Use")
    assert caught.args == [Limits(date(2025, 11, 1), "Germany, Berlin")]
