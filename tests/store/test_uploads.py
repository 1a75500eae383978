"""What lies in which hosted vector store."""

from datetime import date

import pytest

from hrdesk.core.documents import Filters
from hrdesk.store.checks import check_rows
from hrdesk.store.database import Database
from hrdesk.store.documents import DocumentStore
from hrdesk.store.uploads import UploadStore
from tests.store.samples import publish


@pytest.fixture
def uploads(database: Database, documents: DocumentStore) -> UploadStore:
    return UploadStore(database, documents)


def test_uploads_are_kept_for_each_connection_and_store(uploads):
    uploads.put("team", "vs_1", "sha-a", "file-1")
    uploads.put("team", "vs_1", "sha-b", "file-2")
    uploads.put("team", "vs_2", "sha-a", "file-3")
    uploads.put("other", "vs_1", "sha-a", "file-4")
    assert uploads.uploaded("team", "vs_1") == {"sha-a": "file-1", "sha-b": "file-2"}
    assert uploads.uploaded("team", "vs_9") == {}


def test_a_second_upload_of_a_version_replaces_the_first(uploads):
    uploads.put("team", "vs_1", "sha-a", "file-1")
    uploads.put("team", "vs_1", "sha-a", "file-9")
    assert uploads.uploaded("team", "vs_1") == {"sha-a": "file-9"}


def test_an_upload_can_be_forgotten(uploads):
    uploads.put("team", "vs_1", "sha-a", "file-1")
    uploads.remove("team", "vs_1", "sha-a")
    uploads.remove("team", "vs_1", "sha-a")
    assert uploads.uploaded("team", "vs_1") == {}


def test_a_version_is_found_by_any_of_the_ids_of_its_file(uploads):
    uploads.put("team", "vs_1", "sha-a", "file-1")
    assert uploads.sha_of("team", ["uuid", "file-1"]) == "sha-a"
    assert uploads.sha_of("other", ["file-1"]) is None
    assert uploads.sha_of("team", []) is None


def test_the_rows_of_uploads_are_checked(uploads, database):
    uploads.put("team", "vs_1", "sha-a", "file-1")
    assert check_rows(database) == []
    with database.transaction():
        database.execute("UPDATE uploads SET file_id = 'file-2'")
    assert [fault.sentence for fault in check_rows(database)] == ["Row 1 of the uploads was changed."]


def test_every_version_of_the_library_is_to_be_uploaded_with_its_policy(uploads, documents):
    first = publish(documents, "leave-2025.pdf", title="Leave policy", day=date(2025, 1, 1), category="leave")
    publish(documents, "leave-2026.pdf", day=date(2026, 1, 1), family=first.document_id)
    gone = publish(documents, "old.pdf")
    documents.remove_file(gone.id)
    published = uploads.published()
    assert [one.version.sha256 for one in published] == ["sha-leave-2025.pdf", "sha-leave-2026.pdf"]
    assert {one.document.category for one in published} == {"leave"}
    assert published[0].version.effective_to == date(2026, 1, 1)


def test_a_search_may_use_the_versions_in_force(uploads, documents):
    first = publish(documents, "leave-2025.pdf", title="Leave policy", day=date(2025, 1, 1))
    publish(documents, "leave-2026.pdf", day=date(2026, 1, 1), family=first.document_id)
    publish(documents, "travel.pdf")
    today = date(2026, 6, 1)
    assert uploads.eligible(Filters(), today) == {"sha-leave-2026.pdf", "sha-travel.pdf"}
    assert uploads.eligible(Filters(as_of=date(2025, 6, 1)), today) == {
        "sha-leave-2025.pdf",
        "sha-travel.pdf",
    }
