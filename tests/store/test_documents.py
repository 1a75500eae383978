from dataclasses import replace
from datetime import date

import pytest

from hrdesk.core.documents import FileState, Filters, Page, PassageText, ReadDocument, Span
from hrdesk.core.errors import NotFound
from hrdesk.store.database import Database
from hrdesk.store.documents import DocumentStore
from hrdesk.store.passages import PassageStore
from hrdesk.store.records import RecordStore
from tests.store.samples import library_file, publish

LEAVE = '"leave"'


def test_files_are_listed_in_the_order_in_which_they_were_given(documents: DocumentStore):
    for name in ("b.pdf", "a.pdf"):
        documents.put_file(library_file(name))
    assert [file.file for file in documents.files()] == ["b.pdf", "a.pdf"]


def test_a_file_row_is_written_once_and_changed_in_place(documents: DocumentStore):
    file = documents.put_file(library_file("a.pdf"))
    documents.put_file(library_file("b.pdf"))
    damaged = replace(file, state=FileState.DAMAGED, reason="no_pages", message="The file is damaged.")
    assert documents.put_file(damaged) == damaged
    assert [one.state for one in documents.files()] == [FileState.DAMAGED, FileState.READING]


def test_files_that_an_earlier_start_left_are_waiting(documents: DocumentStore):
    documents.put_file(library_file("a.pdf", state=FileState.QUEUED))
    documents.put_file(library_file("b.pdf", state=FileState.READING))
    documents.put_file(library_file("c.pdf", state=FileState.NO_TEXT))
    assert [file.file for file in documents.waiting()] == ["a.pdf", "b.pdf"]


def test_publishing_makes_everything_of_a_file_there_at_once(
    documents: DocumentStore, passages: PassageStore
):
    file = publish(
        documents,
        "a.pdf",
        ["Ten days of leave.", "No carry-over."],
        title="Days off",
        day=date(2026, 1, 1),
    )
    assert (file.state, file.pages, file.passages) == (FileState.INDEXED, 1, 2)
    assert (file.title, file.effective_from) == ("Days off", date(2026, 1, 1))
    version = documents.version("sha-a.pdf")
    assert (version.file, version.page_count, version.document_id) == ("a.pdf", 1, file.document_id)
    assert documents.pages("sha-a.pdf") == (Page(1, 595.0, 842.0, "Ten days of leave.\nNo carry-over."),)
    found = passages.get(one for one, _ in passages.lexical(LEAVE))
    assert [one.text for one in found.values()] == ["Ten days of leave."]
    assert next(iter(found.values())).spans == (Span(1, 0, 18),)


def test_skipped_pages_make_a_file_partly_indexed(documents: DocumentStore):
    file = documents.put_file(library_file("a.pdf", "sha"))
    read = ReadDocument("A", (), (Page(1, 1.0, 1.0, "x"),), skipped_pages=(2,))
    assert documents.publish(file, read, [], None, None).state is FileState.PARTLY_INDEXED


def test_a_failed_publication_leaves_nothing(
    documents: DocumentStore, passages: PassageStore, database: Database
):
    file = documents.put_file(library_file("a.pdf", "sha"))
    read = ReadDocument("A", (), (Page(1, 1.0, 1.0, "x"),))
    with pytest.raises(ValueError):  # one vector for two passages
        documents.publish(file, read, [PassageText("A", "leave")] * 2, [b"\1" * 384], None)
    assert [one.state for one in documents.files()] == [FileState.READING]
    assert passages.lexical(LEAVE) == []
    counts = [
        database.value(f"SELECT count(*) FROM {name}")
        for name in ("documents", "versions", "pages", "passages")
    ]
    assert counts == [0, 0, 0, 0]


