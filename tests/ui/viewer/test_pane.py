import asyncio
from typing import Any

from PySide6.QtCore import QPoint
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QLabel, QPlainTextEdit, QPushButton, QWidget

from hrdesk.core.citations import Citation, CitationState
from hrdesk.core.documents import Rect
from hrdesk.core.errors import HrdeskError
from hrdesk.ui.viewer.pane import SEEN, SOURCE, ViewerPane
from hrdesk.ui.viewer.seen import NO_MODEL
from tests.ui.viewer.fakes import citation, remote, run, with_calls


def button(pane: ViewerPane, name: str) -> QPushButton:
    return next(each for each in pane.findChildren(QPushButton) if each.accessibleName() == name)


def has_button(pane: ViewerPane, name: str) -> bool:
    return any(each.accessibleName() == name for each in pane.findChildren(QPushButton))


def words(widget: QWidget) -> list[str]:
    return [label.text() for label in widget.findChildren(QLabel) if label.isVisible()]


def opened(qtbot: Any, pane: ViewerPane, given: Citation | None = None) -> None:
    pane.show_citation(given or citation())
    qtbot.waitUntil(lambda: pane.presenter.shown is not None)


def test_a_citation_opens_its_page_with_the_marked_lines(qtbot, pane, desk):
    opened(qtbot, pane)
    assert {"Leave policy", "Page 4 of 12", "Highlight 1 of 1"} <= set(words(pane))
    page, width, spans = desk.citations.asked[-1]
    assert page == 4 and width == round(pane.source.page.sheet().width()) and spans


def test_the_mark_is_painted_over_the_page_and_the_ink_stays(qtbot, pane):
    opened(qtbot, pane)
    view = pane.source.page
    image = view.viewport().grab().toImage().convertToFormat(QImage.Format.Format_RGB32)
    mark = Rect(0.12, 0.2, 0.85, 0.222)
    sheet = view.sheet()
    x = int(sheet.left() + 0.83 * sheet.width())
    y = int(sheet.top() + (mark.y0 + mark.y1) / 2 * sheet.height())
    assert image.pixelColor(QPoint(x, y)).name() == "#ffe48a"
    row = [image.pixelColor(at, y).lightness() for at in range(int(sheet.left() + 0.13 * sheet.width()), x)]
    assert min(row) < 100


def test_without_a_place_the_passage_is_shown_and_nothing_is_marked(qtbot, pane, desk):
    opened(qtbot, pane, citation(CitationState.NOT_LOCATED))
    assert "Full-time employees accrue" in pane.source.passage.words
    assert pane.presenter.highlights == () and desk.citations.asked[-1][2] == ()


def test_a_version_that_is_gone_leaves_its_passage(qtbot, pane, desk):
    desk.citations.gone = True
    pane.show_citation(citation())
    qtbot.waitUntil(lambda: pane.source.passage.isVisible())
    assert "no longer in the library" in " ".join(words(pane.source.passage))
    assert pane.source.trouble.isHidden()


def test_a_trouble_is_shown_inline_and_retry_brings_the_page(qtbot, pane, desk):
    desk.citations.trouble = HrdeskError("This page cannot be shown.", "The passage as text is still there.")
    pane.show_citation(citation())
    qtbot.waitUntil(lambda: pane.source.trouble.isVisible())
    assert "Full-time employees accrue" in pane.source.passage.words
    desk.citations.trouble = None
    button(pane, "Retry").click()
    qtbot.waitUntil(lambda: pane.presenter.shown is not None)
    assert pane.source.trouble.isHidden() and pane.source.passage.isHidden() and pane.source.page.isVisible()


def test_marks_are_visited_one_by_one_across_pages(qtbot, pane, desk):
    desk.citations.lines += ((6, Rect(0.1, 0.4, 0.5, 0.42)),)
    opened(qtbot, pane)
    button(pane, "Next highlight").click()
    qtbot.waitUntil(lambda: pane.presenter.shown is not None)
    assert pane.presenter.page == 6 and "Highlight 2 of 2" in words(pane)
    assert not button(pane, "Next highlight").isEnabled()
    button(pane, "Previous highlight").click()
    qtbot.waitUntil(lambda: pane.presenter.shown is not None)
    assert pane.presenter.page == 4


def test_turning_back_shows_the_kept_page_without_rendering_it_again(qtbot, pane, desk):
    opened(qtbot, pane)
    button(pane, "Next page").click()
    qtbot.waitUntil(lambda: pane.presenter.shown is not None)
    rendered = len(desk.citations.asked)
    button(pane, "Previous page").click()
    qtbot.waitUntil(lambda: pane.presenter.shown is not None)
    assert pane.presenter.page == 4 and len(desk.citations.asked) == rendered


def test_a_late_page_of_another_citation_is_not_shown(qtbot, qloop, pane, desk):
    desk.citations.gate = asyncio.Event()
    pane.show_citation(citation())
    qtbot.waitUntil(lambda: bool(desk.citations.asked))
    slow, desk.citations.gate = desk.citations.gate, None
    desk.citations.lines = ()
    opened(qtbot, pane, citation(page=9))
    slow.set()
    qtbot.waitUntil(lambda: not pane._tasks.names)
    assert pane.presenter.shown.page.page == 9


def test_a_column_that_gets_its_width_while_opening_still_learns_the_version(qtbot, pane, desk):
    pane.show_citation(citation())
    pane.resize(600, 800)
    pane.presenter._ask_for_page()  # as the pause after resizing would
    qtbot.waitUntil(lambda: pane.presenter.shown is not None)
    assert "Version of 1 January 2026, in force" in words(pane) and "Highlight 1 of 1" in words(pane)


