"""The colours of the window as named values, read from resources/theme/tokens.json.

A token says what a colour is for, never how it looks: code asks for `muted`, not for grey. Both sets have
the same names, and `contrast` is what the tests hold them to.
"""

import json
from dataclasses import dataclass, fields
from functools import cache

from hrdesk.ui.theme.files import theme_file

SPACE = (4, 8, 12, 16, 24)
"""The only distances between things, in pixels."""

RADIUS = 8
CARD_RADIUS = 12
CONTROL_HEIGHT = 32
READING_WIDTH = 760


@dataclass(frozen=True, slots=True)
class Tokens:
    """One complete set of colours, each as "#rrggbb"."""

    ground: str
    panel: str
    line: str
    hover: str
    text: str
    muted: str
    faint: str
    accent: str
    accent_hover: str
    accent_soft: str
    on_accent: str
    selection: str
    verified: str
    verified_ground: str
    caution: str
    caution_ground: str
    danger: str
    danger_ground: str
    highlight: str
    marker: str
    on_marker: str
    paper: str
    paper_line: str
    dark: bool = False

    def colours(self) -> dict[str, str]:
        """Return every colour by its name."""
        return {field.name: getattr(self, field.name) for field in fields(self) if field.name != "dark"}


@cache
def load(dark: bool) -> Tokens:
    """Return the light or the dark set."""
    sets = json.loads(theme_file("tokens.json").read_text("utf-8"))
    return Tokens(**sets["dark" if dark else "light"], dark=dark)


def luminance(colour: str) -> float:
    """Return the relative luminance (0..1) of "#rrggbb", by WCAG 2.2."""
    channels = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    """Return the contrast ratio (1..21) of two colours, by WCAG 2.2."""
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)
