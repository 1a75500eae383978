"""Citations: a claim of an answer, tied to characters of one version of one policy."""

from dataclasses import dataclass
from enum import StrEnum

from hrdesk.core.documents import Span


class CitationState(StrEnum):
    """How far a citation can be trusted, in the words shown to the user.

    verified: the quote is in the pinned version and every number, date and amount of the claim occurs in
    it. supported: the passage is right, the words differ. changed: a newer version changed this passage.
    unavailable: the version is no longer in the library. not_located: the words could not be found on the
    pages, so no box is drawn.
    """

    VERIFIED = "verified"
    SUPPORTED = "supported"
    CHANGED = "changed"
    UNAVAILABLE = "unavailable"
    NOT_LOCATED = "not located"


@dataclass(frozen=True, slots=True)
class Citation:
    """The `number`th source of an answer. `version` is the sha256 of the cited file.

    `quote` is the supporting text as it stands in the policy, `spans` its place on the pages (empty when
    not located), `passage` the whole passage the model saw, `ref` the passage id used in the run.
    `is_approximate` says that the words there are not quite those of the quote.
    """

    number: int
    ref: str
    document_id: str
    document: str
    version: str
    file: str
    page: int
    section: str
    quote: str
    passage: str
    state: CitationState
    spans: tuple[Span, ...] = ()
    is_approximate: bool = False

    @property
    def label(self) -> str:
        """The accessible name of the citation's button."""
        return f"Citation {self.number}: {self.document}, page {self.page}"
