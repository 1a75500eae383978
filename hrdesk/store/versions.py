"""Versions as people handle them: their dates, which family they belong to, and which files look alike."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date

from hrdesk.core.documents import DocumentVersion
from hrdesk.core.errors import NotFound
from hrdesk.core.versions import Joined, LookAlike, OfferAnswer, PolicyFacts
from hrdesk.store import families, indexing
from hrdesk.store.database import Database, Row
from hrdesk.store.documents import DocumentStore
from hrdesk.store.rows import Table, put

SKETCHES = Table("sketches", ("sha256", "sketch"), key=("sha256",))
LOOK_ALIKES = Table("look_alikes", ("sha256", "other", "likeness", "answer"), key=("sha256",))


class VersionStore:
    """Reads and writes what is known about versions. Raises `NotFound` for one not in the library."""

    def __init__(self, database: Database, documents: DocumentStore) -> None:
        self._database = database
        self._documents = documents

    # --- facts and families

    def facts(self, sha256: str) -> PolicyFacts:
        """Return what can be edited about a version and its policy."""
        version = self._documents.version(sha256)
        said = families.said_dates(self._database, sha256)
        versions = len(self._documents.versions(version.document_id))
        return PolicyFacts(
            self._documents.document(version.document_id), version, said[1] if said else None, versions
        )

    def save(self, facts: PolicyFacts) -> PolicyFacts:
        """Write facts and return them as they are now: dates decide when other versions end."""
        version = facts.version
        with self._database.transaction():
            before = self.facts(version.sha256)
            self._documents.update(facts.document)
            if (before.version.effective_from, before.said_end) != (version.effective_from, facts.said_end):
                said = (version.effective_from, facts.said_end)
                families.say_dates(self._database, version.sha256, said)
                self._begin(before.version, version.effective_from)
            indexing.count_change(self._database)
        return self.facts(version.sha256)

    def join(self, sha256: str, document_id: str, begins: date | None) -> Joined:
        """Make a version one of another policy, in force from `begins`; returns what `part` needs."""
        with self._database.transaction():
            version = self._documents.version(sha256)
            left = self._documents.document(version.document_id)
            self._documents.document(document_id)
            key = self._database.value("SELECT first_key FROM documents WHERE id = ?", [left.id])
            said = families.said_dates(self._database, sha256)
            if begins != version.effective_from:
                families.say_dates(self._database, sha256, (begins, said[1] if said else None))
            self._begin(replace(version, document_id=document_id), begins)
            families.close_earlier(self._database, left.id)
            families.drop_if_empty(self._database, left.id)
            self._answer(sha256, OfferAnswer.ACCEPTED)
            indexing.count_change(self._database)
        return Joined(sha256, left, str(key), said, version.effective_from)

    def part(self, joined: Joined) -> None:
        """Undo `join`: the version goes back to the policy it had, with the dates it had; offered again."""
        with self._database.transaction():
            version = self._documents.version(joined.sha256)
            families.put_document(self._database, joined.left, joined.first_key)
            families.say_dates(self._database, joined.sha256, joined.said)
            self._begin(replace(version, document_id=joined.left.id), joined.effective_from)
            families.close_earlier(self._database, version.document_id)
            self._answer(joined.sha256, OfferAnswer.OPEN)
            indexing.count_change(self._database)

    def _begin(self, version: DocumentVersion, begins: date | None) -> None:
        changed = replace(version, effective_from=begins)
        families.put_version(self._database, changed, active=True)
        families.close_earlier(self._database, version.document_id)

    # --- look-alikes

    def text(self, sha256: str) -> list[str]:
        """Return the text of a version, passage by passage in reading order."""
        rows = self._database.rows(
            "SELECT p.body FROM passages p JOIN versions v ON v.n = p.version_n"
            " WHERE v.sha256 = ? AND v.active = 1 ORDER BY p.n",
            [sha256],
        )
        return [row["body"] for row in rows]

    def sketches(self) -> dict[str, tuple[str, bytes]]:
        """Return (document id, sketch) of every version in the library, by sha256."""
        rows = self._database.rows(
            "SELECT v.sha256, v.document_id, s.sketch FROM versions v JOIN sketches s USING (sha256)"
            " WHERE v.active = 1"
        )
        return {row["sha256"]: (row["document_id"], row["sketch"]) for row in rows}

    def unsketched(self) -> str | None:
        """Return a version in the library of which there is no sketch yet."""
        found = self._database.value(
            "SELECT sha256 FROM versions v WHERE active = 1"
            " AND NOT EXISTS (SELECT 1 FROM sketches s WHERE s.sha256 = v.sha256) ORDER BY n"
        )
        return None if found is None else str(found)

    def put_sketch(self, sha256: str, sketch: bytes) -> None:
        """Keep the sketch of a version."""
        with self._database.transaction():
            put(self._database, SKETCHES, {"sha256": sha256, "sketch": sketch})

    def offer(self, sha256: str, other: str, likeness: float) -> None:
        """Keep the offer to make one file a version of the policy of another; an answered one stays so."""
        with self._database.transaction():
            if self._answer_of(sha256) in (None, OfferAnswer.OPEN):
                self._put_look_alike(sha256, other, likeness, OfferAnswer.OPEN)

    def answer(self, sha256: str, answer: OfferAnswer) -> None:
        """Keep what was answered to an offer."""
        with self._database.transaction():
            self._answer(sha256, answer)

    def look_alike(self, sha256: str) -> LookAlike:
        """Return the open offer for a file."""
        found = self._offers([sha256])
        if not found:
            raise NotFound("This offer is no longer open.")
        return found[0]

    def look_alikes(self) -> list[LookAlike]:
        """Return the open offers, newest file last; not those of removed files or within one policy."""
        rows = self._database.rows("SELECT sha256 FROM look_alikes WHERE answer = 'open' ORDER BY rowid")
        return self._offers(row["sha256"] for row in rows)

    def _offers(self, names: Iterable[str]) -> list[LookAlike]:
        found = []
        for sha256 in names:
            row = self._database.row(
                "SELECT * FROM look_alikes WHERE sha256 = ? AND answer = 'open'", [sha256]
            )
            offer = None if row is None else self._offer(row)
            if offer is not None:
                found.append(offer)
        return found

    def _offer(self, row: Row) -> LookAlike | None:
        try:
            version, other = self._documents.version(row["sha256"]), self._documents.version(row["other"])
        except NotFound:
            return None
        if version.document_id == other.document_id:
            return None
        return LookAlike(
            version,
            self._documents.document(version.document_id).title,
            self._documents.document(other.document_id),
            other,
            self._documents.newest_version(other.document_id),
            row["likeness"],
        )

    def _answer_of(self, sha256: str) -> str | None:
        found = self._database.value("SELECT answer FROM look_alikes WHERE sha256 = ?", [sha256])
        return None if found is None else str(found)

    def _answer(self, sha256: str, answer: OfferAnswer) -> None:
        row = self._database.row("SELECT * FROM look_alikes WHERE sha256 = ?", [sha256])
        if row is not None:
            self._put_look_alike(sha256, row["other"], row["likeness"], answer)

    def _put_look_alike(self, sha256: str, other: str, likeness: float, answer: OfferAnswer) -> None:
        values = {"sha256": sha256, "other": other, "likeness": likeness, "answer": answer}
        put(self._database, LOOK_ALIKES, values)
