import asyncio
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent, QGuiApplication
from PySide6.QtWidgets import QApplication, QPushButton

from hrdesk.core.citations import Citation
from hrdesk.core.connections import Connection, ConnectionKind
from hrdesk.core.documents import Outcome
from hrdesk.core.errors import HrdeskError
from hrdesk.core.threads import MessageStatus, Thread
from hrdesk.ui.chat.limits import Limits
from hrdesk.ui.chat.pane import ChatPane
from hrdesk.ui.notices import Notice, Notices
from hrdesk.ui.tasks import Tasks
from tests.ui.chat.fakes import FakeDesk, Script, answer, citation, conversation, question, run, thread


class Testbed:
    """A conversation over fake services, with the verbs of a user."""

    __test__ = False

    def __init__(self, qtbot, desk: FakeDesk) -> None:
        self.qtbot, self.desk = qtbot, desk
        self.troubles: list[BaseException] = []
        self.said: list[Notice] = []
        self.tasks = Tasks(self.troubles.append)
        notices = Notices()
        notices.notified.connect(self.said.append)
        self.pane = ChatPane(self.tasks, notices)
        self.pane.resize(700, 800)
        qtbot.addWidget(self.pane)
        with qtbot.waitExposed(self.pane):
            self.pane.show()

    def attach(self) -> None:
        self.pane.attach(self.desk)
        self.rest()

    def rest(self) -> None:
        self.qtbot.waitUntil(lambda: not self.tasks.names)

    def open(self, thread_id: str | None) -> None:
        self.pane.show_thread(thread_id)
        self.qtbot.waitUntil(lambda: not {"load thread", "load draft", "save draft"} & set(self.tasks.names))

    def type(self, text: str) -> None:
        self.qtbot.keyClicks(self.pane.composer.field, text)

    def send(self) -> Script:
        before = len(self.desk.chat.scripts)
        self.qtbot.keyClick(self.pane.composer.field, Qt.Key.Key_Return)
        self.qtbot.waitUntil(lambda: len(self.desk.chat.scripts) > before and self.is_running())
        return self.desk.chat.scripts[-1]

    def is_running(self) -> bool:
        flight = self.pane.presenter.flight
        return flight is not None and bool(flight.run_id)

    @property
    def texts(self) -> list[str]:
        return [message.text for message in self.pane.presenter.model.messages]

    def wait_for(self, text: str) -> None:
        self.qtbot.waitUntil(lambda: text in self.texts)


@pytest.fixture
def desk():
    desk = FakeDesk()
    desk.chat.fill("thread_1", conversation(2))
    return desk


@pytest.fixture
def bed(qtbot, qloop, desk):
    bed = Testbed(qtbot, desk)
    bed.attach()
    yield bed
    for script in desk.chat.scripts:
        script.end()
    bed.pane.close()
    bed.rest()


def test_nothing_can_be_sent_before_the_library_is_open_and_what_was_typed_stays(qtbot, qloop, desk):
    bed = Testbed(qtbot, desk)
    bed.type("typed early")
    assert not bed.pane.composer.send_button.isEnabled()
    bed.attach()
    assert bed.pane.composer.text == "typed early" and bed.pane.composer.send_button.isEnabled()


def test_a_question_runs_from_enter_to_its_answer(bed):
    bed.type("How many sick days?")
    script = bed.send()
    assert bed.pane.composer.text == "" and bed.texts == ["How many sick days?", ""]
    script.say("Looking up: sick leave (leave)", polls=3)
    bed.qtbot.waitUntil(lambda: bed.pane.status.words == "Looking up: sick leave (leave)")
    assert bed.pane.status.isVisible() and "poll 3" in bed.pane.status._figures.text()
    script.write("Ten ")
    script.write("days.")
    bed.wait_for("Ten days.")
    script.complete("Ten days. [1]")
    bed.wait_for("Ten days. [1]")
    bed.rest()
    assert bed.pane.status.isHidden() and bed.pane.header.title == "How many sick days?"


def test_a_new_thread_is_reported_at_its_start_and_at_its_end(bed):
    seen: list[Thread] = []
    bed.pane.thread_changed.connect(seen.append)
    bed.type("Hotel limit?")
    script = bed.send()
    assert [each.id for each in seen] == [
        script.thread.id
    ] and bed.pane.presenter.thread_id == script.thread.id
    script.complete()
    bed.rest()
    assert len(seen) == 2


def test_a_failed_start_keeps_the_typed_text(bed, desk):
    desk.chat.refusal = HrdeskError("An answer is still being written in this thread.")
    bed.type("Will not start")
    bed.qtbot.keyClick(bed.pane.composer.field, Qt.Key.Key_Return)
    bed.qtbot.waitUntil(lambda: bool(bed.troubles))
    assert bed.pane.composer.text == "Will not start" and bed.pane.composer.send_button.isEnabled()
    assert bed.pane.status.isHidden() and bed.texts == []


