"""The window's program: application, event loop, window, services. The one place that knows Qt and bootstrap.

The start has stages: the empty window is painted; the panes are imported and built; the services are
imported and opened in a thread and handed to the panes. At the end what was typed is kept, tasks end, the
services close, and the loop ends. Only QtWidgets, theme and settings are imported before the first paint.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QEventLoop, QObject, QTimer
from PySide6.QtWidgets import QApplication, QWidget

from hrdesk.system.paths import Paths, resources
from hrdesk.system.settings import Settings
from hrdesk.ui import theme
from hrdesk.ui.window import MainWindow

if TYPE_CHECKING:
    from hrdesk.services.desk import Desk
    from hrdesk.system.logs import Log
    from hrdesk.ui.session import Tour

FIRST_PAINT_MS = 2000
"""After this time the start goes on even if nothing was painted (the window was started minimised)."""


def run_window(
    data_dir: Path | None, demo: bool = False, debug: bool = False, connection: str | None = None
) -> int:
    """Open the window on a data folder and run until it is closed; return the exit code.

    `demo` uses a temporary folder with the sample policies, which is gone afterwards. `debug` tells more
    in the log and names callbacks that keep the window waiting. `connection` is put in force.
    """
    with _folder(data_dir, demo=demo) as paths:
        return run(paths, demo=demo, debug=debug, connection=connection)


def run_first_light(picture: Path) -> int:
    """Take the window through its main job on the sample policies, on a screen or without one.

    Prints the answer with its citations and writes `picture`: the answer beside the highlighted page.
    """
    from hrdesk.ui.tour import FirstLight

    with _folder(None, demo=True) as paths:
        return run(paths, demo=True, tour=FirstLight(picture))


def run(
    paths: Paths,
    *,
    demo: bool = False,
    debug: bool = False,
    connection: str | None = None,
    tour: "Tour | None" = None,
) -> int:
    """Show the window on `paths`, then serve it until it is closed."""
    settings = Settings.load(paths.settings)
    if connection is not None:
        settings = replace(settings, connection=connection)
    app = application(settings)
    window = MainWindow(settings, paths.settings)
    paint(window)
    from hrdesk.ui.loop import QEventLoop as AsyncioLoop
    from hrdesk.ui.session import Session

    session = Session(window, lambda: _open_desk(paths, demo), lambda: _open_log(paths, debug), tour)
    session.first_files = _sample_policies() if demo else []
    with AsyncioLoop(app) as loop:
        loop.set_debug(debug)
        try:
            return int(loop.run_until_complete(session.main()))
        finally:
            loop.run_until_complete(loop.shutdown_asyncgens())


def application(settings: Settings) -> QApplication:
    """Return the application, named and in its theme."""
    existing = QApplication.instance()
    app = existing if isinstance(existing, QApplication) else QApplication(["hrdesk"])
    app.setApplicationName("hrdesk")
    app.setDesktopFileName("hrdesk")
    # The loop ends when everything is put away, not when some window closes.
    app.setQuitOnLastWindowClosed(False)
    theme.apply(app, settings.theme, settings.text_size / 100)
    return app


def paint(window: QWidget) -> None:
    """Show the window and wait until it is on the screen; nothing else is going on yet."""
    waiting = QEventLoop()
    watcher = _PaintWatcher(waiting)
    window.installEventFilter(watcher)
    QTimer.singleShot(FIRST_PAINT_MS, waiting.quit)
    window.show()
    waiting.exec()
    window.removeEventFilter(watcher)


class _PaintWatcher(QObject):
    """Ends a loop when what it watches was painted."""

    def __init__(self, loop: QEventLoop) -> None:
        super().__init__()
        self._loop = loop

    def eventFilter(self, _watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Paint:
            QTimer.singleShot(0, self._loop.quit)  # once the children have been painted, too
        return False


@contextmanager
def _folder(data_dir: Path | None, *, demo: bool) -> Iterator[Paths]:
    if not demo:
        yield Paths.at(data_dir) if data_dir else Paths.default()
        return
    import shutil
    import tempfile

    folder = Path(tempfile.mkdtemp(prefix="hrdesk-demo-"))
    try:
        yield Paths.at(folder)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _sample_policies() -> list[Path]:
    return sorted((resources() / "demo" / "policies").iterdir())


def _open_desk(paths: Paths, demo: bool) -> "Desk":
    from hrdesk.bootstrap import open_desk

    # The demo's folder is thrown away, so no key for it is put into the user's key store.
    return open_desk(paths, encrypt=not demo)


def _open_log(paths: Paths, debug: bool) -> "Log":
    from hrdesk.system.logs import Log

    return Log(paths.logs, debug=debug)
