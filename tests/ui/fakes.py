"""Stand-ins for the services: plain classes with the same verbs, all in memory.

`trouble` makes the next call fail; `calls` tells what was asked for.
"""

import asyncio
import itertools
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from hrdesk.core.connections import Connection, ConnectionKind
from hrdesk.core.documents import Document, DocumentVersion, FileState, LibraryFile, Outcome
from hrdesk.core.errors import HrdeskError, NotFound
from hrdesk.core.preparing import Preparing
from hrdesk.core.threads import Thread
from hrdesk.core.versions import Joined, LookAlike, PolicyFacts
from hrdesk.documents.sentences import sentence

NOW = datetime(2026, 11, 25, 14, 0, tzinfo=UTC)


def make_thread(
    title: str, days: float = 0, preview: str = "", *, pinned: bool = False, name: str = ""
) -> Thread:
    """Return a thread that was last changed `days` before `NOW`."""
    when = NOW - timedelta(days=days)
    return Thread(
        id=name or f"thread_{title}",
        title=title,
        created_at=when,
        updated_at=when,
        preview=preview,
        pinned=pinned,
        outcome=Outcome.ANSWERED,
    )


SAMPLE_THREADS = (
    make_thread("Sick days in the first year", 0, "Full-time staff accrue 10 days of paid sick leave"),
    make_thread("Parental leave, adoptive parents", 0.05, "Looking up: adoption (leave)"),
    make_thread("Travel: hotel limit in Berlin", 1, "Changed since: policy of 1 Nov"),
    make_thread("Notice period, contractors", 1, "Not in the policies on file"),
    make_thread("Case 2291: bereavement", 3, "Restricted"),
    make_thread("Home-office allowance 2027", 40, "Up to 50 a month for internet and desk"),
    make_thread("Jury duty and annual leave", 41, "Court leave does not count against annual leave"),
)


class Faulty:
    """Something that can be told to fail once: the next call, or the next one of a verb."""

    def __init__(self) -> None:
        self.trouble: Exception | None = None
        self.troubles: dict[str, Exception] = {}
        self.calls: list[tuple[str, ...]] = []

    def _call(self, *words: object) -> None:
        self.calls.append(tuple(str(word) for word in words))
        trouble, self.trouble = self.trouble or self.troubles.pop(str(words[0]), None), None
        if trouble is not None:
            raise trouble


@dataclass(frozen=True)
class FakePage:
    """A page of threads."""

    threads: list[Thread]
    total: int
    hidden: int


class FakeThreads(Faulty):
    """The verbs of the thread list over a plain dict, newest first."""

    def __init__(self, threads: Sequence[Thread] = SAMPLE_THREADS) -> None:
        super().__init__()
        self.kept = {thread.id: thread for thread in threads}
        self.deleted: dict[str, Thread] = {}
        self.in_flight: set[str] = set()

    async def threads(self, search: str = "") -> FakePage:
        self._call("threads", search)
        words = search.casefold().split()
        found = [
            thread
            for thread in self.kept.values()
            if all(word in f"{thread.title} {thread.preview}".casefold() for word in words)
        ]
        found.sort(key=lambda thread: (thread.pinned, thread.updated_at), reverse=True)
        return FakePage(found, len(found), len(self.kept) - len(found))

    async def rename(self, thread_id: str, title: str) -> Thread:
        return self._change("rename", thread_id, title=title)

    async def pin(self, thread_id: str, pinned: bool) -> Thread:
        return self._change("pin", thread_id, pinned=pinned)

    async def delete(self, thread_id: str) -> None:
        self._call("delete", thread_id)
        self.deleted[thread_id] = self.kept.pop(thread_id)

    async def undelete(self, thread_id: str) -> Thread:
        self._call("undelete", thread_id)
        self.kept[thread_id] = self.deleted.pop(thread_id)
        return self.kept[thread_id]

    def running(self, thread_id: str) -> str | None:
        return "run_1" if thread_id in self.in_flight else None

    def _change(self, verb: str, thread_id: str, **changes: object) -> Thread:
        self._call(verb, thread_id, *changes.values())
        if thread_id not in self.kept:
            raise NotFound("The thread is gone.")
        self.kept[thread_id] = replace(self.kept[thread_id], **changes)  # type: ignore[arg-type]
        return self.kept[thread_id]


def make_file(name: str, state: FileState = FileState.INDEXED, **more: object) -> LibraryFile:
    """Return a row of the library."""
    row = LibraryFile(
        id=f"file_{name}",
        file=name,
        source=f"/policies/{name}",
        state=state,
        reason="",
        message="Ready: its text can be searched and cited." if state.is_searchable else "",
        added_at=NOW,
    )
    return replace(row, **more)  # type: ignore[arg-type]


