"""Which version of which policy lies in which hosted vector store, and what there is to be uploaded."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime

from hrdesk.core.documents import Document, DocumentVersion, Filters
from hrdesk.store import families
from hrdesk.store.database import Database
from hrdesk.store.documents import DocumentStore
from hrdesk.store.rows import Table, put

UPLOADS = Table(
    "uploads",
    ("connection", "vector_store", "sha256", "file_id", "at"),
    key=("connection", "vector_store", "sha256"),
)


@dataclass(frozen=True, slots=True)
class Published:
    """A version that is in the library, with its policy."""

    version: DocumentVersion
    document: Document


class UploadStore:
    """Reads and writes what was uploaded. `connection` is a connection's name."""

    def __init__(self, database: Database, documents: DocumentStore) -> None:
        self._database = database
        self._documents = documents

    def uploaded(self, connection: str, vector_store: str) -> dict[str, str]:
        """Return the provider's file ids by sha256, in the order of the uploads."""
        rows = self._database.rows(
            "SELECT sha256, file_id FROM uploads WHERE connection = ? AND vector_store = ? ORDER BY n",
            [connection, vector_store],
        )
        return {row["sha256"]: row["file_id"] for row in rows}

    def put(self, connection: str, vector_store: str, sha256: str, file_id: str) -> None:
        """Note that a version was uploaded, and as which file."""
        values = {
            "connection": connection,
            "vector_store": vector_store,
            "sha256": sha256,
            "file_id": file_id,
            "at": datetime.now(UTC).isoformat(),
        }
        with self._database.transaction():
            put(self._database, UPLOADS, values)

    def remove(self, connection: str, vector_store: str, sha256: str) -> None:
        """Forget an upload that is gone."""
        with self._database.transaction():
            self._database.execute(
                "DELETE FROM uploads WHERE connection = ? AND vector_store = ? AND sha256 = ?",
                [connection, vector_store, sha256],
            )

    def sha_of(self, connection: str, file_ids: Sequence[str]) -> str | None:
        """Return which version was uploaded as one of these files; the first that is known."""
        for file_id in file_ids:
            row = self._database.row(
                "SELECT sha256 FROM uploads WHERE connection = ? AND file_id = ?", [connection, file_id]
            )
            if row is not None:
                return str(row["sha256"])
        return None

    # --- the library

    def published(self) -> list[Published]:
        """Return every version in the library, oldest first."""
        return [
            Published(one.version, self._documents.document(one.version.document_id))
            for one in families.active_versions(self._database)
        ]

    def eligible(self, filters: Filters, today: date | None = None) -> set[str]:
        """Return the sha256 of the versions that a search may use; see `families.allowed`."""
        versions = families.active_versions(self._database)
        now = today or datetime.now().astimezone().date()
        numbers = families.allowed(versions, filters, now)
        return {one.version.sha256 for one in versions if numbers is None or one.number in numbers}
