"""Families of versions: which file replaces which, and which version is in force on a day."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from itertools import zip_longest

from hrdesk.core.documents import Document, DocumentVersion, Filters
from hrdesk.store.database import Database, Row
from hrdesk.store.rows import Table, put

DOCUMENTS = Table(
    "documents",
    ("id", "title", "title_key", "first_key", "category", "jurisdiction", "owner", "review_by"),
)
VERSIONS = Table(
    "versions",
    ("sha256", "document_id", "file", "added_at", "page_count", "effective_from", "effective_to", "active"),
    key=("sha256",),
)
SAID_DATES = Table("said_dates", ("sha256", "effective_from", "effective_to"), key=("sha256",))

_MONTH = r"(?:jan|feb|mar|apr|may|june?|july?|aug|sept?|oct|nov|dec)[a-z]*"
_YEAR = r"(?:19|20)\d\d"
_DATES = re.compile(
    rf"\b(?:{_YEAR}[-./]\d\d?[-./]\d\d?|\d\d?[-./]\d\d?[-./]{_YEAR}|\d\d?(?:st|nd|rd|th)? {_MONTH} {_YEAR}"
    rf"|{_MONTH} (?:\d\d?,? )?{_YEAR}|q[1-4] {_YEAR}|{_YEAR})\b"
)
_NUMBERED = re.compile(
    r"\b(?:v|ver|version|rev|revision|edition|issue) ?\d+(?:\.\d+)*\b|\b\d+(?:st|nd|rd|th) edition\b"
)
_WORD = re.compile(r"[^\W_]+(?:\.\d+)*")
# fmt: off
_LOOSE = frozenset((
    "v", "ver", "version", "rev", "revision", "revised", "edition", "ed", "draft", "final", "updated",
    "update", "amended", "copy", "effective", "valid", "dated", "date", "from", "as", "of", "since", "new",
    "old", "current", "previous", "and",
))
# fmt: on


@dataclass(frozen=True, slots=True)
class StoredVersion:
    """A version with its number and with what its family says about it."""

    number: int
    version: DocumentVersion
    category: str | None = None
    jurisdiction: str | None = None


def title_key(title: str) -> str:
    """Return what the titles of all versions of one policy have in common.

    Case, punctuation, dates, years and version numbers go anywhere; loose words such as "final" or
    "updated" only at the end, because "Final pay policy" is a policy of its own.
    """
    spaced = " ".join(re.sub(r"[_\s]+", " ", title.casefold()).split())
    bare = _NUMBERED.sub(" ", _DATES.sub(" ", spaced))
    words = _WORD.findall(bare)
    while len(words) > 1 and words[-1] in _LOOSE:
        words.pop()
    return " ".join(words) or spaced


def allowed(stored: Sequence[StoredVersion], filters: Filters, today: date) -> set[int] | None:
    """Return the numbers of the versions a search may use; None if all of them.

    With a day asked for: the newest version in force that day, of each family. Without: of families with
    several versions the newest in force today (or their earliest, if none is yet), single versions also
    before they begin. A policy that ended without a later version is found for days before its end only.
    """
    families: dict[str, list[StoredVersion]] = {}
    for one in sorted(stored, key=_order):
        families.setdefault(one.version.document_id, []).append(one)
    chosen = {
        one.number
        for family in families.values()
        if _fits(family[0], filters)
        for one in _in_force(family, filters.as_of, today)
    }
    return None if len(chosen) == len(stored) else chosen


def _fits(one: StoredVersion, filters: Filters) -> bool:
    if filters.category and (one.category or "").casefold() != filters.category.casefold():
        return False
    return filters.holds_in(one.jurisdiction)


def _in_force(family: Sequence[StoredVersion], as_of: date | None, today: date) -> Iterable[StoredVersion]:
    current = [one for one in family if one.version.in_force(as_of or today)]
    if current:
        return current[-1:]
    is_yet_to_come = all(_begins_after(one, today) for one in family)
    return family[:1] if as_of is None and is_yet_to_come else ()


def _begins_after(one: StoredVersion, day: date) -> bool:
    return one.version.effective_from is not None and one.version.effective_from > day


def _order(one: StoredVersion) -> tuple[date, int]:
    """Oldest first; a version without a date is taken for older than those with one."""
    return one.version.effective_from or date.min, one.number


def active_versions(database: Database, document_id: str | None = None) -> list[StoredVersion]:
    """Return the active versions, of one family or of all, oldest first."""
    where, parameters = (" AND d.id = ?", [document_id]) if document_id else ("", [])
    rows = database.rows(
        "SELECT v.*, d.category, d.jurisdiction FROM versions v"  # noqa: S608 - our own condition
        f" JOIN documents d ON d.id = v.document_id WHERE v.active = 1{where}",
        parameters,
    )
    found = [StoredVersion(row["n"], version(row), row["category"], row["jurisdiction"]) for row in rows]
    return sorted(found, key=_order)


def close_earlier(database: Database, document_id: str) -> None:
    """Let every version of a family end on the day the next one begins; inside a transaction.

    A version of which a person said an earlier end ends then.
    """
    family = active_versions(database, document_id)
    for one, later in zip_longest(family, family[1:]):
        said = said_dates(database, one.version.sha256)
        ends = (said and said[1], later and later.version.effective_from)
        end = min((day for day in ends if day), default=None)
        if one.version.effective_to != end:
            put_version(database, replace(one.version, effective_to=end), active=True)


def said_dates(database: Database, sha256: str) -> tuple[date | None, date | None] | None:
    """Return from when to when a person said that a version is in force; None if nobody did."""
    row = database.row("SELECT effective_from, effective_to FROM said_dates WHERE sha256 = ?", [sha256])
    return None if row is None else (day(row[0]), day(row[1]))


def say_dates(database: Database, sha256: str, said: tuple[date | None, date | None] | None) -> None:
    """Keep what a person said about a version's dates, or forget it; inside a transaction."""
    if said is None:
        database.execute("DELETE FROM said_dates WHERE sha256 = ?", [sha256])
        return
    begins, ends = (one and one.isoformat() for one in said)
    put(database, SAID_DATES, {"sha256": sha256, "effective_from": begins, "effective_to": ends})


