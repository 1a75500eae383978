"""Threads and their messages: the transcript in our own store is the truth."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from enum import StrEnum

from hrdesk.core.citations import Citation
from hrdesk.core.documents import Outcome
from hrdesk.core.usage import Usage


class Role(StrEnum):
    """Who speaks."""

    USER = "user"
    ASSISTANT = "assistant"
    SUMMARY = "summary"  # what was carried over from an earlier thread; the user may edit it


class MessageStatus(StrEnum):
    """Whether a message is whole. An incomplete one keeps the text that had arrived."""

    IN_PROGRESS = "in_progress"
    COMPLETED = "completed"
    INCOMPLETE = "incomplete"


@dataclass(frozen=True, slots=True)
class Thread:
    """A conversation as the thread list shows it.

    `preview` is the second line of its row: last answer, running step, or why there is none.
    The store orders threads by a number of its own: times come from the clock and may jump.
    """

    id: str
    title: str
    created_at: datetime
    updated_at: datetime
    preview: str = ""
    pinned: bool = False
    archived: bool = False
    messages: int = 0
    outcome: Outcome | None = None


@dataclass(frozen=True, slots=True)
class Message:
    """A question or an answer. Answers carry their run, outcome, citations and usage.

    In the text of an answer `[1]` marks the citation with number 1. `note` says in a sentence why an
    incomplete answer ends where it does. `uncited` are sentences of the answer that carry no citation
    though they claim something.
    """

    id: str
    thread_id: str
    role: Role
    text: str
    created_at: datetime
    status: MessageStatus = MessageStatus.COMPLETED
    run_id: str | None = None
    outcome: Outcome | None = None
    citations: tuple[Citation, ...] = ()
    usage: Usage = Usage()
    note: str = ""
    cost: Decimal | None = None
    uncited: tuple[str, ...] = ()
