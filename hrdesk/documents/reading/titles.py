"""What a document is called: its own title if that is sensible, its first heading, or its file's name."""

import re
from pathlib import PurePosixPath

from hrdesk.documents.reading.blocks import clean
from hrdesk.documents.reading.wire import MAX_TITLE

_JUNK = re.compile(
    r"^(?:untitled(?: document)?|document\d*|microsoft word.*|powerpoint presentation|slide \d+|title|"
    r".*\.(?:docx?|pdf|odt|rtf|indd|qxd|pmd|p65|xlsx?|pptx?|html?|md|txt)|[\W\d_]*|\(?null\)?|none|readme|index)$",
    re.IGNORECASE,
)


def choose_title(own: str, first_heading: str, name: str) -> str:
    """Choose among the document's own title, its first heading and its file's name."""
    stem = tidy_stem(name)
    for candidate in (own, first_heading):
        title = clean(candidate)[:MAX_TITLE].strip()
        if len(title) > 2 and not _JUNK.match(title) and not _is_file_name(title, name):
            return title
    return stem or "Untitled"


def _is_file_name(title: str, name: str) -> bool:
    """Tell a title that a program made of the file's name from one that a person wrote."""
    return "_" in title and " " not in title and tidy_stem(title).casefold() in tidy_stem(name).casefold()


def tidy_stem(name: str) -> str:
    """Make a readable title of a file name: "leave_policy-2026.pdf" becomes "Leave policy 2026"."""
    stem = PurePosixPath(name.replace("\\", "/")).name
    if not stem.startswith(".") and "." in stem:
        stem = re.sub(r"\.[A-Za-z0-9]{1,8}\s*$", "", stem)
    folder = PurePosixPath(name.replace("\\", "/")).parent.name
    if stem.casefold() in ("index", "readme") and folder:
        stem = folder
    words = clean(re.sub(r"[_\s]+|(?<=\w)-(?=\w)", " ", stem))[:MAX_TITLE]
    return words[:1].upper() + words[1:]
