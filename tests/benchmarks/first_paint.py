"""First paint: from the start of the process to the first painted window, against a bare `QMainWindow`."""

import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator

ROUNDS = 7
BARE = """
import sys
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication, QLabel, QMainWindow
class Window(QMainWindow):
    def paintEvent(self, event):
        print("painted", flush=True)
        QTimer.singleShot(0, app.quit)
app = QApplication([])
window = Window()
window.setCentralWidget(QLabel("hrdesk"))
window.resize(1440, 900)
window.show()
app.exec()
"""
HRDESK = """
import sys
from pathlib import Path
from hrdesk import app
from hrdesk.system.paths import Paths
from hrdesk.system.settings import Settings
from hrdesk.ui.window import MainWindow
paths = Paths.at(Path(sys.argv[1]))
settings = Settings.load(paths.settings)
application = app.application(settings)
window = MainWindow(settings, paths.settings)
app.paint(window)
print("painted", flush=True)
"""


def measure() -> Iterator[str]:
    """Yield the medians and their ratio; the two programs take turns."""
    times: dict[str, list[float]] = {"bare": [], "hrdesk": []}
    with tempfile.TemporaryDirectory() as folder:
        for _ in range(ROUNDS + 1):
            times["bare"].append(_until_painted(BARE, folder))
            times["hrdesk"].append(_until_painted(HRDESK, folder))
    bare, ours = (statistics.median(times[name][1:]) for name in ("bare", "hrdesk"))
    yield f"bare QMainWindow {bare:.0f} ms, hrdesk {ours:.0f} ms, ratio {ours / bare:.2f} (aim 1.5)"


def _until_painted(program: str, folder: str) -> float:
    started = time.perf_counter()
    process = subprocess.Popen(
        [sys.executable, "-c", program, folder], stdout=subprocess.PIPE, env=os.environ.copy(), text=True
    )
    assert process.stdout is not None
    line = process.stdout.readline()
    passed = (time.perf_counter() - started) * 1000
    process.communicate(timeout=60)
    assert line.strip() == "painted", line
    return passed