def test_publishing_the_same_contents_again_replaces_their_text(
    documents: DocumentStore, passages: PassageStore
):
    first = publish(documents, "a.pdf", ["Ten days of leave."])
    again = publish(documents, "a.pdf", ["Twelve days of leave.", "More."])
    assert again.document_id == first.document_id
    assert passages.count() == 2
    found = passages.get(one for one, _ in passages.lexical(LEAVE))
    assert [one.text for one in found.values()] == ["Twelve days of leave."]
    assert RecordStore(documents._database).check_rows() == []


def test_a_removed_file_is_not_found_until_it_is_restored(documents: DocumentStore, passages: PassageStore):
    file = publish(documents, "a.pdf", vectors=[b"\1" * 384])
    generation = passages.generation()
    documents.remove_file(file.id)
    assert documents.files() == [] and [one.id for one in documents.removed()] == [file.id]
    assert passages.lexical(LEAVE) == [] and passages.vectors() == ([], [], b"")
    assert passages.count() == 0 and passages.generation() > generation
    assert documents.find_family("a.pdf") is None and documents.by_sha("sha-a.pdf") is None
    for call in (documents.version, documents.pages):
        with pytest.raises(NotFound):
            call("sha-a.pdf")
    assert documents.restore_file(file.id) == file
    assert len(passages.lexical(LEAVE)) == 1 and passages.count() == 1
    assert documents.version("sha-a.pdf").file == "a.pdf"


def test_purging_removes_everything_and_names_the_copy(documents: DocumentStore, database: Database):
    file = publish(documents, "a.pdf", vectors=[b"\1" * 384])
    documents.remove_file(file.id)
    assert documents.purge(file.id) == "sha-a.pdf"
    for table in ("files", "documents", "versions", "pages", "passages", "vectors"):
        assert database.value(f"SELECT count(*) FROM {table}") == 0, table
    assert RecordStore(database).check_rows() == []


def test_a_duplicate_keeps_the_text_alive_when_the_first_file_goes(
    documents: DocumentStore, passages: PassageStore
):
    file = publish(documents, "a.pdf")
    twin = documents.put_file(library_file("b.pdf", "sha-a.pdf", FileState.DUPLICATE))
    assert (twin.document_id, twin.title) == (file.document_id, file.title)
    assert documents.by_sha("sha-a.pdf") == file
    assert documents.purge(file.id) is None
    assert passages.count() == 1
    assert documents.purge(twin.id) == "sha-a.pdf"
    assert passages.count() == 0


def test_a_file_being_read_again_is_not_found_meanwhile(documents: DocumentStore, passages: PassageStore):
    file = publish(documents, "a.pdf")
    documents.put_file(replace(file, state=FileState.READING))
    assert passages.count() == 0
    documents.put_file(replace(file, state=FileState.INDEXED))
    assert passages.count() == 1


def test_a_file_removed_while_it_was_read_stays_removed(documents: DocumentStore, passages: PassageStore):
    documents.put_file(library_file("a.pdf", "sha-a.pdf"))
    documents.remove_file("file_a.pdf")
    publish(documents, "a.pdf")
    assert documents.files() == [] and passages.count() == 0
    documents.restore_file("file_a.pdf")
    assert passages.count() == 1


def test_a_new_version_ends_the_earlier_one(documents: DocumentStore):
    old = publish(documents, "old.pdf", title="Travel policy 2025", day=date(2025, 1, 1))
    family = documents.find_family("Travel Policy 2026")
    assert family is not None and family.id == old.document_id
    new = publish(documents, "new.pdf", title="Travel policy 2026", day=date(2026, 1, 1), family=family.id)
    assert documents.version("sha-old.pdf").effective_to == date(2026, 1, 1)
    assert documents.version("sha-new.pdf").effective_to is None
    assert documents.newest_version(family.id).sha256 == "sha-new.pdf"
    assert [file.effective_to for file in documents.files()] == [date(2026, 1, 1), None]
    documents.remove_file(new.id)
    assert documents.version("sha-old.pdf").effective_to is None
    documents.restore_file(new.id)
    assert documents.version("sha-old.pdf").effective_to == date(2026, 1, 1)


