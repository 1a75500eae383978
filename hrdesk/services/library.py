"""The library: policy files in, each to exactly one end state, and what the library page does with them.

A file is copied into our folder by its sha256, read in a child process with limits, laid out into pages
where its format has none, cut into passages, and published in one transaction: from then on it is found by
words, and by meaning as its vectors come (`vectors`). A row is on disk before anything is done to its file,
so that an import that was cut short goes on at the next start.
"""

import asyncio
import logging
import os
from collections.abc import AsyncGenerator, Callable, Sequence
from contextlib import aclosing, suppress
from dataclasses import replace
from datetime import UTC, datetime
from functools import partial
from pathlib import Path, PurePath

from hrdesk.core.categories import category_name
from hrdesk.core.documents import FileState, LibraryFile, PassageText, ReadDocument
from hrdesk.core.errors import HrdeskError
from hrdesk.core.ids import new_id
from hrdesk.documents import intake
from hrdesk.documents.sentences import FileRefused, Refusal, sentence
from hrdesk.services.importing import STORAGE, Imports, Work
from hrdesk.services.reading import Reader
from hrdesk.services.store_thread import StoreThread
from hrdesk.services.vectors import VectorWriter
from hrdesk.services.versions import VersionService
from hrdesk.services.waiting import WaitingFiles
from hrdesk.store.documents import DocumentStore

log = logging.getLogger(__name__)


