"""Taking a conversation elsewhere: files with all sources, and rich text for the clipboard."""

import asyncio
import html
import json
import re
from collections.abc import Sequence
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path

from hrdesk.core.citations import Citation
from hrdesk.core.errors import HrdeskError
from hrdesk.core.threads import Message, MessageStatus, Role, Thread
from hrdesk.services.store_thread import StoreThread
from hrdesk.store.threads import ThreadStore

FORMATS = ("md", "json")
_WHO = {Role.USER: "Question", Role.ASSISTANT: "Answer", Role.SUMMARY: "Carried over"}
_UNSAFE = re.compile(r"[^\w\- ]+")


class ExportService:
    """Writes threads as files and messages as text with their sources."""

    def __init__(self, store: StoreThread, threads: ThreadStore) -> None:
        self._store = store
        self._threads = threads

    async def thread(self, thread_id: str, format: str, folder: Path) -> Path:  # noqa: A002 - the word users know
        """Write the thread as "md" or "json" into `folder` and return the new file.

        An existing file is never overwritten. Raises `NotFound`, and `HrdeskError` for an unknown format
        or a folder that cannot be written.
        """
        if format not in FORMATS:
            raise HrdeskError(f"hrdesk cannot export {format}.", f"Choose one of: {', '.join(FORMATS)}.")
        thread = await self._store(self._threads.get, thread_id)
        messages = await self._store(self._threads.messages, thread_id)
        text = markdown(thread, messages) if format == "md" else as_json(thread, messages)
        return await asyncio.to_thread(_write, folder, _file_name(thread), format, text)

    def rich(self, message: Message) -> tuple[str, str]:
        """Return one message as HTML and as plain text, both with its sources."""
        plain = _with_sources(message)
        paragraphs = "".join(f"<p>{html.escape(block)}</p>" for block in message.text.split("\n\n") if block)
        sources = "".join(f"<li>{html.escape(_source(citation))}</li>" for citation in message.citations)
        listed = f"<p><b>Sources</b></p><ol>{sources}</ol>" if sources else ""
        return re.sub(r"\*\*(.+?)\*\*", r"<b>\1</b>", paragraphs) + listed, plain


def markdown(thread: Thread, messages: Sequence[Message]) -> str:
    """Return the thread as Markdown; every answer ends with its sources."""
    parts = [f"# {thread.title}", f"Exported {datetime.now(UTC):%Y-%m-%d %H:%M} UTC from hrdesk."]
    for message in messages:
        who = _WHO[message.role]
        parts.append(f"## {who} · {message.created_at:%Y-%m-%d %H:%M}")
        parts.append(_with_sources(message))
        if message.status is not MessageStatus.COMPLETED and message.note:
            parts.append(f"*{message.note}*")
    return "\n\n".join(parts) + "\n"


def as_json(thread: Thread, messages: Sequence[Message]) -> str:
    """Return the thread with every field of its messages and citations as JSON."""
    document = {
        "format": "hrdesk thread 1",
        "thread": asdict(thread),
        "messages": [asdict(m) for m in messages],
    }
    return json.dumps(document, ensure_ascii=False, indent=2, default=str) + "\n"


def _with_sources(message: Message) -> str:
    if not message.citations:
        return message.text
    sources = "\n".join(f"[{citation.number}] {_source(citation)}" for citation in message.citations)
    return f"{message.text}\n\nSources:\n\n{sources}"


def _source(citation: Citation) -> str:
    section = citation.section.rsplit(" > ", 1)[-1]
    return (
        f"{citation.document}, {section}, page {citation.page} ({citation.state}; "
        f"file {citation.file}, sha256 {citation.version[:12]}): “{citation.quote}”"
    )


def _file_name(thread: Thread) -> str:
    return (_UNSAFE.sub(" ", thread.title).strip() or thread.id)[:80]


def _write(folder: Path, name: str, suffix: str, text: str) -> Path:
    for number in range(1, 1000):
        path = folder / (f"{name}.{suffix}" if number == 1 else f"{name} {number}.{suffix}")
        try:
            with path.open("x", encoding="utf-8") as file:
                file.write(text)
        except FileExistsError:
            continue
        except OSError as error:
            raise HrdeskError(f"{folder} cannot be written.", "Choose another folder.") from error
        return path
    raise HrdeskError(f"{folder} holds too many copies of this thread.", "Choose another folder.")
