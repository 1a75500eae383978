import sqlite3
from pathlib import Path

import pytest

from hrdesk.core.errors import HrdeskError, StoreUnavailable
from hrdesk.store.driver import BEST, PLAIN, Driver, guarded

pytestmark = pytest.mark.parametrize("driver", [PLAIN, BEST], ids=["sqlite3", "sqlcipher3"])


def test_a_file_that_is_no_store_is_called_damaged(driver: Driver, tmp_path: Path):
    path = tmp_path / "x.sqlite"
    path.write_bytes(b"not a database at all" * 100)
    connection = driver.connect(path)
    with pytest.raises(StoreUnavailable, match="damaged"), guarded():
        connection.execute("SELECT * FROM sqlite_master")
    connection.close()


def test_a_folder_that_is_not_there_is_named_as_such(driver: Driver, tmp_path: Path):
    with pytest.raises(StoreUnavailable, match="cannot be opened"), guarded():
        driver.connect(tmp_path / "nowhere" / "x.sqlite").execute("SELECT 1")


def test_a_full_store_is_a_trouble_with_advice(driver: Driver, tmp_path: Path):
    connection = driver.connect(tmp_path / "x.sqlite")
    connection.execute("PRAGMA max_page_count = 4")
    connection.execute("CREATE TABLE t (x)")
    with pytest.raises(HrdeskError, match="disk is full") as caught, guarded():
        connection.execute("INSERT INTO t VALUES (zeroblob(100000))")
    assert "Free some space" in caught.value.advice
    connection.close()


def test_wrong_sql_stays_a_bug(driver: Driver, tmp_path: Path):
    connection = driver.connect(tmp_path / "x.sqlite")
    with pytest.raises(Exception, match="no such table") as caught, guarded():
        connection.execute("SELECT * FROM no_table")
    assert not isinstance(caught.value, HrdeskError)
    connection.close()


def test_text_that_is_not_utf8_is_called_damaged(driver: Driver, tmp_path: Path):
    connection = driver.connect(tmp_path / "x.sqlite")
    with pytest.raises(StoreUnavailable, match="damaged"), guarded():
        connection.execute("SELECT CAST(x'ff' AS TEXT)").fetchall()
    connection.close()


def test_names_with_special_characters_are_opened_as_they_are(driver: Driver, tmp_path: Path):
    path = tmp_path / "a?b#c%20 ü.sqlite"
    connection = driver.connect(path)
    connection.execute("CREATE TABLE t (x)")
    connection.close()
    assert path.read_bytes().startswith(b"SQLite format 3\0")


def test_a_read_only_connection_writes_nothing(driver: Driver, tmp_path: Path):
    path = tmp_path / "x.sqlite"
    connection = driver.connect(path)
    connection.execute("CREATE TABLE t (x)")
    connection.close()
    reader = driver.connect(path, read_only="mode=ro")
    with pytest.raises(StoreUnavailable, match="cannot be written"), guarded():
        reader.execute("INSERT INTO t VALUES (1)")
    reader.close()


def test_the_standard_library_never_claims_to_encrypt(driver: Driver):
    assert driver.encrypts is (driver.library is not sqlite3)


def test_an_error_text_that_quotes_damaged_bytes_means_damage(driver: Driver):
    with pytest.raises(StoreUnavailable, match="damaged"), guarded():
        b"\xff".decode()
