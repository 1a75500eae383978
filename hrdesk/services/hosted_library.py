"""Publishing the library to a hosted vector store, so that several laptops search the same policies.

Files go up one by one. What was uploaded is on disk before it is attached, so that a publication that was cut
short goes on where it stopped. Only what this library uploaded is ever removed there: other laptops may
have put their own files beside it.
"""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from hrdesk.core.connections import Connection
from hrdesk.core.errors import BackendUnavailable, HrdeskError, NotFound
from hrdesk.services.connections import ConnectionService
from hrdesk.services.opened import Opened
from hrdesk.services.store_thread import StoreThread
from hrdesk.store.uploads import Published, UploadStore

if TYPE_CHECKING:
    from hrdesk.backends.vector_store import StoredFile, VectorStore

STORE_NAME = "hrdesk policies"
READ_BY_PROVIDERS = (".pdf", ".docx", ".pptx", ".md", ".txt", ".html")
LONGEST_ATTRIBUTE = 512  # characters, by the contract
TRIES = 3
LONGEST_WAIT = 60.0  # seconds


class PublishAction(StrEnum):
    """What became of one file."""

    UPLOADED = "uploaded"
    UPDATED = "updated"
    UNCHANGED = "unchanged"
    REMOVED = "removed"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class PublishStep:
    """One file is done: the `done`th of `total`. `message` says in a sentence what failed."""

    file: str
    sha256: str
    action: PublishAction
    done: int
    total: int
    message: str = ""


