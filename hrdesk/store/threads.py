"""Threads, messages and drafts: the transcript, which is the truth whatever a server remembers.

Threads are ordered by a counted number that grows with every change, messages by the order in which they
were added; the clock is only shown.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from hrdesk.core.documents import Outcome
from hrdesk.core.errors import NotFound
from hrdesk.core.ids import new_id
from hrdesk.core.threads import Message, Thread
from hrdesk.store import codec
from hrdesk.store.database import Database, Row, Value
from hrdesk.store.rows import Table, put

_FIELDS = ("title", "created_at", "updated_at", "preview", "pinned", "archived", "messages", "outcome")
THREADS = Table("threads", ("id", *_FIELDS, "deleted", "seq"), thread="id")
MESSAGES = Table("messages", ("id", "thread_id", "run_id", "status", "text", "body"), thread="thread_id")
DRAFTS = Table("drafts", ("thread_id", "text"), key=("thread_id",), thread="thread_id")
_MESSAGE_COLUMNS = ("id", "thread_id", "run_id", "status", "text")  # of a message, outside its JSON body


@dataclass(frozen=True, slots=True)
class ThreadPage:
    """Part of the thread list. `total` threads match, `hidden` are kept back by the filter."""

    threads: list[Thread]
    total: int
    hidden: int


class ThreadStore:
    """Reads and writes threads. Methods with a thread's id raise `NotFound` if there is no such thread."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def create(self, title: str) -> Thread:
        """Begin a thread, on top of the list."""
        now = datetime.now(UTC)
        thread = Thread(new_id("thread"), title, now, now)
        with self._database.transaction():
            self._write(thread, seq=self._next_seq())
        return thread

    def get(self, thread_id: str) -> Thread:
        """Return one thread; a deleted one is not found."""
        row = self._row(thread_id)
        if row["deleted"]:
            raise _missing()
        return _thread(row)

    def threads(
        self, search: str = "", limit: int = 200, after: Thread | str | None = None, *, archived: bool = False
    ) -> ThreadPage:
        """Return threads, pinned ones first, then the latest change first, from behind the thread `after`.

        Every word of `search` must begin a word of the title or of one of the messages. Archived threads
        are hidden unless asked for.
        """
        wanted, words = _conditions(search)
        shown = "deleted = 0" if archived else "deleted = 0 AND archived = 0"
        total = self._database.value(f"SELECT count(*) FROM threads WHERE {shown}{wanted}", words)  # noqa: S608
        every = self._database.value("SELECT count(*) FROM threads WHERE deleted = 0")
        behind, place = self._behind(after)
        rows = self._database.rows(
            f"SELECT * FROM threads WHERE {shown}{wanted}{behind} "  # noqa: S608 - our own conditions
            "ORDER BY pinned DESC, seq DESC LIMIT ?",
            [*words, *place, limit],
        )
        return ThreadPage([_thread(row) for row in rows], total, every - total)

    def rename(self, thread_id: str, title: str) -> Thread:
        """Give the thread another title; its place in the list stays."""
        return self._change(thread_id, title=title)

    def set_pinned(self, thread_id: str, pinned: bool) -> Thread:
        """Keep the thread on top of the list, or no longer."""
        return self._change(thread_id, pinned=pinned)

    def set_archived(self, thread_id: str, archived: bool) -> Thread:
        """Take the thread out of the list, or put it back."""
        return self._change(thread_id, archived=archived)

    def touch(self, thread_id: str, preview: str, outcome: Outcome | None) -> Thread:
        """Note what the thread's second line says now; the thread moves to the top."""
        return self._change(
            thread_id, moves=True, preview=preview, outcome=outcome, updated_at=datetime.now(UTC)
        )

    def delete(self, thread_id: str) -> None:
        """Take the thread away, so that `undelete` can bring it back."""
        self._change(thread_id, deleted=True)

    def undelete(self, thread_id: str) -> Thread:
        """Bring a deleted thread back to its place."""
        return self._change(thread_id, deleted=False)

    def purge(self, thread_id: str) -> None:
        """Remove the thread, its messages, runs and draft for good. Sealed records stay."""
        with self._database.transaction():
            self._row(thread_id)
            self._database.execute("DELETE FROM messages WHERE thread_id = ?", [thread_id])
            self._database.execute("DELETE FROM drafts WHERE thread_id = ?", [thread_id])
            self._database.execute("DELETE FROM threads WHERE id = ?", [thread_id])

    def deleted(self) -> list[Thread]:
        """Return the threads that wait for `undelete` or `purge`."""
        rows = self._database.rows("SELECT * FROM threads WHERE deleted = 1 ORDER BY seq DESC")
        return [_thread(row) for row in rows]

    def add_message(self, message: Message) -> None:
        """Add a message to the end of its thread, which moves to the top.

        A message whose id is there already is replaced in its place: no message is ever there twice.
        """
        with self._database.transaction():
            self._row(message.thread_id)
            self._write_message(message)
            count = self._database.value(
                "SELECT count(*) FROM messages WHERE thread_id = ?", [message.thread_id]
            )
            self._change(message.thread_id, moves=True, messages=count, updated_at=datetime.now(UTC))

    def update_message(self, message: Message) -> None:
        """Replace a message, for instance with more text; `NotFound` if it was never added."""
        with self._database.transaction():
            if self._database.row("SELECT 1 FROM messages WHERE id = ?", [message.id]) is None:
                raise NotFound("This message is no longer there.")
            self._write_message(message)

    def messages(self, thread_id: str) -> list[Message]:
        """Return the messages of a thread in the order in which they were added."""
        rows = self._database.rows("SELECT * FROM messages WHERE thread_id = ? ORDER BY n", [thread_id])
        if not rows:
            self._row(thread_id)
        return [_message(row) for row in rows]

    def message(self, message_id: str) -> Message:
        """Return one message."""
        row = self._database.row("SELECT * FROM messages WHERE id = ?", [message_id])
        if row is None:
            raise NotFound("This message is no longer there.")
        return _message(row)

    def draft(self, thread_id: str | None) -> str:
        """Return the unsent text of a thread, or of the thread to be (None)."""
        text = self._database.value("SELECT text FROM drafts WHERE thread_id = ?", [thread_id or ""])
        return text or ""

    def set_draft(self, thread_id: str | None, text: str) -> None:
        """Keep unsent text; empty text forgets it."""
        with self._database.transaction():
            if text:
                put(self._database, DRAFTS, {"thread_id": thread_id or "", "text": text})
            else:
                self._database.execute("DELETE FROM drafts WHERE thread_id = ?", [thread_id or ""])

    def _row(self, thread_id: str) -> Row:
        row = self._database.row("SELECT * FROM threads WHERE id = ?", [thread_id])
        if row is None:
            raise _missing()
        return row

    def _change(
        self, thread_id: str, *, moves: bool = False, deleted: bool | None = None, **changes: Value
    ) -> Thread:
        with self._database.transaction():
            row = self._row(thread_id)
            thread = replace(_thread(row), **changes)
            seq = self._next_seq() if moves else row["seq"]
            self._write(thread, seq=seq, deleted=row["deleted"] if deleted is None else deleted)
        return thread

    def _write(self, thread: Thread, *, seq: int, deleted: bool = False) -> None:
        values: Mapping[str, Value] = {
            "id": thread.id,
            "title": thread.title,
            "created_at": thread.created_at.isoformat(),
            "updated_at": thread.updated_at.isoformat(),
            "preview": thread.preview,
            "pinned": int(thread.pinned),
            "archived": int(thread.archived),
            "messages": thread.messages,
            "outcome": thread.outcome,
            "deleted": int(deleted),
            "seq": seq,
        }
        put(self._database, THREADS, values)

    def _write_message(self, message: Message) -> None:
        body = codec.plain(message)
        columns = {name: body.pop(name) for name in _MESSAGE_COLUMNS}
        put(self._database, MESSAGES, columns | {"body": codec.dump(body)})

    def _next_seq(self) -> int:
        return int(self._database.value("SELECT coalesce(max(seq), 0) + 1 FROM threads"))

    def _behind(self, after: Thread | str | None) -> tuple[str, list[int]]:
        if after is None:
            return "", []
        row = self._row(after.id if isinstance(after, Thread) else after)
        return " AND (pinned, seq) < (?, ?)", [row["pinned"], row["seq"]]


