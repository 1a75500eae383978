"""What people are told about a file: one sentence for every end state and reason.

The sentences are for HR people: what happened, and what to do next. The reason codes are for programs.
`Refusal` is how a reader says that a file has no place in the index, and why.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from hrdesk.core.documents import FileState, Remark
from hrdesk.core.errors import HrdeskError

READABLE = "PDF, DOCX, ODT, XLSX, PPTX, CSV, EML, HTML, Markdown or plain text"

_SENTENCES: dict[tuple[FileState, str], str] = {
    (FileState.QUEUED, ""): "Waiting to be read.",
    (FileState.READING, ""): "Being read.",
    (FileState.INDEXED, ""): "Ready: its text can be searched and cited.",
    (FileState.PARTLY_INDEXED, ""): "Ready, but some pages could not be read; they are missing from answers.",
    (FileState.PARTLY_INDEXED, "pages_skipped"): (
        "Ready, but some pages could not be read; they are missing from answers."
    ),
    (FileState.NO_TEXT, ""): "No text was found in this file, so it cannot be searched.",
    (FileState.NO_TEXT, "no_text"): "No text was found in this file, so it cannot be searched.",
    (FileState.NO_TEXT, "scan"): (
        "This is a scan: pictures without text. To read it, install Tesseract (text recognition) on this "
        "computer and press Retry, or add the original document."
    ),
    (FileState.NO_TEXT, "scan_unread"): (
        "This is a scan, and text recognition (OCR) found no readable text in it. Add a sharper scan or the "
        "original document."
    ),
    (FileState.NO_TEXT, "unreadable_text"): (
        "The text in this file is stored as unreadable signs. Add the original document, or install "
        "Tesseract (text recognition) on this computer and press Retry."
    ),
    (FileState.NEEDS_PASSWORD, ""): "This file is protected. Enter its password to read it.",
    (FileState.NEEDS_PASSWORD, "password"): "This file is protected. Enter its password to read it.",
    (FileState.NEEDS_PASSWORD, "wrong_password"): (
        "This password does not open the file. Check capital letters and the keyboard, then try again."
    ),
    (FileState.NEEDS_PASSWORD, "protection"): (
        "This file is protected in a way that hrdesk cannot open. Save a copy without a password and add it."
    ),
    (FileState.NEEDS_PASSWORD, "protected_or_old"): (
        "This file is protected by a password or in the old Office 97-2003 format. Save it as DOCX, XLSX or "
        "PPTX without a password and add it again."
    ),
    (FileState.TOO_LARGE, ""): "This file is too large to be read. Split it and add the parts.",
    (FileState.TOO_LARGE, "too_large"): "This file is larger than 100 MB. Split it and add the parts.",
    (FileState.TOO_LARGE, "unpacked_size"): (
        "This file grows far beyond a normal document when it is unpacked, so it was not opened."
    ),
    (FileState.TOO_LARGE, "picture_size"): (
        "This picture has more than 120 million pixels. Save it smaller and add that."
    ),
    (FileState.TOO_LARGE, "too_much_text"): (
        "This file holds more than five million characters of text. Split it and add the parts."
    ),
    (
        FileState.TOO_LARGE,
        "too_many_pages",
    ): "This file has more than 10,000 pages. Split it and add the parts.",
    (FileState.TOO_LARGE, "too_deep"): (
        "This file is nested so deeply that it cannot be read safely. Save it again as PDF or DOCX."
    ),
    (FileState.DAMAGED, ""): "This file is damaged and cannot be opened. Ask for a fresh copy.",
    (FileState.DAMAGED, "damaged"): "This file is damaged and cannot be opened. Ask for a fresh copy.",
    (FileState.DAMAGED, "empty"): "This file is empty (0 bytes). Ask for a fresh copy.",
    (FileState.UNSUPPORTED, ""): f"This kind of file cannot be read yet. Save it as {READABLE}.",
    (FileState.UNSUPPORTED, "kind"): f"This kind of file cannot be read yet. Save it as {READABLE}.",
    (FileState.UNSUPPORTED, "spreadsheet"): (
        "This kind of spreadsheet cannot be read. Save it as XLSX or CSV and add that."
    ),
    (FileState.UNSUPPORTED, "presentation"): (
        "This kind of presentation cannot be read. Save it as PPTX or PDF and add that."
    ),
    (FileState.UNSUPPORTED, "email"): (
        "This kind of e-mail cannot be read. Save the message as EML, PDF or text and add that."
    ),
    (FileState.UNSUPPORTED, "encrypted_email"): (
        "This e-mail is encrypted for the holder of a key. Open it in your mail program, save it as PDF or "
        "text and add that."
    ),
    (FileState.UNSUPPORTED, "image"): (
        "This kind of picture cannot be read. Save it as PNG, JPEG or TIFF and add that."
    ),
    (FileState.UNSUPPORTED, "old_word"): "The old Word format cannot be read. Save it as DOCX and add that.",
    (FileState.UNSUPPORTED, "program"): "This file is a program or binary data, not a document.",
    (FileState.UNSUPPORTED, "not_a_file"): "This is not an ordinary file, so it was not opened.",
    (FileState.STOPPED, ""): "Reading this file was stopped.",
    (
        FileState.STOPPED,
        "time",
    ): "Reading this file took too long and was stopped. Save it again as PDF and retry.",
    (FileState.STOPPED, "memory"): (
        "Reading this file needed too much memory and was stopped. Save it again as PDF and retry."
    ),
    (FileState.STOPPED, "crash"): (
        "Reading this file failed and was stopped; nothing else is affected. Save it again as PDF and retry."
    ),
    (FileState.STOPPED, "protocol"): (
        "Reading this file gave a result that cannot be trusted, so it was not used. Save it again as PDF."
    ),
    (FileState.STOPPED, "cancelled"): "Reading this file was stopped. Press Retry to read it.",
    (FileState.STOPPED, "unreadable"): (
        "This file could not be opened. Check that it still exists and that you may read it, then retry."
    ),
    (FileState.STOPPED, "changed"): (
        "This file was being changed while it was copied. Wait until it is complete, then retry."
    ),
    (FileState.STOPPED, "storage"): (
        "This file could not be saved in the library: the disk is full or refuses to write. Free some space, "
        "then retry."
    ),
    (FileState.DUPLICATE, ""): "The same file is already in the library; that copy is used.",
    (FileState.DUPLICATE, "same_content"): "The same file is already in the library; that copy is used.",
}


_REMARKS = {
    Remark.HIDDEN: "Hidden sheets, rows, columns or slides were left out.",
    Remark.ATTACHMENTS: "Its attachments were not opened; add them as files of their own.",
    Remark.UNLOCKED: "It was opened with a password, which is not kept; a readable copy is in the library.",
    Remark.AS_TEXT: "Its own pages cannot be drawn, so it is shown as plain text on other pages.",
    Remark.UNSEEN: "It holds text that its pages do not show; that was left out.",
    Remark.CUT: "It holds more than five million characters; split it to have the rest read too.",
    Remark.SCAN: "It is a scan, read by text recognition (OCR): check names and numbers on the page.",
}


def sentence(
    state: FileState, reason: str = "", *, skipped_pages: int = 0, remarks: Sequence[Remark] = ()
) -> str:
    """Return the sentence for a state and its reason, and one for each remark about the file.

    An unknown reason gets the state's own sentence.
    """
    told = _SENTENCES.get((state, reason)) or _SENTENCES[(state, "")]
    if state is FileState.PARTLY_INDEXED and skipped_pages:
        pages = "1 page" if skipped_pages == 1 else f"{skipped_pages} pages"
        verb = "is" if skipped_pages == 1 else "are"
        told = f"Ready, but {pages} could not be read and {verb} missing from answers."
    return " ".join([told, *(_REMARKS[remark] for remark in remarks)])


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why a file is not indexed: its end state, a reason code for programs, a sentence for people."""

    state: FileState
    reason: str
    message: str

    @classmethod
    def because(cls, state: FileState, reason: str) -> "Refusal":
        """Make a refusal with the sentence that belongs to it."""
        return cls(state, reason, sentence(state, reason))


class FileRefused(HrdeskError):
    """A file that was not taken in or cannot be read; carries its end state and reason code."""

    def __init__(self, state: FileState, reason: str) -> None:
        super().__init__(sentence(state, reason))
        self.state = state
        self.reason = reason

    @property
    def refusal(self) -> Refusal:
        """The same as a value."""
        return Refusal.because(self.state, self.reason)
