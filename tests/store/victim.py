"""A program that other tests start in order to kill, starve or race it.

Run as `python -m tests.store.victim WHAT STORE [NUMBER]`. Each finished piece of work is acknowledged on
standard output with a line, after it was committed.
"""

import os
import resource
import signal
import sys
from collections.abc import Iterator
from itertools import count
from pathlib import Path
from sqlite3 import Connection

from hrdesk.core.errors import HrdeskError
from hrdesk.core.runs import RunStatus
from hrdesk.store.database import Database
from hrdesk.store.documents import DocumentStore
from hrdesk.store.migrations import MIGRATIONS, Migration, Step
from hrdesk.store.records import RecordStore
from hrdesk.store.runs import RunStore
from hrdesk.store.threads import ThreadStore
from tests.store.samples import message, publish, run


def _add_tags(connection: Connection) -> None:
    connection.executemany("INSERT INTO tags VALUES (?, 'more')", [("a",), ("b",)])


# An artificial second version: a table, a column with contents, an index, a trigger, a function.
SECOND: tuple[Step, ...] = (
    "CREATE TABLE tags (thread_id TEXT, tag TEXT) STRICT",
    "ALTER TABLE threads ADD COLUMN note TEXT",
    "UPDATE threads SET note = 'x' || title",
    "CREATE INDEX tags_of_thread ON tags (thread_id)",
    "INSERT INTO tags (thread_id, tag) SELECT id, 'old' FROM threads",
    "DROP INDEX messages_of_run",
    _add_tags,
)
NEXT = (*MIGRATIONS, Migration(len(MIGRATIONS) + 1, SECOND))


def die(_connection: Connection) -> None:
    """End this process at once, as a power cut would."""
    os.kill(os.getpid(), signal.SIGKILL)


def write_messages(path: Path) -> Iterator[str]:
    """Add messages, a run and a sealed record in one transaction each."""
    database = Database.open(path)
    threads, runs, records = ThreadStore(database), RunStore(database), RecordStore(database)
    thread = threads.create("Questions")
    for number in count(1):
        with database.transaction():
            threads.add_message(message(thread.id, number, f"question {number}"))
            runs.create(run(thread.id, number, RunStatus.COMPLETED))
            records.seal(thread.id, f"run_{number}", {"question": number})
        yield f"{number}"


def publish_files(path: Path) -> Iterator[str]:
    """Publish files of 30 passages each."""
    documents = DocumentStore(Database.open(path))
    for number in count(1):
        texts = [f"Passage {index} of file {number} about leave" for index in range(30)]
        publish(documents, f"{number}.pdf", texts, vectors=[bytes(384)] * 30)
        yield f"{number}"


def migrate_and_die(path: Path, step: int) -> Iterator[str]:
    """Begin the second migration and end before its step number `step` (counted from 0)."""
    steps = (*SECOND[:step], die, *SECOND[step:])
    Database.open(path, migrations=(*MIGRATIONS, Migration(len(MIGRATIONS) + 1, steps)))
    yield "not killed"


def upgrade_and_die(path: Path, step: int) -> Iterator[str]:
    """Begin the newest of the real migrations and end before its step number `step` (counted from 0)."""
    newest = MIGRATIONS[-1]
    steps = (*newest.steps[:step], die, *newest.steps[step:])
    Database.open(path, migrations=(*MIGRATIONS[:-1], Migration(newest.number, steps)))
    yield "not killed"


def fill_disk(path: Path, limit: int) -> Iterator[str]:
    """Add messages until no file may grow beyond `limit` bytes, then say how it ended."""
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    threads = ThreadStore(Database.open(path))
    thread = threads.create("Questions")
    resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))
    for number in count(1):
        try:
            threads.add_message(message(thread.id, number, "x" * 2000))
        except HrdeskError as error:
            yield f"{error.title}"
            return
        yield f"{number}"


def open_new(path: Path) -> Iterator[str]:
    """Open the store as one of several programs that start at once."""
    database = Database.open(path)
    ThreadStore(database).create("Started")
    database.close()
    yield "opened"


if __name__ == "__main__":
    work = globals()[sys.argv[1]]
    for line in work(Path(sys.argv[2]), *map(int, sys.argv[3:])):
        sys.stdout.write(f"{line}\n")
        sys.stdout.flush()
