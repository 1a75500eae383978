"""The program of the window: what is imported before the first paint, and a whole life from start to end."""

import json
import os
import subprocess
import sys
from pathlib import Path

from PySide6.QtCore import QTimer

from hrdesk import app
from hrdesk.core.errors import StoreUnavailable
from hrdesk.system.paths import Paths
from hrdesk.ui.session import Session
from hrdesk.ui.tour import until
from hrdesk.ui.window import MainWindow

SLOW = {
    "asyncio",
    "openai",
    "numpy",
    "sqlite3",
    "sqlcipher3",
    "keyring",
    "onnxruntime",
    "pypdfium2",
    "qasync",
    "hrdesk.bootstrap",
    "hrdesk.services",
    "hrdesk.store",
    "hrdesk.ui.chat",
    "hrdesk.ui.library",
    "PySide6.QtSvg",
}


def test_nothing_slow_is_imported_before_the_window_is_painted():
    code = (
        "import sys, json, pathlib, hrdesk.app as app\n"
        "app.paint = lambda window: (print(json.dumps(sorted(sys.modules))), sys.exit(0))\n"
        "app.run_window(pathlib.Path(sys.argv[1]))\n"
    )
    environment = {**os.environ, "QT_QPA_PLATFORM": "offscreen"}
    done = subprocess.run(
        [sys.executable, "-c", code, "/nowhere"], capture_output=True, env=environment, check=True, timeout=60
    )
    assert not SLOW & set(json.loads(done.stdout))


class Visitor:
    """Looks at the window once the services are there, then closes it as a user does."""

    def __init__(self, look) -> None:
        self.look = look

    async def run(self, window: MainWindow) -> int:
        await until(lambda: window.threads.presenter.words == "" and not window.tasks.names)
        await self.look(window)
        window.close()
        return 0


def test_a_life_of_the_window_from_start_to_end(themed, tmp_path):
    seen = []

    async def look(window: MainWindow) -> None:
        seen.append((window.isVisible(), window.chat.presenter.is_ready))
        window.settings.presenter.change(theme="dark")

    assert app.run(Paths.at(tmp_path / "data"), demo=True, tour=Visitor(look)) == 0
    assert seen == [(True, True)]
    kept = json.loads((tmp_path / "data" / "settings.json").read_text())
    assert kept["theme"] == "dark" and kept["window"]


def test_the_demos_folder_is_gone_afterwards(themed, monkeypatch):
    roots: list[Path] = []

    def run(paths: Paths, **_options: object) -> int:
        roots.append(paths.root)
        return int(not paths.root.is_dir())

    monkeypatch.setattr(app, "run", run)
    assert app.run_window(None, demo=True) == 0
    assert not roots[0].exists()


def test_a_store_that_cannot_be_opened_says_so_and_can_be_tried_again(themed, tmp_path):
    tries: list[int] = []
    said: list[str] = []
    window = MainWindow()

    def open_desk():
        tries.append(len(tries))
        raise StoreUnavailable(f"Trouble {len(tries)}.", "Install the newer version.")

    def retry_once() -> None:
        said.append(window.trouble._title.text())
        if len(said) == 1:
            window.trouble.retry.click()
        else:
            window.close()

    _live(themed, window, open_desk, tmp_path, retry_once)
    assert (tries, said) == ([0, 1], ["Trouble 1.", "Trouble 2."])


def test_a_crash_while_opening_is_a_calm_message_too(themed, tmp_path):
    window = MainWindow()

    def open_desk():
        raise ZeroDivisionError

    shown = []

    def look() -> None:
        shown.append((window.trouble._title.text(), window.root.currentWidget() is window.trouble))
        window.trouble.report.click()
        window.close()

    _live(themed, window, open_desk, tmp_path, look)
    assert shown == [("hrdesk could not open its data.", True)]
    assert "ZeroDivisionError" in themed.clipboard().text()


def _live(themed, window, open_desk, folder, when_in_trouble) -> None:
    """Run a session; whenever the trouble page comes up, do something."""
    from hrdesk.system.logs import Log
    from hrdesk.ui.loop import QEventLoop

    window.show()
    shown = MainWindow.show_trouble

    def show_trouble(error: BaseException) -> None:
        shown(window, error)
        QTimer.singleShot(0, when_in_trouble)

    window.show_trouble = show_trouble
    session = Session(window, open_desk, lambda: Log(folder / "logs"))
    with QEventLoop(themed) as loop:
        assert loop.run_until_complete(session.main()) == 0
    window.deleteLater()
