from dataclasses import replace

from hrdesk.store.connections import ConnectionStore
from hrdesk.store.database import Database
from tests.store.samples import connection


def test_connections_keep_their_order_and_every_field(database: Database):
    store = ConnectionStore(database)
    office = connection("office", needs_key=True, vector_store="vs_1", context_tokens=4000)
    store.put(office)
    store.put(connection("backup"))
    store.put(replace(office, title="The office"))
    assert store.all() == [replace(office, title="The office"), connection("backup")]


def test_a_removed_connection_is_gone(database: Database):
    store = ConnectionStore(database)
    store.put(connection("office"))
    store.remove("office")
    store.remove("never there")
    assert store.all() == []
