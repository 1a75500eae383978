"""Versions of a policy as values: what can be edited, which look alike, and what changed between two.

Days follow `DocumentVersion`: an end is the first day on which a version is no longer in force.
"""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from hrdesk.core.citations import Citation, CitationState
from hrdesk.core.documents import Document, DocumentVersion, Span


@dataclass(frozen=True, slots=True)
class PolicyFacts:
    """What people may say about a policy and one version of it.

    `version.effective_to` is when the version ends; `said_end` is set where a person said so, otherwise the
    version ends when the next one begins. `versions` counts the family.
    """

    document: Document
    version: DocumentVersion
    said_end: date | None = None
    versions: int = 1


class OfferAnswer(StrEnum):
    """What became of the offer to make a file a version of another policy."""

    OPEN = "open"
    ACCEPTED = "accepted"
    APART = "apart"


@dataclass(frozen=True, slots=True)
class LookAlike:
    """The offer to make a file a version of the policy that it looks like.

    `other` is the version it is most like, `newest` the newest one of that policy; `likeness` (0..1) is the
    share of five-word runs the two texts have in common, 1 only where every word is the same.
    """

    version: DocumentVersion
    title: str
    policy: Document
    other: DocumentVersion
    newest: DocumentVersion
    likeness: float

    @property
    def is_same_text(self) -> bool:
        """Whether the texts are the same, word by word."""
        return self.likeness >= 1.0

    @property
    def is_earlier(self) -> bool:
        """Whether the file says that it was in force before the newest version of the policy."""
        begins, newest = self.version.effective_from, self.newest.effective_from
        return begins is not None and newest is not None and begins < newest


@dataclass(frozen=True, slots=True)
class Joined:
    """What undoing an accepted offer needs: the policy the version had, and what was said of its dates."""

    sha256: str
    left: Document
    first_key: str
    said: tuple[date | None, date | None] | None
    effective_from: date | None


class ChangeKind(StrEnum):
    """How a sentence of one version stands in the other."""

    ADDED = "added"
    REMOVED = "removed"
    CHANGED = "changed"
    MOVED = "moved"


@dataclass(frozen=True, slots=True)
class Side:
    """A sentence in one version: its text, the headings above, and its place (no spans: not located).

    `marks` are the ranges of the words that the other version does not have, `passage` is the text around.
    """

    text: str
    section: str
    page: int
    passage: str = ""
    spans: tuple[Span, ...] = ()
    marks: tuple[tuple[int, int], ...] = ()


@dataclass(frozen=True, slots=True)
class Change:
    """One change between two versions; an added sentence has no `old`, a removed one no `new`."""

    kind: ChangeKind
    old: Side | None = None
    new: Side | None = None


@dataclass(frozen=True, slots=True)
class Comparison:
    """All changes from `old` to `new` in the order of the new version, and how many sentences stayed."""

    document: Document
    old: DocumentVersion
    new: DocumentVersion
    changes: tuple[Change, ...] = ()
    same: int = 0

    def counts(self) -> dict[ChangeKind, int]:
        """Return how many changes there are of each kind."""
        return {kind: sum(change.kind is kind for change in self.changes) for kind in ChangeKind}

    def cite(self, change: Change, *, old: bool) -> Citation | None:
        """Return one side of a change as a citation, so that it is opened as every other source is."""
        side, version = (change.old, self.old) if old else (change.new, self.new)
        if side is None:
            return None
        known = CitationState.CHANGED if old else CitationState.VERIFIED
        return Citation(
            number=0,
            ref="",
            document_id=version.document_id,
            document=self.document.title,
            version=version.sha256,
            file=version.file,
            page=side.page,
            section=side.section,
            quote=side.text,
            passage=side.passage,
            state=known if side.spans else CitationState.NOT_LOCATED,
            spans=side.spans,
        )