class FakeVersions(Faulty):
    """Facts of every version, and offers, in memory."""

    def __init__(self) -> None:
        super().__init__()
        self.known: dict[str, PolicyFacts] = {}
        self.open: list[LookAlike] = []

    async def facts(self, sha256: str) -> PolicyFacts:
        self._call("facts", sha256)
        if sha256 not in self.known:
            raise NotFound("This version is no longer in the library.")
        return self.known[sha256]

    async def save(self, facts: PolicyFacts) -> PolicyFacts:
        self._call("save", facts.document.title)
        self.known[facts.version.sha256] = facts
        return facts

    async def offers(self) -> list[LookAlike]:
        return list(self.open)

    async def accept(self, offer: LookAlike) -> Joined:
        self._call("accept", offer.title)
        self.open.remove(offer)
        self.accepted = offer
        return Joined(offer.version.sha256, offer.policy, "", None, None)

    async def part(self, joined: Joined) -> None:
        self._call("part", joined.sha256)
        self.open.append(self.accepted)

    async def keep_apart(self, offer: LookAlike, *, apart: bool = True) -> None:
        self._call("keep_apart", offer.title, apart)
        if apart:
            self.open.remove(offer)
        else:
            self.open.append(offer)


def make_facts(name: str, begins: date | None = None, **more: object) -> PolicyFacts:
    """Return what is known of a policy with one version, whose sha256 is `sha-<name>`."""
    document = Document(f"document_{name}", name, **more)  # type: ignore[arg-type]
    return PolicyFacts(document, DocumentVersion(f"sha-{name}", document.id, f"{name}.pdf", NOW, 3, begins))


def make_offer(new: str, old: str, likeness: float = 0.7, begins: date | None = None) -> LookAlike:
    """Return the offer to make one policy a version of another, which is in force since 2026."""
    one, other = make_facts(new, begins), make_facts(old, date(2026, 1, 1))
    return LookAlike(one.version, new, other.document, other.version, other.version, likeness)


class FakeVectors:
    """Tells what is in `told`, once each time it is asked."""

    def __init__(self, *told: Preparing) -> None:
        self.told = list(told)
        self.woken = 0

    def wake(self) -> None:
        self.woken += 1

    async def follow(self) -> AsyncIterator[Preparing]:
        told, self.told = self.told, []
        for preparing in told:
            yield preparing
            await asyncio.sleep(0)
        yield Preparing()


class FakeLibrary(Faulty):
    """Files in memory; every added file is queued, read, and ends as `ends` says (indexed by default)."""

    def __init__(self, files: Sequence[LibraryFile] = ()) -> None:
        super().__init__()
        self.kept = {file.id: file for file in files}
        self.removed: dict[str, LibraryFile] = {}
        self.ends: dict[str, FileState] = {}
        self.versions = FakeVersions()
        self.vectors = FakeVectors()
        self.kinds = ["benefits", "conduct", "leave"]
        self.password = "open sesame"
        self.passwords: list[str | None] = []
        self.was_paused = False
        self.waiting = self
        self._gate = asyncio.Event()
        self._gate.set()
        self._numbers = itertools.count()

    async def files(self) -> list[LibraryFile]:
        self._call("files")
        return list(self.kept.values())

    async def add(self, paths: Sequence[Path], category: str | None = None) -> AsyncIterator[LibraryFile]:
        self._call("add", *[path.name for path in paths])
        rows = [make_file(path.name, FileState.QUEUED, category=category) for path in paths]
        for row in rows:
            yield self._keep(row)
        for row in rows:
            await asyncio.sleep(0)
            await self._gate.wait()
            yield self._keep(replace(row, state=FileState.READING, message=sentence(FileState.READING)))
            await asyncio.sleep(0)
            yield self._keep(self._ended(row))

    async def retry(self, *file_ids: str, password: str | None = None) -> AsyncIterator[LibraryFile]:
        self._call("retry", *file_ids)
        self.passwords.append(password)
        for file_id in file_ids:
            row = self.kept[file_id]
            yield self._keep(replace(row, state=FileState.READING, message=sentence(FileState.READING)))
            if password is not None and password != self.password:
                yield self._keep(
                    replace(row, state=FileState.NEEDS_PASSWORD, reason="wrong_password", message="Wrong.")
                )
            else:
                yield self._keep(self._ended(row))

    async def resume(self) -> AsyncIterator[LibraryFile]:
        self._call("resume")
        rows = [row for row in self.kept.values() if not row.state.is_end]
        for row in rows:
            yield row
        for row in rows:
            await self._gate.wait()
            yield self._keep(self._ended(row))

    because = ""

    @property
    def is_paused(self) -> bool:
        return not self._gate.is_set()

    async def settle(self) -> None:
        self._call("settle")

    async def restore_pause(self) -> bool:
        if self.was_paused:
            self._gate.clear()
        return self.is_paused

    async def pause(self) -> None:
        self._call("pause")
        self._gate.clear()

    async def go_on(self) -> None:
        self._call("go_on")
        self._gate.set()

    async def drop(self) -> list[str]:
        self._call("drop")
        ids = [row.id for row in self.kept.values() if not row.state.is_end]
        self.removed.update((one, self.kept.pop(one)) for one in ids)
        return ids

    async def put_back(self, file_ids: Sequence[str]) -> None:
        self._call("put_back")
        self.kept.update((one, self.removed.pop(one)) for one in file_ids)

    async def remove(self, file_id: str) -> None:
        self._call("remove", file_id)
        self.removed[file_id] = self.kept.pop(file_id)

    async def restore(self, file_id: str) -> LibraryFile:
        self._call("restore", file_id)
        return self._keep(self.removed.pop(file_id))

    async def set_category(self, document_id: str, category: str | None) -> None:
        self._call("set_category", document_id, category)
        for row in list(self.kept.values()):
            if row.document_id == document_id:
                self._keep(replace(row, category=category))

    async def categories(self) -> list[str]:
        return self.kinds

    def _keep(self, row: LibraryFile) -> LibraryFile:
        self.kept[row.id] = row
        return row

    def _ended(self, row: LibraryFile) -> LibraryFile:
        state = self.ends.get(row.file, FileState.INDEXED)
        number = next(self._numbers)
        done = state.is_searchable
        return replace(
            row,
            state=state,
            title=Path(row.file).stem.replace("-", " ").capitalize(),
            message="Ready: its text can be searched and cited." if done else "This file could not be read.",
            pages=12 + number if done else 0,
            passages=40 + number if done else 0,
            document_id=f"document_{row.file}" if done else None,
        )


