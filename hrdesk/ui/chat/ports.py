"""What the conversation needs of the services; `services.desk.Desk` has it, and so have the tests' fakes."""

from collections.abc import AsyncIterator
from datetime import date
from typing import Protocol

from hrdesk.core.citations import Citation
from hrdesk.core.runs import Run, RunEvent
from hrdesk.core.threads import Message, Thread


class Asked(Protocol):
    """The first event of a question: thread, question and (empty) answer are stored."""

    @property
    def thread(self) -> Thread: ...
    @property
    def question(self) -> Message: ...
    @property
    def answer(self) -> Message: ...
    @property
    def run_id(self) -> str: ...


class Chat(Protocol):
    """Threads, questions and runs."""

    async def thread(self, thread_id: str) -> Thread: ...
    async def messages(self, thread_id: str) -> list[Message]: ...
    async def draft(self, thread_id: str | None) -> str: ...
    async def save_draft(self, thread_id: str | None, text: str) -> None: ...
    def ask(
        self,
        question: str,
        thread_id: str | None = None,
        *,
        as_of: date | None = None,
        scope: str | None = None,
    ) -> AsyncIterator[Asked | RunEvent]: ...
    async def stop(self, run_id: str) -> None: ...
    async def seen(self, run_id: str) -> Run: ...


class Citations(Protocol):
    """The state of a citation now."""

    async def refresh(self, citation: Citation) -> Citation: ...


class Export(Protocol):
    """A message as HTML and as plain text, with its sources."""

    def rich(self, message: Message) -> tuple[str, str]: ...


class ChatServices(Protocol):
    """The services of one conversation."""

    @property
    def chat(self) -> Chat: ...
    @property
    def citations(self) -> Citations: ...
    @property
    def export(self) -> Export: ...
