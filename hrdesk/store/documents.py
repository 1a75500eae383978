"""The library: files as they were given, policies as families of versions, and their pages.

A version is active while a file that was not removed stands for it. Only passages of active versions are in
the word index and among the vectors of a search, so that a removed file is never found; its rows stay until
it is purged, so that removing can be undone.
"""

import json
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime

from hrdesk.core.documents import (
    Document,
    DocumentVersion,
    FileState,
    Filters,
    LibraryFile,
    Page,
    PassageText,
    ReadDocument,
)
from hrdesk.core.errors import NotFound
from hrdesk.core.ids import new_id
from hrdesk.store import categories, families, indexing
from hrdesk.store.database import Database, Row
from hrdesk.store.families import title_key
from hrdesk.store.rows import Table, put

_COPIED = ("id", "file", "source", "state", "reason", "message", "pages", "passages", "sha256", "title")
FILES = Table("files", (*_COPIED, "document_id", "category", "added_at", "removed"))
_PAUSED = "import_paused"
_DROPPED = "removed = 1 AND state IN ('queued', 'reading')"

_FILE_ROWS = """
    SELECT f.*, v.document_id AS family, v.effective_from, v.effective_to,
           d.title AS family_title, d.category AS family_category
    FROM files f
    LEFT JOIN versions v ON v.sha256 = f.sha256
    LEFT JOIN documents d ON d.id = v.document_id
"""


