"""E-mail messages (EML): subject, sender and date, then the body; text is preferred over HTML.

Attachments are named, never opened: a policy in an attachment is added as a file of its own. Messages that
were forwarded as a whole are read as sections.
"""

import re
from collections.abc import Iterator
from email import message_from_bytes, message_from_string, policy
from email.errors import MessageError
from email.message import EmailMessage
from itertools import islice

from hrdesk.core.documents import BlockKind, FileState
from hrdesk.documents.reading import html, text
from hrdesk.documents.reading.blocks import BlockList, clean
from hrdesk.documents.reading.charset import decode, is_wide
from hrdesk.documents.sentences import FileRefused

MAX_ATTACHMENTS = 100
MAX_FORWARDED = 50
_SHOWN = ("From", "To", "Cc", "Date")
# What the parser of the standard library raises on broken headers and unknown character sets.
_BOUNDARY = re.compile(r"^--(\S[^\r\n]{0,68}\S)\s*\nContent-", re.MULTILINE | re.IGNORECASE)
_FAULTS = (MessageError, ValueError, LookupError, TypeError, AttributeError, AssertionError)


def read(data: bytes) -> tuple[BlockList, str, bool]:
    """Return the blocks, the subject, and whether there are attachments. Raises `FileRefused`."""
    if is_wide(data):  # a program saved the message as UTF-16; headers are ASCII by their standard
        data = decode(data).encode("utf-8")
    try:
        message = _mended(message_from_bytes(data, policy=policy.default))
        body = _body(message)
        forwarded = [(one, _body(one)) for one in islice(_forwarded(message), MAX_FORWARDED)]
        names = _attachments(message)
    except RecursionError as error:
        raise FileRefused(FileState.TOO_LARGE, "too_deep") from error
    except _FAULTS as error:
        raise FileRefused(FileState.DAMAGED, "damaged") from error
    empty = not len(body) and not any(len(inner) for _, inner in forwarded)
    if empty and _is_encrypted(message):
        raise FileRefused(FileState.UNSUPPORTED, "encrypted_email")
    if empty:
        raise FileRefused(FileState.NO_TEXT, "no_text")
    blocks = BlockList()
    for level, (one, inner) in enumerate([(message, body), *forwarded]):
        _add_message(blocks, one, inner, level=min(level, 1))
    blocks.add_paragraph(f"Attachments: {', '.join(names)}" if names else "")
    return blocks, _header(message, "Subject"), bool(names)


def _is_encrypted(message: EmailMessage) -> bool:
    """Whether the message is for the holder of a key only (PGP, S/MIME)."""
    kind = message.get_content_type()
    if kind in ("application/pkcs7-mime", "application/x-pkcs7-mime"):
        return str(message.get_param("smime-type") or "") != "signed-data"
    return kind == "multipart/encrypted"


def _mended(message: EmailMessage) -> EmailMessage:
    """Give a message of several parts the boundary that its parts use, where its header names another."""
    payload = message.get_payload()
    if message.get_content_maintype() != "multipart" or not isinstance(payload, str):
        return message
    boundary = _BOUNDARY.search(payload)
    if boundary is None or '"' in boundary[1]:
        return message
    head = f'Content-Type: {message.get_content_type()}; boundary="{boundary[1]}"\n\n'
    inner = message_from_string(head + payload, policy=policy.default)
    message.set_payload(inner.get_payload())
    return message


def _forwarded(message: EmailMessage) -> Iterator[EmailMessage]:
    """Yield the messages that were forwarded inside a message, also those inside each other."""
    for part in message.walk():
        payload = part.get_payload() if part.get_content_type() == "message/rfc822" else None
        if isinstance(payload, list) and payload and isinstance(payload[0], EmailMessage):
            yield payload[0]


def _add_message(blocks: BlockList, message: EmailMessage, body: BlockList, *, level: int) -> None:
    """Add the heading, the headers that people read, and the body; a forwarded message is a section."""
    blocks.add(
        BlockKind.HEADING, _header(message, "Subject") or ("Forwarded message" if level else ""), 1 + level
    )
    for name in _SHOWN:
        value = _header(message, name)
        blocks.add_paragraph(f"{name}: {value}" if value else "")
    for block in body.blocks:
        deeper = block.level + 1 + level if block.kind is BlockKind.HEADING else block.level
        blocks.add(block.kind, block.text, min(6, deeper) if block.kind is BlockKind.HEADING else deeper)


def _header(message: EmailMessage, name: str) -> str:
    try:
        return clean(str(message.get(name) or ""))
    except _FAULTS:
        return ""


def _body(message: EmailMessage) -> BlockList:
    """Return the blocks of the best body: the first of text and HTML that has any."""
    for kind in ("plain", "html"):
        part = message.get_body((kind,))
        content = _content(part) if isinstance(part, EmailMessage) else ""
        blocks = html.read(content).blocks if kind == "html" else text.read(content)
        if len(blocks):
            return blocks
    raw = _content(message) if not message.is_multipart() and not _is_shown(message) else ""
    return text.read(raw)


def _is_shown(message: EmailMessage) -> bool:
    """Whether the message is of one part that `get_body` has offered, or not text at all."""
    return message.get_content_maintype() != "text" or message.get_content_subtype() in ("plain", "html")


def _content(part: EmailMessage) -> str:
    try:
        content = part.get_content()
    except _FAULTS:  # a character set that does not exist
        raw = part.get_payload(decode=True)
        content = decode(raw) if isinstance(raw, bytes) else ""
    return content if isinstance(content, str) else ""


def _attachments(message: EmailMessage) -> list[str]:
    names: list[str] = []
    for part in message.walk():
        name = "" if part.get_content_type() == "message/rfc822" else clean(part.get_filename() or "")
        if name and len(names) < MAX_ATTACHMENTS:
            names.append(name)
    return names
