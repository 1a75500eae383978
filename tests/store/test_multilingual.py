from hrdesk.core.documents import Coverage
from hrdesk.store.database import Database
from hrdesk.store.documents import DocumentStore
from hrdesk.store.multilingual import _STRETCH, MultilingualStore
from hrdesk.store.records import RecordStore
from tests.store.samples import publish

BLOB = bytes(512)


def filled(database: Database) -> MultilingualStore:
    store = MultilingualStore(database)
    place: int | None = 0
    while place is not None:
        missing = store.missing(place)
        store.put({number: BLOB for number, _ in missing.passages})
        place = missing.place
    return store


def test_what_is_missing_comes_with_its_headings_until_it_is_there(
    database: Database, documents: DocumentStore
):
    publish(documents, "a.pdf", ["One", "Two"])
    store = MultilingualStore(database)
    assert store.coverage() == Coverage(0, 2)
    missing = store.missing()
    assert missing.passages == ((1, "a.pdf > Part\nOne"), (2, "a.pdf > Part\nTwo"))
    store.put({1: BLOB})
    assert store.coverage() == Coverage(1, 2) and not store.coverage().is_complete
    assert [number for number, _ in store.missing().passages] == [2]
    store.put({2: BLOB})
    assert store.coverage().is_complete and store.missing().passages == ()
    assert store.missing(2).place is None
    assert store.vectors() == ([1, 2], [1, 1], BLOB * 2)
    assert RecordStore(database).check_rows() == []


def test_many_passages_are_looked_through_in_stretches(database: Database, documents: DocumentStore):
    publish(documents, "a.pdf", [f"Passage {number}" for number in range(_STRETCH + 5)])
    store = MultilingualStore(database)
    first = store.missing()
    assert (len(first.passages), first.place) == (_STRETCH, _STRETCH)
    assert len(store.missing(_STRETCH).passages) == 5
    assert filled(database).coverage().is_complete


def test_vectors_are_hidden_with_their_version_and_go_with_it(database: Database, documents: DocumentStore):
    file = publish(documents, "a.pdf")
    store = filled(database)
    documents.remove_file(file.id)
    assert store.coverage() == Coverage(0, 0) and store.vectors() == ([], [], b"")
    documents.restore_file(file.id)
    assert store.coverage() == Coverage(1, 1)
    documents.remove_file(file.id)
    documents.purge(file.id)
    assert database.value("SELECT count(*) FROM multilingual_vectors") == 0


def test_text_that_is_read_again_needs_new_vectors(database: Database, documents: DocumentStore):
    publish(documents, "a.pdf")
    store = filled(database)
    publish(documents, "a.pdf", ["Other words"])
    assert store.coverage() == Coverage(0, 1)


def test_vectors_of_passages_that_are_gone_are_dropped_and_changes_are_counted(database: Database):
    store = MultilingualStore(database)
    before = store.generation()
    store.put({77: BLOB})
    assert store.vectors() == ([], [], b"")
    assert store.generation() != before
