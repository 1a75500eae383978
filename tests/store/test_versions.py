"""Versions as people handle them: dates that are said, families that are joined and parted, offers."""

from dataclasses import replace
from datetime import date

import pytest

from hrdesk.core.documents import Filters
from hrdesk.core.errors import NotFound
from hrdesk.core.versions import OfferAnswer
from hrdesk.store.checks import check_rows
from hrdesk.store.database import Database
from hrdesk.store.documents import DocumentStore
from hrdesk.store.versions import VersionStore
from tests.store.samples import publish

JANUARY = date(2026, 1, 1)
JULY = date(2026, 7, 1)


@pytest.fixture
def versions(database: Database, documents: DocumentStore) -> VersionStore:
    return VersionStore(database, documents)


def test_what_is_said_about_a_policy_is_kept(documents: DocumentStore, versions: VersionStore):
    publish(documents, "travel.pdf", title="Travel")
    facts = versions.facts("sha-travel.pdf")
    document = replace(
        facts.document, title="Business travel", category="travel", jurisdiction="Germany", owner="Ana"
    )
    version = replace(facts.version, effective_from=JANUARY)
    saved = versions.save(replace(facts, document=replace(document, review_by=JULY), version=version))
    assert versions.facts("sha-travel.pdf") == saved
    assert (saved.document.title, saved.document.owner, saved.document.review_by) == (
        "Business travel",
        "Ana",
        JULY,
    )
    assert saved.version.effective_from == JANUARY
    assert "travel" in documents.categories()
    assert documents.files()[0].title == "Business travel"


def test_dates_that_are_said_decide_what_is_found_on_a_day(documents: DocumentStore, versions: VersionStore):
    publish(documents, "travel.pdf")
    publish(documents, "leave.pdf")
    facts = versions.facts("sha-travel.pdf")
    said = replace(facts, version=replace(facts.version, effective_from=JANUARY), said_end=JULY)
    assert versions.save(said).version.effective_to == JULY
    for day, count in ((date(2025, 12, 31), 1), (JANUARY, 2), (JULY, 1)):
        allowed = documents.eligible_versions(Filters(as_of=day))
        assert (2 if allowed is None else len(allowed)) == count
    versions.save(facts)
    assert documents.version("sha-travel.pdf") == facts.version


def test_a_version_ends_when_the_next_begins_unless_an_earlier_end_was_said(
    documents: DocumentStore, versions: VersionStore
):
    old = publish(documents, "old.pdf", day=date(2025, 1, 1))
    publish(documents, "new.pdf", day=JULY, family=old.document_id)
    facts = versions.facts("sha-old.pdf")
    assert (facts.version.effective_to, facts.said_end, facts.versions) == (JULY, None, 2)
    assert versions.save(replace(facts, said_end=JANUARY)).version.effective_to == JANUARY
    assert versions.save(replace(facts, said_end=date(2027, 1, 1))).version.effective_to == JULY
    newer = versions.facts("sha-new.pdf")
    versions.save(replace(newer, version=replace(newer.version, effective_from=date(2026, 8, 1))))
    assert documents.version("sha-old.pdf").effective_to == date(2026, 8, 1)


def test_dates_that_were_said_outlive_reading_the_file_again(
    documents: DocumentStore, versions: VersionStore
):
    publish(documents, "travel.pdf", day=date(2020, 1, 1))
    facts = versions.facts("sha-travel.pdf")
    versions.save(replace(facts, version=replace(facts.version, effective_from=JANUARY)))
    publish(documents, "travel.pdf", day=date(2020, 1, 1))
    assert documents.version("sha-travel.pdf").effective_from == JANUARY


