"""Take the window through empty, answering, answered, source, error, library and settings; save each."""

import asyncio
import os
import sys
import tempfile
from datetime import date
from decimal import Decimal
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from hrdesk import app, bootstrap
from hrdesk.core.connections import Connection, ConnectionKind
from hrdesk.core.usage import Price, Usage
from hrdesk.services.custom_tools import CustomTool
from hrdesk.services.desk import Desk
from hrdesk.services.profiles import INSTRUCTIONS
from hrdesk.system.paths import Paths
from hrdesk.system.settings import Settings
from hrdesk.ui.loop import QEventLoop
from hrdesk.ui.window import MainWindow
from tests.documents.locked_files import locked_pdf
from tests.documents.office_files import lines
from tests.e2e.program import POLICIES
from tests.e2e.window import drop_and_wait, open_citation, type_question, until, window_on
from tests.openai_server import Call, CallTools, Fault, Say, serve

DOUBLE = "How many sick days do I get in the first year, and do I need a doctor's note?"
QUESTIONS = (
    "When are salaries paid?",
    "Can I bring my dog to the office?",
    "May I work from Spain for a month?",
)
SETTLE = 0.4  # seconds for the layout and the last picture of a page


def themed(folder: Path, theme: str) -> Path:
    """Return a data folder whose window has this theme, also after a change of settings."""
    paths = Paths.at(folder / "data")
    paths.create()
    Settings(theme=theme).save(paths.settings)
    return paths.root


async def take(theme: str, pictures: Path, folder: Path) -> None:
    """Save one picture for each state."""
    broken = folder / "Old contract.pdf"
    broken.parent.mkdir(parents=True, exist_ok=True)
    broken.write_bytes(b"%PDF-1.7\nnot really")

    async def save(window: MainWindow, state: str) -> None:
        await asyncio.sleep(SETTLE)
        assert window.grab().save(str(pictures / f"{state}-{theme}.png"))

    async with window_on(themed(folder, theme)) as (window, _):
        window.activateWindow()  # somebody looks: what is answered is read
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


async def take_remote(theme: str, pictures: Path, folder: Path) -> None:
    """Save the states that only a connection to a server has."""
    lookup = CallTools(Call("lookup_policy", {"query": "When are salaries paid?"}))
    mail = CallTools(Call("send_mail", {"to": "payroll@example.com", "text": "Please check the date."}))
    said = Say(
        text="Salaries are paid on the 25th of each month [p1]. Bonuses follow in the quarter after that.",
        usage=Usage(3120, 84),
    )
    gate = asyncio.Event()

    def save(window: MainWindow, state: str) -> None:
        assert window.grab().save(str(pictures / f"{state}-{theme}.png"))

    async with serve() as server, window_on(themed(folder, theme)) as (window, desk):
        window.activateWindow()
        await drop_and_wait(window, *sorted(POLICIES.iterdir()))
        await desk.connections.save(
            Connection("office", "Office server", ConnectionKind.RESPONSES, server.base_url, "priced-1")
        )
        await desk.costs.set_price(
            Price("priced-1", Decimal(2), Decimal(8), Decimal("0.5"), date(2026, 11, 1))
        )
        await desk.profiles.save("hrdesk", INSTRUCTIONS, "", ["lookup_policy", "send_mail"])
        window.settings.presenter.offer("office")
        server.script(lookup, said, mail, Say(pieces=["It was sent ", gate, "to payroll."]))
        await type_question(window, "When are salaries paid?")
        await asyncio.sleep(SETTLE)
        save(window, "priced")
        shown = window.chat.presenter
        shown.ask("Please ask payroll to check that.")
        await until(lambda: "allow" in (getattr(shown.flight, "words", "") or ""))
        await asyncio.sleep(SETTLE)
        save(window, "confirmation")
        assert shown.flight is not None
        await desk.chat.confirm(shown.flight.run_id, _asked(desk, shown.flight.run_id), allow=True)
        await until(lambda: shown.model.messages[-1].text.startswith("It was sent"))
        shown.ask("And when are bonuses paid?")
        await asyncio.sleep(SETTLE)
        save(window, "waiting")
        gate.set()
        server.fault(Fault("status", on="POST /v1/responses", status=429, headers={"retry-after": "40"}))
        await until(lambda: "wait" in (getattr(shown.flight, "words", "") or ""))
        await asyncio.sleep(SETTLE)
        save(window, "countdown")
        window.chat.stop()
        await until(lambda: shown.flight is None)
        window.show_page("settings")
        await asyncio.sleep(SETTLE)
        save(window, "settings-remote")


async def take_import(theme: str, pictures: Path, folder: Path) -> None:
    """Save an import that is paused, and the question for a password."""
    drop = folder / "drop"
    drop.mkdir(parents=True)
    for number, original in enumerate(sorted(POLICIES.iterdir())):
        (drop / f"{number} {original.name}").write_bytes(original.read_bytes())
    for name in ("Pay bands 2026.pdf", "Severance terms.pdf"):
        (drop / name).write_bytes(
            locked_pdf([lines(["Pay band 4 begins at 52,000 a year.", name])], b"secret")
        )
    async with window_on(themed(folder, theme)) as (window, _):
        window.activateWindow()
        window.show_page("library")
        imports, model = window.library.presenter.imports, window.library.presenter.model
        window.add_files([drop])
        await until(lambda: model.counts.ready >= 1)
        assert window.grab().save(str(pictures / f"importing-{theme}.png"))
        imports.pause()
        await until(lambda: window.library._progress.go_on.isVisible())
        await asyncio.sleep(3 * SETTLE)
        assert window.grab().save(str(pictures / f"paused-{theme}.png"))
        imports.go_on()
        await until(lambda: not imports.is_running)
        await asyncio.sleep(SETTLE)
        window.library.ask_password()
        await asyncio.sleep(SETTLE)
        assert window.grab().save(str(pictures / f"password-{theme}.png"))


def _asked(desk: Desk, run_id: str) -> str:
    return next(iter(desk.driver._drives[run_id]._asked))


def send_mail(to: str, text: str) -> str:
    """Send an e-mail."""
    return f"sent to {to}: {len(text)} characters"


def main(pictures: Path) -> int:
    """Take all pictures in both themes."""
    pictures.mkdir(parents=True, exist_ok=True)
    # As if another package offered a tool with side effects.
    vars(bootstrap)["custom_tools"] = lambda: {"send_mail": CustomTool("send_mail", send_mail)}
    for theme in ("light", "dark"):
        application = app.application(Settings(theme=theme))
        with tempfile.TemporaryDirectory() as folder, QEventLoop(application) as loop:
            loop.run_until_complete(take(theme, pictures, Path(folder)))
        with tempfile.TemporaryDirectory() as folder, QEventLoop(application) as loop:
            loop.run_until_complete(take_remote(theme, pictures, Path(folder)))
        with tempfile.TemporaryDirectory() as folder, QEventLoop(application) as loop:
            loop.run_until_complete(take_import(theme, pictures, Path(folder)))
    return 0


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1] if len(sys.argv) > 1 else "build/screens")))
