"""Every hard file ends in the state that is right for it; none hangs, stops the parent or smuggles text."""

import json
import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

from hrdesk.core.documents import ReadDocument, Remark
from hrdesk.core.errors import ChildStopped
from hrdesk.documents.intake import take_copy, walk
from hrdesk.documents.passages import cut
from hrdesk.documents.reading import wire
from hrdesk.documents.sentences import FileRefused, Refusal
from hrdesk.system.workers import READING, ChildProcess
from tests.documents.children import SECONDS
from tests.documents.hard_files import READY, correct, hard_files
from tests.documents.hostile_files import SMUGGLED, right_ends
from tests.shared_data import shared


class Reader:
    """One child for many files (the product takes one each); a new one after each that was stopped."""

    def __init__(self, folder):
        self.folder = folder
        self.child = ChildProcess(wire.READING_HANDLER, READING)
        self.count = 0
        self.text = ""  # of the passages of the file that was read last

    def end(self, path, name) -> tuple[str, str]:
        self.count += 1
        self.text = ""
        if self.count % 40 == 0:
            self.child.close()
            self.child = ChildProcess(wire.READING_HANDLER, READING)
        try:
            copied = take_copy(path, self.folder)
            answer, _ = self.child.request(wire.request(copied.path, name), seconds=SECONDS)
            read = wire.parse(answer)
        except FileRefused as refused:
            return refused.state.value, refused.reason
        except ChildStopped as stopped:
            return "stopped", stopped.reason
        if isinstance(read, Refusal):
            assert read.message.endswith(".")
            return read.state.value, read.reason
        return self.indexed(read)

    def indexed(self, read: ReadDocument) -> tuple[str, str]:
        assert read.title
        passages = cut(read)
        assert all(passage.text and passage.path for passage in passages)
        self.text = "\n".join(passage.text for passage in passages)
        if not passages:  # headings alone
            return "no_text", "no_text"
        return ("partly_indexed" if Remark.CUT in read.remarks else "indexed"), ""


@pytest.fixture
def reader(tmp_path):
    made = Reader(tmp_path)
    yield made
    made.child.close()


def test_every_hr_document_ends_in_one_state(reader):
    folder = shared("hrdocs")
    ends = {name: reader.end(path, name) for path, name in walk([folder]) if "refs" not in name}
    ends.pop("manifest.jsonl", None)
    scans = {name for name in ends if ".scan." in name}
    assert scans
    assert all(ends[name] == ("no_text", "scan") for name in scans)
    spaced = {"18F_my-form.pdf"}  # set letter by letter
    assert all(ends[name] == ("no_text", "unreadable_text") for name in spaced)
    assert all(end == ("indexed", "") for name, end in ends.items() if name not in scans | spaced)


def test_every_hard_file_ends_as_it_should(reader):
    folder = shared("files")
    files = list(hard_files(folder))
    assert len(files) == 238
    wrong = []
    for file in files:
        state, reason = reader.end(folder / file.path, file.path)
        assert reason or state == "indexed"
        if state not in correct(file, recognised=False):
            wrong.append((file.path, state, reason))
        if state == "indexed":  # people could read what was read
            assert READY & correct(file) and reader.text.strip()
    assert wrong == []


def make_hostile(folder: Path, *options: str) -> Path:
    script = shared("files/make_adversarial.py")
    subprocess.run([sys.executable, str(script), str(folder), *options], check=True, capture_output=True)
    return folder


def wrong_ends(reader: Reader, made: Path, skipped: tuple[str, ...] = ()) -> list[str]:
    """Read all hostile files and tell what did not end as it should."""
    wrong = []
    known = {entry["path"]: entry for entry in json.loads((made / "manifest.json").read_text())}
    for path, name in walk([made]):
        known.pop(name, None)
        if name == "manifest.json" or name in skipped:
            continue
        started = time.monotonic()
        state, reason = reader.end(path, name)
        seconds = time.monotonic() - started
        right, most = right_ends(name)
        if state not in right:
            wrong.append(f"{name!r}: {state} {reason}, should be {sorted(right)}")
        if seconds > most:
            wrong.append(f"{name!r}: {seconds:.1f} s of {most}")
        wrong.extend(f"{name!r} says {words!r}" for words in SMUGGLED if words in reader.text)
    left = [path for path, entry in known.items() if entry.get("ok", True) is True and not made_odd(path)]
    return [*wrong, *(f"{path!r} was not found" for path in left if (made / path).is_file())]


def made_odd(path: str) -> bool:
    """Whether a name cannot be written down as it is."""
    return "\\x" in path or "\\udc" in path


def test_hostile_files_end_and_take_nothing_with_them(reader, tmp_path):
    made = make_hostile(tmp_path / "made")
    slow = ("flate_bomb_1GB.pdf", "flate_text_bomb.pdf", "pages_1000.pdf", "entities.html", "table_wide.md")
    assert wrong_ends(reader, made, slow) == []
    assert reader.end(made / "is_docx.pdf", "is_docx.pdf") == ("indexed", "")
    assert not list(tmp_path.rglob("hrdesk_pwned*"))


@pytest.mark.skipif(
    "HRDESK_BIG" not in os.environ, reason="Set HRDESK_BIG=1 for bombs of gigabytes (minutes)."
)
def test_the_largest_hostile_files_end_as_well(reader, tmp_path):
    made = make_hostile(tmp_path / "made", "--big")
    assert wrong_ends(reader, made) == []
    assert not list(tmp_path.rglob("hrdesk_pwned*"))