class DocumentStore:
    """Reads and writes the library. Methods with an id or sha256 raise `NotFound` where nothing is there."""

    def __init__(self, database: Database) -> None:
        self._database = database

    # --- files

    def files(self) -> list[LibraryFile]:
        """Return all files that were not removed, in the order in which they were given."""
        return self._files("WHERE f.removed = 0")

    def file(self, file_id: str) -> LibraryFile:
        """Return one file, also a removed one."""
        found = self._files("WHERE f.id = ?", file_id)
        if not found:
            raise NotFound("This file is no longer in the library.")
        return found[0]

    def by_sha(self, sha256: str) -> LibraryFile | None:
        """Return the file with these contents that is not itself a duplicate, searchable ones first."""
        found = self._files("WHERE f.sha256 = ? AND f.removed = 0 AND f.state <> 'duplicate'", sha256)
        return min(found, key=lambda one: not one.state.is_searchable, default=None)

    def removed_by_sha(self, sha256: str) -> LibraryFile | None:
        """Return a removed file with these contents that was searchable."""
        found = self._files("WHERE f.sha256 = ? AND f.removed = 1", sha256)
        return next((one for one in found if one.state.is_searchable), None)

    def waiting(self) -> list[LibraryFile]:
        """Return the files that an earlier start left queued or half read."""
        return self._files("WHERE f.removed = 0 AND f.state IN ('queued', 'reading')")

    def unread(self) -> list[LibraryFile]:
        """Return the files that wait, or ended without text that can be searched."""
        return self._files(
            "WHERE f.removed = 0 AND f.state NOT IN ('indexed', 'partly_indexed', 'duplicate')"
        )

    def removed(self) -> list[LibraryFile]:
        """Return the removed files that wait for `restore_file` or `purge`."""
        return self._files("WHERE f.removed = 1")

    def put_file(self, file: LibraryFile) -> LibraryFile:
        """Write a file's row, new or changed, and return it as the library shows it."""
        with self._database.transaction():
            removed = self._database.value("SELECT removed FROM files WHERE id = ?", [file.id])
            self._write_file(file, removed=bool(removed))
            self._settle(file.sha256)
            return self.file(file.id)

    def put_files(self, files: Sequence[LibraryFile]) -> None:
        """Write many rows at once, all or none; those that were removed stay so."""
        with self._database.transaction():
            removed = {row["id"] for row in self._database.rows("SELECT id FROM files WHERE removed = 1")}
            for file in files:
                self._write_file(file, removed=file.id in removed)
                if file.sha256 is not None:
                    self._settle(file.sha256)

    def is_removed(self, file_id: str) -> bool:
        """Whether a file was taken out of the library."""
        return bool(self._database.value("SELECT removed FROM files WHERE id = ?", [file_id]))

    def remove_file(self, file_id: str) -> None:
        """Take a file out of the library, so that `restore_file` can bring it back."""
        self._set_removed(file_id, removed=True)

    def restore_file(self, file_id: str) -> LibraryFile:
        """Bring a removed file back; where the same contents were added again meanwhile, that file is it."""
        again = self.by_sha(str(self.file(file_id).sha256))
        if again is not None and again.state.is_searchable:
            return again
        self._set_removed(file_id, removed=False)
        return self.file(file_id)

    def set_removed(self, file_ids: Sequence[str], *, removed: bool) -> None:
        """Take files out or bring them back, all or none."""
        with self._database.transaction():
            for file in self._files("WHERE f.id IN (SELECT value FROM json_each(?))", json.dumps(file_ids)):
                self._write_file(file, removed=removed)
                if file.sha256 is not None:
                    self._settle(file.sha256)

    def purge(self, file_id: str) -> str | None:
        """Remove a file for good. Returns the sha256 of the copy that nothing needs any more, if so."""
        with self._database.transaction():
            sha = self.file(file_id).sha256
            self._database.execute("DELETE FROM files WHERE id = ?", [file_id])
            self._settle(sha)
            if sha is None or self._database.row("SELECT 1 FROM files WHERE sha256 = ?", [sha]):
                return None
            self._erase_version(sha)
            return sha

    def forget_dropped(self) -> None:
        """Forget the files that were taken out before they were read."""
        with self._database.transaction():
            self._database.execute(f"DELETE FROM files WHERE {_DROPPED}")  # noqa: S608 - our own words

    def contents(self) -> frozenset[str]:
        """Return the sha256 of everything that our copies are kept for."""
        rows = self._database.rows(
            f"SELECT sha256 FROM files WHERE sha256 IS NOT NULL AND NOT ({_DROPPED})"  # noqa: S608
            " UNION SELECT sha256 FROM versions"
        )
        return frozenset(row["sha256"] for row in rows)

    def was_paused(self) -> bool:
        """Whether the user let the import wait."""
        return bool(self._database.value("SELECT 1 FROM meta WHERE name = ?", [_PAUSED]))

    def set_paused(self, *, paused: bool) -> None:
        """Keep for the next start whether the import shall wait."""
        with self._database.transaction():
            self._database.execute("DELETE FROM meta WHERE name = ?", [_PAUSED])
            if paused:
                self._database.execute("INSERT INTO meta (name, value) VALUES (?, '1')", [_PAUSED])

    # --- publishing

    def publish(
        self,
        file: LibraryFile,
        read: ReadDocument,
        passages: Sequence[PassageText],
        vectors: Sequence[bytes] | None,
        family: str | None,
    ) -> LibraryFile:
        """Make a file searchable, everything in one transaction.

        `vectors` are parallel to `passages` (int8 BLOBs), None where they come later. `family` is the
        id of the document of which this is another version; without one a document is made. A file state
        that is not searchable becomes indexed, or partly indexed where pages were skipped. Publishing the
        same contents again replaces their text.
        """
        assert file.sha256 is not None, "only a copied file can be published"
        with self._database.transaction():
            document = self._family_for(file, read, family)
            number = self._write_version(file, read, document)
            indexing.write_text(self._database, number, read.pages, passages, vectors)
            partly = FileState.PARTLY_INDEXED if read.skipped_pages else FileState.INDEXED
            done = replace(
                file,
                state=file.state if file.state.is_searchable else partly,
                pages=len(read.pages),
                passages=len(passages),
                document_id=document.id,
                title=document.title,
                category=document.category,
            )
            return self.put_file(done)

    def _family_for(self, file: LibraryFile, read: ReadDocument, family: str | None) -> Document:
        known = family or self.family_of(str(file.sha256))
        if known:
            document = self.document(known)
            if file.category and file.category != document.category:
                document = replace(document, category=file.category)
                self.update(document)
            return document
        title = read.title or file.title or file.file
        document = Document(new_id("doc"), title, category=file.category)
        families.put_document(self._database, document, title_key(title))
        return document

    def _write_version(self, file: LibraryFile, read: ReadDocument, document: Document) -> int:
        """Write the version's row, hidden and without text, and return its number."""
        sha = str(file.sha256)
        earlier = self._database.row("SELECT n, active, document_id FROM versions WHERE sha256 = ?", [sha])
        if earlier is not None:
            if earlier["active"]:
                indexing.hide(self._database, earlier["n"])
            indexing.erase_text(self._database, earlier["n"])
        said = families.said_dates(self._database, sha)
        version = DocumentVersion(
            sha256=sha,
            document_id=document.id,
            file=file.file,
            added_at=file.added_at or datetime.now(UTC),
            page_count=len(read.pages),
            effective_from=said[0] if said else read.effective_from,
        )
        families.put_version(self._database, version, active=False)
        if earlier is not None and earlier["document_id"] != document.id:
            families.close_earlier(self._database, earlier["document_id"])
            families.drop_if_empty(self._database, earlier["document_id"])
        return int(self._database.value("SELECT n FROM versions WHERE sha256 = ?", [sha]))

    # --- documents and versions

    def version(self, sha256: str) -> DocumentVersion:
        """Return a version that is in the library."""
        row = self._database.row("SELECT * FROM versions WHERE sha256 = ? AND active = 1", [sha256])
        if row is None:
            raise NotFound("This version is no longer in the library.")
        return families.version(row)

    def versions(self, document_id: str) -> list[DocumentVersion]:
        """Return the versions of a document that are in the library, oldest first."""
        return [one.version for one in families.active_versions(self._database, document_id)]

    def newest_version(self, document_id: str) -> DocumentVersion:
        """Return the version of a document that replaces all others in the library."""
        versions = self.versions(document_id)
        if not versions:
            raise NotFound("This document is no longer in the library.")
        return versions[-1]

    def pages(self, sha256: str) -> tuple[Page, ...]:
        """Return the pages of a version that is in the library."""
        self.version(sha256)
        rows = self._database.rows(
            "SELECT number, width, height, text FROM pages"
            " WHERE version_n = (SELECT n FROM versions WHERE sha256 = ?) ORDER BY number",
            [sha256],
        )
        return tuple(Page(*row) for row in rows)

    def document(self, document_id: str) -> Document:
        """Return one document."""
        row = self._database.row("SELECT * FROM documents WHERE id = ?", [document_id])
        if row is None:
            raise NotFound("This document is no longer in the library.")
        return families.document(row)

    def update(self, document: Document) -> None:
        """Write what is known about a document: title, category, jurisdiction, owner, review date."""
        with self._database.transaction():
            first_key = self._database.value("SELECT first_key FROM documents WHERE id = ?", [document.id])
            if first_key is None:
                raise NotFound("This document is no longer in the library.")
            families.put_document(self._database, document, str(first_key))
            indexing.count_change(self._database)

    def set_category(self, document_id: str, category: str | None) -> None:
        """File a document under a category, or under none."""
        self.update(replace(self.document(document_id), category=category))

    def set_title(self, document_id: str, title: str) -> None:
        """Call a document by another name; new versions are still found under the first one."""
        self.update(replace(self.document(document_id), title=title))

    def categories(self) -> list[str]:
        """Return the names of the categories, as `lookup_policy` offers them; see `store.categories`."""
        return [one.name for one in categories.categories(self._database)]

    def filed_under(self, category: str | None) -> tuple[list[Document], list[LibraryFile]]:
        """Return what is in a category, removed or not: documents, and files that were imported into it."""
        rows = self._database.rows("SELECT * FROM documents WHERE category IS ? ORDER BY n", [category])
        return [families.document(row) for row in rows], self._files("WHERE f.category IS ?", category)

    def find_family(self, title: str) -> Document | None:
        """Return the document in the library with this title, but for years and versions (`title_key`)."""
        key = title_key(title)
        row = self._database.row(
            "SELECT d.* FROM documents d WHERE (d.title_key = ? OR d.first_key = ?)"
            " AND EXISTS (SELECT 1 FROM versions v WHERE v.document_id = d.id AND v.active = 1)"
            " ORDER BY d.n",
            [key, key],
        )
        return None if row is None else families.document(row)

    def family_of(self, sha256: str) -> str | None:
        """Return the id of the document that these contents belong to, also while they are removed."""
        found = self._database.value("SELECT document_id FROM versions WHERE sha256 = ?", [sha256])
        return None if found is None else str(found)

    def eligible_versions(self, filters: Filters, today: date | None = None) -> set[int] | None:
        """Return the numbers of the versions a search may use, None for all; see `families.allowed`."""
        now = today or datetime.now().astimezone().date()
        return families.allowed(families.active_versions(self._database), filters, now)

    # --- rows

    def _files(self, where: str, *parameters: str | None) -> list[LibraryFile]:
        rows = self._database.rows(f"{_FILE_ROWS} {where} ORDER BY f.n", parameters)
        return [_library_file(row) for row in rows]

    def _write_file(self, file: LibraryFile, *, removed: bool) -> None:
        values = {name: getattr(file, name) for name in _COPIED} | {
            "document_id": file.document_id,
            "category": file.category,
            "added_at": (file.added_at or datetime.now(UTC)).isoformat(),
            "removed": int(removed),
        }
        put(self._database, FILES, values)

    def _set_removed(self, file_id: str, *, removed: bool) -> None:
        with self._database.transaction():
            file = self.file(file_id)
            self._write_file(file, removed=removed)
            self._settle(file.sha256)

    def _settle(self, sha256: str | None) -> None:
        """Let the version with these contents be active exactly while a file stands for it."""
        row = self._database.row("SELECT * FROM versions WHERE sha256 = ?", [sha256])
        if row is None:
            return
        stands = any(
            file.state.is_searchable
            for file in self._files("WHERE f.sha256 = ? AND f.removed = 0", row["sha256"])
        )
        if stands != bool(row["active"]):
            (indexing.show if stands else indexing.hide)(self._database, row["n"])
            families.put_version(self._database, families.version(row), active=stands)
            families.close_earlier(self._database, row["document_id"])
            indexing.count_change(self._database)

    def _erase_version(self, sha256: str) -> None:
        row = self._database.row("SELECT n, document_id FROM versions WHERE sha256 = ?", [sha256])
        if row is not None:
            indexing.erase_text(self._database, row["n"])
            for table in ("versions", "said_dates", "sketches", "look_alikes"):
                self._database.execute(f"DELETE FROM {table} WHERE sha256 = ?", [sha256])  # noqa: S608
            families.drop_if_empty(self._database, row["document_id"])


def _library_file(row: Row) -> LibraryFile:
    copied = {name: row[name] for name in _COPIED}
    family = row["family"]
    return LibraryFile(
        **copied
        | {
            "state": FileState(row["state"]),
            "document_id": family or row["document_id"],
            "title": row["family_title"] or row["title"],
            "category": row["family_category"] if family else row["category"],
            "added_at": datetime.fromisoformat(row["added_at"]),
            "effective_from": families.day(row["effective_from"]),
            "effective_to": families.day(row["effective_to"]),
        }
    )
