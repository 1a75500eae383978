"""The few fonts of the window, all taken from one size.

Sizes are given in pixels at 100 % and set in points, so that they follow the screen's resolution.
"""

from PySide6.QtGui import QFont, QFontDatabase, QGuiApplication

from hrdesk.ui.theme.current import watcher

BODY = 13.5
SMALL = 12.25
TITLE = 15.0
HEADING = 19.0


def points(pixels: float) -> float:
    """Return `pixels` at 100 % as points on the first screen, at the chosen text size."""
    screen = QGuiApplication.primaryScreen()
    dots = screen.logicalDotsPerInch() if screen else 96.0
    return pixels * watcher.text_scale * 72.0 / dots


def font(pixels: float = BODY, weight: QFont.Weight = QFont.Weight.Normal) -> QFont:
    """Return the interface font (Inter where it is present, else the system's) in the given size."""
    system = QFontDatabase.systemFont(QFontDatabase.SystemFont.GeneralFont)
    made = QFont(system)
    made.setFamilies(["Inter", *system.families()])
    made.setPointSizeF(points(pixels))
    made.setWeight(weight)
    return made


def body() -> QFont:
    """Return the font of text to read."""
    return font(BODY)


def small() -> QFont:
    """Return the font of second lines, captions and chips."""
    return font(SMALL)


def title() -> QFont:
    """Return the font at the head of a column."""
    return font(TITLE, QFont.Weight.DemiBold)


def strong() -> QFont:
    """Return the font of words that lead a row."""
    return font(BODY, QFont.Weight.Medium)


def fixed() -> QFont:
    """Return the font of code, keys and paths."""
    made = QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont)
    made.setPointSizeF(points(SMALL))
    return made
