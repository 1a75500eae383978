"""Renaming and removing categories, with everything that is filed under them, so that it can be undone."""

from dataclasses import replace

from hrdesk.core.categories import BUILT_IN, Category, Recategorised
from hrdesk.core.errors import NotFound
from hrdesk.store import categories
from hrdesk.store.database import Database
from hrdesk.store.documents import DocumentStore


class Refiling:
    """Changes categories as a whole. Removed policies follow too: they may be brought back."""

    def __init__(self, database: Database, documents: DocumentStore) -> None:
        self._database = database
        self._documents = documents

    def categories(self) -> list[Category]:
        """Return the categories with the number of their policies."""
        return categories.categories(self._database)

    def rename(self, old: str, new: str | None) -> Recategorised:
        """Give a category another name, or none: its policies then have no category.

        Where there is a category of the new name the two become one. Raises `NotFound`.
        """
        with self._database.transaction():
            known = {one.name: one.policies for one in self.categories()}
            if old not in known:
                raise NotFound(f"There is no category “{old}” any more.")
            before = categories.said(self._database, filter(None, (old, new)))
            documents, files = self._documents.filed_under(old)
            self._refile([one.id for one in documents], [one.id for one in files], new)
            categories.say(self._database, {old: False if old in BUILT_IN else None})
            if new in BUILT_IN:
                categories.say(self._database, {new: None})
            elif new is not None and not known[old]:
                categories.say(self._database, {new: True})  # it would go at once: no policy is in it
        return Recategorised(
            old,
            new,
            tuple(one.id for one in documents),
            tuple(one.id for one in files),
            before,
            merged=new in known,
        )

    def undo(self, change: Recategorised) -> None:
        """Put back what `rename` changed; what was filed elsewhere meanwhile stays there."""
        with self._database.transaction():
            documents, files = self._documents.filed_under(change.new)
            self._refile(
                [one.id for one in documents if one.id in change.documents],
                [one.id for one in files if one.id in change.files],
                change.old,
            )
            categories.say(self._database, change.offered)

    def _refile(self, documents: list[str], files: list[str], category: str | None) -> None:
        for document_id in documents:
            self._documents.set_category(document_id, category)
        for file_id in files:
            self._documents.put_file(replace(self._documents.file(file_id), category=category))
