"""kill -9 at a moment nobody chose: what was acknowledged is there, once and whole."""

import random
import subprocess
import sys
from pathlib import Path

import pytest

from hrdesk.store.database import Database
from hrdesk.store.documents import DocumentStore
from hrdesk.store.passages import PassageStore
from hrdesk.store.records import RecordStore
from hrdesk.store.runs import RunStore
from hrdesk.store.threads import ThreadStore

SEEDS = range(4)


def kill_after(path: Path, work: str, lines: int) -> int:
    """Start the work, kill it some time after `lines` acknowledgements; return how many came in all."""
    command = [sys.executable, "-m", "tests.store.victim", work, str(path)]
    with subprocess.Popen(command, stdout=subprocess.PIPE) as victim:
        assert victim.stdout is not None
        for _ in range(lines):
            assert victim.stdout.readline()
        victim.kill()
        return lines + len(victim.stdout.readlines())


@pytest.mark.parametrize("seed", SEEDS)
def test_acknowledged_messages_runs_and_records_survive_a_kill(path: Path, seed: int):
    acknowledged = kill_after(path, "write_messages", random.Random(seed).randrange(1, 150))
    database = Database.open(path)
    threads, records = ThreadStore(database), RecordStore(database)
    (thread,) = threads.threads().threads
    kept = [message.id for message in threads.messages(thread.id)]
    assert kept == [f"msg_{number}" for number in range(1, len(kept) + 1)]
    assert acknowledged <= len(kept) <= acknowledged + 1
    assert thread.messages == len(RunStore(database).for_thread(thread.id)) == len(kept)
    assert records.verify().records == len(kept)
    assert records.verify().faults == [] == records.check_rows()
    database.close()


@pytest.mark.parametrize("seed", SEEDS)
def test_a_file_is_whole_or_not_there_after_a_kill(path: Path, seed: int):
    acknowledged = kill_after(path, "publish_files", random.Random(seed).randrange(1, 40))
    database = Database.open(path)
    documents, passages = DocumentStore(database), PassageStore(database)
    waiting = len(documents.waiting())
    done = len(documents.files()) - waiting
    assert waiting <= 1 and acknowledged <= done <= acknowledged + 1
    assert passages.count() == 30 * done == len(passages.vectors()[0])
    assert len(passages.lexical('"leave"', limit=10_000)) == 30 * done
    assert RecordStore(database).check_rows() == []
    database.close()
