import random
import shutil
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from hrdesk.core.errors import HrdeskError
from hrdesk.core.synonyms import Synonym
from hrdesk.store.categories import CATEGORIES
from hrdesk.store.checks import TABLES, check_rows
from hrdesk.store.connections import ConnectionStore
from hrdesk.store.database import Database
from hrdesk.store.documents import DocumentStore
from hrdesk.store.driver import BEST
from hrdesk.store.multilingual import MultilingualStore
from hrdesk.store.profiles import ProfileStore
from hrdesk.store.questions import QuestionStore
from hrdesk.store.records import RecordStore
from hrdesk.store.rows import put
from hrdesk.store.runs import RunStore
from hrdesk.store.spending import SpendingStore
from hrdesk.store.synonyms import SynonymStore
from hrdesk.store.threads import ThreadStore
from hrdesk.store.uploads import UploadStore
from hrdesk.store.versions import VersionStore
from tests.store.samples import (
    Keys,
    connection,
    evaluation,
    message,
    price,
    profile,
    publish,
    question,
    run,
)

WORDS = ["leave", "holiday", "sickness", "travel", "expenses", "manager", "notice", "carry", "over", "days"]


def fill(database: Database, seed: int = 1) -> None:
    """Put something into every table."""
    chance = random.Random(seed)
    threads, documents = ThreadStore(database), DocumentStore(database)
    for number in range(5):
        thread = threads.create(f"Question {number}")
        for index in range(6):
            text = " ".join(chance.choices(WORDS, k=60))
            threads.add_message(message(thread.id, number * 100 + index, text))
        threads.set_draft(thread.id, "a draft")
        RunStore(database).create(run(thread.id, number))
        SpendingStore(database).note(run(thread.id, number))
        SpendingStore(database).put_price(price(f"model {number}"))
        ProfileStore(database).add(profile(f"version {number}"))
        ConnectionStore(database).put(connection(f"office{number}"))
        UploadStore(database, documents).put("office", "vs_1", f"sha-{number}", f"file-{number}")
        RecordStore(database).seal(
            thread.id, f"run_{number}", {"answer": " ".join(chance.choices(WORDS, k=80))}
        )
        texts = [" ".join(chance.choices(WORDS, k=120)) for _ in range(8)]
        publish(documents, f"{number}.pdf", texts, vectors=[chance.randbytes(384) for _ in texts])
        versions, sha = VersionStore(database, documents), f"sha-{number}.pdf"
        facts = versions.facts(sha)
        versions.save(replace(facts, said_end=date(2030, 1, 1)))
        versions.put_sketch(sha, b"hashes")
        versions.offer(sha, "sha-0.pdf", 0.5)
        QuestionStore(database).put([question(number)])
        QuestionStore(database).add_evaluation(evaluation(number))
        SynonymStore(database).put([Synonym("PTO", "annual leave", f"synonym_{number}")])
        with database.transaction():
            put(database, CATEGORIES, {"name": f"travel {number}", "offered": 1})
        vectors = {n: chance.randbytes(512) for n, _ in MultilingualStore(database).missing().passages}
        MultilingualStore(database).put(vectors)


def faults(database: Database) -> int:
    return len(check_rows(database)) + len(RecordStore(database).verify().faults)


def test_a_good_store_has_no_faults(database: Database):
    fill(database)
    assert all(database.value(f"SELECT count(*) FROM {table.name}") for table in TABLES)
    assert check_rows(database) == []


@pytest.mark.parametrize("table", [table.name for table in TABLES])
def test_a_changed_row_is_named(database: Database, table: str):
    fill(database)
    columns = next(one.columns for one in TABLES if one.name == table)
    free = {"text", "message", "title", "body", "owner", "file", "spans", "vector", "model", "file_id"}
    free |= {"effective_to", "sketch", "other", "term", "name"}
    column = next(name for name in columns if name in free)
    value = "x'00'" if column in ("vector", "sketch") else "'changed'"
    with database.transaction():
        rowid = database.value(f"SELECT max(rowid) FROM {table}")
        database.execute(f"UPDATE {table} SET {column} = {value} WHERE rowid = ?", [rowid])
    found = [fault for fault in check_rows(database) if f"of the {table} was changed" in fault.sentence]
    assert [fault.record for fault in found] == [rowid]


