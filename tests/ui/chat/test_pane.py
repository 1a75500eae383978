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
from hrdesk.core.runs import ToolCall
from hrdesk.core.threads import MessageStatus, Thread
from hrdesk.core.usage import ContextMeter
from hrdesk.ui.chat.limits import Limits
from hrdesk.ui.chat.pane import ChatPane
from hrdesk.ui.notices import Notice, Notices
from hrdesk.ui.tasks import Tasks
from tests.ui.chat.fakes import FakeDesk, Script, answer, citation, conversation, question, run, thread

LOCAL = Connection("local", "This computer", ConnectionKind.LOCAL)
REMOTE = Connection("openai", "OpenAI", ConnectionKind.RESPONSES)


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

    def queue(self, first: str, second: str) -> Script:
        """Ask twice, the second time while the first answer is being written."""
        self.type(first)
        script = self.send()
        self.type(second)
        self.qtbot.keyClick(self.pane.composer.field, Qt.Key.Key_Return)
        self.qtbot.waitUntil(lambda: script.thread.id in self.desk.chat.queue)
        self.qtbot.waitUntil(lambda: self.pane.composer.text == "")
        return script

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
    desk.chat.queue.clear()
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


def test_what_is_sent_during_a_run_waits_below_it_and_is_sent_at_its_end(bed):
    bed.type("First")
    script = bed.send()
    bed.type("Second")
    assert bed.pane.composer.send_button.isEnabled()
    assert bed.pane.composer.hint == "Send when this answer is done"
    bed.qtbot.keyClick(bed.pane.composer.field, Qt.Key.Key_Return)
    bed.qtbot.waitUntil(lambda: bed.pane.composer.text == "")
    assert bed.pane.waiting.isVisible() and bed.pane.waiting.text == "Second"
    bed.type("Third")
    assert bed.pane.composer.hint == "One question is waiting already."
    script.complete()
    bed.wait_for("Second")
    assert bed.pane.waiting.isHidden() and bed.pane.composer.text == "Third"
    bed.desk.chat.scripts[-1].complete("Then ten. [1]")
    bed.rest()
    assert bed.texts == ["First", "Ten days. [1]", "Second", "Then ten. [1]"]


def test_a_waiting_question_can_be_taken_back_and_joins_what_was_typed_since(bed):
    script = bed.queue("First", "Second")
    bed.type("third")
    bed.pane.waiting.take_back_button.click()
    bed.qtbot.waitUntil(lambda: bed.pane.composer.text == "Second\n\nthird")
    assert bed.pane.waiting.isHidden() and bed.desk.chat.queue == {}
    script.complete()
    bed.rest()
    assert bed.texts == ["First", "Ten days. [1]"]


def test_a_waiting_question_is_there_when_one_comes_back_to_its_thread(bed):
    script = bed.queue("First", "Second")
    bed.open("thread_1")
    assert bed.pane.waiting.isHidden()
    bed.open(script.thread.id)
    assert bed.pane.waiting.isVisible() and bed.pane.waiting.text == "Second"


def test_a_waiting_question_that_is_refused_in_the_end_is_not_lost(bed):
    script = bed.queue("First", "Second")
    bed.desk.chat.late_refusal = HrdeskError("This month's budget is used up.")
    script.complete()
    bed.qtbot.waitUntil(lambda: bed.pane.composer.text == "Second")
    assert bed.pane.waiting.isHidden() and [str(trouble) for trouble in bed.troubles]
    bed.qtbot.waitUntil(lambda: bed.desk.chat.drafts.get(script.thread.id) == "Second")


def test_a_waiting_question_refused_while_another_thread_is_shown_becomes_a_draft(bed):
    script = bed.queue("First", "Second")
    bed.desk.chat.late_refusal = HrdeskError("This month's budget is used up.")
    bed.open("thread_1")
    script.complete()
    bed.rest()
    assert bed.pane.composer.text == "" and bed.desk.chat.drafts[script.thread.id] == "Second"


def test_the_end_of_the_first_run_does_not_land_the_second(bed):
    script = bed.queue("First", "Second")
    script.ended.set()  # the service sends the next before the pane has read the end
    bed.wait_for("Second")
    script.complete("All of it. [1]")
    bed.wait_for("All of it. [1]")
    flight = bed.pane.presenter.flight
    assert flight is not None and flight.run_id == bed.desk.chat.scripts[-1].run_id