class HostedLibrary:
    """Brings the library to vector stores. `files` is the folder of our own copies, `pause` sleeps."""

    def __init__(
        self,
        store: StoreThread,
        uploads: UploadStore,
        connections: ConnectionService,
        stores: "Opened[VectorStore]",
        files: Path,
        pause: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self._store = store
        self._uploads = uploads
        self._connections = connections
        self._stores = stores
        self._files = files
        self._pause = pause
        self._turn = asyncio.Lock()

    async def publish(self, name: str) -> AsyncIterator[PublishStep]:
        """Make the vector store of a connection hold the library as it is now; one step a file.

        Leaving the iteration stops it; the next call goes on. A connection without a vector store gets one.
        A file that the provider cannot read fails alone; raises `HrdeskError` where nothing can go on.
        """
        async with self._turn:
            connection = self._connections.get(name)
            if connection.is_local:
                raise HrdeskError("This computer needs no publishing.", "Choose another connection.")
            account = await self._stores(connection)
            connection = await self._with_store(connection, account)
            shelf = _Shelf(account, connection, self._store, self._uploads, self._files)
            items, gone = await shelf.compare()
            total = len(items) + len(gone)
            for number, item in enumerate(items, 1):
                action, message = await self._tried(partial(shelf.bring, item))
                version = item.version
                yield PublishStep(version.file, version.sha256, action, number, total, message)
            for number, sha in enumerate(gone, len(items) + 1):
                action, message = await self._tried(partial(shelf.remove, sha))
                yield PublishStep(
                    f"{sha[:12]} (removed from the library)", sha, action, number, total, message
                )

    async def _with_store(self, connection: Connection, account: "VectorStore") -> Connection:
        """Return the connection with a vector store that is there."""
        if not connection.vector_store:
            made = await account.find_or_create(STORE_NAME)
            return await self._connections.save(replace(connection, vector_store=made))
        try:
            await account.check(connection.vector_store)
        except NotFound as error:
            raise HrdeskError(
                f"The vector store {connection.vector_store} is not there, or this key may not read it.",
                "Check its id and the key in Settings.",
            ) from error
        return connection

    async def _tried(self, work: Callable[[], Awaitable[PublishAction]]) -> tuple[PublishAction, str]:
        """Do the work for one file, again where that helps; a trouble of this file alone is told."""
        for attempt in range(1, TRIES + 1):
            try:
                return await work(), ""
            except BackendUnavailable as error:
                if error.unreachable or not error.retryable:
                    raise
                if attempt == TRIES:
                    return PublishAction.FAILED, str(error)
                await self._pause(min(error.retry_after or float(attempt), LONGEST_WAIT))
            except HrdeskError as error:
                return PublishAction.FAILED, str(error)
        raise AssertionError  # the last try returns or raises


class _Shelf:
    """One vector store and what is to be in it."""

    def __init__(
        self,
        account: "VectorStore",
        connection: Connection,
        store: StoreThread,
        uploads: UploadStore,
        files: Path,
    ) -> None:
        self._account = account
        self._name = connection.name
        self._where = connection.vector_store
        self._store = store
        self._uploads = uploads
        self._files = files
        self._ours: dict[str, str] = {}
        self._there: dict[str, StoredFile] = {}

    async def compare(self) -> tuple[list[Published], list[str]]:
        """Look at both sides; return what belongs there, and the sha256 of our uploads that no longer do."""
        items = await self._store(self._uploads.published)
        self._ours = await self._store(self._uploads.uploaded, self._name, self._where)
        self._there = {one.id: one async for one in self._account.files(self._where)}
        wanted = {item.version.sha256 for item in items}
        return items, [sha for sha in self._ours if sha not in wanted]

    async def bring(self, item: Published) -> PublishAction:
        """Let the store hold a version with its attributes as they are now."""
        sha, attributes = item.version.sha256, attributes_of(item)
        file_id = self._ours.get(sha, "")
        if not file_id and self._is_theirs(sha):
            return PublishAction.UNCHANGED
        stored = self._there.get(file_id)
        if stored is not None and stored.state == "completed" and _ours_in(stored.attributes) == attributes:
            return PublishAction.UNCHANGED
        is_new = not file_id or not await self._account.has_file(file_id)
        if is_new:
            file_id = await self._upload(item)
        elif stored is not None:  # edited attributes reach a search only when the file is attached anew
            await self._account.detach(self._where, file_id)
        await self._attach(item, file_id, attributes)
        return PublishAction.UPLOADED if is_new else PublishAction.UPDATED

    async def remove(self, sha: str) -> PublishAction:
        """Take a version out of the store, then delete its file: a deleted file alone stays searchable."""
        file_id = self._ours[sha]
        await self._account.detach(self._where, file_id)
        await self._account.delete_file(file_id)
        await self._store(self._uploads.remove, self._name, self._where, sha)
        return PublishAction.REMOVED

    def _is_theirs(self, sha: str) -> bool:
        """Whether another laptop has published the same version."""
        same = (one for one in self._there.values() if one.attributes.get("sha256") == sha)
        return any(one.state == "completed" for one in same)

    async def _upload(self, item: Published) -> str:
        path, name = self._copy(item)
        file_id = await self._account.upload(path, name)
        await self._store(self._uploads.put, self._name, self._where, item.version.sha256, file_id)
        self._ours[item.version.sha256] = file_id
        return file_id

    async def _attach(self, item: Published, file_id: str, attributes: Mapping[str, str]) -> None:
        file = Path(item.version.file).name
        try:
            await self._account.attach(self._where, file_id, attributes, file)
        except BackendUnavailable:
            raise
        except HrdeskError:  # the provider cannot read it: nothing of it is left there
            await self.remove(item.version.sha256)
            raise

    def _copy(self, item: Published) -> tuple[Path, str]:
        """Return the file to upload and its name: the original, or its pages if providers cannot read it."""
        version = item.version
        name = Path(version.file).name
        suffix = Path(name).suffix.lower()
        ways = [(self._files / f"{version.sha256}{suffix}", name)] if suffix in READ_BY_PROVIDERS else []
        ways.append((self._files / f"{version.sha256}.pages.pdf", f"{name}.pdf"))
        for path, shown in ways:
            if path.exists():
                return path, shown
        raise HrdeskError(f"The copy of {name} is missing.", "Add the file to the library again.")


def attributes_of(item: Published) -> dict[str, str]:
    """Return what is said about a version where it is uploaded; what is not known is left out."""
    version, document = item.version, item.document
    known = {
        "sha256": version.sha256,
        "document": document.title,
        "category": document.category,
        "jurisdiction": document.jurisdiction,
        "effective_from": version.effective_from and version.effective_from.isoformat(),
        "effective_to": version.effective_to and version.effective_to.isoformat(),
        "version": (version.effective_from or version.added_at.date()).isoformat(),
    }
    return {name: value[:LONGEST_ATTRIBUTE] for name, value in known.items() if value}


_NAMES = ("sha256", "document", "category", "jurisdiction", "effective_from", "effective_to", "version")


def _ours_in(attributes: Mapping[str, Any]) -> dict[str, Any]:
    """Return our own attributes; servers add theirs."""
    return {name: attributes[name] for name in _NAMES if attributes.get(name)}
