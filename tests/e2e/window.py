"""The real window on real services, driven as a user would drive it."""

import asyncio
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path

from PySide6.QtCore import QMimeData, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QPushButton, QWidget

from hrdesk.bootstrap import open_desk
from hrdesk.core.threads import Message
from hrdesk.services.desk import Desk
from hrdesk.system.paths import Paths
from hrdesk.system.settings import Settings
from hrdesk.ui.window import MainWindow

PATIENCE = 60.0  # seconds; a loaded machine is slow, a broken program never gets there


async def until(condition: Callable[[], object], seconds: float = PATIENCE) -> None:
    """Wait until something is seen; the event loop runs meanwhile."""
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "it never happened"
        await asyncio.sleep(0.02)


@asynccontextmanager
async def window_on(folder: Path) -> AsyncIterator[tuple[MainWindow, Desk]]:
    """Show the window on a data folder, and close it as the user does."""
    paths = Paths.at(folder)
    window = MainWindow(Settings.load(paths.settings), paths.settings)
    window.resize(1440, 900)
    window.show()
    desk = await asyncio.to_thread(open_desk, paths, encrypt=False)
    try:
        window.furnish()
        window.attach(desk)
        await until(lambda: window.chat.presenter.is_ready)
        yield window, desk
    finally:
        window.close()
        await window.put_away()
        await desk.close()
        window.hide()
        window.deleteLater()


def drop(window: MainWindow, *paths: Path) -> None:
    """Drop files on the window, with the events a file manager causes."""
    mime = QMimeData()
    mime.setUrls([QUrl.fromLocalFile(str(path)) for path in paths])
    place, buttons, keys = QPointF(600, 400), Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    enter = QDragEnterEvent(place.toPoint(), Qt.DropAction.CopyAction, mime, buttons, keys)
    QApplication.sendEvent(window, enter)
    assert enter.isAccepted()
    QApplication.sendEvent(window, QDropEvent(place, Qt.DropAction.CopyAction, mime, buttons, keys))


async def drop_and_wait(window: MainWindow, *paths: Path) -> None:
    """Drop files and wait until each has reached its end."""
    ended: list[object] = []
    window.library.presenter.imports.ended.connect(ended.append)
    drop(window, *paths)
    await until(lambda: ended)


async def type_question(window: MainWindow, question: str, patience: float = PATIENCE) -> Message:
    """Type into the composer, press Enter, and wait for the answer."""
    before = window.chat.presenter.model.rowCount()
    field = window.chat.composer.field
    field.setFocus()
    QTest.keyClicks(field, question)
    QTest.keyClick(field, Qt.Key.Key_Return)
    await until(lambda: window.chat.presenter.model.rowCount() == before + 2)
    await until(lambda: window.chat.presenter.flight is None, patience)
    return window.chat.presenter.model.messages[-1]


def button(window: MainWindow, name: str) -> QPushButton:
    """Return the visible button with this accessible name."""
    for found in window.findChildren(QPushButton):
        if found.accessibleName() == name and found.isVisible():
            return found
    raise AssertionError(f"there is no button named {name}")


def named(window: QWidget, name: str) -> list[QWidget]:
    """Return the widgets with this accessible name, visible or not."""
    return [found for found in window.findChildren(QWidget) if found.accessibleName() == name]


async def open_citation(window: MainWindow, message: Message, number: int = 1) -> None:
    """Press a citation's button and wait until its page is shown."""
    citation = message.citations[number - 1]
    await until(lambda: any(b.isVisible() for b in named(window, citation.label)))
    QTest.mouseClick(button(window, citation.label), Qt.MouseButton.LeftButton)
    source = window.viewer.presenter
    await until(lambda: source.citation == citation and source.shown is not None and source.highlights)