def test_zoom_renders_again_in_the_new_width(qtbot, pane, desk):
    opened(qtbot, pane)
    before = desk.citations.asked[-1][1]
    button(pane, "Larger").click()
    qtbot.waitUntil(lambda: desk.citations.asked[-1][1] > before)
    assert "125 %" in words(pane)


def test_the_text_of_the_page_carries_the_same_mark(qtbot, pane):
    opened(qtbot, pane)
    button(pane, "Show the page as text").click()
    (mark,) = pane.source.text.extraSelections()
    assert mark.cursor.selectedText().replace("\u2029", " ") == (
        "Full-time employees accrue ten (10) days of paid sick leave."
    )


def test_what_the_model_saw_lists_every_lookup_and_opens_passages(qtbot, pane):
    pane.show_seen("run_1")
    qtbot.waitUntil(lambda: NO_MODEL in words(pane.seen))
    assert pane.tabs.currentIndex() == SEEN
    rows = [b for b in pane.seen.findChildren(QPushButton) if b.accessibleName().startswith("Passage ")]
    assert rows[0].accessibleName().endswith("sent")
    assert len(rows) == 16
    rows[1].click()
    assert any("Sick leave protects" in text for text in words(pane.seen))
    next(b for b in pane.seen.findChildren(QPushButton) if b.text() == "Show the other 12").click()
    rows = [b for b in pane.seen.findChildren(QPushButton) if b.accessibleName().startswith("Passage ")]
    assert len(rows) == 28


def test_the_exact_prompt_is_shown_where_a_model_was_asked(qtbot, pane, desk):
    desk.chat.runs["run_1"] = run(prompt="System: <b>cite</b> [p1]")
    pane.show_seen("run_1")
    qtbot.waitUntil(lambda: has_button(pane, "Show the exact prompt"))
    button(pane, "Show the exact prompt").click()
    (prompt,) = [text for text in pane.seen.findChildren(QPlainTextEdit) if text.isVisible()]
    assert prompt.toPlainText() == "System: <b>cite</b> [p1]"


def test_every_tool_call_is_listed_with_what_became_of_it(qtbot, pane, desk):
    desk.chat.runs["run_1"] = with_calls(run())
    pane.show_seen("run_1")
    qtbot.waitUntil(lambda: "3 tool calls, 1 refused" in words(pane.seen))
    assert {"answered", "refused", "no output"} <= set(words(pane.seen))
    button(pane, "Tool call rm‹U+202E›: refused").click()
    assert "There is no tool named rm." in words(pane.seen)
    shown = [text.toPlainText() for text in pane.seen.findChildren(QPlainTextEdit) if text.isVisible()]
    assert shown == ['{"path": "/"}', '{"error": "There is no tool named rm."}']


def test_the_receipt_says_where_by_whom_and_for_how_much(qtbot, pane, desk):
    desk.chat.runs["run_1"] = remote(run())
    pane.show_seen("run_1")
    qtbot.waitUntil(lambda: "eu.api.openai.com" in words(pane.seen))
    assert {"Was asked not to store anything", "Europe", "Version 3", "0.02 USD"} <= set(words(pane.seen))


def test_a_run_that_is_gone_says_so(qtbot, pane):
    pane.show_seen("run_9")
    qtbot.waitUntil(lambda: "This run is gone." in words(pane.seen))


def test_clear_leaves_nothing_of_the_last_thread(qtbot, pane):
    opened(qtbot, pane)
    pane.clear()
    assert pane.presenter.citation is None and not pane.source.isVisible()


def test_the_controls_have_the_names_that_screen_readers_rely_on(qtbot, pane):
    opened(qtbot, pane)
    assert pane.source.accessibleName() == "Document" and pane.source.page.accessibleName() == "Page"
    assert pane.seen.accessibleName() == "What the model saw" and pane.tabs.currentIndex() == SOURCE
    assert "Page 4 of 12 of Leave policy" in pane.source.page.accessibleDescription()


def test_an_approximate_place_is_said_in_words_with_the_quote_to_compare(qtbot, pane):
    opened(qtbot, pane, citation(CitationState.SUPPORTED, is_approximate=True))
    assert "not quite those of the quote" in " ".join(words(pane.source.passage))
    assert pane.source.passage.words == citation().quote
    assert pane.presenter.highlights, "the place that fits best is marked all the same"
    opened(qtbot, pane, citation())
    assert pane.source.passage.isHidden()


def test_a_cited_table_shows_its_picture_beside_the_text(qtbot, pane, desk):
    desk.citations.tables = ((4, Rect(0.1, 0.15, 0.9, 0.4)),)
    opened(qtbot, pane)
    qtbot.waitUntil(lambda: not pane.source.table.isHidden())
    button(pane, "Show the page as text").click()
    assert pane.source.table.isVisible() and pane.source.text.isVisible()
    assert pane.source.table.accessibleName() == "Picture of the table"
    assert pane.source.table.accessibleDescription() == "The table as it is printed on page 4."
    picture = pane.source.table.widget().grab().toImage()
    # As wide as the column allows, in the shape of its part of the page, with the marks over it.
    assert abs(picture.height() / picture.width() - 0.25 * 1.414 / 0.8) < 0.02
    colours = {picture.pixelColor(x, int(0.22 * picture.height())).name() for x in range(picture.width())}
    assert "#ffe48a" in colours
    button(pane, "Next page").click()
    qtbot.waitUntil(lambda: pane.presenter.shown is not None)
    assert pane.source.table.isHidden(), "no table is cited there"
