from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hrdesk.core.documents import Span
from hrdesk.core.errors import StoreUnavailable
from hrdesk.store.database import Database
from hrdesk.store.records import RecordStore, _hash


def seal(records: RecordStore, count: int = 5) -> list[str]:
    return [
        records.seal(f"thread_{number}", f"run_{number}", {"answer": f"Answer {number}"})
        for number in range(1, count + 1)
    ]


def change(database: Database, sql: str, *parameters: object) -> None:
    """Write behind the store's back."""
    with database.transaction():
        database.execute(sql, parameters)


def named(records: RecordStore) -> list[int]:
    return [fault.record for fault in records.verify().faults]


def test_an_empty_chain_is_in_order(records: RecordStore):
    found = records.verify()
    assert (found.records, found.faults) == (0, [])


def test_a_good_chain_has_no_faults(records: RecordStore):
    assert len(set(seal(records))) == 5
    found = records.verify()
    assert (found.records, found.faults) == (5, [])


def test_a_record_comes_back_as_it_was_sealed(records: RecordStore):
    before = datetime.now(UTC)
    seal_of = records.seal("thread_1", "run_1", {"spans": (Span(1, 2, 3),), "text": "Größe \ud800"})
    record = records.for_run("run_1")
    assert record is not None and record.hash == seal_of and before <= record.sealed_at
    assert record.payload == {"spans": [{"page": 1, "start": 2, "end": 3}], "text": "Größe \ufffd"}
    assert records.for_run("run_2") is None
    assert named(records) == []


def test_of_two_records_of_a_run_the_last_one_counts(records: RecordStore):
    records.seal("t", "run_1", {"answer": 1})
    records.seal("t", "run_1", {"answer": 2})
    record = records.for_run("run_1")
    assert record is not None and record.payload == {"answer": 2}


@pytest.mark.parametrize("column", ["thread_id", "run_id", "sealed_at", "payload", "previous", "hash"])
@pytest.mark.parametrize("number", [1, 3, 5])
def test_a_changed_record_is_named(records: RecordStore, database: Database, column: str, number: int):
    seal(records)
    change(database, f"UPDATE records SET {column} = {column} || ' ' WHERE n = ?", number)
    found = records.verify()
    assert [fault.record for fault in found.faults] == [number]
    assert f"Record {number} was changed" in found.faults[0].sentence


def test_the_fault_names_the_thread(records: RecordStore, database: Database):
    seal(records)
    change(database, "UPDATE records SET payload = '{}' WHERE n = 2")
    assert records.verify().faults[0].thread_id == "thread_2"


@pytest.mark.parametrize("number", [1, 3, 5])
def test_a_removed_record_is_named(records: RecordStore, database: Database, number: int):
    seal(records)
    change(database, "DELETE FROM records WHERE n = ?", number)
    assert named(records) == [number]


def test_a_cut_off_end_is_named(records: RecordStore, database: Database):
    seal(records)
    change(database, "DELETE FROM records WHERE n > 3")
    assert named(records) == [4, 5]


def test_records_that_were_never_sealed_are_named(records: RecordStore, database: Database):
    seal(records)
    change(
        database,
        "INSERT INTO records SELECT 6, thread_id, run_id, sealed_at, payload, previous, hash"
        " FROM records WHERE n = 5",
    )
    assert named(records) == [6]


@pytest.mark.parametrize("number", [1, 3, 5])
def test_a_record_replaced_with_a_fitting_hash_is_named(
    records: RecordStore, database: Database, number: int
):
    seal(records)
    row = database.raw_rows(
        "SELECT thread_id, run_id, sealed_at, previous FROM records WHERE n = ?", [number]
    )[0]
    forged = _hash(number, *row[:3], b'{"answer":"forged"}', row[3])
    change(
        database, 'UPDATE records SET payload = \'{"answer":"forged"}\', hash = ? WHERE n = ?', forged, number
    )
    assert named(records) == [number]