def test_joining_makes_a_version_and_parting_brings_back_what_was(
    database: Database, documents: DocumentStore, versions: VersionStore
):
    old = publish(documents, "travel.pdf", title="Travel", day=date(2025, 1, 1))
    publish(documents, "trips.pdf", title="Trips", category="travel")
    before = documents.files(), versions.facts("sha-trips.pdf"), versions.facts("sha-travel.pdf")
    joined = versions.join("sha-trips.pdf", str(old.document_id), JULY)
    assert [one.file for one in documents.versions(str(old.document_id))] == ["travel.pdf", "trips.pdf"]
    assert documents.version("sha-travel.pdf").effective_to == JULY
    with pytest.raises(NotFound):
        documents.document(joined.left.id)
    versions.part(joined)
    after = documents.files(), versions.facts("sha-trips.pdf"), versions.facts("sha-travel.pdf")
    assert after == before
    found = documents.find_family("Trips")
    assert found is not None and found.id == joined.left.id
    assert check_rows(database) == []


def test_a_version_that_leaves_others_behind_lets_them_go_on(
    documents: DocumentStore, versions: VersionStore
):
    first = publish(documents, "a.pdf", day=date(2024, 1, 1))
    publish(documents, "b.pdf", day=date(2025, 1, 1), family=first.document_id)
    other = publish(documents, "c.pdf", day=date(2023, 1, 1))
    joined = versions.join("sha-b.pdf", str(other.document_id), date(2025, 1, 1))
    assert documents.version("sha-a.pdf").effective_to is None
    assert documents.version("sha-c.pdf").effective_to == date(2025, 1, 1)
    versions.part(joined)
    assert documents.version("sha-a.pdf").effective_to == date(2025, 1, 1)
    assert documents.version("sha-c.pdf").effective_to is None


def test_an_offer_is_open_until_it_is_answered(documents: DocumentStore, versions: VersionStore):
    old = publish(documents, "travel.pdf", title="Travel", day=date(2025, 1, 1))
    new = publish(documents, "trips.pdf", title="Trips", day=JANUARY)
    versions.offer("sha-trips.pdf", "sha-travel.pdf", 0.7)
    [offer] = versions.look_alikes()
    assert (offer.title, offer.policy.title, offer.likeness) == ("Trips", "Travel", 0.7)
    assert offer.newest.sha256 == "sha-travel.pdf" and not offer.is_earlier and not offer.is_same_text
    documents.remove_file(new.id)
    assert versions.look_alikes() == []
    documents.restore_file(new.id)
    joined = versions.join("sha-trips.pdf", str(old.document_id), JANUARY)
    assert versions.look_alikes() == []
    versions.part(joined)
    assert versions.look_alikes() == [offer]
    versions.answer("sha-trips.pdf", OfferAnswer.APART)
    versions.offer("sha-trips.pdf", "sha-travel.pdf", 0.8)
    assert versions.look_alikes() == []
    with pytest.raises(NotFound):
        versions.look_alike("sha-trips.pdf")


def test_sketches_are_kept_for_versions_in_the_library(documents: DocumentStore, versions: VersionStore):
    file = publish(documents, "travel.pdf", ["Ten days.", "Nine nights."])
    assert versions.unsketched() == "sha-travel.pdf"
    assert versions.text("sha-travel.pdf") == ["Ten days.", "Nine nights."]
    versions.put_sketch("sha-travel.pdf", b"12345678")
    assert versions.unsketched() is None
    assert versions.sketches() == {"sha-travel.pdf": (file.document_id, b"12345678")}
    documents.remove_file(file.id)
    assert versions.sketches() == {}


def test_purging_a_file_leaves_nothing_of_its_version(
    database: Database, documents: DocumentStore, versions: VersionStore
):
    file = publish(documents, "travel.pdf")
    versions.put_sketch("sha-travel.pdf", b"12345678")
    versions.save(replace(versions.facts("sha-travel.pdf"), said_end=JULY))
    versions.offer("sha-travel.pdf", "sha-other.pdf", 0.5)
    documents.purge(file.id)
    for table in ("sketches", "said_dates", "look_alikes"):
        assert database.value(f"SELECT count(*) FROM {table}") == 0
