"""Notices: what the window has to say without a dialog.

`Notices` is handed to every presenter; it holds no widget. The window shows them in a `NoticeStack`. An
HrdeskError is shown as it stands; anything else is a bug: it is logged, and the notice offers a report.
"""

import logging
import platform
import traceback
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QGuiApplication

from hrdesk import __version__
from hrdesk.core.errors import HrdeskError

log = logging.getLogger(__name__)


class NoticeKind(StrEnum):
    """How a notice looks and whether it goes by itself: only infos do."""

    INFO = "info"
    CAUTION = "caution"
    ERROR = "error"


@dataclass(frozen=True, slots=True)
class Action:
    """The one thing a notice offers to do: a verb such as "Undo", and what happens then."""

    text: str
    run: Callable[[], object]


@dataclass(frozen=True, slots=True)
class Notice:
    """A sentence, where needed with advice and an action. `key` lets a later notice replace this one."""

    text: str
    kind: NoticeKind = NoticeKind.INFO
    advice: str = ""
    action: Action | None = None
    key: str = ""


class Notices(QObject):
    """Takes notices from anywhere in the window."""

    notified = Signal(object)
    """A `Notice` is to be shown."""
    withdrawn = Signal(str)
    """The notices with this key are not true any more."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.describe: Callable[[BaseException], str] = bug_report
        """Makes the text of "Copy report" from a bug."""

    def notify(
        self,
        text: str,
        kind: NoticeKind | str = NoticeKind.INFO,
        action: Action | None = None,
        *,
        advice: str = "",
        key: str = "",
    ) -> None:
        """Show `text`; a notice with the same non-empty `key` is replaced."""
        self.notified.emit(Notice(text, NoticeKind(kind), advice, action, key))

    def withdraw(self, key: str) -> None:
        """Take back the notices with `key`."""
        self.withdrawn.emit(key)

    def report(self, error: BaseException) -> None:
        """Show a trouble: an HrdeskError with its advice, a bug with the offer to copy a report."""
        if isinstance(error, HrdeskError):
            self.notify(error.title, NoticeKind.ERROR, advice=error.advice, key=error.title)
            return
        log.error("Something went wrong", exc_info=error)
        text = self.describe(error)
        self.notify(
            "Something went wrong",
            NoticeKind.ERROR,
            Action("Copy report", lambda: QGuiApplication.clipboard().setText(text)),
            advice="Your data is safe and you can go on. A report helps to repair it.",
            key=f"bug {type(error).__name__}",
        )


def bug_report(error: BaseException) -> str:
    """Return what a developer needs: versions and the places in our code, never what was typed.

    The text of the exception is left out, because it may quote a message or a policy.
    """
    frames = "".join(traceback.format_tb(error.__traceback__))
    system = f"{platform.system()} {platform.release()}, Python {platform.python_version()}"
    return f"hrdesk {__version__}, {system}\n{frames}{type(error).__name__}\n"