@pytest.mark.parametrize("value", ["", "x", "5", "5 " + "0" * 64, "99999999999 x"])
def test_a_changed_note_of_the_end_is_found(records: RecordStore, database: Database, value: str):
    seal(records)
    change(database, "UPDATE meta SET value = ? WHERE name = 'records'", value)
    assert records.verify().faults


def test_a_removed_note_of_the_end_is_found(records: RecordStore, database: Database):
    seal(records)
    change(database, "DELETE FROM meta WHERE name = 'records'")
    assert records.verify().faults


def test_nothing_is_sealed_behind_an_end_that_was_changed(records: RecordStore, database: Database):
    seal(records)
    change(database, "UPDATE meta SET value = '5' WHERE name = 'records'")
    with pytest.raises(StoreUnavailable, match="was changed"):
        records.seal("t", "r", {})


def test_undecodable_bytes_are_named_and_do_not_stop_the_check(records: RecordStore, database: Database):
    seal(records)
    change(database, "UPDATE records SET payload = CAST(x'fffe' AS TEXT) WHERE n = 2")
    change(database, "UPDATE records SET thread_id = CAST(x'ff' AS TEXT) WHERE n = 4")
    assert named(records) == [2, 4]


def test_a_record_that_makes_no_sense_is_refused_when_shown(records: RecordStore, database: Database):
    seal(records)
    change(database, "UPDATE records SET payload = '[' WHERE n = 1")
    with pytest.raises(StoreUnavailable, match="was changed"):
        records.for_run("run_1")


def _flip(path: Path, needle: bytes) -> None:
    contents = bytearray(path.read_bytes())
    at = contents.index(needle)
    contents[at] ^= 1
    path.write_bytes(contents)


def test_one_byte_changed_in_the_file_names_the_record(path: Path):
    database = Database.open(path)
    seal(RecordStore(database))
    database.close()
    _flip(path, b"Answer 3")
    database = Database.open(path)
    assert named(RecordStore(database)) == [3]
    database.close()


def _spoil_first(database: Database, path: Path, table: str) -> None:
    """Overwrite the head of the table's root page."""
    root = database.value("SELECT rootpage FROM sqlite_master WHERE name = ?", [table])
    database.close()
    contents = bytearray(path.read_bytes())
    contents[(root - 1) * 4096 : (root - 1) * 4096 + 16] = b"\xff" * 16
    path.write_bytes(contents)


def test_an_unreadable_page_names_the_records_on_it(path: Path):
    database = Database.open(path)
    seal(RecordStore(database))
    _spoil_first(database, path, "records")
    database = Database.open(path)
    found = RecordStore(database).verify()
    assert found.records == 5
    assert [fault.record for fault in found.faults] == [1, 2, 3, 4, 5]
    assert all("cannot be read" in fault.sentence for fault in found.faults)
    database.close()


_changes: list[Callable[[int], tuple[str, tuple[object, ...]]]] = [
    lambda number: ("DELETE FROM records WHERE n = ?", (number,)),
    lambda number: ("UPDATE records SET payload = payload || 'x' WHERE n = ?", (number,)),
    lambda number: ("UPDATE records SET n = n + 1000 WHERE n = ?", (number,)),
    lambda number: ("UPDATE records SET run_id = 'other' WHERE n = ?", (number,)),
]


@given(st.sets(st.integers(1, 8), min_size=1), st.sampled_from(_changes))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=30)
def test_every_spoiled_record_is_named(
    database: Database, spoiled: set[int], spoil: Callable[[int], tuple[str, tuple[object, ...]]]
):
    with database.transaction():
        database.execute("DELETE FROM records")
        database.execute("DELETE FROM meta")
    records = RecordStore(database)
    seal(records, 8)
    for number in spoiled:
        sql, parameters = spoil(number)
        change(database, sql, *parameters)
    assert spoiled <= set(named(records))
    assert {number for number in named(records) if number <= 8} == spoiled
