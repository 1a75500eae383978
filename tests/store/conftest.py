"""Fixtures of the store's tests: a real store in a folder of its own, plain and encrypted."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import settings

from hrdesk.store.database import Database
from hrdesk.store.documents import DocumentStore
from hrdesk.store.passages import PassageStore
from hrdesk.store.records import RecordStore
from hrdesk.store.runs import RunStore
from hrdesk.store.threads import ThreadStore

# A disk that is slow for once is no fault of the code.
settings.register_profile("store", deadline=None, max_examples=50)
settings.load_profile("store")


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "hrdesk.sqlite"


@pytest.fixture
def database(path: Path) -> Iterator[Database]:
    opened = Database.open(path)
    yield opened
    opened.close()


@pytest.fixture
def threads(database: Database) -> ThreadStore:
    return ThreadStore(database)


@pytest.fixture
def runs(database: Database) -> RunStore:
    return RunStore(database)


@pytest.fixture
def documents(database: Database) -> DocumentStore:
    return DocumentStore(database)


@pytest.fixture
def passages(database: Database) -> PassageStore:
    return PassageStore(database)


@pytest.fixture
def records(database: Database) -> RecordStore:
    return RecordStore(database)
