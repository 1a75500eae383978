"""Kill -9 at random moments: nothing that was shown as saved is lost, and nothing is there twice."""

import hashlib
import json
import os
import random
import signal
import threading
from pathlib import Path

import pytest

from tests.e2e.program import POLICIES, add, run, run_json, start

KILLS = int(os.environ.get("KILLS", "10"))  # of each kind; `make faults` does more


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("library")
    add(folder, POLICIES)
    return folder


def kill_after(seconds: float, folder: Path, *arguments: object) -> str:
    """Start a command, kill it and its children at the moment given, and return what it had printed."""
    process = start(folder, *arguments)
    killer = threading.Timer(seconds, os.killpg, (process.pid, signal.SIGKILL))
    killer.start()
    printed, _ = process.communicate(timeout=120)
    killer.cancel()
    return printed


def test_a_question_survives_and_its_run_ends(library: Path) -> None:
    chance = random.Random(20260301)
    asked = [f"How many sick days are there in year {n}?" for n in range(KILLS)]
    for question in asked:
        kill_after(chance.uniform(0.2, 2.5), library, "ask", question, "--json")
    run_json(library, "ask", "Who approves travel?")  # the next start settles what was left
    threads = run_json(library, "threads")
    titles = [thread["title"] for thread in threads]
    assert len(titles) == len(set(titles))
    exported = library / "out"
    exported.mkdir()
    statuses = set()
    for thread in threads:
        written = run(library, "export", thread["id"], "--format", "json", "--to", exported).stdout.strip()
        messages = json.loads(Path(written).read_text())["messages"]
        assert [message["role"] for message in messages] == ["user", "assistant"]
        statuses |= {message["status"] for message in messages}
    assert statuses <= {"completed", "incomplete"}
    run(library, "verify")


def test_imported_files_are_there_once(tmp_path: Path) -> None:
    chance = random.Random(20260302)
    for _ in range(KILLS):
        kill_after(chance.uniform(0.2, 4.0), tmp_path, "add", POLICIES, "--json")
    (tmp_path / "files" / ".incoming-left").write_bytes(b"half")  # whatever the kills left, there is some
    states = add(tmp_path, POLICIES)
    assert len(states) == len(list(POLICIES.iterdir()))
    assert {state["state"] for state in states} <= {"indexed", "duplicate"}
    found = run_json(tmp_path, "search", "hotel limit in Berlin", "-k", 50)["results"]
    passages = [(passage["version"], passage["page"], passage["text"]) for passage in found]
    assert len(passages) == len(set(passages)) > 0
    contents = {hashlib.sha256(path.read_bytes()).hexdigest() for path in POLICIES.iterdir()}
    copies = {path.name.partition(".")[0] for path in (tmp_path / "files").iterdir()}
    assert copies == contents  # no orphans, nothing half written
    doctor = run_json(tmp_path, "doctor")
    assert doctor["files"] == len(states)
    run(tmp_path, "verify")