def test_while_a_run_is_in_flight_send_says_why_it_waits(bed):
    bed.type("First")
    script = bed.send()
    bed.type("Second")
    assert not bed.pane.composer.send_button.isEnabled()
    bed.qtbot.keyClick(bed.pane.composer.field, Qt.Key.Key_Return)
    script.complete()
    bed.rest()
    assert bed.pane.composer.send_button.isEnabled() and bed.pane.composer.text == "Second"
    assert [asked[0] for asked in bed.desk.chat.asked] == ["First"]


def test_stop_acts_at_once_and_keeps_what_was_said(bed):
    bed.type("Stop me")
    script = bed.send()
    script.write("Employees may")
    bed.wait_for("Employees may")
    bed.pane.status.stop_button.click()
    assert bed.pane.status.words == "Stopping" and not bed.pane.status.stop_button.isEnabled()
    bed.qtbot.waitUntil(lambda: bed.desk.chat.stopped == [script.run_id])
    script.complete("Employees may", status=MessageStatus.INCOMPLETE, note="You stopped this answer.")
    bed.rest()
    assert bed.pane.presenter.model.message(1).note == "You stopped this answer."


def test_a_run_that_breaks_off_leaves_its_text_marked(bed):
    bed.type("Break")
    script = bed.send()
    script.write("Half an ans")
    bed.wait_for("Half an ans")
    script.end()
    bed.rest()
    last = bed.pane.presenter.model.message(1)
    assert last.text == "Half an ans" and last.status is MessageStatus.INCOMPLETE
    assert bed.pane.status.isHidden()


def test_an_answer_that_ends_in_another_thread_is_there_on_return(bed):
    bed.type("Slow question")
    script = bed.send()
    script.write("So far")
    bed.open("thread_1")
    assert bed.pane.status.isHidden() and "Slow question" not in bed.texts
    bed.open(script.thread.id)
    bed.wait_for("So far")
    assert bed.pane.status.isVisible()
    bed.open("thread_1")
    script.complete("All of it. [1]")
    bed.rest()
    assert bed.texts == [message.text for message in conversation(2)]
    bed.open(script.thread.id)
    assert bed.texts == ["Slow question", "All of it. [1]"]


def test_leaving_a_new_thread_before_it_begins_does_not_pull_the_user_back(bed):
    bed.type("Quick")
    bed.qtbot.keyClick(bed.pane.composer.field, Qt.Key.Key_Return)
    bed.pane.show_thread("thread_1")
    bed.qtbot.waitUntil(lambda: bool(bed.desk.chat.scripts))
    bed.desk.chat.scripts[-1].complete()
    bed.rest()
    assert bed.pane.presenter.thread_id == "thread_1" and "Quick" not in bed.texts


def test_the_thread_clicked_last_is_shown_even_if_it_is_loaded_first(bed, desk):
    desk.chat.fill("thread_2", [question(7, "Second thread")])
    desk.chat.gate = asyncio.Event()
    bed.pane.show_thread("thread_1")
    bed.pane.show_thread("thread_2")
    desk.chat.gate.set()
    bed.rest()
    assert bed.texts == ["Second thread"]


def test_drafts_come_back_with_their_thread(bed, desk):
    bed.open("thread_1")
    bed.type("half a question")
    bed.open(None)
    assert desk.chat.drafts["thread_1"] == "half a question" and bed.pane.composer.text == ""
    bed.open("thread_1")
    assert bed.pane.composer.text == "half a question"


def test_a_draft_is_saved_when_typing_pauses(bed, desk):
    bed.type("pause")
    bed.qtbot.waitUntil(lambda: desk.chat.drafts.get(None) == "pause")


def test_ask_again_asks_the_question_before(bed, desk):
    bed.open("thread_1")
    bed.pane.presenter.ask_again(bed.pane.presenter.model.message(3))
    bed.qtbot.waitUntil(lambda: bool(desk.chat.asked))
    assert desk.chat.asked[0][:2] == ("How many sick days do I get?", "thread_1")


def test_limits_go_with_the_question_and_stay_with_their_thread(bed, desk):
    bed.pane.composer.limits.changed.emit(Limits(date(2025, 11, 1), "Germany"))
    assert bed.pane.header._as_of.text() == "As of: 1 November 2025"
    bed.type("Then?")
    script = bed.send()
    assert desk.chat.asked[0][2:] == (date(2025, 11, 1), "Germany")
    script.complete()
    bed.rest()
    assert bed.pane.presenter.limits.scope == "Germany"
    bed.open(None)
    assert bed.pane.header._as_of.text() == "As of: today" and bed.pane.presenter.limits == Limits()


