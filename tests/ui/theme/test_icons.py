"""Every icon the program may ask for is there, and follows the theme."""

import logging

import pytest
from PySide6.QtCore import QPoint, QSize
from PySide6.QtGui import QColor, QIcon, QImage, QPainter

from hrdesk.ui import theme
from hrdesk.ui.theme.files import resource_folder
from hrdesk.ui.theme.icons import exists

NAMES = [
    "plus",
    "search",
    "library",
    "settings",
    "send",
    "square",
    "paperclip",
    "file-text",
    "pin",
    "trash-2",
    "pencil",
    "x",
    "check",
    "circle-alert",
    "triangle-alert",
    "info",
    "chevron-left",
    "chevron-right",
    "chevron-down",
    "zoom-in",
    "zoom-out",
    "copy",
    "rotate-ccw",
    "calendar",
    "map-pin",
    "shield-check",
    "lock",
    "folder-open",
    "key-round",
    "monitor",
    "sun",
    "moon",
    "upload",
    "clock",
    "eye",
    "quote",
    "message-square",
    "ellipsis",
    "arrow-right",
    "circle-check",
    "ban",
    "scan-text",
    "external-link",
]


@pytest.mark.parametrize("name", NAMES)
def test_the_icon_is_there_and_draws_something(themed, name):
    assert exists(name)
    assert _ink(theme.icon(name, 64).pixmap(QSize(64, 64)).toImage())


def test_the_licence_of_the_icons_is_beside_them():
    assert list((resource_folder() / "icons").glob("LICENSE*"))


def test_an_icon_takes_the_colour_of_its_role_and_follows_the_theme(themed):
    icon = theme.icon("plus", 32, role="accent")
    light = _ink(icon.pixmap(QSize(32, 32)).toImage())
    theme.apply(themed, "dark")
    dark = _ink(icon.pixmap(QSize(32, 32)).toImage())
    assert light == {"#2457d6"}
    assert dark == {"#7aa2ff"}


def test_a_disabled_icon_is_faint(themed):
    image = theme.icon("plus", 32).pixmap(QSize(32, 32), QIcon.Mode.Disabled).toImage()
    assert _ink(image) == {theme.tokens().faint}


def test_a_missing_icon_paints_nothing_and_is_logged(themed, caplog):
    with caplog.at_level(logging.WARNING):
        image = theme.icon("no-such-drawing").pixmap(QSize(16, 16)).toImage()
    assert not _ink(image)
    assert "no-such-drawing" in caplog.text


def test_an_icon_wider_than_high_keeps_its_drawing_at_the_left(themed):
    image = theme.icon("square").pixmap(QSize(40, 16)).toImage()
    assert all(image.pixelColor(x, y).alpha() == 0 for x in range(17, 40) for y in range(16))


def test_an_icon_is_sharp_on_a_fine_screen(themed):
    pixmap = theme.icon("square", 16).pixmap(QSize(16, 16), 2.0)
    assert (pixmap.width(), pixmap.devicePixelRatio()) == (32, 2.0)
    assert any(pixmap.toImage().pixelColor(x, 16).alpha() for x in range(20, 32))


def test_delegates_can_paint_an_icon_anywhere(themed):
    image = QImage(40, 40, QImage.Format.Format_ARGB32_Premultiplied)
    image.fill(0)
    painter = QPainter(image)
    theme.paint_icon(painter, "pin", QPoint(20, 20), 16, "accent")
    painter.end()
    assert _ink(image) == {theme.tokens().accent}
    assert not _ink(image.copy(0, 0, 20, 20))


def test_a_copied_icon_still_paints(themed):
    copy = QIcon(theme.icon("plus", 32))
    copy.addPixmap(theme.icon("x").pixmap(QSize(8, 8)))
    assert _ink(copy.pixmap(QSize(32, 32)).toImage())


def _ink(image: QImage) -> set[str]:
    """Return the colours of all fully opaque pixels."""
    colours = set()
    for x in range(image.width()):
        for y in range(image.height()):
            colour = QColor(image.pixelColor(x, y))
            if colour.alpha() == 255:
                colours.add(colour.name())
    return colours
