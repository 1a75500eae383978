"""Renaming, joining and removing categories, each with its way back."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hrdesk.core.categories import BUILT_IN, Category, category_name
from hrdesk.core.documents import FileState
from hrdesk.core.errors import NotFound
from hrdesk.store.database import Database
from hrdesk.store.documents import DocumentStore
from hrdesk.store.records import RecordStore
from hrdesk.store.refiling import Refiling
from tests.store.samples import library_file, publish


@pytest.fixture
def refiling(database: Database, documents: DocumentStore) -> Refiling:
    return Refiling(database, documents)


def names(refiling: Refiling) -> list[str]:
    return [one.name for one in refiling.categories()]


def filed(documents: DocumentStore) -> dict[str, str | None]:
    return {file.file: file.category for file in documents.files()}


def test_a_library_begins_with_three(refiling: Refiling):
    assert refiling.categories() == [Category(name, 0) for name in BUILT_IN]


def test_all_policies_follow_a_new_name_and_can_go_back(refiling: Refiling, documents: DocumentStore):
    publish(documents, "a.pdf", category="leave")
    publish(documents, "b.pdf", category="leave")
    publish(documents, "c.pdf", category="conduct")
    change = refiling.rename("leave", "time off")
    assert not change.merged
    assert refiling.categories() == [Category("benefits", 0), Category("conduct", 1), Category("time off", 2)]
    assert filed(documents) == {"a.pdf": "time off", "b.pdf": "time off", "c.pdf": "conduct"}
    refiling.undo(change)
    assert names(refiling) == list(BUILT_IN)
    assert filed(documents) == {"a.pdf": "leave", "b.pdf": "leave", "c.pdf": "conduct"}


def test_a_name_that_is_there_joins_both_and_undo_parts_them(refiling: Refiling, documents: DocumentStore):
    publish(documents, "a.pdf", category="travel")
    publish(documents, "b.pdf", category="conduct")
    change = refiling.rename("travel", "conduct")
    assert change.merged
    assert refiling.categories() == [Category("benefits", 0), Category("leave", 0), Category("conduct", 2)]
    refiling.undo(change)
    assert filed(documents) == {"a.pdf": "travel", "b.pdf": "conduct"}


def test_a_removed_category_leaves_its_policies_without_one(refiling: Refiling, documents: DocumentStore):
    publish(documents, "a.pdf", category="leave")
    publish(documents, "b.pdf")
    change = refiling.rename("leave", None)
    assert names(refiling) == ["benefits", "conduct"]
    assert filed(documents) == {"a.pdf": None, "b.pdf": None}
    refiling.undo(change)
    assert names(refiling) == list(BUILT_IN)
    assert filed(documents) == {"a.pdf": "leave", "b.pdf": None}


def test_one_of_the_three_comes_back_when_a_policy_is_filed_there(
    refiling: Refiling, documents: DocumentStore
):
    refiling.rename("leave", None)
    publish(documents, "a.pdf", category="leave")
    assert names(refiling) == list(BUILT_IN)


def test_an_empty_category_keeps_its_new_name(refiling: Refiling):
    change = refiling.rename("leave", "time off")
    assert names(refiling) == ["benefits", "conduct", "time off"]
    refiling.rename("time off", "absence")
    assert names(refiling) == ["benefits", "conduct", "absence"]
    refiling.rename("absence", "leave")
    assert names(refiling) == list(BUILT_IN)
    refiling.undo(change)
    assert names(refiling) == list(BUILT_IN)


def test_removed_and_waiting_files_follow_too(refiling: Refiling, documents: DocumentStore):
    file = publish(documents, "a.pdf", category="travel")
    documents.put_file(library_file("b.pdf", state=FileState.QUEUED))
    waiting = library_file("c.pdf", state=FileState.QUEUED)
    documents.put_file(
        type(waiting)(**{name: getattr(waiting, name) for name in waiting.__slots__} | {"category": "travel"})
    )
    refiling.rename("travel", "trips")
    assert filed(documents) == {"a.pdf": "trips", "b.pdf": None, "c.pdf": "trips"}
    documents.remove_file(file.id)
    assert "trips" not in names(refiling)
    documents.restore_file(file.id)
    assert documents.files()[0].category == "trips"


def test_what_was_filed_elsewhere_meanwhile_stays_there(refiling: Refiling, documents: DocumentStore):
    file = publish(documents, "a.pdf", category="travel")
    change = refiling.rename("travel", "trips")
    documents.set_category(str(file.document_id), "benefits")
    refiling.undo(change)
    assert filed(documents) == {"a.pdf": "benefits"}


def test_a_category_that_is_gone_is_said(refiling: Refiling):
    with pytest.raises(NotFound, match="no category “travel”"):
        refiling.rename("travel", "trips")


NAMES = st.sampled_from([*BUILT_IN, "travel", "pay"])


@settings(max_examples=15)  # each opens a store of its own
@given(filed_=st.lists(st.one_of(st.none(), NAMES), max_size=4), old=NAMES, new=st.one_of(st.none(), NAMES))
def test_undo_puts_everything_back(filed_, old, new, tmp_path_factory):
    database = Database.open(tmp_path_factory.mktemp("store") / "hrdesk.sqlite")
    documents = DocumentStore(database)
    refiling = Refiling(database, documents)
    for number, category in enumerate(filed_):
        publish(documents, f"{number}.pdf", category=category)
    before = filed(documents), refiling.categories()
    if old in names(refiling) and old != new:
        change = refiling.rename(old, new)
        assert old not in names(refiling)
        assert new is None or new in names(refiling)
        refiling.undo(change)
    assert (filed(documents), refiling.categories()) == before
    assert RecordStore(database).check_rows() == []
    database.close()


def test_names_are_kept_in_one_form():
    assert category_name("  Time\n Off ") == "time off"
    assert category_name("  ") is None and category_name(None) is None