def test_a_chip_opens_its_citation_and_alt_arrows_go_on(bed, desk):
    desk.chat.fill(
        "thread_1", [question(0), answer(0, "A [1] b [2]", citations=(citation(1), citation(2, page=9)))]
    )
    bed.open("thread_1")
    opened: list[Citation] = []
    bed.pane.citation_clicked.connect(opened.append)
    chip = next(b for b in bed.pane.findChildren(QPushButton) if b.accessibleName().startswith("Citation 1"))
    chip.click()
    bed.pane.activateWindow()
    bed.pane.focus_composer()
    bed.qtbot.keyClick(bed.pane.composer.field, Qt.Key.Key_Down, Qt.KeyboardModifier.AltModifier)
    bed.qtbot.keyClick(bed.pane.composer.field, Qt.Key.Key_Down, Qt.KeyboardModifier.AltModifier)
    bed.qtbot.keyClick(bed.pane.composer.field, Qt.Key.Key_Up, Qt.KeyboardModifier.AltModifier)
    assert [each.page for each in opened] == [4, 9, 9, 4]
    assert bed.pane.presenter.current == ("a0", 1) and chip.isChecked()


def test_answers_in_sight_learn_their_figures_and_the_state_of_their_sources(bed, desk):
    desk.chat.runs["run_1"] = run(1)
    desk.citations.changed = {"Leave policy"}
    bed.open("thread_1")
    bed.qtbot.waitUntil(lambda: bed.pane.presenter.model.facts(3) is not None)
    bed.qtbot.waitUntil(lambda: bed.pane.presenter.model.message(1).citations[0].state == "changed")
    bed.rest()


def test_figures_are_not_looked_up_before_the_answer_is_complete(bed, desk):
    bed.type("How many?")
    script = bed.send()
    bed.qtbot.waitSignal(bed.pane.transcript.settled).wait()
    desk.chat.runs[script.run_id] = replace(run(1), id=script.run_id)
    script.complete()
    bed.qtbot.waitUntil(lambda: bed.pane.presenter.model.facts(1) is not None)
    bed.rest()


def test_copying_takes_the_sources_along_and_says_so(bed, desk):
    bed.open("thread_1")
    copies = [b for b in bed.pane.findChildren(QPushButton) if b.text() == "Copy with sources"]
    next(copy for copy in copies if copy.isVisible()).click()
    mime = QGuiApplication.clipboard().mimeData()
    assert mime.text() == "Ten days. [1] + sources" and mime.html() == "<p>Ten days. [1]</p>"
    bed.pane.header.copy_clicked.emit()
    assert QGuiApplication.clipboard().text().count("+ sources") == 4
    assert [notice.text for notice in bed.said] == [
        "Copied with sources.",
        "Conversation copied with sources.",
    ]


def test_dropped_files_are_handed_on_and_links_are_not(bed, tmp_path):
    dropped: list[list[Path]] = []
    bed.pane.files_dropped.connect(dropped.append)
    for url in (QUrl.fromLocalFile(str(tmp_path)), QUrl("https://evil.example/x.pdf")):
        mime = QMimeData()
        mime.setUrls([url])
        given = (Qt.DropAction.CopyAction, mime, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier)
        QApplication.sendEvent(bed.pane, QDragEnterEvent(bed.pane.rect().center(), *given))
        QApplication.sendEvent(bed.pane, QDropEvent(QPointF(50, 50), *given))
    assert dropped == [[tmp_path]]


def test_an_example_is_put_into_the_composer_and_not_sent(bed):
    bed.pane.show_library(3)
    example = next(
        b for b in bed.pane.empty.findChildren(QPushButton) if b.text().startswith("What is the hotel")
    )
    example.click()
    assert bed.pane.composer.text == "What is the hotel limit for business travel?"
    assert bed.desk.chat.asked == []


def test_the_head_says_where_bytes_go(bed):
    assert bed.pane.header._where.text() == "This computer · nothing sent"
    bed.pane.show_connection(Connection("eu", "EU", ConnectionKind.RESPONSES, "https://eu.api.openai.com/v1"))
    assert bed.pane.header._where.text() == "eu.api.openai.com · not stored"


def test_a_long_title_is_cut_and_whole_as_a_tooltip(bed, desk):
    title = "Sick leave in the first year of employment for part-time staff " * 4
    desk.chat.fill("thread_1", conversation(1), title)
    bed.open("thread_1")
    assert bed.pane.header._title.text().endswith("…") and bed.pane.header._title.toolTip() == title
    bed.pane.update_thread(thread("thread_1", "Short"))
    assert bed.pane.header._title.text() == "Short"


def test_the_controls_have_the_names_that_screen_readers_rely_on(bed):
    bed.open("thread_1")
    pane = bed.pane
    assert pane.transcript.accessibleName() == "Conversation" and pane.status.accessibleName() == "Run status"
    assert pane.composer.field.accessibleName() == "Message"
    assert pane.composer.send_button.accessibleName() == "Send"
    assert pane.status.stop_button.accessibleName() == "Stop"
    buttons = [b for b in pane.findChildren(QPushButton) if b.isVisible()]
    assert all(b.accessibleName() or b.text() for b in buttons)


def test_an_answer_not_found_shows_no_sources(bed):
    bed.type("Dogs?")
    text = "The policies on file do not answer this question."
    bed.send().complete(text, outcome=Outcome.NOT_FOUND, citations=())
    bed.rest()
    assert bed.pane.transcript.card(1)._tag.text() == "Not in the policies"
