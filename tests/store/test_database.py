import os
import stat
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from hrdesk.core.errors import HrdeskError, StoreUnavailable
from hrdesk.store.database import Database
from hrdesk.store.driver import BEST, PLAIN, Driver
from hrdesk.store.records import RecordStore
from hrdesk.store.threads import ThreadStore
from tests.store.samples import message

NOTE = "INSERT INTO meta (name, value) VALUES (?, 'x')"


def notes(database: Database) -> list[str]:
    return [row["name"] for row in database.rows("SELECT name FROM meta ORDER BY name")]


@pytest.mark.parametrize("driver", [PLAIN, BEST], ids=["sqlite3", "sqlcipher3"])
def test_the_store_keeps_what_was_acknowledged(path: Path, driver: Driver):
    database = Database.open(path, driver=driver)
    found = {
        name: database.value(f"PRAGMA {name}") for name in ("journal_mode", "synchronous", "foreign_keys")
    }
    assert found == {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1}
    assert (database.value("PRAGMA secure_delete"), database.value("PRAGMA temp_store")) == (1, 2)
    database.close()


def test_a_transaction_is_all_or_nothing(database: Database):
    def fail() -> None:
        with database.transaction():
            database.execute(NOTE, ["a"])
            raise KeyError

    with pytest.raises(KeyError):
        fail()
    assert notes(database) == []
    with database.transaction():
        database.execute(NOTE, ["b"])
    assert notes(database) == ["b"]


def test_an_inner_transaction_belongs_to_the_outer_one(database: Database):
    def fail() -> None:
        with database.transaction():
            with database.transaction():
                database.execute(NOTE, ["a"])
            raise KeyError

    with pytest.raises(KeyError):
        fail()
    assert notes(database) == []


def test_writing_outside_a_transaction_is_a_bug(database: Database):
    with pytest.raises(AssertionError):
        database.execute(NOTE, ["a"])


def test_threads_take_turns(database: Database):
    def write(name: str) -> None:
        for number in range(50):
            with database.transaction():
                database.execute(NOTE, [f"{name}{number}"])

    workers = [threading.Thread(target=write, args=(name,)) for name in "abcd"]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert len(notes(database)) == 200


def test_another_program_reads_while_this_one_writes(path: Path, database: Database):
    other = Database.open(path)
    with database.transaction():
        database.execute(NOTE, ["a"])
        assert notes(other) == []
    assert notes(other) == ["a"]
    other.close()


def test_a_second_connection_of_one_process_does_not_disturb_the_first(path: Path, database: Database):
    Database.open(path).close()
    with database.transaction():
        database.execute(NOTE, ["a"])
    # A program that thought itself alone would remove the log when it closes.
    script = f"import sqlite3; c = sqlite3.connect({str(path)!r}); c.execute('SELECT * FROM meta'); c.close()"
    subprocess.run([sys.executable, "-c", script], check=True)
    assert path.with_name(path.name + "-wal").stat().st_size > 0
    assert notes(database) == ["a"]


def test_programs_that_start_at_once_make_one_store(path: Path):
    command = [sys.executable, "-m", "tests.store.victim", "open_new", str(path)]
    programs = [subprocess.Popen(command, stdout=subprocess.PIPE, text=True) for _ in range(3)]
    assert [program.communicate()[0] for program in programs] == ["opened\n"] * 3
    database = Database.open(path)
    assert ThreadStore(database).threads().total == 3
    database.close()


@pytest.mark.skipif(os.name != "posix", reason="Only POSIX has these permissions.")
def test_the_file_and_its_log_are_for_the_user_alone(path: Path, database: Database):
    ThreadStore(database).create("x")
    modes = {stat.S_IMODE(file.stat().st_mode) for file in path.parent.glob(f"{path.name}*")}
    assert modes == {0o600}


def test_closing_twice_is_fine_and_leaves_one_file(path: Path):
    database = Database.open(path)
    ThreadStore(database).create("x")
    database.close()
    database.close()
    assert [file.name for file in path.parent.iterdir()] == [path.name]


def test_a_folder_that_is_not_there_is_refused_with_advice(tmp_path: Path):
    with pytest.raises(StoreUnavailable, match="read and write"):
        Database.open(tmp_path / "nowhere" / "hrdesk.sqlite")


@pytest.mark.parametrize("contents", [b"a text file that is no store\n" * 50, b"SQLite format 3\0", b"x"])
def test_a_file_that_is_no_store_is_refused_untouched(path: Path, contents: bytes):
    path.write_bytes(contents)
    with pytest.raises(StoreUnavailable):
        Database.open(path)
    assert path.read_bytes() == contents


def test_a_store_cut_in_half_is_refused_or_found_by_the_checks(path: Path):
    database = Database.open(path)
    threads = ThreadStore(database)
    thread = threads.create("x")
    for number in range(50):
        threads.add_message(message(thread.id, number, "text " * 200))
    database.close()
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])
    try:
        database = Database.open(path)
    except StoreUnavailable:
        return
    assert RecordStore(database).check_rows()
    database.close()


def test_an_empty_file_is_a_new_store_only_where_nothing_was_before(path: Path):
    path.touch()
    Database.open(path).close()
    assert path.stat().st_size > 0
    (path.parent / "backups").mkdir()
    (path.parent / "backups" / "hrdesk-before-2.sqlite").touch()
    path.write_bytes(b"")
    with pytest.raises(StoreUnavailable, match="damaged"):
        Database.open(path)
    assert path.read_bytes() == b""


def test_a_full_disk_loses_nothing_that_was_acknowledged(path: Path):
    command = [sys.executable, "-m", "tests.store.victim", "fill_disk", str(path), str(1_500_000)]
    lines = subprocess.run(command, check=True, capture_output=True, text=True).stdout.splitlines()
    assert lines[-1] in ("The disk is full.", "The disk refused to write or read.")
    database = Database.open(path)
    kept = ThreadStore(database).messages(ThreadStore(database).threads().threads[0].id)
    assert len(kept) == len(lines) - 1 > 10
    assert RecordStore(database).check_rows() == []
    database.close()


def test_a_transaction_that_the_disk_refused_can_be_tried_again(database: Database):
    database._connection.execute(f"PRAGMA max_page_count = {database.value('PRAGMA page_count')}")
    threads = ThreadStore(database)
    with pytest.raises(HrdeskError, match="disk is full"):
        threads.create("x" * 50_000)
    assert threads.threads().total == 0
    database._connection.execute("PRAGMA max_page_count = 1000000")
    threads.create("y")
    assert threads.threads().total == 1


def test_text_that_is_not_utf8_can_be_read_raw(database: Database):
    with database.transaction():
        database.execute("INSERT INTO meta (name, value) VALUES ('a', CAST(x'ff' AS TEXT))")
    assert database.raw_rows("SELECT value FROM meta") == [(b"\xff",)]
    with pytest.raises(StoreUnavailable, match="damaged"):
        database.rows("SELECT value FROM meta")
    assert notes(database) == ["a"]
