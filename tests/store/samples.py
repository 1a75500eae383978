"""What store tests share: a key source in memory, and small values of the domain."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from decimal import Decimal

from hrdesk.core.assistants import AssistantProfile
from hrdesk.core.connections import Connection, ConnectionKind
from hrdesk.core.documents import FileState, LibraryFile, Page, PassageText, ReadDocument, Span
from hrdesk.core.errors import StoreUnavailable
from hrdesk.core.evaluations import Evaluation, Found, Gold, Question
from hrdesk.core.runs import Run, RunStatus
from hrdesk.core.threads import Message, Role
from hrdesk.core.usage import Price
from hrdesk.store.documents import DocumentStore

NOW = datetime(2026, 3, 1, 9, 30, tzinfo=UTC)


@dataclass
class Keys:
    """A key store in memory that can be locked or refuse to save."""

    kept: dict[str, bytes] = field(default_factory=dict)
    locked: bool = False
    refuses: bool = False
    asked: int = 0

    def load(self, name: str) -> bytes | None:
        self.asked += 1
        if self.locked:
            raise StoreUnavailable("The key store is locked.")
        return self.kept.get(name)

    def save(self, name: str, key: bytes) -> bool:
        self.asked += 1
        if self.locked:
            raise StoreUnavailable("The key store is locked.")
        if self.refuses:
            return False
        self.kept[name] = key
        return True


def message(thread_id: str, number: int, text: str = "How many days?", role: Role = Role.USER) -> Message:
    return Message(f"msg_{number}", thread_id, role, text, NOW)


def run(thread_id: str, number: int = 1, status: RunStatus = RunStatus.QUEUED) -> Run:
    return Run(f"run_{number}", thread_id, "msg_1", "msg_2", "local", status, NOW)


def connection(name: str = "office", **changes: object) -> Connection:
    values = {"base_url": "https://models.example/v1", "model": "m", **changes}
    return Connection(name, name.title(), ConnectionKind.CHAT, **values)  # type: ignore[arg-type]


def profile(name: str = "hrdesk") -> AssistantProfile:
    return AssistantProfile(0, name, "Answer from the policies.", "", ("lookup_policy",), NOW)


def price(model: str = "m", amount: str = "2") -> Price:
    return Price(model, Decimal(amount), Decimal(amount) * 4, Decimal(amount) / 4, date(2026, 11, 1))


def library_file(name: str, contents: str | None = None, state: FileState = FileState.READING) -> LibraryFile:
    """A file whose sha256 stands for its contents."""
    return LibraryFile(
        id=f"file_{name}",
        file=name,
        source=f"/policies/{name}",
        state=state,
        reason="",
        message="",
        sha256=contents,
        added_at=NOW,
    )


def publish(
    documents: DocumentStore,
    name: str,
    texts: Sequence[str] = ("Ten days of leave a year.",),
    *,
    title: str = "",
    day: date | None = None,
    family: str | None = None,
    vectors: Sequence[bytes] | None = None,
    category: str | None = None,
) -> LibraryFile:
    """Put a file with these passages into the library."""
    title = title or name
    text = "\n".join(texts)
    read = ReadDocument(title, (), (Page(1, 595.0, 842.0, text),), effective_from=day)
    passages = [PassageText(f"{title} > Part", one, (Span(1, 0, len(one)),)) for one in texts]
    file = documents.put_file(replace(library_file(name, f"sha-{name}"), category=category))
    return documents.publish(file, read, passages, vectors, family)


def question(number: int = 1, **changes: object) -> Question:
    made = Question(
        f"How many days of leave {number}?", True, (Gold("leave.pdf", "Ten days"),), {}, f"q_{number}"
    )
    return replace(made, **changes)  # type: ignore[arg-type]


def evaluation(number: int = 1, rank: int | None = 1) -> Evaluation:
    found = Found("q_1", "How many days of leave 1?", True, rank, "answered", 0.8)
    return Evaluation(f"evaluation_{number}", NOW, {"questions": 1, "recall@5": 1.0, "auroc": None}, (found,))
