"""What the thread list needs of the services; `services.chat.ChatService` has it."""

from collections.abc import Sequence
from typing import Protocol

from hrdesk.core.threads import Thread


class ThreadPage(Protocol):
    """Threads of one search, best first; `total` match, `hidden` do not."""

    @property
    def threads(self) -> Sequence[Thread]:
        """The threads to show."""

    @property
    def total(self) -> int:
        """How many threads match."""

    @property
    def hidden(self) -> int:
        """How many threads the filter keeps back."""


class Threads(Protocol):
    """The verbs of the thread list. All raise HrdeskError where a thread is gone."""

    async def threads(self, search: str = "") -> ThreadPage:
        """Return the threads that match."""

    async def rename(self, thread_id: str, title: str) -> Thread:
        """Give a thread another title."""

    async def pin(self, thread_id: str, pinned: bool) -> Thread:
        """Keep a thread at the top, or let it go."""

    async def delete(self, thread_id: str) -> None:
        """Take a thread away."""

    async def undelete(self, thread_id: str) -> Thread:
        """Bring a thread back."""

    def running(self, thread_id: str) -> str | None:
        """Return the run that is on its way in a thread."""
