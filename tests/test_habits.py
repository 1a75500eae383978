"""Habits that a linter does not know: what blocks the window, swallows errors or makes tests guess."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
SOURCES = sorted((ROOT / "hrdesk").rglob("*.py"))
TESTS = sorted((ROOT / "tests").rglob("*.py"))
HERE = Path(__file__)


def _places(files: list[Path], pattern: str, allowed: tuple[str, ...] = ()) -> list[str]:
    """Return every place where a pattern occurs in code, as file:line."""
    found = []
    for file in files:
        name = file.relative_to(ROOT).as_posix()
        if file == HERE or name in allowed:
            continue
        for number, line in enumerate(file.read_text("utf-8").splitlines(), 1):
            if re.search(pattern, line.split("  # ")[0]):
                found.append(f"{name}:{number}")
    return found


def test_no_dialog_blocks_the_window():
    # The one exception waits for the first paint, before the event loop exists.
    assert _places(SOURCES, r"\.exec_?\(", allowed=("hrdesk/app.py",)) == []
    statics = (
        r"QMessageBox\.(question|information|warning|critical|about)\b|QInputDialog\.get|\.getOpenFileName"
    )
    assert _places(SOURCES, statics) == []


@pytest.mark.parametrize("word", ["processEvents", "asyncClose", "asyncSlot", "get_event_loop\\("])
def test_the_event_loop_is_never_spun_or_guessed(word):
    assert _places(SOURCES, rf"\b{word}") == []


def test_tasks_of_the_window_are_started_in_one_place():
    bare = r"\bcreate_task\(|\basyncio\.ensure_future\("
    allowed = ("hrdesk/ui/tasks.py", "hrdesk/ui/session.py")
    assert _places([file for file in SOURCES if "ui" in file.parts], bare, allowed) == []


def test_only_three_places_may_catch_everything():
    allowed = ("hrdesk/ui/tasks.py", "hrdesk/cli.py", "hrdesk/system/logs.py")
    # `except BaseException` is for putting things back; it must raise again.
    assert _places(SOURCES, r"except \(?Exception\b|except:", allowed) == []


def test_tests_use_no_mocks_and_do_not_sleep():
    assert _places(TESTS, r"unittest\.mock|MagicMock|mocker\b") == []
    ui = [file for file in TESTS if "ui" in file.parts]
    assert _places(ui, r"\btime\.sleep\(|qtbot\.wait\(") == []
