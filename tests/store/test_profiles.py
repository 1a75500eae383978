from dataclasses import replace

from hrdesk.store.database import Database
from hrdesk.store.profiles import ProfileStore
from tests.store.samples import profile


def test_every_version_stays_as_it_was_written(database: Database):
    store = ProfileStore(database)
    assert store.newest() is None
    first = store.add(profile())
    second = store.add(replace(first, instructions="Be brief."))
    assert (first.version, second.version) == (1, 2)
    assert store.versions() == [second, first]
    assert store.newest() == second
