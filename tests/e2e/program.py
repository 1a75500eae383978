"""Runs the real command line in processes of its own, on a data folder of the test's."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

DEMO = Path(__file__).resolve().parents[2] / "resources" / "demo"
POLICIES = DEMO / "policies"


def environment() -> dict[str, str]:
    """Without a session bus, so that no test ever writes into somebody's keyring."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("DBUS")}
    return kept | {"DISPLAY": "", "QT_QPA_PLATFORM": "offscreen", "PYTHONUTF8": "1"}


def command(folder: Path, *arguments: object) -> list[str]:
    return [sys.executable, "-m", "hrdesk", "--data-dir", str(folder), *map(str, arguments)]


def run(folder: Path, *arguments: object, code: int = 0) -> subprocess.CompletedProcess[str]:
    done = subprocess.run(
        command(folder, *arguments), capture_output=True, text=True, timeout=300, env=environment()
    )
    assert done.returncode == code, (done.returncode, done.stdout[-2000:], done.stderr[-2000:])
    return done


def run_json(folder: Path, *arguments: object, code: int = 0) -> Any:
    return json.loads(run(folder, *arguments, "--json", code=code).stdout)


def add(folder: Path, *paths: Path) -> list[dict[str, Any]]:
    done = run(folder, "add", *paths, "--json")
    return [json.loads(line) for line in done.stdout.splitlines()]


def start(folder: Path, *arguments: object) -> subprocess.Popen[str]:
    return subprocess.Popen(
        command(folder, *arguments),
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
        env=environment(),
        start_new_session=True,
    )
