"""Tells outside the window that something happened in it: a desktop notification, and the task bar's mark.

It names no contents: other people may see the screen. Where there is a tray its message is used; on a Linux
desktop without one (GNOME), the notification portal. Qt's D-Bus cannot send the unsigned number that
org.freedesktop.Notifications.Notify begins with, and the portal hands on to that service. Whatever is
missing is left out: a notification is never worth a trouble.
"""

import os
import sys
from pathlib import Path
from typing import Protocol

from PySide6.QtCore import SLOT, QObject, Signal, Slot
from PySide6.QtWidgets import QApplication, QSystemTrayIcon, QWidget

TITLE = "hrdesk"
PORTAL = "org.freedesktop.portal.Desktop"
PATH = "/org/freedesktop/portal/desktop"
INTERFACE = "org.freedesktop.portal.Notification"
OPEN = "open"


class Channel(Protocol):
    """One way to show a notification."""

    def show(self, words: str, place: str) -> bool:
        """Show `words`; a click tells `place`. False where this way is not there."""

    def withdraw(self) -> None:
        """Take the notification away: the window is looked at."""


class Notifier(QObject):
    """Tells what happened while nobody looks at the window."""

    clicked = Signal(str)
    """The place that was told of: a thread's id."""

    def __init__(self, window: QWidget, channels: tuple[Channel, ...] | None = None) -> None:
        super().__init__(window)
        self._window = window
        self._channels = channels

    def tell(self, words: str, place: str) -> None:
        """Say `words` outside the window; a click leads to `place`."""
        QApplication.alert(self._window)
        if self._channels is None:
            self._channels = self._find()
        for channel in self._channels:
            if channel.show(words, place):
                return

    def withdraw(self) -> None:
        """Take back what was told: the window is looked at."""
        for channel in self._channels or ():
            channel.withdraw()

    def _find(self) -> tuple[Channel, ...]:
        tray = Tray(self._window)
        tray.clicked.connect(self.clicked)
        portal = Portal.find(self._window) if sys.platform == "linux" else None
        if portal is None:
            return (tray,)
        portal.clicked.connect(self.clicked)
        return (tray, portal)


class Tray(QObject):
    """The message of a tray icon that is there only as long as its message."""

    clicked = Signal(str)

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        self._window = window
        self._icon: QSystemTrayIcon | None = None
        self._place = ""

    def show(self, words: str, place: str) -> bool:
        """Show the message."""
        if not (QSystemTrayIcon.isSystemTrayAvailable() and QSystemTrayIcon.supportsMessages()):
            return False
        if self._icon is None:
            self._icon = QSystemTrayIcon(self._window.windowIcon(), self)
            self._icon.setToolTip(TITLE)
            self._icon.messageClicked.connect(self._click)
            self._icon.activated.connect(self._click)
        self._place = place
        self._icon.show()
        self._icon.showMessage(TITLE, words, self._window.windowIcon())
        return True

    def withdraw(self) -> None:
        """Take the icon away."""
        if self._icon is not None:
            self._icon.hide()

    def _click(self, *_how: object) -> None:
        self.clicked.emit(self._place)


class Portal(QObject):
    """The desktop portal's notifications, over the session's D-Bus; nothing is waited for."""

    clicked = Signal(str)

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        from PySide6.QtDBus import QDBusConnection

        self._bus = QDBusConnection.sessionBus()
        self._place = ""
        slot = SLOT("take(QString,QString,QVariantList)")
        self._bus.connect("", PATH, INTERFACE, "ActionInvoked", self, slot)  # type: ignore[call-overload]

    @classmethod
    def find(cls, parent: QObject) -> "Portal | None":
        """Return the portal, None where there is no D-Bus to find it on."""
        try:
            from PySide6.QtDBus import QDBusConnection
        except ImportError:
            return None
        # Without this look a bus would be started where there is none.
        has_bus = "DBUS_SESSION_BUS_ADDRESS" in os.environ or _runtime_bus().exists()
        return cls(parent) if has_bus and QDBusConnection.sessionBus().isConnected() else None

    def show(self, words: str, place: str) -> bool:
        """Ask the portal to show the notification; whether one is there is not waited for."""
        self._place = place
        told = {"title": TITLE, "body": words, "default-action": OPEN}
        self._call("AddNotification", TITLE, told)
        return True

    def withdraw(self) -> None:
        """Take the notification away."""
        if self._place:
            self._place = ""
            self._call("RemoveNotification", TITLE)

    def _call(self, verb: str, *arguments: object) -> None:
        from PySide6.QtDBus import QDBusMessage

        message = QDBusMessage.createMethodCall(PORTAL, PATH, INTERFACE, verb)
        message.setArguments(list(arguments))
        self._bus.asyncCall(message)

    @Slot(str, str, "QVariantList")
    def take(self, name: str, action: str, _parameter: object) -> None:
        """Take in that a notification was clicked; those of other programs are not ours."""
        if name == TITLE and action == OPEN and self._place:
            self.clicked.emit(self._place)


def _runtime_bus() -> Path:
    return Path(os.environ.get("XDG_RUNTIME_DIR", "/nonexistent")) / "bus"
