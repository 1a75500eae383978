"""The sentences around a source: which version it is, and what is wrong with a citation."""

from datetime import date

from hrdesk.core.citations import CitationState
from hrdesk.core.documents import DocumentVersion

TROUBLES = {
    CitationState.NOT_LOCATED: (
        "The quoted words could not be found on the page, so nothing is marked. "
        "This is the passage as it was read:"
    ),
    CitationState.CHANGED: "A newer version of this policy changed the passage. The quoted version is shown.",
    CitationState.UNAVAILABLE: (
        "This version is no longer in the library. This is the passage as it was quoted:"
    ),
}

APPROXIMATE = (
    "The words on the page are not quite those of the quote. The place that fits best is marked; compare it "
    "with the quote:"
)


def day_words(day: date) -> str:
    """Return a day such as "1 January 2026"."""
    return f"{day.day} {day:%B %Y}"


def version_words(version: DocumentVersion, today: date) -> str:
    """Return what tells versions apart: "version of 1 January 2026, in force"."""
    if version.effective_from:
        which = f"version of {day_words(version.effective_from)}"
    else:
        which = f"added {day_words(version.added_at.date())}"
    if version.in_force(today):
        return f"{which}, in force"
    if version.effective_from and today < version.effective_from:
        return f"{which}, not yet in force"
    assert version.effective_to is not None
    return f"{which}, replaced {day_words(version.effective_to)}"


def section_words(path: str, title: str) -> str:
    """Return the headings above a passage without the document's own title."""
    parts = [part.strip() for part in path.split(" > ")]
    if parts and parts[0].casefold() == title.casefold():
        parts = parts[1:]
    return " › ".join(parts)
