import hashlib
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import pytest

from hrdesk.core.errors import StoreUnavailable
from hrdesk.store.database import Database
from hrdesk.store.driver import BEST, PLAIN, Driver
from hrdesk.store.migrations import MIGRATIONS, Migration, StoreFile, back_up
from hrdesk.store.records import RecordStore
from hrdesk.store.threads import ThreadStore
from tests.store.samples import Keys, message
from tests.store.victim import NEXT, SECOND


@pytest.fixture(params=["plain", "encrypted"])
def keys(request: pytest.FixtureRequest) -> Keys | None:
    if request.param == "plain":
        return None
    if not BEST.encrypts:
        pytest.skip("SQLCipher is not installed.")
    return Keys()


def make_store(path: Path, keys: Keys | None = None, migrations: Sequence[Migration] = MIGRATIONS) -> None:
    database = Database.open(path, keys, migrations=migrations)
    threads = ThreadStore(database)
    threads.add_message(message(threads.create("Kept").id, 1))
    database.close()


def schema(database: Database) -> list[tuple[str, str]]:
    rows = database.rows("SELECT name, sql FROM sqlite_master WHERE name NOT LIKE 'sqlite_%' ORDER BY name")
    return [(row["name"], row["sql"]) for row in rows]


def files(folder: Path) -> dict[str, str]:
    return {
        str(file.relative_to(folder)): hashlib.sha256(file.read_bytes()).hexdigest()
        for file in folder.rglob("*")
        if file.is_file()
    }


def test_the_numbers_count_from_one():
    assert [migration.number for migration in MIGRATIONS] == list(range(1, len(MIGRATIONS) + 1))


def test_a_new_store_has_the_newest_version_and_no_backup(path: Path, keys: Keys | None):
    database = Database.open(path, keys)
    assert database.value("PRAGMA user_version") == MIGRATIONS[-1].number
    assert not (path.parent / "backups").exists()
    database.close()


def test_a_migrated_store_has_the_schema_of_a_fresh_one(tmp_path: Path, path: Path):
    make_store(path)
    migrated = Database.open(path, migrations=NEXT)
    fresh = Database.open(tmp_path / "fresh.sqlite", migrations=NEXT)
    assert schema(migrated) == schema(fresh)
    assert ThreadStore(migrated).threads().threads[0].title == "Kept"
    assert migrated.value("SELECT note FROM threads") == "xKept"
    migrated.close()
    fresh.close()


def test_a_verified_backup_is_made_before_a_migration(path: Path, keys: Keys | None):
    make_store(path, keys)
    Database.open(path, keys, migrations=NEXT).close()
    (backup,) = (path.parent / "backups").iterdir()
    assert backup.name.startswith(f"hrdesk-before-{len(MIGRATIONS) + 1}-") and backup.suffix == ".sqlite"
    assert backup.read_bytes().startswith(b"SQLite format 3\0") is (keys is None)
    restored = Database.open(backup, keys)
    assert restored.encrypted is (keys is not None)
    assert ThreadStore(restored).threads().threads[0].title == "Kept"
    assert RecordStore(restored).check_rows() == []
    restored.close()


def test_a_store_that_is_up_to_date_is_not_backed_up(path: Path):
    make_store(path)
    Database.open(path).close()
    assert not (path.parent / "backups").exists()


def test_a_backup_that_cannot_be_made_stops_the_migration(path: Path):
    make_store(path)
    (path.parent / "backups").write_text("a file in the way")
    before = path.read_bytes()
    with pytest.raises(StoreUnavailable):
        Database.open(path, migrations=NEXT)
    assert path.read_bytes() == before


def test_a_damaged_copy_is_no_backup(path: Path):
    make_store(path)
    contents = bytearray(path.read_bytes())
    contents[4096 * 3 : 4096 * 3 + 64] = bytes(64)
    path.write_bytes(contents)
    with pytest.raises(StoreUnavailable):
        Database.open(path, migrations=NEXT)
    assert list((path.parent / "backups").iterdir()) == []
    assert path.read_bytes() == contents


