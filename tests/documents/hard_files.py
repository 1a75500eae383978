"""The hard files of the shared data, and the end state that is right for each.

The rule takes what the collection says: which readers of others open a file and how much text they find, what
is hard about it, and its password. What the rule cannot know was looked at and judged; `JUDGED` says why.
"""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from hrdesk.core.documents import FileState

ENOUGH = 20  # characters from which a file counts as one with text
READY = frozenset((FileState.INDEXED, FileState.PARTLY_INDEXED))
NOTHING = frozenset((FileState.NO_TEXT,))
LOCKED = frozenset((FileState.NEEDS_PASSWORD,))
BROKEN = frozenset((FileState.DAMAGED,))

_FOUND = re.compile(r"ok (\d+)c")
# Readers that tell nothing about text, and formats of which one counts more than the text: the raw message,
# rules of tables, numbers of slides, names of pictures.
_BLIND = {"pypdfium2_render", "pillow", "qimage"}
_TALKATIVE = {"markitdown": ("eml", "docx", "pptx", "xlsx"), "utf8bom": ("md",)}


@dataclass(frozen=True, slots=True)
class HardFile:
    """A file of the collection: what is hard about it, its password, and what other readers found."""

    path: str
    kind: str
    hard: str
    password: str
    size: int
    found: dict[str, int | None]

    @property
    def best(self) -> int:
        """The most characters that any reader found."""
        return max((count or 0 for count in self.found.values()), default=0)

    @property
    def is_picture(self) -> bool:
        """Whether its text can only be had by text recognition."""
        return self.kind == "image" or "scan" in self.hard or self.path in _SEEN_ONLY

    @property
    def opens(self) -> bool:
        """Whether any reader opens it."""
        return any(count is not None for count in self.found.values())


def hard_files(folder: Path) -> Iterator[HardFile]:
    """Yield the files that the manifest lists."""
    for line in (folder / "manifest.jsonl").read_text(encoding="utf-8").splitlines():
        entry = json.loads(line)
        found = {
            reader: int(match[1]) if (match := _FOUND.match(said)) else None
            for reader, said in entry["baseline"].items()
            if reader not in _BLIND and entry["kind"] not in _TALKATIVE.get(reader, ())
        }
        password = str(entry.get("password", ""))
        yield HardFile(entry["path"], entry["kind"], entry["hard"], password, entry["bytes"], found)


def correct(file: HardFile, *, recognised: bool = True) -> frozenset[FileState]:
    """Return the states that are right for a file; only where text can be recognised, scans are read."""
    if file.is_picture and not recognised:
        return NOTHING
    if file.path in JUDGED:
        return JUDGED[file.path][0]
    if file.size == 0:
        return BROKEN
    if file.password:
        return LOCKED
    if file.is_picture:
        return READY
    if not file.opens:
        return LOCKED if "password" in file.hard else BROKEN
    return READY if file.best > 3 else NOTHING


def has_text(file: HardFile) -> bool:
    """Whether any other reader opens a file and finds text in it, be it noise."""
    return file.best > ENOUGH and not file.password


_SEEN_ONLY = (
    "pdf/ocr__enormous.pdf",
    "pdf/ocr__hugemono.pdf",
    "pdf/pdfminer__issue-791-non-unicode-cmap.pdf",  # its letters are stored as codes of their own
)
_ENCRYPTED = "an encrypted message: no reader finds a word in it"
_OPENED = "its password protects attachments only"
JUDGED: dict[str, tuple[frozenset[FileState], str]] = {
    "docx/pydocx__blk-containing-table.docx": (NOTHING, "a table of four empty cells"),
    "docx/poi__protected_agile.docx": (READY | LOCKED, "its password is one that programs try unasked"),
    "docx/poi__stress025.docx": (BROKEN, "a package without a document in it"),
    "docx/mammoth__empty.docx": (NOTHING, "empty"),
    "eml/uns__fake-encrypted.eml": (frozenset((FileState.UNSUPPORTED,)), _ENCRYPTED),
    "eml/mail__missing_body.eml": (NOTHING, "headers alone"),
    "eml/uns__empty.eml": (NOTHING, "headers alone"),
    "eml/uns__mime-no-body.eml": (NOTHING, "a picture and no word"),
    "image/pydocx__exif-420-dpi.jpg": (NOTHING, "a photo of a garden"),
    "md/tika__testMARKDOWN_dataURI.md": (NOTHING, "a picture alone"),
    "odt/pandoc__hiddenTextByStyle.odt": (NOTHING, "all its text is hidden"),
    "odt/tika__testODTEmbeddedImageLink.odt": (NOTHING, "a picture alone, with a name for programs"),
    "pdf/ocr__docinfo_latin1_key.pdf": (NOTHING, "an empty page"),
    "pdf/pdfjs__bug1250079.pdf": (BROKEN, "cut off before its table; one reader guesses a line"),
    "pdf/pdfjs__bug1721218_reduced.pdf": (NOTHING, "a drawing of a machine without letters"),
    "pdf/pdfjs__encrypted-attachment.pdf": (READY, _OPENED),
    "pdf/pdfjs__evaljs.pdf": (NOTHING, "empty fields of a form; one reader shows the names of buttons"),
    "pdf/pdfjs__issue15590.pdf": (NOTHING, "no page"),
    "pdf/pdfjs__poppler-395-0-fuzzed.pdf": (BROKEN, "opens in one reader only, without text"),
    "pdf/pdfjs__poppler-742-0-fuzzed.pdf": (BROKEN, "opens in one reader only, without text"),
    "pdf/pdfjs__poppler-90-0-fuzzed.pdf": (NOTHING, "blank pages; what is stored for them is noise"),
    "pdf/pdfjs__poppler-937-0-fuzzed.pdf": (BROKEN, "opens in one reader only, without text"),
    "pdf/pdfjs__pr6531_2.pdf": (LOCKED, "one reader shows letters of a stamp, no other opens it"),
    "pptx/poi__SmartArt.pptx": (NOTHING, "places for text that nobody filled in"),
    "pptx/tika__testPPT_EmbeddedPDF.pptx": (NOTHING, "pictures of embedded files alone"),
    "xlsx/poi__invalid.xlsx": (BROKEN, "an empty package"),
    "xlsx/uns__empty.xlsx": (NOTHING, "empty sheets; a reader prints their names"),
}
