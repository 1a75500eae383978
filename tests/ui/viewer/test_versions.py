"""The tab Versions: two versions are chosen, and every change opens its page."""

import asyncio
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QComboBox, QPushButton

from hrdesk.core.citations import CitationState
from hrdesk.core.documents import Span
from hrdesk.core.errors import HrdeskError
from hrdesk.ui.viewer.pane import SOURCE, VERSIONS, ViewerPane
from hrdesk.ui.viewer.passage import TroubleCard
from hrdesk.ui.viewer.versions import AT_ONCE, NOTHING_YET, ONLY_ONE
from hrdesk.ui.viewer.versions_cards import ChangeCard, MarkedText, shown
from tests.ui.viewer.fakes import CHANGES, NEW_TEXT, OLD_TEXT, citation

OLDEST, OLD, NEW = "c" * 64, "b" * 64, "a" * 64


def settle(qtbot: Any, pane: ViewerPane) -> None:
    qtbot.waitUntil(lambda: not pane._tasks.names)


def compared(qtbot: Any, pane: ViewerPane, newer: str = NEW, older: str = "") -> None:
    pane.show_versions(newer, older)
    settle(qtbot, pane)


def cards(pane: ViewerPane) -> list[ChangeCard]:
    return [card for card in pane.versions.findChildren(ChangeCard) if not card.isHidden()]


def press(qtbot: Any, pane: ViewerPane, name: str) -> None:
    button = next(b for b in pane.versions.findChildren(QPushButton) if b.accessibleName() == name)
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
    settle(qtbot, pane)


def test_a_version_is_compared_with_the_one_before(qtbot, pane, desk):
    compared(qtbot, pane)
    assert desk.comparing.asked == [(OLD, NEW)]
    assert pane.tabs.currentIndex() == VERSIONS and pane.versions.isVisible()
    fields = {field.accessibleName(): field for field in pane.versions.findChildren(QComboBox)}
    assert fields["Older version"].currentText() == "Version of 1 January 2025, replaced 1 January 2026"
    assert fields["Newer version"].currentText() == "Version of 1 January 2026, in force"
    assert pane.versions.summary.text() == "1 added · 1 removed · 1 changed · 140 sentences the same"
    assert [card.accessibleName() for card in cards(pane)] == [
        "Change 1: changed",
        "Change 2: added",
        "Change 3: removed",
    ]


def test_the_first_version_is_compared_with_the_next(qtbot, pane, desk):
    compared(qtbot, pane, OLDEST)
    assert desk.comparing.asked == [(OLDEST, OLD)]


def test_other_versions_are_chosen(qtbot, pane, desk):
    compared(qtbot, pane)
    field = pane.versions.older
    field.setCurrentIndex(2)
    field.activated.emit(2)
    settle(qtbot, pane)
    assert desk.comparing.asked[-1] == (OLDEST, NEW)
    field.setCurrentIndex(0)
    field.activated.emit(0)
    settle(qtbot, pane)
    assert len(desk.comparing.asked) == 2
    assert pane.versions.summary.text() == "Choose two different versions." and cards(pane) == []


def test_a_version_of_another_policy_can_be_compared(qtbot, pane, desk):
    compared(qtbot, pane, NEW, "f" * 64)
    assert desk.comparing.asked == [("f" * 64, NEW)]
    assert pane.versions.older.count() == 4


def test_every_change_opens_its_page_marked(qtbot, pane, desk):
    compared(qtbot, pane)
    press(qtbot, pane, "Open older version, page 3")
    assert pane.tabs.currentIndex() == SOURCE
    opened = pane.presenter.citation
    assert (opened.version, opened.quote, opened.state) == (OLD, OLD_TEXT, CitationState.CHANGED)
    assert opened.spans == (Span(3, 0, 40),)
    pane.tabs.setCurrentIndex(VERSIONS)
    assert len(desk.comparing.asked) == 1 and len(cards(pane)) == 3
    press(qtbot, pane, "Open newer version, page 4")
    assert (pane.presenter.citation.version, pane.presenter.citation.quote) == (NEW, NEW_TEXT)