def test_a_failing_migration_changes_nothing(path: Path, keys: Keys | None):
    make_store(path, keys)
    broken = (*MIGRATIONS, Migration(len(MIGRATIONS) + 1, (*SECOND[:3], "SELECT * FROM no_table")))
    with pytest.raises(Exception, match="no such table"):
        Database.open(path, keys, migrations=broken)
    database = Database.open(path, keys)
    assert database.value("SELECT count(*) FROM sqlite_master WHERE name = 'tags'") == 0
    assert RecordStore(database).check_rows() == []
    database.close()


@pytest.mark.parametrize("step", range(len(SECOND) + 1))
def test_a_kill_in_a_migration_leaves_the_old_schema_whole(path: Path, step: int):
    make_store(path)
    command = [sys.executable, "-m", "tests.store.victim", "migrate_and_die", str(path), str(step)]
    assert subprocess.run(command, check=False, capture_output=True).returncode == -9
    backups = list((path.parent / "backups").iterdir())
    assert [backup.suffix for backup in backups] == [".sqlite"]
    old = Database.open(path)
    assert old.value("PRAGMA user_version") == MIGRATIONS[-1].number
    assert old.value("SELECT count(*) FROM sqlite_master WHERE name = 'tags'") == 0
    assert RecordStore(old).check_rows() == []
    old.close()
    new = Database.open(path, migrations=NEXT)
    assert new.value("SELECT count(*) FROM tags") == 3
    new.close()


@pytest.mark.parametrize("step", range(len(MIGRATIONS[-1].steps) + 1))
def test_a_kill_in_the_newest_migration_leaves_the_store_of_before(path: Path, step: int):
    before = MIGRATIONS[:-1]
    make_store(path, migrations=before)
    command = [sys.executable, "-m", "tests.store.victim", "upgrade_and_die", str(path), str(step)]
    assert subprocess.run(command, check=False, capture_output=True).returncode == -9
    (backup,) = (path.parent / "backups").iterdir()
    for kept in (path, backup):
        old = Database.open(kept, migrations=before)
        assert old.value("PRAGMA user_version") == before[-1].number
        assert ThreadStore(old).threads().threads[0].title == "Kept"
        old.close()
    new = Database.open(path)
    assert new.value("PRAGMA user_version") == MIGRATIONS[-1].number
    assert ThreadStore(new).threads().threads[0].title == "Kept"
    assert RecordStore(new).check_rows() == []
    new.close()


@pytest.mark.parametrize("version", [MIGRATIONS[-1].number + 1, 1000])
def test_a_newer_store_is_refused_and_no_byte_changes(path: Path, keys: Keys | None, version: int):
    make_store(path, keys)
    newer = (*MIGRATIONS, Migration(version, ("CREATE TABLE later (x)",)))
    Database.open(path, keys, migrations=newer).close()
    before = files(path.parent)
    with pytest.raises(StoreUnavailable, match="newer version"):
        Database.open(path, keys)
    assert files(path.parent) == before
    assert not list(path.parent.glob("*-wal")) + list(path.parent.glob("*-shm"))


@pytest.mark.parametrize("driver", [PLAIN, BEST], ids=["sqlite3", "sqlcipher3"])
def test_a_newer_version_that_is_only_in_the_log_is_refused_too(path: Path, tmp_path: Path, driver: Driver):
    make_store(path)
    writer = sqlite3.connect(path, isolation_level=None)
    writer.execute("PRAGMA wal_autocheckpoint = 0")
    writer.execute("PRAGMA user_version = 99")
    crashed = tmp_path / "crashed"
    crashed.mkdir()
    for suffix in ("", "-wal"):
        shutil.copy(f"{path}{suffix}", crashed / f"{path.name}{suffix}")
    writer.close()
    before = files(crashed)
    with pytest.raises(StoreUnavailable, match="newer version"):
        Database.open(crashed / path.name, driver=driver)
    after = files(crashed)
    assert {name: after[name] for name in before} == before


def test_a_backup_of_a_store_in_use_holds_what_was_committed(path: Path, database: Database):
    threads = ThreadStore(database)
    threads.create("Before")
    backup = back_up(StoreFile(path, "", BEST), "test")
    threads.create("After")
    restored = Database.open(backup)
    assert [thread.title for thread in ThreadStore(restored).threads().threads] == ["Before"]
    restored.close()
