"""Every hard file ends in one state: read, or refused with a reason; none hangs or stops the parent."""

import json
import subprocess
import sys
import time

import pytest

from hrdesk.core.documents import FileState, ReadDocument
from hrdesk.core.errors import ChildStopped
from hrdesk.documents.intake import take_copy, walk
from hrdesk.documents.passages import cut
from hrdesk.documents.reading import wire
from hrdesk.documents.sentences import FileRefused, Refusal
from hrdesk.system.workers import READING, ChildProcess
from tests.documents.children import SECONDS
from tests.shared_data import shared


class Reader:
    """One child for many files (the product takes one each); a new one after each that was stopped."""

    def __init__(self, folder):
        self.folder = folder
        self.child = ChildProcess(wire.READING_HANDLER, READING)
        self.count = 0

    def end(self, path, name) -> tuple[str, str]:
        self.count += 1
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

    @staticmethod
    def indexed(read: ReadDocument) -> tuple[str, str]:
        assert read.title
        assert all(passage.text and passage.path for passage in cut(read))
        return "indexed", ""


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


# What the collection itself says about its files; fuzzed and malformed ones may end either way.
EXPECTED = {
    "encrypted/password": {"needs_password", "unsupported", "indexed", "no_text"},
    "ordinary": {"indexed", "no_text"},  # an empty sheet; a picture before text recognition
}
SEARCHABLE = {"pdf", "docx", "odt", "html", "md", "txt", "xlsx", "pptx", "eml"}


def test_every_hard_file_ends_in_one_state(reader):
    folder = shared("files")
    manifest = [json.loads(line) for line in (folder / "manifest.jsonl").read_text().splitlines()]
    states = {state.value for state in FileState if state.is_end}
    wrong = []
    indexed = 0
    for entry in manifest:
        state, reason = reader.end(folder / entry["path"], entry["path"])
        assert state in states, entry["path"]
        assert reason or state == "indexed"
        indexed += state == "indexed"
        if state == "stopped" or state not in EXPECTED.get(entry["hard"], states):
            wrong.append((entry["path"], state, reason))
        if entry["kind"] not in SEARCHABLE:
            assert state in ("unsupported", "damaged", "needs_password", "no_text"), entry["path"]
    assert wrong == []
    assert indexed > 0.6 * sum(entry["kind"] in SEARCHABLE for entry in manifest)


def test_hostile_files_end_and_take_nothing_with_them(reader, tmp_path):
    script = shared("files/make_adversarial.py")
    made = tmp_path / "made"
    subprocess.run([sys.executable, str(script), str(made)], check=True, capture_output=True)
    before = time.monotonic()
    ends = {name: reader.end(path, name) for path, name in walk([made]) if not name.startswith("flate_")}
    assert time.monotonic() - before < SECONDS
    assert ends["zipbomb_300MB.docx"] == ("too_large", "unpacked_size")
    assert ends["nested_tables_2000.docx"] == ("too_large", "too_deep")
    assert ends["zero.pdf"] == ("damaged", "empty")
    assert ends["is_exe.pdf"] == ("unsupported", "program")
    assert ends["special/fifo.txt"] == ("unsupported", "not_a_file")
    assert ends["is_docx.pdf"] == ("indexed", "")
    assert not list(tmp_path.rglob("hrdesk_pwned*"))