def test_a_tool_with_side_effects_asks_and_passes_the_answer_on(bed):
    bed.type("Write to Anna")
    script = bed.send()
    bed.pane.activateWindow()
    bed.pane.focus_composer()
    bed.type("typing on")
    script.ask_leave(ToolCall("call_1", "send_mail", '{"to": "anna@example.com"}'))
    bed.qtbot.waitUntil(bed.pane.confirmation.isVisible)
    assert bed.pane.confirmation.words == "Allow send_mail?"
    assert QApplication.focusWidget() is bed.pane.composer.field
    bed.qtbot.waitUntil(lambda: bed.pane.status._words.text().endswith("left"))
    bed.qtbot.waitUntil(bed.pane.confirmation.allow_button.isEnabled)
    bed.pane.confirmation.allow_button.click()
    assert bed.pane.confirmation.isHidden()
    bed.qtbot.waitUntil(lambda: bed.desk.chat.confirmed == [(script.run_id, "call_1", True)])


def test_two_tools_are_asked_for_one_after_the_other(bed):
    bed.type("Write to Anna and Ben")
    script = bed.send()
    for number in (1, 2):
        script.ask_leave(ToolCall(f"call_{number}", f"tool_{number}", "{}"))
    bed.qtbot.waitUntil(lambda: bed.pane.confirmation._why.text().endswith("1 more will be asked for."))
    bed.pane.confirmation.refuse_button.click()
    assert bed.pane.confirmation.words == "Allow tool_2?"
    bed.pane.confirmation.refuse_button.click()
    assert bed.pane.confirmation.isHidden()
    bed.qtbot.waitUntil(lambda: [allow for *_, allow in bed.desk.chat.confirmed] == [False, False])


def test_the_card_goes_when_the_time_is_over_or_the_run_is_stopped(bed):
    bed.type("Write to Anna")
    script = bed.send()
    script.ask_leave(ToolCall("call_1", "send_mail", "{}"), seconds=0.05)
    bed.qtbot.waitUntil(bed.pane.confirmation.isVisible)
    bed.qtbot.waitUntil(bed.pane.confirmation.isHidden)
    script.ask_leave(ToolCall("call_2", "send_mail", "{}"))
    bed.qtbot.waitUntil(bed.pane.confirmation.isVisible)
    bed.pane.stop()
    assert bed.pane.confirmation.isHidden() and bed.desk.chat.confirmed == []


def test_a_run_of_an_earlier_start_is_followed_with_its_text_so_far(bed, desk):
    script = desk.chat.begun_yesterday("Asked yesterday")
    desk.chat.stored[script.thread.id][-1] = replace(script.answer, text="So f")  # the last checkpoint
    bed.pane.resume()
    bed.qtbot.waitUntil(lambda: bed.pane.presenter.pilot.flights.of(script.thread.id) is not None)
    bed.open(script.thread.id)
    script.write("So far")
    bed.wait_for("So far")
    assert bed.pane.status.isVisible()
    desk.chat.drafts[script.thread.id] = "waited at the restart"
    script.complete("So far and on. [1]")
    bed.qtbot.waitUntil(lambda: bed.pane.composer.text == "waited at the restart")
    bed.rest()
    assert bed.texts == ["Asked yesterday", "So far and on. [1]"] and bed.pane.status.isHidden()


def test_a_run_that_ended_before_it_could_be_followed_shows_its_stored_answer(bed, desk):
    script = desk.chat.begun_yesterday("Asked yesterday")
    bed.open(script.thread.id)
    desk.chat.gone.add(script.run_id)
    desk.chat.stored[script.thread.id][-1] = answer(7, "Whole. [1]", script.thread.id)
    bed.pane.resume()
    bed.wait_for("Whole. [1]")
    bed.rest()
    assert bed.pane.status.isHidden() and bed.troubles == []


def test_the_estimate_follows_what_is_typed_and_is_not_asked_for_at_every_key(bed, desk):
    bed.type("How many days?")
    bed.qtbot.waitUntil(lambda: bed.pane.composer.hint == "≈ 0.02 USD")
    assert desk.chat.estimated == [(None, "How many days?")]
    assert "2,900 tokens are sent" in bed.pane.composer.send_button.accessibleDescription()
    bed.pane.composer.set_text("")
    assert bed.pane.composer.hint == ""