def test_an_older_version_that_comes_later_finds_its_place(documents: DocumentStore):
    new = publish(documents, "new.pdf", day=date(2026, 1, 1))
    publish(documents, "old.pdf", day=date(2024, 1, 1), family=new.document_id)
    publish(documents, "mid.pdf", day=date(2025, 1, 1), family=new.document_id)
    versions = documents.versions(str(new.document_id))
    assert [one.file for one in versions] == ["old.pdf", "mid.pdf", "new.pdf"]
    assert [one.effective_to for one in versions] == [date(2025, 1, 1), date(2026, 1, 1), None]


def test_the_versions_a_search_may_use_follow_the_day(documents: DocumentStore, passages: PassageStore):
    old = publish(documents, "old.pdf", ["Old leave"], day=date(2025, 1, 1))
    assert documents.eligible_versions(Filters()) is None
    publish(documents, "new.pdf", ["New leave"], day=date(2026, 1, 1), family=old.document_id)

    def texts(filters: Filters) -> list[str]:
        allowed = documents.eligible_versions(filters, today=date(2026, 6, 1))
        within = [one for one in passages.extents() if allowed is None or one.version in allowed]
        found = passages.get(one.first for one in within)
        return [one.text for one in found.values()]

    assert texts(Filters()) == ["New leave"]
    assert texts(Filters(as_of=date(2025, 6, 1))) == ["Old leave"]
    assert texts(Filters(category="conduct")) == []


def test_a_category_belongs_to_the_document(documents: DocumentStore, passages: PassageStore):
    file = publish(documents, "a.pdf", category="leave")
    assert documents.files()[0].category == "leave"
    documents.set_category(str(file.document_id), "Travel")
    assert documents.files()[0].category == "Travel"
    assert documents.categories() == ["benefits", "leave", "conduct", "Travel"]
    documents.set_category(str(file.document_id), None)
    assert documents.files()[0].category is None
    assert documents.categories() == ["benefits", "leave", "conduct"]


def test_a_category_given_with_a_file_is_remembered_until_it_is_published(documents: DocumentStore):
    documents.put_file(replace(library_file("a.pdf"), category="leave"))
    assert documents.files()[0].category == "leave"


def test_a_renamed_document_is_found_under_both_titles(documents: DocumentStore):
    file = publish(documents, "a.pdf", title="Travel policy 2025")
    documents.set_title(str(file.document_id), "Business trips")
    assert documents.files()[0].title == "Business trips"
    for title in ("Travel Policy (v2)", "Business Trips 2026"):
        family = documents.find_family(title)
        assert family is not None and family.id == file.document_id


def test_what_is_known_about_a_document_can_be_changed(documents: DocumentStore):
    file = publish(documents, "a.pdf")
    document = replace(
        documents.document(str(file.document_id)),
        jurisdiction="Germany",
        owner="HR",
        review_by=date(2027, 1, 1),
    )
    documents.update(document)
    assert documents.document(document.id) == document
    assert documents.eligible_versions(Filters(scope="France")) == set()


def test_a_version_that_changes_its_family_leaves_no_empty_one(documents: DocumentStore):
    one, two = publish(documents, "a.pdf"), publish(documents, "b.pdf")
    moved = publish(documents, "b.pdf", family=one.document_id)
    assert moved.document_id == one.document_id
    with pytest.raises(NotFound):
        documents.document(str(two.document_id))


def test_unknown_things_are_not_found(documents: DocumentStore):
    for call in (
        documents.file, documents.remove_file, documents.restore_file, documents.purge, documents.version,
        documents.document, documents.pages, documents.newest_version,
    ):  # fmt: skip
        with pytest.raises(NotFound):
            call("nothing")
    assert documents.by_sha("nothing") is None and documents.find_family("nothing") is None
    with pytest.raises(NotFound):
        documents.set_category("nothing", "leave")
