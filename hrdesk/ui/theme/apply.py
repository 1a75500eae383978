"""Puts the theme on the application: Fusion, a palette from the tokens and one style sheet.

The first paint waits for this module, so it leaves out what is slow: `PySide6.QtCore.Qt` makes some hundred
enums when it is first named (35 ms where a bare window takes 170), and string.Template imports re.
"""

from PySide6.QtGui import QColor, QPalette
from PySide6.QtWidgets import QApplication, QStyleFactory

from hrdesk.ui.theme import fonts
from hrdesk.ui.theme.current import tokens, watcher
from hrdesk.ui.theme.files import theme_file
from hrdesk.ui.theme.focus import FocusFollower
from hrdesk.ui.theme.tokens import Tokens

MODES = ("system", "light", "dark")

_ROLES = {
    QPalette.ColorRole.Window: "ground",
    QPalette.ColorRole.WindowText: "text",
    QPalette.ColorRole.Base: "panel",
    QPalette.ColorRole.AlternateBase: "ground",
    QPalette.ColorRole.Text: "text",
    QPalette.ColorRole.PlaceholderText: "faint",
    QPalette.ColorRole.Button: "panel",
    QPalette.ColorRole.ButtonText: "text",
    QPalette.ColorRole.BrightText: "danger",
    QPalette.ColorRole.ToolTipBase: "panel",
    QPalette.ColorRole.ToolTipText: "text",
    QPalette.ColorRole.Highlight: "accent",
    QPalette.ColorRole.HighlightedText: "on_accent",
    QPalette.ColorRole.Link: "accent",
    QPalette.ColorRole.LinkVisited: "accent",
    QPalette.ColorRole.Light: "panel",
    QPalette.ColorRole.Midlight: "hover",
    QPalette.ColorRole.Mid: "line",
    QPalette.ColorRole.Dark: "faint",
    QPalette.ColorRole.Shadow: "line",
    QPalette.ColorRole.Accent: "accent",
}
_DISABLED = (QPalette.ColorRole.WindowText, QPalette.ColorRole.Text, QPalette.ColorRole.ButtonText)


def palette(colours: Tokens) -> QPalette:
    """Return the palette of a set of tokens."""
    made = QPalette()
    for role, name in _ROLES.items():
        made.setColor(role, QColor(getattr(colours, name)))
    for role in _DISABLED:
        made.setColor(QPalette.ColorGroup.Disabled, role, QColor(colours.faint))
    return made


def style_sheet(colours: Tokens) -> str:
    """Return the style sheet with the tokens and font sizes filled in."""
    shade = "dark" if colours.dark else "light"
    sizes = {
        "small_size": f"{fonts.points(fonts.SMALL):.2f}pt",
        "title_size": f"{fonts.points(fonts.TITLE):.2f}pt",
        "heading_size": f"{fonts.points(fonts.HEADING):.2f}pt",
        "drop_ground": f"#e8{colours.accent_soft[1:]}",
        "arrow": theme_file(f"arrow-{shade}.svg").as_posix(),
        "check": theme_file(f"check-{shade}.svg").as_posix(),
    }
    sheet = theme_file("window.qss").read_text("utf-8")
    values = colours.colours() | sizes
    # Longest names first, so that $accent does not hit $accent_soft.
    for name in sorted(values, key=len, reverse=True):
        sheet = sheet.replace(f"${name}", values[name])
    return sheet


def _system_is_dark(app: QApplication) -> bool:
    if not app.property("themed"):
        return app.palette().window().color().lightness() < 128  # still the system's own palette
    from PySide6.QtCore import Qt

    return app.styleHints().colorScheme() == Qt.ColorScheme.Dark


def _follow_system() -> None:
    app = QApplication.instance()
    if isinstance(app, QApplication) and watcher.mode == "system":
        apply(app, "system")


def apply(app: QApplication, mode: str = "system", text_scale: float | None = None) -> None:
    """Show the application in `mode` ("system", "light" or "dark"), with text enlarged by `text_scale`.

    Unknown modes count as "system". May be called again at any time; `watcher.changed` is emitted then.
    """
    watcher.mode = mode if mode in MODES else "system"
    watcher.text_scale = text_scale or watcher.text_scale
    watcher.dark = watcher.mode == "dark" or (watcher.mode == "system" and _system_is_dark(app))
    if not app.property("themed"):
        _prepare(app)
    app.setPalette(palette(tokens()))
    app.setFont(fonts.body())
    app.setStyleSheet(style_sheet(tokens()))
    watcher.changed.emit()


def _prepare(app: QApplication) -> None:
    app.setProperty("themed", True)
    app.setStyle(QStyleFactory.create("Fusion"))
    app.styleHints().colorSchemeChanged.connect(_follow_system)
    follower = FocusFollower(app)
    app.focusChanged.connect(follower.follow)
    watcher.follower = follower  # Qt keeps no Python object alive