@dataclass(frozen=True)
class FakeSecret:
    """What the vault says about a key."""

    state: str
    value: str | None = None
    store: str = "GNOME Keyring"


class FakeConnections(Faulty):
    """Two connections and their keys in memory; `state` "session" keeps keys for this start only.

    A test or a fetch waits for `gate` where there is one.
    """

    def __init__(self) -> None:
        super().__init__()
        self.connections: tuple[Connection, ...] = (
            Connection("local", "This computer", ConnectionKind.LOCAL),
            Connection(
                "openai",
                "OpenAI",
                ConnectionKind.RESPONSES,
                "https://api.openai.com/v1",
                model="model-large",
                needs_key=True,
            ),
        )
        self.keys: dict[str, str] = {}
        self.state = "ok"
        self.gate: asyncio.Event | None = None
        self.asked: list[tuple[Connection, str]] = []

    async def save(self, connection: Connection) -> Connection:
        self._call("save", connection.name)
        kept = {one.name: one for one in self.connections}
        kept[connection.name] = connection
        self.connections = tuple(kept.values())
        return connection

    async def remove(self, name: str) -> None:
        self._call("remove", name)
        self.connections = tuple(one for one in self.connections if one.name != name)

    async def key_state(self, name: str) -> FakeSecret:
        self._call("key_state", name)
        return self._secret(name)

    async def store_key(self, name: str, key: str) -> FakeSecret:
        self._call("store_key", name)
        self.keys[name] = key
        return self._secret(name)

    async def delete_key(self, name: str) -> FakeSecret:
        self._call("delete_key", name)
        self.keys.pop(name, None)
        return FakeSecret("missing")

    async def models(self, connection: str | Connection, key: str = "") -> list[str]:
        await self._ask("models", connection, key)
        return ["model-large", "model-small"]

    async def test(self, connection: str | Connection, key: str = "") -> str:
        name, used = await self._ask("test", connection, key)
        if used != "sk-good":
            raise HrdeskError("The key was refused.", "Check the key in your account.")
        return f"The key works: {name} offers 12 models."

    async def where(self) -> str:
        return "Keys are kept in GNOME Keyring."

    def describe(self, connection: Connection) -> str:
        if connection.is_local:
            return "Nothing leaves this computer."
        kept = "keeps answers for 30 days" if connection.store else "is asked to keep nothing"
        return (
            f"Questions and the passages that fit go to {connection.host}, which {kept}. "
            "Your files stay on this computer."
        )

    def new_name(self, title: str) -> str:
        return title.casefold().replace(" ", "-")

    async def _ask(self, verb: str, connection: str | Connection, key: str) -> tuple[str, str]:
        if isinstance(connection, str):
            connection = next(one for one in self.connections if one.name == connection)
        used = key or self.keys.get(connection.name, "")
        self.asked.append((connection, used))
        self._call(verb, connection.name)
        if self.gate is not None:
            await self.gate.wait()
        return connection.title, used

    def _secret(self, name: str) -> FakeSecret:
        if self.state in ("locked", "timeout", "unavailable"):
            return FakeSecret(self.state)
        return FakeSecret(self.state, self.keys[name]) if name in self.keys else FakeSecret("missing")


@dataclass
class Reports:
    """Collects what tasks report."""

    errors: list[BaseException] = field(default_factory=list)

    def __call__(self, error: BaseException) -> None:
        self.errors.append(error)