def put_document(database: Database, one: Document, first_key: str) -> None:
    """Write a document; inside a transaction. `first_key` is the key of the title it came with."""
    values = {
        "id": one.id,
        "title": one.title,
        "title_key": title_key(one.title),
        "first_key": first_key,
        "category": one.category,
        "jurisdiction": one.jurisdiction,
        "owner": one.owner,
        "review_by": one.review_by and one.review_by.isoformat(),
    }
    put(database, DOCUMENTS, values)


def drop_if_empty(database: Database, document_id: str) -> None:
    """Remove a document that has no version left; inside a transaction."""
    database.execute(
        "DELETE FROM documents WHERE id = ?"
        " AND NOT EXISTS (SELECT 1 FROM versions WHERE document_id = documents.id)",
        [document_id],
    )


def document(row: Row) -> Document:
    """Return the document a row of `documents` stands for."""
    return Document(
        id=row["id"],
        title=row["title"],
        category=row["category"],
        jurisdiction=row["jurisdiction"],
        owner=row["owner"],
        review_by=day(row["review_by"]),
    )


def put_version(database: Database, one: DocumentVersion, *, active: bool) -> None:
    """Write a version; inside a transaction."""
    values = {
        "sha256": one.sha256,
        "document_id": one.document_id,
        "file": one.file,
        "added_at": one.added_at.isoformat(),
        "page_count": one.page_count,
        "effective_from": one.effective_from and one.effective_from.isoformat(),
        "effective_to": one.effective_to and one.effective_to.isoformat(),
        "active": int(active),
    }
    put(database, VERSIONS, values)


def version(row: Row) -> DocumentVersion:
    """Return the version a row of `versions` stands for."""
    return DocumentVersion(
        sha256=row["sha256"],
        document_id=row["document_id"],
        file=row["file"],
        added_at=datetime.fromisoformat(row["added_at"]),
        page_count=row["page_count"],
        effective_from=day(row["effective_from"]),
        effective_to=day(row["effective_to"]),
    )


def day(text: str | None) -> date | None:
    """Return the day written as YYYY-MM-DD."""
    return None if text is None else date.fromisoformat(text)
