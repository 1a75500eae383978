"""The library: policy files in, each to exactly one end state, and what the library page does with them.

A file is copied into our folder by its sha256, read in a child process with limits, laid out into pages
where its format has none, cut into passages, encoded, and published in one transaction. A row is on disk
before anything is done to its file, so that an import that was cut short goes on at the next start.
"""

import asyncio
import os
from collections.abc import AsyncIterator, Callable, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from hrdesk.core.categories import category_name
from hrdesk.core.documents import FileState, LibraryFile, PassageText, ReadDocument
from hrdesk.core.errors import ChildStopped, HrdeskError
from hrdesk.core.ids import new_id
from hrdesk.documents import embedding, intake
from hrdesk.documents.sentences import FileRefused, Refusal, sentence
from hrdesk.services.encoder import Encoder
from hrdesk.services.reading import Reader
from hrdesk.services.store_thread import StoreThread
from hrdesk.services.versions import VersionService
from hrdesk.store.documents import DocumentStore

AT_ONCE = 2  # files read at the same time; one encoder serves them all


class LibraryService:
    """Files, their states, and the policies they became. `files` is the folder of our own copies."""

    def __init__(
        self,
        store: StoreThread,
        documents: DocumentStore,
        reader: Reader,
        encoder: Encoder,
        files: Path,
        versions: VersionService,
        is_alone: Callable[[], bool] = lambda: True,
    ) -> None:
        self.versions = versions
        self._store = store
        self._documents = documents
        self._reader = reader
        self._encoder = encoder
        self._files = files
        self._imports = 0
        self._is_alone = is_alone

    async def files(self) -> list[LibraryFile]:
        """Return every file that was given to hrdesk and not removed, newest first."""
        return await self._store(self._documents.files)

    async def add(self, paths: Sequence[Path], category: str | None = None) -> AsyncIterator[LibraryFile]:
        """Import files and folders; yields every state of every file, as it is reached.

        Leaving the iteration stops the import; what waits goes on with `resume`. Raises `HrdeskError` for
        a path that is not there, before anything is imported.
        """
        category = category_name(category)
        missing = await asyncio.to_thread(_missing, paths)
        if missing:
            raise HrdeskError(f"{missing[0]} is not there.", "Check the name; nothing was imported.")
        found = await asyncio.to_thread(intake.walk, paths)
        rows = await self._store(self._queue, found, category)
        async for file in self._import(rows):
            yield file

    async def resume(self) -> AsyncIterator[LibraryFile]:
        """Go on with the files that an earlier start left waiting, unless another hrdesk reads them now."""
        if not self._is_alone():
            return
        async for file in self._import(await self._store(self._documents.waiting)):
            yield file

    async def retry(self, file_id: str) -> AsyncIterator[LibraryFile]:
        """Read a file once more. Raises `NotFound`."""
        file = await self._store(self._documents.file, file_id)
        row = _in_state(file, FileState.QUEUED)
        await self._store(self._documents.put_file, row)
        async for changed in self._import([row]):
            yield changed

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
        """End the reading processes."""
        await self._reader.aclose()

    def _queue(self, found: Sequence[tuple[Path, str]], category: str | None) -> list[LibraryFile]:
        """Write a row for every file; one that still waits from an earlier try keeps its row."""
        waiting = {file.source: file for file in self._documents.waiting()}
        now = datetime.now(UTC)
        rows = []
        for path, name in found:
            row = waiting.get(str(path)) or LibraryFile(
                id=new_id("file"),
                file=name,
                source=str(path),
                state=FileState.QUEUED,
                reason="",
                message=sentence(FileState.QUEUED),
                category=category,
                added_at=now,
            )
            self._documents.put_file(row)
            rows.append(row)
        return rows

    async def _import(self, rows: Sequence[LibraryFile]) -> AsyncIterator[LibraryFile]:
        states: asyncio.Queue[LibraryFile | None] = asyncio.Queue()
        waiting = list(reversed(rows))
        for row in rows:
            states.put_nowait(row)

        async def work() -> None:
            while waiting:
                await self._import_one(waiting.pop(), states)

        async def work_all() -> None:
            try:
                async with asyncio.TaskGroup() as group:
                    for _ in range(min(AT_ONCE, len(rows))):
                        group.create_task(work())
            finally:
                states.put_nowait(None)

        importing = asyncio.create_task(work_all(), name="import")
        self._imports += 1
        try:
            while (state := await states.get()) is not None:
                yield state
            await importing
        finally:
            importing.cancel()
            await asyncio.gather(importing, return_exceptions=True)
            self._imports -= 1
            if not self._imports:  # children that wait for more files hold memory
                await self._reader.aclose()

    async def _import_one(self, file: LibraryFile, states: asyncio.Queue[LibraryFile | None]) -> None:
        file = await self._reach(_in_state(file, FileState.READING), states)
        try:
            file, copy = await self._taken(file)
        except FileRefused as refused:
            await self._reach(_refused(file, refused.refusal), states)
            return
        known = await self._store(self._known, file)
        if known is not None:
            states.put_nowait(known)
            return
        read = await self._reader.read(copy, file.file, str(file.sha256))
        if isinstance(read, Refusal):
            await self._reach(_refused(file, read), states)
            return
        published = await self._publish(file, *read)
        states.put_nowait(published)
        if published.state in (FileState.INDEXED, FileState.PARTLY_INDEXED):
            await self.versions.look(str(published.sha256))

    async def _reach(self, file: LibraryFile, states: asyncio.Queue[LibraryFile | None]) -> LibraryFile:
        await self._store(self._documents.put_file, file)
        states.put_nowait(file)
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
        """Return the file's end if the same bytes are in the library already; its row goes away.

        The library keeps one row for one content, however often the same folder is dropped.
        """
        other = self._documents.by_sha(str(file.sha256))
        if other is None or other.id == file.id or not other.state.is_searchable:
            return None
        self._documents.purge(file.id)
        duplicate = _refused(file, Refusal.because(FileState.DUPLICATE, "same_content"))
        return replace(
            duplicate,
            pages=other.pages,
            passages=other.passages,
            document_id=other.document_id,
            title=other.title,
        )

    async def _publish(
        self, file: LibraryFile, document: ReadDocument, passages: Sequence[PassageText]
    ) -> LibraryFile:
        try:
            encoded = await self._encoder.vectors([_encoded_text(passage) for passage in passages])
        except ChildStopped as stopped:
            file = _refused(file, Refusal.because(FileState.STOPPED, stopped.reason))
            await self._store(self._documents.put_file, file)
            return file
        vectors = None if encoded is None else await asyncio.to_thread(embedding.pack, encoded)
        return await self._store(self._published, file, document, passages, vectors)

    def _published(
        self,
        file: LibraryFile,
        document: ReadDocument,
        passages: Sequence[PassageText],
        vectors: Sequence[bytes] | None,
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
        return self._documents.publish(file, document, passages, vectors, family)

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


def _encoded_text(passage: PassageText) -> str:
    """Return what is encoded: the passage under its headings, which name what the text leaves out."""
    return f"{passage.path}\n{passage.text}"


def _in_state(file: LibraryFile, state: FileState) -> LibraryFile:
    return replace(file, state=state, reason="", message=sentence(state))


def _refused(file: LibraryFile, refusal: Refusal) -> LibraryFile:
    return replace(file, state=refusal.state, reason=refusal.reason, message=refusal.message)
