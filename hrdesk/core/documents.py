"""Policies as values: families, versions, pages, passages, and what a search returns.

Text positions are code points. A `Span` counts in the text of one page of one version, so that a span,
once stored, stays right for ever: a version is known by the sha256 of its file and never changes.
"""

import re
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum


class FileState(StrEnum):
    """Where a file stands. The first two are on the way, all others are end states."""

    QUEUED = "queued"
    READING = "reading"
    INDEXED = "indexed"
    PARTLY_INDEXED = "partly_indexed"
    NO_TEXT = "no_text"
    NEEDS_PASSWORD = "needs_password"  # noqa: S105 - a state, not a secret
    TOO_LARGE = "too_large"
    DAMAGED = "damaged"
    UNSUPPORTED = "unsupported"
    STOPPED = "stopped"
    DUPLICATE = "duplicate"

    @property
    def is_end(self) -> bool:
        """Whether nothing more happens to the file by itself."""
        return self not in (FileState.QUEUED, FileState.READING)

    @property
    def is_searchable(self) -> bool:
        """Whether the file's text can be found by a search."""
        return self in (FileState.INDEXED, FileState.PARTLY_INDEXED, FileState.DUPLICATE)


class Outcome(StrEnum):
    """The three answers retrieval can give about whether the policies hold an answer."""

    ANSWERED = "answered"
    CLOSEST = "closest"
    NOT_FOUND = "not_found"


@dataclass(frozen=True, slots=True)
class Span:
    """Characters `start` up to (not including) `end` of the text of page `page`, counted from 1."""

    page: int
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Page:
    """One page as it is shown: size in points (1/72 inch) and its text in reading order."""

    number: int
    width: float
    height: float
    text: str


class BlockKind(StrEnum):
    """What a block of a document is, as far as passages need to know."""

    HEADING = "heading"
    PARAGRAPH = "paragraph"
    LIST_ITEM = "list_item"
    TABLE_ROW = "table_row"
    CODE = "code"


@dataclass(frozen=True, slots=True)
class Block:
    """A heading, paragraph, list item or table row, in reading order.

    `level` is 1..6 for headings and the nesting depth (from 0) for list items. `text` is plain text with
    single spaces; cells of a table row are joined by " | ", and every row repeats its column heads where
    the table has them ("Days a year: 10"). `spans` say where the block stands on the pages, in order;
    empty while a document without pages has not been laid out.
    """

    kind: BlockKind
    text: str
    level: int = 0
    spans: tuple[Span, ...] = ()


class Remark(StrEnum):
    """What people should know about a file that was read."""

    HIDDEN = "hidden"  # hidden sheets, rows, columns or slides were left out
    ATTACHMENTS = "attachments"  # the attachments of a message were not opened
    SCAN = "scan"  # some or all pages were read by text recognition
    UNSEEN = "unseen"  # text that the pages do not show was left out
    CUT = "cut"  # the pages after the first five million characters were left out
    AS_TEXT = "as_text"  # its own pages cannot be drawn: it is laid out like a text
    UNLOCKED = "unlocked"  # it was opened with a password, and a readable copy is kept


@dataclass(frozen=True, slots=True)
class WordBox:
    """Where the characters `start` up to (not including) `end` of a recognised page stand."""

    start: int
    end: int
    rect: "Rect"


@dataclass(frozen=True, slots=True)
class ScannedPage:
    """A page whose text was recognised in its picture; `words` in the order of the text."""

    number: int
    words: tuple[WordBox, ...]


@dataclass(frozen=True, slots=True)
class ReadDocument:
    """What the reading child process returns for one file that it could read.

    `pages` is empty for formats without pages until they have been laid out. `skipped_pages` lists pages
    (from 1) that could not be read, `scanned` those that were read by text recognition.
    """

    title: str
    blocks: tuple[Block, ...]
    pages: tuple[Page, ...] = ()
    skipped_pages: tuple[int, ...] = ()
    effective_from: date | None = None
    remarks: tuple[Remark, ...] = ()
    scanned: tuple[ScannedPage, ...] = ()


@dataclass(frozen=True, slots=True)
class PassageText:
    """A passage as cut from a document, before it has an identity in the store.

    `path` is the heading path "Title > H1 > H2"; `text` about 900 characters of blocks joined by newlines.
    """

    path: str
    text: str
    spans: tuple[Span, ...] = ()


@dataclass(frozen=True, slots=True)
class Document:
    """A policy as a family of versions; `title` is what people call it."""

    id: str
    title: str
    category: str | None = None
    jurisdiction: str | None = None
    owner: str | None = None
    review_by: date | None = None


