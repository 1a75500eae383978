"""Numbered forward migrations: the schema's only history.

The number of the last migration is SQLite's `user_version`, set in the same transaction as the migration
itself, so a store has either the old schema or the new one. Before a store with contents is changed, a
backup is made and opened. A store from a newer hrdesk is refused before anything could write to it.
"""

import os
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from sqlite3 import Connection

from hrdesk.core.errors import StoreUnavailable
from hrdesk.store.driver import Driver
from hrdesk.store.schema import VERSION_1, VERSION_2, VERSION_3, VERSION_4

Step = str | Callable[[Connection], None]

_VERSION_OFFSET = 60  # of user_version in the header, 4 bytes big endian (SQLite file format, 1.3)


@dataclass(frozen=True, slots=True)
class Migration:
    """The steps from version `number - 1` to `number`: statements, or functions for the rest."""

    number: int
    steps: tuple[Step, ...]


MIGRATIONS: tuple[Migration, ...] = (
    Migration(1, VERSION_1),
    Migration(2, VERSION_2),
    Migration(3, VERSION_3),
    Migration(4, VERSION_4),
)


@dataclass(frozen=True, slots=True)
class StoreFile:
    """A store file and how it is opened."""

    path: Path
    pragma_key: str
    driver: Driver

    def connect(self, read_only: str = "") -> Connection:
        """Open a connection; see `Driver.connect`."""
        return self.driver.connect(self.path, self.pragma_key, read_only=read_only)

    @property
    def wal(self) -> Path:
        """The write-ahead log beside the file, which may hold what the file does not have yet."""
        return self.path.with_name(self.path.name + "-wal")


def refuse_newer(file: StoreFile, migrations: Sequence[Migration]) -> None:
    """Raise `StoreUnavailable` if a newer hrdesk made the file; no byte of it changes by looking."""
    version = _stored_version(file)
    if version > migrations[-1].number:
        raise StoreUnavailable(
            "The store was written by a newer version of hrdesk.",
            f"Install that version again (store {version}, this one reads up to {migrations[-1].number}). "
            "Nothing was changed.",
        )


def migrate(connection: Connection, file: StoreFile, migrations: Sequence[Migration]) -> None:
    """Bring the store to the newest schema, one transaction a migration."""
    is_new = _version(connection) == 0
    for migration in migrations:
        if _version(connection) >= migration.number:
            continue
        with _writing(connection):
            version = _version(connection)  # another process may have been faster
            if version >= migration.number:
                continue
            if not is_new:
                back_up(file, f"before-{migration.number}")
            for step in migration.steps:
                if isinstance(step, str):
                    connection.execute(step)
                else:
                    step(connection)
            connection.execute(f"PRAGMA user_version = {migration.number:d}")


def back_up(file: StoreFile, label: str) -> Path:
    """Copy the store into `backups` beside it, open the copy, check it, and only then give it its name.

    An encrypted store has an encrypted backup with the same key. Returns the backup's path; raises
    `StoreUnavailable` if the copy is not whole.
    """
    folder = file.path.parent / "backups"
    folder.mkdir(mode=0o700, exist_ok=True)
    moment = datetime.now(UTC).strftime("%Y%m%d-%H%M%S-%f")
    target = folder / f"{file.path.stem}-{label}-{moment}{file.path.suffix}"
    copy = StoreFile(target.with_name(target.name + ".partial"), file.pragma_key, file.driver)
    os.close(os.open(copy.path, os.O_CREAT | os.O_WRONLY, 0o600))
    try:
        with closing(file.connect()) as source, closing(copy.connect()) as into:
            source.backup(into)
            version = _version(source)
        _verify(copy, version)
        _sync(copy.path)
        copy.path.replace(target)
    except BaseException:
        copy.path.unlink(missing_ok=True)
        raise
    _sync(folder)
    return target


def _verify(file: StoreFile, version: int) -> None:
    with closing(file.connect("immutable=1")) as connection:
        whole = [row[0] for row in connection.execute("PRAGMA quick_check")] == ["ok"]
        if not whole or _version(connection) != version:
            raise StoreUnavailable(
                "The backup before the upgrade could not be verified.",
                "The store was not changed. Check the disk and its free space, then start hrdesk again.",
            )


def _stored_version(file: StoreFile) -> int:
    if file.wal.exists() and file.wal.stat().st_size > 0:
        # The newest version may be in the log alone; a read-only connection changes neither.
        with closing(file.connect("mode=ro")) as connection:
            return _version(connection)
    if file.pragma_key:
        with closing(file.connect("immutable=1")) as connection:
            return _version(connection)
    with file.path.open("rb") as opened:
        opened.seek(_VERSION_OFFSET)
        return int.from_bytes(opened.read(4), "big", signed=True)


def _version(connection: Connection) -> int:
    return int(connection.execute("PRAGMA user_version").fetchone()[0])


@contextmanager
def _writing(connection: Connection) -> Iterator[None]:
    connection.execute("BEGIN IMMEDIATE")
    try:
        yield
    except BaseException:
        connection.execute("ROLLBACK")
        raise
    connection.execute("COMMIT")


def _sync(path: Path) -> None:
    if os.name != "posix" and path.is_dir():
        return  # only POSIX can sync a folder
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