class LibraryService:
    """Files, their states, and the policies they became. `files` is the folder of our own copies."""

    def __init__(
        self,
        store: StoreThread,
        documents: DocumentStore,
        reader: Reader,
        vectors: VectorWriter,
        files: Path,
        versions: VersionService,
        is_alone: Callable[[], bool] = lambda: True,
    ) -> None:
        self.versions = versions
        self._store = store
        self._documents = documents
        self._reader = reader
        self.vectors = vectors
        self._files = files
        self._is_alone = is_alone
        self._imports = Imports(self._import_one, reader.aclose)
        self.waiting = WaitingFiles(store, documents, files, self._imports.turns, is_alone)

    async def files(self) -> list[LibraryFile]:
        """Return every file that was given to hrdesk and not removed, newest first."""
        return await self._store(self._documents.files)

    async def add(
        self, paths: Sequence[Path], category: str | None = None, password: str | None = None
    ) -> AsyncGenerator[LibraryFile, None]:
        """Import files and folders; yields every state of every file, as it is reached.

        `password` is tried on those that need one. Leaving the iteration stops the import; what waits goes
        on with `resume`. Raises `HrdeskError` for a path that is not there, before anything is imported.
        """
        category = category_name(category)
        missing = await asyncio.to_thread(_missing, paths)
        if missing:
            raise HrdeskError(f"{missing[0]} is not there.", "Check the name; nothing was imported.")
        await self.waiting.settle()
        found = await asyncio.to_thread(_measured, paths)
        rows = await self._store(self._queue, found, category)
        async with aclosing(self._imports.run(rows, password)) as states:
            async for file in states:
                yield file

    async def resume(self) -> AsyncGenerator[LibraryFile, None]:
        """Go on with the files that an earlier start left waiting, unless another hrdesk reads them now."""
        await self.waiting.settle()
        if not self._is_alone():
            return
        left = await self._store(self._documents.waiting)
        rows = await asyncio.to_thread(_waiting_again, left)
        await self._store(self._documents.put_files, rows)
        async with aclosing(self._imports.run(rows)) as states:
            async for file in states:
                yield file

    async def retry(self, *file_ids: str, password: str | None = None) -> AsyncGenerator[LibraryFile, None]:
        """Read files once more, with a password that is kept for this reading only. Raises `NotFound`.

        Files that are not reached, because the iteration is left, stay as they were.
        """
        before = {one: await self._store(self._documents.file, one) for one in file_ids}
        rows = [_in_state(file, FileState.QUEUED) for file in before.values()]
        await self._store(self._documents.put_files, rows)
        try:
            async with aclosing(self._imports.run(rows, password)) as states:
                async for file in states:
                    if file.state.is_end:
                        before.pop(file.id, None)
                    yield file
        finally:
            if before:
                await self._store(self._documents.put_files, list(before.values()))

    async def remove(self, file_id: str) -> None:
        """Take a file out of the library and of every search; `restore` brings it back."""
        await self._store(self._documents.remove_file, file_id)

    async def restore(self, file_id: str) -> LibraryFile:
        """Bring a removed file back."""
        return await self._store(self._documents.restore_file, file_id)

    async def set_category(self, document_id: str, category: str | None) -> None:
        """Put a policy into a category, a new one if need be."""
        await self._store(self._documents.set_category, document_id, category_name(category))

    async def categories(self) -> list[str]:
        """Return the categories that `lookup_policy` offers."""
        return await self._store(self._documents.categories)

    async def aclose(self) -> None:
        """End the reading processes, and leave the vectors that are still to come to the next start."""
        await self.vectors.aclose()
        await self._reader.aclose()

    def _queue(self, found: Sequence[tuple[Path, str, int]], category: str | None) -> list[LibraryFile]:
        """Write a row for every file, all at once.

        A file that still waits from an earlier try, or could not be read then, keeps its row.
        """
        earlier = {file.source: file for file in self._documents.unread()}
        now = datetime.now(UTC)
        rows = [
            replace(_again(earlier[str(path)]), size=size)
            if str(path) in earlier
            else LibraryFile(
                id=new_id("file"),
                file=name,
                source=str(path),
                state=FileState.QUEUED,
                reason="",
                message=sentence(FileState.QUEUED),
                category=category,
                added_at=now,
                size=size,
            )
            for path, name, size in found
        ]
        self._documents.put_files(rows)
        return rows

    async def _import_one(self, work: Work) -> None:
        """Bring a file to its end, unless it was removed while it waited.

        One that could not be written down pauses the imports, and says so.
        """
        try:
            if await self._store(self._documents.is_removed, work.file.id):
                return
            end = await self._carry(work)
        except FileRefused as refused:
            end = await self._reach(work, _refused(work.file, refused.refusal))
        except HrdeskError as error:  # of the store
            log.warning("A file could not be written into the store: %s", error.title)
            end = _refused(work.file, Refusal.because(FileState.STOPPED, STORAGE))
            with suppress(HrdeskError):  # its row still says that it is being read: the next start does that
                await self._store(self._documents.put_file, end)
            work.tell(end)
        if end.reason == STORAGE:
            self._imports.turns.pause(STORAGE)
        if end.state in (FileState.INDEXED, FileState.PARTLY_INDEXED):
            with suppress(HrdeskError):  # an offer that could not be written is made with the next file
                await self.versions.look(str(end.sha256))

    async def _carry(self, work: Work) -> LibraryFile:
        file = await self._reach(work, _in_state(work.file, FileState.READING))
        file, copy = await self._taken(file)
        known = await self._store(self._known, file)
        if known is not None:
            work.tell(known)
            return known
        report = partial(work.tell_page, file)
        read = await self._reader.read(copy, file.file, str(file.sha256), work.password, report)
        if isinstance(read, Refusal):
            return await self._reach(work, _refused(file, read))
        published = await self._store(self._published, file, *read)
        work.tell(published)
        self.vectors.wake()
        return published

    async def _reach(self, work: Work, file: LibraryFile) -> LibraryFile:
        await self._store(self._documents.put_file, file)
        work.tell(file)
        return file

    async def _taken(self, file: LibraryFile) -> tuple[LibraryFile, Path]:
        """Copy the file into our folder. A source that is gone does not matter once there is a copy."""
        suffix = Path(file.file).suffix.lower()
        kept = self._files / f"{file.sha256}{suffix}"
        if file.sha256 is not None and kept.exists():
            return file, kept
        copied = await asyncio.to_thread(intake.take_copy, Path(file.source), self._files)
        file = replace(file, sha256=copied.sha256)
        await self._store(self._documents.put_file, file)
        return file, copied.path

    def _known(self, file: LibraryFile) -> LibraryFile | None:
        """Return the file's end if the same bytes were read before.

        The library keeps one row for one content, however often the same folder is dropped: the row of a
        duplicate goes away. A policy that was removed comes back under the new row.
        """
        other = self._documents.by_sha(str(file.sha256))
        if other is None or other.id == file.id or not other.state.is_searchable:
            return self._returned(file) if other is None or other.id == file.id else None
        self._documents.purge(file.id)
        if file.category and other.document_id:
            self._documents.set_category(other.document_id, file.category)
        duplicate = _refused(file, Refusal.because(FileState.DUPLICATE, "same_content"))
        return replace(
            duplicate,
            message=_same_as(file, other),
            pages=other.pages,
            passages=other.passages,
            document_id=other.document_id,
            title=other.title,
        )

    def _returned(self, file: LibraryFile) -> LibraryFile | None:
        """Bring back a policy that was removed and is given again; nothing is read once more."""
        earlier = self._documents.removed_by_sha(str(file.sha256))
        if earlier is None:
            return None
        if file.category and earlier.document_id:
            self._documents.set_category(earlier.document_id, file.category)
        return self._documents.put_file(
            replace(
                file,
                state=earlier.state,
                reason=earlier.reason,
                message=earlier.message,
                pages=earlier.pages,
                passages=earlier.passages,
                document_id=earlier.document_id,
                title=earlier.title,
            )
        )

    def _published(
        self,
        file: LibraryFile,
        document: ReadDocument,
        passages: Sequence[PassageText],
    ) -> LibraryFile:
        known = self._known(file)  # the same bytes may have been published while this copy was read
        if known is not None:
            return known
        skipped = len(document.skipped_pages)
        state = FileState.PARTLY_INDEXED if skipped else FileState.INDEXED
        reason = "pages_skipped" if skipped else "ok"
        told = sentence(state, reason, skipped_pages=skipped, remarks=document.remarks)
        file = replace(file, state=state, reason=reason, message=told)
        family = self._family(str(file.sha256), document)
        return self._documents.publish(file, document, passages, None, family)

    def _family(self, sha256: str, document: ReadDocument) -> str | None:
        """Return the policy this is a new version of: same title but for its year, another effective date.

        Without an effective date in both nothing is joined: two handbooks may share a title. Contents that
        were published before stay with the policy they had: people may have put them there.
        """
        known = self._documents.family_of(sha256)
        if known is not None or document.effective_from is None:
            return known
        family = self._documents.find_family(document.title)
        if family is None:
            return None
        newest = self._documents.newest_version(family.id)
        same_day = newest.effective_from in (None, document.effective_from)
        return None if same_day else family.id


