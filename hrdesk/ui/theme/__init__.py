"""The look of the window: tokens, palette, style sheet, fonts and icons.

`from hrdesk.ui import theme`, then `theme.tokens().accent`, `theme.icon("send")`, `theme.apply(app, "dark")`.
Widgets are styled by dynamic properties, see resources/theme/window.qss: `kind` of buttons and frames,
`tone` of labels.
"""

from hrdesk.ui.theme.apply import MODES, apply
from hrdesk.ui.theme.current import tokens, watcher
from hrdesk.ui.theme.fonts import body, fixed, font, points, small, strong, title
from hrdesk.ui.theme.icons import icon, paint_icon
from hrdesk.ui.theme.tokens import CARD_RADIUS, CONTROL_HEIGHT, RADIUS, READING_WIDTH, SPACE, Tokens
from hrdesk.ui.theme.widgets import Picture, button, centred_column, divider, label, repolish

__all__ = [
    "CARD_RADIUS",
    "CONTROL_HEIGHT",
    "MODES",
    "RADIUS",
    "READING_WIDTH",
    "SPACE",
    "Picture",
    "Tokens",
    "apply",
    "body",
    "button",
    "centred_column",
    "divider",
    "fixed",
    "font",
    "icon",
    "label",
    "paint_icon",
    "points",
    "repolish",
    "small",
    "strong",
    "title",
    "tokens",
    "watcher",
]
