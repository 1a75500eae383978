"""The theme in force: which tokens count now, and the signal that they changed."""

from PySide6.QtCore import QObject, Signal

from hrdesk.ui.theme.tokens import Tokens, load


class Watcher(QObject):
    """Holds the theme in force. `changed` has no argument: whoever paints asks `tokens()` again."""

    changed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.mode = "system"
        self.text_scale = 1.0
        self.dark = False
        self.follower: QObject | None = None


watcher = Watcher()


def tokens() -> Tokens:
    """Return the colours in force."""
    return load(watcher.dark)
