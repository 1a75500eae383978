"""Take the window through empty, answering, answered, source, error, library and settings; save each."""

import asyncio
import os
import sys
import tempfile
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from hrdesk import app
from hrdesk.system.settings import Settings
from hrdesk.ui.loop import QEventLoop
from hrdesk.ui.window import MainWindow
from tests.e2e.program import POLICIES
from tests.e2e.window import drop_and_wait, open_citation, type_question, until, window_on

DOUBLE = "How many sick days do I get in the first year, and do I need a doctor's note?"
QUESTIONS = (
    "When are salaries paid?",
    "Can I bring my dog to the office?",
    "May I work from Spain for a month?",
)
SETTLE = 0.4  # seconds for the layout and the last picture of a page


async def take(theme: str, pictures: Path, folder: Path) -> None:
    """Save one picture for each state."""
    broken = folder / "Old contract.pdf"
    broken.parent.mkdir(parents=True, exist_ok=True)
    broken.write_bytes(b"%PDF-1.7\nnot really")

    async def save(window: MainWindow, state: str) -> None:
        await asyncio.sleep(SETTLE)
        assert window.grab().save(str(pictures / f"{state}-{theme}.png"))

    async with window_on(folder / "data") as (window, _):
        await save(window, "empty")
        await drop_and_wait(window, *sorted(POLICIES.iterdir()), broken)
        await save(window, "error")
        for question in QUESTIONS:
            window.new_thread()
            await type_question(window, question)
        await save(window, "closest")
        window.new_thread()
        await asyncio.sleep(SETTLE)
        answering = asyncio.create_task(type_question(window, DOUBLE))
        await until(lambda: "Looking up" in (getattr(window.chat.presenter.flight, "words", "") or ""))
        assert window.grab().save(str(pictures / f"answering-{theme}.png"))
        answer = await answering
        await save(window, "answered")
        await open_citation(window, answer)
        await save(window, "source")
        window.viewer.show_seen(answer.run_id or "")
        await save(window, "seen")
        window.show_page("library")
        await save(window, "library")
        window.show_page("settings")
        await save(window, "settings")


def main(pictures: Path) -> int:
    """Take all pictures in both themes."""
    pictures.mkdir(parents=True, exist_ok=True)
    for theme in ("light", "dark"):
        application = app.application(Settings(theme=theme))
        with tempfile.TemporaryDirectory() as folder, QEventLoop(application) as loop:
            loop.run_until_complete(take(theme, pictures, Path(folder)))
    return 0


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1] if len(sys.argv) > 1 else "build/screens")))
