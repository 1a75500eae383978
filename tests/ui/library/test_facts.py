"""What people say about policies on the library page, and the offers to join versions."""

from dataclasses import replace
from datetime import date

import pytest
from PySide6.QtWidgets import QComboBox, QLineEdit, QPushButton

from hrdesk.core.errors import HrdeskError
from hrdesk.ui.library.offers import asked, details
from tests.ui.fakes import FakeLibrary, make_facts, make_file, make_offer
from tests.ui.library.bed import Testbed


@pytest.fixture
def bed(qloop, qtbot) -> Testbed:
    names = ("Leave", "Travel")
    files = [
        make_file(f"{name}.pdf", title=name, document_id=f"document_{name}", sha256=f"sha-{name}")
        for name in names
    ]
    library = FakeLibrary(files)
    library.versions.known = {f"sha-{name}": make_facts(name, date(2026, 1, 1)) for name in names}
    return Testbed(qtbot, library)


def known(bed: Testbed, name: str = "Travel"):
    return bed.library.versions.known[f"sha-{name}"]


def test_every_field_has_a_name_for_screen_readers(bed):
    bed.select("Travel")
    for name in ("Title", "Applies in", "Owner", "In force from", "In force until", "Review by"):
        assert bed.named(QLineEdit, name).isEnabled()
    assert bed.named(QComboBox, "Category").isEnabled()


def test_what_is_entered_is_saved_at_once_and_can_be_undone(bed):
    bed.select("Travel")
    for name, text in (("Title", "Trips"), ("Applies in", "Germany"), ("Owner", "Ana Ruiz")):
        bed.enter(name, text)
    bed.enter("Review by", "1 March 2027")
    document = known(bed).document
    assert (document.title, document.jurisdiction, document.owner) == ("Trips", "Germany", "Ana Ruiz")
    assert document.review_by == date(2027, 3, 1)
    assert bed.notice.text == "“Trips”: review by saved."
    bed.undo()
    assert known(bed).document.review_by is None
    assert bed.named(QLineEdit, "Review by").text() == ""


def test_the_last_day_is_entered_and_the_day_after_it_is_kept(bed):
    bed.select("Travel")
    bed.enter("In force until", "31.12.2026")
    assert known(bed).said_end == date(2027, 1, 1)
    assert bed.named(QLineEdit, "In force until").text() == "31 Dec 2026"
    bed.enter("In force from", "2026-02-01")
    assert known(bed).version.effective_from == date(2026, 2, 1)


def test_what_is_no_day_stays_to_be_mended(bed):
    bed.select("Travel")
    bed.enter("In force from", "3/4/2026")
    assert known(bed).version.effective_from == date(2026, 1, 1)
    assert bed.named(QLineEdit, "In force from").text() == "3/4/2026"
    assert bed.pane.details.facts._how.isVisible()
    bed.select("Leave")
    assert not bed.pane.details.facts._how.isVisible()


def test_a_refused_change_is_told_and_taken_back_on_the_screen(bed):
    bed.select("Travel")
    bed.library.versions.troubles["save"] = HrdeskError("A policy needs a title.")
    bed.enter("Title", "")
    assert bed.notice.text == "A policy needs a title."
    assert bed.named(QLineEdit, "Title").text() == "Travel"


def test_several_files_share_the_category_only(bed):
    bed.select("Leave", "Travel")
    assert not bed.pane.details.facts.isVisible()
    assert bed.named(QComboBox, "Category").isVisible()


def test_versions_are_compared_where_there_are_several(bed, qtbot):
    bed.select("Travel")
    assert not bed.pane.details.compare.isVisible()
    bed.library.versions.known["sha-Travel"] = replace(make_facts("Travel"), versions=2)
    bed.select("Travel")
    with qtbot.waitSignal(bed.pane.compare_clicked) as asked_for:
        bed.press("Compare versions")
    assert asked_for.args == ["", "sha-Travel"]


def test_an_offer_is_shown_accepted_and_undone(bed, qtbot):
    assert not bed.pane.offers.isVisible()
    bed.library.versions.open = [make_offer("Roads", "Leave"), make_offer("Trips", "Travel")]
    bed.pane.presenter.facts.look()
    bed.settle()
    question = "“Trips” looks like “Travel”: replaces the version of 1 January 2026?"
    assert bed.pane.offers.question.text() == question
    with qtbot.waitSignal(bed.pane.compare_clicked) as asked_for:
        bed.press("Compare the two texts")
    assert asked_for.args == ["sha-Travel", "sha-Trips"]
    bed.press("New version")
    assert ("accept", "Trips") in bed.library.versions.calls
    assert "“Roads”" in bed.pane.offers.question.text()
    bed.undo()
    assert bed.pane.offers.question.text() == question


def test_an_offer_is_declined_and_undone(bed):
    bed.library.versions.open = [make_offer("Trips", "Travel")]
    bed.pane.presenter.facts.look()
    bed.settle()
    bed.press("Keep apart")
    assert not bed.pane.offers.isVisible()
    bed.undo()
    assert bed.pane.offers.isVisible()
    assert bed.named(QPushButton, "Keep apart").isEnabled()


def test_an_offer_goes_with_its_file(bed):
    bed.library.versions.open = [make_offer("Trips", "Travel")]
    bed.pane.presenter.facts.look()
    bed.settle()
    bed.library.versions.open = []  # as the store says once the file is removed
    bed.select("Travel")
    bed.press("Remove")
    assert not bed.pane.offers.isVisible()


def test_a_new_offer_is_told_where_the_page_is_not_in_sight(bed, qtbot):
    bed.pane.hide()
    bed.library.versions.open = [make_offer("Trips", "Travel")]
    bed.pane.presenter.facts.look()
    bed.settle()
    assert bed.notice.text.startswith("“Trips” looks like “Travel”")
    assert bed.notice.action is not None
    with qtbot.waitSignal(bed.pane.wanted):
        bed.notice.action.run()
    count = len(bed.shown)
    bed.pane.presenter.facts.look()
    bed.settle()
    assert len(bed.shown) == count


def test_the_question_fits_what_is_known():
    earlier = make_offer("Trips", "Travel", begins=date(2024, 5, 1))
    assert asked(earlier) == ("“Trips” looks like “Travel”: an earlier version of it?", "Earlier version")
    assert details(earlier, 2) == "Trips.pdf · 70 % alike · in force from 1 May 2024 · 2 more to decide"
    same = make_offer("Trips", "Travel", 1.0)
    assert asked(same)[1] == "Same policy" and "date" not in details(same, 0)
    assert "in force from today" in details(make_offer("Trips", "Travel"), 0)
