"""Messages on the clipboard: rich text for a mail, plain text for everything else, both with sources."""

from collections.abc import Sequence

from PySide6.QtCore import QMimeData
from PySide6.QtGui import QGuiApplication

from hrdesk.core.threads import Message
from hrdesk.ui.chat.model import WHO
from hrdesk.ui.chat.ports import Export


def copy_message(message: Message, export: Export) -> None:
    """Put one message on the clipboard."""
    _put(*export.rich(message))


def copy_conversation(title: str, messages: Sequence[Message], export: Export) -> None:
    """Put a whole conversation on the clipboard."""
    pages, plain = [], [title]
    for message in messages:
        rich, words = export.rich(message)
        who = WHO[message.role]
        pages.append(f"<h3>{who}</h3>{rich}")
        plain.append(f"{who}\n{words}")
    _put("<hr>".join(pages), "\n\n".join(plain) + "\n")


def _put(rich: str, plain: str) -> None:
    mime = QMimeData()
    mime.setHtml(rich)
    mime.setText(plain)
    QGuiApplication.clipboard().setMimeData(mime)