def test_an_estimate_that_cannot_be_made_is_no_trouble(bed, desk):
    desk.chat.refusal = HrdeskError("No model is chosen.")
    bed.type("How many days?")
    bed.qtbot.waitUntil(lambda: bool(desk.chat.estimated))
    bed.rest()
    assert bed.troubles == [] and bed.pane.composer.hint == ""


def test_a_thread_goes_on_in_a_fresh_one_with_a_summary_that_was_edited(bed, desk):
    desk.chat.meters["thread_1"] = ContextMeter(13_100, 16_000, 0.82, 0, "82 % of what can be sent.")
    bed.open("thread_1")
    bed.qtbot.waitUntil(bed.pane.context.isVisible)
    assert bed.pane.context.words == "82 % of what can be sent."
    bed.pane.context.continue_button.click()
    bed.qtbot.waitUntil(bed.pane.summary.isVisible)
    assert bed.pane.composer.isHidden() and desk.chat.continued == []
    bed.pane.summary.field.setPlainText("Ten days. He has used four.")
    bed.pane.summary.take_button.click()
    bed.wait_for("Ten days. He has used four.")
    bed.rest()
    assert bed.pane.presenter.thread_id == "thread_fresh" and bed.pane.composer.isVisible()
    edit = next(b for b in bed.pane.findChildren(QPushButton) if b.text() == "Edit" and b.isVisible())
    edit.click()
    bed.pane.summary.field.setPlainText("Ten days. She has used four.")
    bed.pane.summary.take_button.click()
    bed.wait_for("Ten days. She has used four.")
    bed.rest()
    assert desk.chat.continued == [("thread_1", "Ten days. He has used four.")]


def test_escape_leaves_the_summary_and_the_thread_as_they_were(bed, desk):
    bed.open("thread_1")
    bed.pane.header.continue_clicked.emit()
    bed.qtbot.waitUntil(bed.pane.summary.isVisible)
    bed.qtbot.keyClick(bed.pane.summary.field, Qt.Key.Key_Escape)
    assert bed.pane.summary.isHidden() and bed.pane.composer.isVisible()
    assert desk.chat.continued == [] and bed.pane.presenter.thread_id == "thread_1"
    bed.rest()


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


@pytest.mark.parametrize(
    ("connection", "chip", "sentence"),
    [
        (LOCAL, "This computer · nothing sent", "Nothing leaves this computer."),
        (replace(REMOTE, region="eu"), "eu.api.openai.com · not stored", "are sent to eu.api.openai.com."),
        (
            replace(REMOTE, base_url="https://hr.example/v1", store=True),
            "hr.example · stored there",
            "hr.example.",
        ),
        (
            replace(REMOTE, base_url="http://127.0.0.1:8080/v1"),
            "This computer · 127.0.0.1:8080",
            "127.0.0.1:8080.",
        ),
    ],
)
def test_where_bytes_go_is_said_above_and_before_the_first_question(bed, connection, chip, sentence):
    bed.pane.resize(1000, 800)
    bed.pane.show_connection(connection)
    assert bed.pane.header._where.text() == chip
    assert bed.pane.empty._lead.text().endswith(sentence)
    bed.rest()


def test_a_draft_that_comes_late_is_put_above_what_was_typed_meanwhile(bed, desk):
    desk.chat.drafts["thread_1"] = "kept from yesterday"
    bed.pane.show_thread("thread_1")
    bed.type("typed")
    bed.qtbot.waitUntil(lambda: bed.pane.composer.text == "kept from yesterday\n\ntyped")
    bed.rest()


def test_a_draft_is_saved_when_typing_pauses(bed, desk):
    bed.type("pause")
    bed.qtbot.waitUntil(lambda: desk.chat.drafts.get(None) == "pause")


def test_ask_again_asks_the_question_before(bed, desk):
    bed.open("thread_1")
    bed.pane.presenter.ask_again(bed.pane.presenter.model.message(3))
    bed.qtbot.waitUntil(lambda: bool(desk.chat.asked))
    assert desk.chat.asked[0][:2] == ("How many sick days do I get?", "thread_1")


def test_a_suggestion_is_asked_in_the_thread_shown(bed, desk):
    bed.open("thread_1")
    bed.pane.transcript.suggestion_clicked.emit("What is Maven?")
    bed.qtbot.waitUntil(lambda: bool(desk.chat.asked))
    assert desk.chat.asked[0][:2] == ("What is Maven?", "thread_1")


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