def _missing(paths: Sequence[Path]) -> list[Path]:
    return [path for path in paths if not os.path.lexists(path)]


def _measured(paths: Sequence[Path]) -> list[tuple[Path, str, int]]:
    """Return the files under the given ones, each with its name and its size in bytes."""
    return [(path, name, _size(path)) for path, name in intake.walk(paths)]


def _waiting_again(files: Sequence[LibraryFile]) -> list[LibraryFile]:
    return [replace(_in_state(file, FileState.QUEUED), size=_size(Path(file.source))) for file in files]


def _again(file: LibraryFile) -> LibraryFile:
    """Return the row of a file that is given once more: where it had ended, it may be another file by now."""
    return _in_state(replace(file, sha256=None) if file.state.is_end else file, FileState.QUEUED)


def _size(path: Path) -> int:
    """Return a file's size, 0 where it is not known: reading it will say what is wrong."""
    try:
        return path.lstat().st_size
    except (OSError, ValueError):
        return 0


def _same_as(file: LibraryFile, other: LibraryFile) -> str:
    """Say that a file is in the library already, and under which name if that is another one."""
    if PurePath(file.file).name == PurePath(other.file).name:
        return sentence(FileState.DUPLICATE)
    return f"The same file is already in the library as {PurePath(other.file).name}; that copy is used."


def _in_state(file: LibraryFile, state: FileState) -> LibraryFile:
    return replace(file, state=state, reason="", message=sentence(state))


def _refused(file: LibraryFile, refusal: Refusal) -> LibraryFile:
    return replace(file, state=refusal.state, reason=refusal.reason, message=refusal.message)