def test_the_thread_of_a_changed_message_is_named(database: Database):
    fill(database)
    with database.transaction():
        database.execute("UPDATE messages SET text = 'forged' WHERE n = 2")
    (fault,) = check_rows(database)
    assert fault.thread_id == database.value("SELECT thread_id FROM messages WHERE n = 2")


def test_undecodable_text_is_named(database: Database):
    fill(database)
    with database.transaction():
        database.execute("UPDATE pages SET text = CAST(x'ff' AS TEXT) WHERE rowid = 2")
    assert [fault.record for fault in check_rows(database)] == [2]


def test_a_word_index_that_does_not_fit_its_rows_is_named(database: Database):
    fill(database)
    with database.transaction():
        database.execute("INSERT INTO passage_words (rowid, path, body) VALUES (1, 'more', 'words')")
    assert ["passage_words" in fault.sentence for fault in check_rows(database)] == [True]


def test_rows_that_lost_their_parents_are_named(database: Database):
    fill(database)
    database._connection.execute("PRAGMA foreign_keys = OFF")
    with database.transaction():
        database.execute("DELETE FROM threads WHERE n = 1")
    assert check_rows(database)


def test_checking_goes_on_behind_an_unreadable_page(path: Path):
    database = Database.open(path)
    fill(database)
    root = database.value("SELECT rootpage FROM sqlite_master WHERE name = 'files'")
    with database.transaction():
        database.execute("UPDATE messages SET text = 'forged' WHERE n = 3")
    database.close()
    contents = bytearray(path.read_bytes())
    contents[(root - 1) * 4096 : (root - 1) * 4096 + 8] = b"\xff" * 8
    path.write_bytes(contents)
    database = Database.open(path)
    sentences = [fault.sentence for fault in check_rows(database)]
    assert "Row 3 of the messages was changed." in sentences
    assert "A part of the files behind row 0 cannot be read." in sentences
    database.close()


def test_damage_is_never_silent(path: Path, tmp_path: Path):
    """16 random bytes anywhere: either the store says so, or not one value of it is different."""
    database = Database.open(path)
    fill(database)
    before = contents_of(database)
    database.close()
    chance, size = random.Random(7), path.stat().st_size
    silent = []
    for number in range(25):
        copy = tmp_path / f"{number}.sqlite"
        shutil.copy(path, copy)
        with copy.open("r+b") as file:
            file.seek(chance.randrange(size - 16))
            file.write(chance.randbytes(16))
        if not is_found(copy) and read_all_of(copy) != before:
            silent.append(number)
    assert silent == []


def contents_of(database: Database) -> list[tuple[object, ...]]:
    names = [table.name for table in TABLES] + ["records"]
    return [row for name in names for row in database.raw_rows(f"SELECT * FROM {name} ORDER BY rowid")]


def read_all_of(path: Path) -> list[tuple[object, ...]]:
    database = Database.open(path)
    try:
        return contents_of(database)
    finally:
        database.close()


def is_found(path: Path, keys: Keys | None = None) -> bool:
    try:
        database = Database.open(path, keys)
    except HrdeskError:
        return True
    try:
        return faults(database) > 0
    finally:
        database.close()


@pytest.mark.skipif(not BEST.encrypts, reason="SQLCipher is not installed.")
def test_every_damage_of_an_encrypted_store_is_found(path: Path, tmp_path: Path):
    keys = Keys()
    database = Database.open(path, keys)
    fill(database)
    assert check_rows(database) == []
    database.close()
    chance, size = random.Random(7), path.stat().st_size
    for number in range(10):
        copy = tmp_path / f"{number}.sqlite"
        shutil.copy(path, copy)
        with copy.open("r+b") as file:
            file.seek(chance.randrange(size - 16))
            file.write(chance.randbytes(16))
        assert is_found(copy, keys)