def _conditions(search: str) -> tuple[str, list[str]]:
    """Return SQL and parameters for the words of a search; quoted, so that no input is query syntax."""
    words = [f'"{word}"*' for word in re.findall(r"\w+", search)]
    one = (
        " AND n IN (SELECT rowid FROM thread_titles WHERE thread_titles MATCH ? UNION"
        " SELECT t.n FROM message_texts f CROSS JOIN messages m ON m.n = f.rowid"
        " CROSS JOIN threads t ON t.id = m.thread_id WHERE message_texts MATCH ?)"
    )
    return one * len(words), [word for word in words for _ in range(2)]


def _thread(row: Row) -> Thread:
    return Thread(
        id=row["id"],
        title=row["title"],
        created_at=datetime.fromisoformat(row["created_at"]),
        updated_at=datetime.fromisoformat(row["updated_at"]),
        preview=row["preview"],
        pinned=bool(row["pinned"]),
        archived=bool(row["archived"]),
        messages=row["messages"],
        outcome=None if row["outcome"] is None else Outcome(row["outcome"]),
    )


def _message(row: Row) -> Message:
    return codec.load_row(Message, row["body"], {name: row[name] for name in _MESSAGE_COLUMNS})


def _missing() -> NotFound:
    return NotFound("This thread is no longer there.")