@dataclass(frozen=True, slots=True)
class DocumentVersion:
    """One file of a family, known by its sha256. `effective_to` is the first day it is no longer in force."""

    sha256: str
    document_id: str
    file: str
    added_at: datetime
    page_count: int
    effective_from: date | None = None
    effective_to: date | None = None

    def in_force(self, day: date) -> bool:
        """Whether this version applies on `day`; unknown bounds are open."""
        started = self.effective_from is None or self.effective_from <= day
        return started and (self.effective_to is None or day < self.effective_to)


@dataclass(frozen=True, slots=True)
class LibraryFile:
    """One row of the library page: a file that was given to hrdesk and how it ended.

    `file` is the path as it was found under the given folder, `source` the absolute path it came from.
    `message` is a sentence for people, `reason` a short code for programs. `size` in bytes and `done`, the
    share of a long reading, are known while the file is imported; they are not kept.
    """

    id: str
    file: str
    source: str
    state: FileState
    reason: str
    message: str
    pages: int = 0
    passages: int = 0
    sha256: str | None = None
    document_id: str | None = None
    title: str = ""
    category: str | None = None
    added_at: datetime | None = None
    effective_from: date | None = None
    effective_to: date | None = None
    size: int = 0
    done: float = 0.0


@dataclass(frozen=True, slots=True)
class Passage:
    """A stored passage with all that is needed to show and cite it."""

    id: int
    version: str
    document_id: str
    title: str
    file: str
    path: str
    text: str
    spans: tuple[Span, ...]
    effective_from: date | None = None
    category: str | None = None

    @property
    def page(self) -> int:
        """The page on which the passage begins; 1 where nothing is known."""
        return self.spans[0].page if self.spans else 1


@dataclass(frozen=True, slots=True)
class RankedPassage:
    """A passage with its place in one search, and why it has that place.

    `lexical` is the normalised FTS5 score (0..1), `vector` the normalised cosine (None without encoder),
    `cosine` the raw cosine. `ref` is the short id the model sees ("p1"), empty if it was not sent.
    """

    passage: Passage
    score: float
    lexical: float
    vector: float | None = None
    cosine: float | None = None
    ref: str = ""


DID_YOU_MEAN = "Did you mean: "
"""What a suggestion begins with in notices and answers; it goes to the end of the text."""


@dataclass(frozen=True, slots=True)
class Ranking:
    """One search: candidates best first, and the verdict whether they answer the query.

    `confidence` (0..1) is the number the verdict is taken from. `lexical_only` is True where the encoder
    was missing, `notice` then says so in a sentence. `searched` is the wording that speaks the policies'
    language best: typing errors mended, synonyms put in; `also` are these synonyms. `suggestion` is the query
    with words that the policies have, only where nothing was found.
    """

    query: str
    results: tuple[RankedPassage, ...]
    outcome: Outcome
    confidence: float
    lexical_only: bool = False
    notice: str = ""
    milliseconds: float = 0.0
    searched: str = ""
    also: tuple[str, ...] = ()
    suggestion: str = ""


@dataclass(frozen=True, slots=True)
class Coverage:
    """How many passages there are, and how many are `ready` for questions in other languages."""

    ready: int
    passages: int

    @property
    def is_complete(self) -> bool:
        """Whether every passage can be found."""
        return self.ready >= self.passages


@dataclass(frozen=True, slots=True)
class Filters:
    """What a search is limited to. No date means: the versions in force today."""

    category: str | None = None
    as_of: date | None = None
    scope: str | None = None

    def holds_in(self, jurisdiction: str | None) -> bool:
        """Whether policies of a jurisdiction ("Germany, Austria") are meant; one without holds everywhere."""
        wanted, places = _places(self.scope), _places(jurisdiction)
        return not wanted or not places or bool(wanted & places)


def _places(text: str | None) -> set[str]:
    parts = re.split(r"[,;/&]|\band\b", (text or "").casefold())
    return {place for part in parts if (place := " ".join(part.split()))}


@dataclass(frozen=True, slots=True)
class Quote:
    """A sentence chosen from a passage: `start`/`end` count in the passage's text."""

    ref: str
    start: int
    end: int
    text: str
    score: float = 0.0


@dataclass(frozen=True, slots=True)
class Rect:
    """A rectangle in 0..1 of the page, origin top left."""

    x0: float
    y0: float
    x1: float
    y1: float


@dataclass(frozen=True, slots=True)
class PageImage:
    """A rendered page: `pixels` are RGBX rows (4 bytes a pixel, `stride` bytes a row)."""

    page: int
    page_count: int
    width: int
    height: int
    stride: int
    pixels: bytes
    rects: tuple[Rect, ...] = field(default=())
    text: str = ""
