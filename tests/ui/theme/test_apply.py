"""The application in light and dark."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QPalette
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from hrdesk.ui import theme
from hrdesk.ui.theme.apply import palette, style_sheet
from hrdesk.ui.theme.focus import FocusFollower
from hrdesk.ui.theme.tokens import load


def test_dark_and_light_change_palette_tokens_and_say_so(themed, qtbot):
    with qtbot.waitSignal(theme.watcher.changed):
        theme.apply(themed, "dark")
    assert theme.tokens().dark
    assert themed.palette().color(QPalette.ColorRole.Window).name() == load(dark=True).ground
    theme.apply(themed, "light")
    assert themed.palette().color(QPalette.ColorRole.Window).name() == load(dark=False).ground


def test_an_unknown_mode_counts_as_the_systems(themed):
    theme.apply(themed, "sepia")
    assert theme.watcher.mode == "system"


def test_larger_text_is_larger_everywhere(themed):
    before = theme.body().pointSizeF(), theme.small().pointSizeF()
    theme.apply(themed, "light", text_scale=1.25)
    assert (theme.body().pointSizeF(), theme.small().pointSizeF()) == tuple(size * 1.25 for size in before)
    assert themed.font().pointSizeF() == theme.body().pointSizeF()


@pytest.mark.parametrize("dark", [False, True])
def test_every_name_in_the_style_sheet_is_filled_in(themed, dark):
    assert "$" not in style_sheet(load(dark=dark))


def test_every_token_changes_or_is_paper(themed):
    same = {
        name
        for name, colour in load(dark=False).colours().items()
        if colour == load(dark=True).colours()[name]
    }
    assert same == {"highlight", "paper"}
    assert style_sheet(load(dark=False)) != style_sheet(load(dark=True))
    assert palette(load(dark=False)) != palette(load(dark=True))


def test_a_button_without_text_tells_its_name(themed, qtbot):
    made = theme.button("", name="Delete thread", drawing="trash-2")
    qtbot.addWidget(made)
    assert (made.accessibleName(), made.toolTip(), made.property("kind")) == ("Delete thread",) * 2 + (
        "icon",
    )


def test_controls_are_high_enough_to_hit(themed, qtbot):
    for kind, least in (("", 32), ("primary", 32), ("quiet", 32), ("chip", 28), ("icon", 32), ("link", 28)):
        made = theme.button("Text" if kind != "icon" else "", name="Text", drawing="plus", kind=kind)
        qtbot.addWidget(made)
        assert made.sizeHint().height() >= least, kind


def test_labels_show_markup_as_text(themed, qtbot):
    made = theme.label("<b>bold</b>", "muted")
    qtbot.addWidget(made)
    assert made.textFormat() == Qt.TextFormat.PlainText


def test_the_focus_ring_shows_for_the_keyboard_and_not_for_the_mouse(themed, qtbot):
    window, one, two = _two_buttons(qtbot)
    one.setFocus()
    qtbot.keyClick(one, Qt.Key.Key_Tab)
    ring = _ring()
    assert themed.focusWidget() is two and ring.isVisible()
    assert ring.geometry().contains(two.geometry())
    window.resize(500, 300)
    assert ring.geometry().contains(two.geometry())
    qtbot.mouseClick(one, Qt.MouseButton.LeftButton)
    assert not ring.isVisible()


def test_the_focus_ring_survives_its_window(themed, qtbot):
    for _ in range(2):
        window, one, _ = _two_buttons(qtbot)
        one.setFocus()
        qtbot.keyClick(one, Qt.Key.Key_Tab)
        assert _ring().isVisible()
        window.close()


def _ring() -> QWidget:
    follower = theme.watcher.follower
    assert isinstance(follower, FocusFollower) and follower.ring is not None
    return follower.ring


def _two_buttons(qtbot: QtBot) -> tuple[QWidget, QPushButton, QPushButton]:
    window = QWidget()
    layout = QHBoxLayout(window)
    one, two = theme.button("One"), theme.button("Two")
    layout.addWidget(one)
    layout.addWidget(two)
    qtbot.addWidget(window)
    window.show()
    window.activateWindow()
    qtbot.waitUntil(window.isActiveWindow)
    return window, one, two