def test_the_tab_follows_the_source_that_is_open(qtbot, pane, desk):
    pane.show_citation(citation())
    settle(qtbot, pane)
    pane.tabs.setCurrentIndex(VERSIONS)
    settle(qtbot, pane)
    assert desk.comparing.asked == [(OLD, NEW)]


def test_without_a_source_the_tab_says_what_to_do(qtbot, pane):
    pane.tabs.setCurrentIndex(VERSIONS)
    assert pane.versions.summary.text() == NOTHING_YET
    compared(qtbot, pane)
    pane.clear()
    assert pane.versions.summary.text() == NOTHING_YET and cards(pane) == []


def test_a_single_version_has_nothing_to_be_compared_with(qtbot, pane, desk):
    desk.comparing.versions = desk.comparing.versions[2:]
    compared(qtbot, pane)
    assert pane.versions.summary.text().endswith(ONLY_ONE) and not pane.versions.older.isVisible()


def test_the_same_text_is_said_to_be_the_same(qtbot, pane, desk):
    desk.comparing.changes = ()
    compared(qtbot, pane)
    assert pane.versions.summary.text() == "No differences in the text: 140 sentences the same."


def test_many_changes_are_shown_in_parts(qtbot, pane, desk):
    desk.comparing.changes = CHANGES * 20
    compared(qtbot, pane)
    assert len(cards(pane)) == AT_ONCE
    assert pane.versions._more.text() == "Show 20 more of 20"
    pane.versions._more.click()  # it lies below what is in sight
    qtbot.waitUntil(lambda: len(cards(pane)) == 60)
    assert not pane.versions._more.isVisible()


def test_a_trouble_can_be_tried_again(qtbot, pane, desk):
    desk.comparing.trouble = HrdeskError("This version is no longer in the library.")
    compared(qtbot, pane)
    [card] = pane.versions.findChildren(TroubleCard)
    assert card.isVisible()
    desk.comparing.trouble = None
    card.retry_clicked.emit()
    settle(qtbot, pane)
    assert len(cards(pane)) == 3 and not pane.versions.findChildren(TroubleCard)


def test_marked_words_are_painted_and_the_text_takes_the_lines_it_needs(qtbot, themed):
    text = MarkedText("Older version", OLD_TEXT, ((27, 36),), old=True)
    qtbot.addWidget(text)
    assert text.accessibleName() == f"Older version: {OLD_TEXT}"
    assert text.heightForWidth(150) > text.heightForWidth(900) > 0
    text.resize(300, text.heightForWidth(300))
    plain = MarkedText("Older version", OLD_TEXT, (), old=True)
    qtbot.addWidget(plain)
    plain.resize(text.size())
    assert text.grab().toImage() != plain.grab().toImage()


@pytest.mark.parametrize(
    ("text", "marks", "shown_text", "places"),
    [
        ("ten days", ((0, 3),), "ten days", [(0, 3)]),
        ("a\u202eb ten", ((4, 7),), "a‹U+202E›b ten", [(11, 14)]),
        ("😀 ten", ((2, 5),), "😀 ten", [(3, 6)]),
    ],
)
def test_marks_stay_on_their_words(text, marks, shown_text, places):
    assert shown(text, marks) == (shown_text, places)


def test_an_old_answer_does_not_replace_a_newer_one(qtbot, pane, desk):
    gate = asyncio.Event()
    honest = desk.comparing.compare

    async def slow(old: str, new: str) -> Any:
        if new == OLD:
            await gate.wait()
        return await honest(old, new)

    desk.comparing.compare = slow
    pane.show_versions(OLD)
    pane.show_versions(NEW)
    qtbot.waitUntil(lambda: len(cards(pane)) == 3)
    gate.set()
    settle(qtbot, pane)
    assert pane.versions._comparison.new.sha256 == NEW
