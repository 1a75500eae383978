"""The conversation pane: header, transcript, run status and composer, and what goes out to other panes."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QDragEnterEvent, QDropEvent, QHideEvent, QKeySequence, QShortcut, QShowEvent
from PySide6.QtWidgets import (
    QApplication,
    QFrame,
    QHBoxLayout,
    QSizePolicy,
    QStackedLayout,
    QVBoxLayout,
    QWidget,
)

from hrdesk.core.connections import Connection
from hrdesk.core.threads import Message, Role, Thread
from hrdesk.ui import theme
from hrdesk.ui.chat.composer import Composer, local_files
from hrdesk.ui.chat.confirming import ConfirmationCard
from hrdesk.ui.chat.copying import copy_conversation, copy_message
from hrdesk.ui.chat.empty import EmptyState
from hrdesk.ui.chat.flights import Flight
from hrdesk.ui.chat.header import ThreadHeader
from hrdesk.ui.chat.outlook_line import ContextNote
from hrdesk.ui.chat.ports import ChatServices
from hrdesk.ui.chat.presenter import ChatPresenter
from hrdesk.ui.chat.status_line import RunStatusLine
from hrdesk.ui.chat.summary_panel import SummaryPanel
from hrdesk.ui.chat.transcript import SIDE, TranscriptView
from hrdesk.ui.chat.waiting import WaitingQuestion
from hrdesk.ui.dialogs import ask_for_files
from hrdesk.ui.formats import FILTER
from hrdesk.ui.notices import Notices
from hrdesk.ui.tasks import Tasks

OPENING = "hrdesk is still opening its library."
STARTING = "The question is being stored."
WAITING = "One question is waiting already."


def _centred(widget: QWidget) -> QHBoxLayout:
    row = QHBoxLayout()
    row.addStretch(1)
    row.addWidget(widget, 1000)
    row.addStretch(1)
    return row


class ChatPane(QFrame):
    """Shows what the presenter holds and hands it what the user does."""

    citation_clicked = Signal(object)  # Citation
    seen_clicked = Signal(str)  # run id
    files_dropped = Signal(object)  # list[Path]
    thread_changed = Signal(object)  # Thread: created, or with a new last answer
    golden_clicked = Signal(str, object)  # a question, and the citations that answer it
    thread_continued = Signal(object)  # Thread: the fresh one, shown now
    flight_changed = Signal(object)  # Flight of any thread: what its run does now
    flight_landed = Signal(object)  # thread id: its run has ended
    answered = Signal(object)  # Message: the answer of a run that came to its end, in any thread
    confirmation_asked = Signal(str)  # thread id: a tool of its run waits for the user

    def __init__(self, tasks: Tasks, notices: Notices, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._tasks = tasks
        self._notices = notices
        self._services: ChatServices | None = None
        self.presenter = ChatPresenter(tasks, self)
        self.header = ThreadHeader()
        self.transcript = TranscriptView(self.presenter.model)
        self.empty = EmptyState()
        self.waiting = WaitingQuestion()
        self.confirmation = ConfirmationCard()
        self.status = RunStatusLine()
        self.context = ContextNote()
        self.composer = Composer()
        self.summary = SummaryPanel()
        self.setProperty("kind", "panel")
        self.setAcceptDrops(True)
        self._lay_out()
        self._connect_presenter()
        self._connect_widgets()
        self._show_flight()

    def _lay_out(self) -> None:
        self._stack = QStackedLayout()
        self._stack.addWidget(self.empty)
        self._stack.addWidget(self.transcript)
        foot = QWidget()
        foot.setMaximumWidth(theme.READING_WIDTH + 2 * SIDE)
        foot_column = QVBoxLayout(foot)
        foot_column.setContentsMargins(SIDE, 0, SIDE, 16)
        foot_column.setSpacing(8)
        parts = (self.waiting, self.confirmation, self.status, self.context, self.composer, self.summary)
        for part in parts:
            foot_column.addWidget(part)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.header)
        column.addLayout(self._stack, 1)
        column.addLayout(_centred(foot))

    def _connect_presenter(self) -> None:
        shown = self.presenter
        shown.citation_opened.connect(self.citation_clicked)
        shown.thread_changed.connect(self.thread_changed)
        shown.thread_continued.connect(self.thread_continued)
        shown.flight_changed.connect(self.flight_changed)
        shown.flight_landed.connect(self.flight_landed)
        shown.flight_changed.connect(self._show_flight)
        shown.flight_landed.connect(self._show_flight)
        shown.answered.connect(self.answered)
        shown.confirmation_asked.connect(self.confirmation_asked)
        shown.waiting_changed.connect(self._show_flight)
        shown.question_returned.connect(self._put_back)
        shown.thread_shown.connect(self._show_thread)
        shown.question_taken.connect(self._clear_question)
        shown.current_changed.connect(self._show_current)
        shown.limits_changed.connect(self._show_limits)
        shown.drafts.loaded.connect(self.composer.set_text)
        shown.drafts.late.connect(self._put_back)
        shown.outlook.estimated.connect(self.composer.show_estimate)
        shown.outlook.measured.connect(self.composer.meter.show_meter)
        shown.outlook.measured.connect(self.context.show_meter)
        shown.carrying.proposed.connect(self._propose_summary)
        shown.carrying.opened.connect(self._edit_summary)
        shown.carrying.closed.connect(self._close_summary)
        shown.model.rowsInserted.connect(self._show_stack)
        shown.model.modelReset.connect(self._show_stack)

    def _connect_widgets(self) -> None:
        shown = self.presenter
        self.transcript.citation_clicked.connect(self._open_citation)
        self.transcript.seen_clicked.connect(self.seen_clicked)
        self.transcript.copy_clicked.connect(self._copy)
        self.transcript.ask_again_clicked.connect(shown.ask_again)
        self.transcript.suggestion_clicked.connect(shown.ask)
        self.transcript.settled.connect(shown.details.complete)
        self.transcript.edit_clicked.connect(shown.carrying.edit)
        self.header.copy_clicked.connect(self._copy_conversation)
        self.header.continue_clicked.connect(self._continue)
        self.header.keep_clicked.connect(self._keep_golden)
        self.context.continue_clicked.connect(self._continue)
        self.summary.accepted.connect(shown.carrying.accept)
        self.summary.cancelled.connect(shown.carrying.cancel)
        self.confirmation.decided.connect(shown.confirm)
        self.confirmation.expired.connect(shown.expire)
        self.waiting.taken_back.connect(shown.take_back)
        self.empty.example_clicked.connect(self._use_example)
        self.empty.add_clicked.connect(self.choose_files)
        self.status.stop_clicked.connect(self.stop)
        self.composer.submitted.connect(shown.ask)
        self.composer.text_changed.connect(self._keep_draft)
        self.composer.text_shown.connect(shown.outlook.type)
        self.composer.attach_clicked.connect(self.choose_files)
        self.composer.files_pasted.connect(self.files_dropped)
        self.composer.limits.changed.connect(shown.set_limits)
        for keys, by in (("Alt+Down", 1), ("Alt+Up", -1)):
            shortcut = QShortcut(QKeySequence(keys), self)
            shortcut.setContext(Qt.ShortcutContext.WindowShortcut)
            shortcut.activated.connect(lambda step=by: shown.step_citation(step))

    # What the window calls

    def attach(self, desk: ChatServices) -> None:
        """Begin to work with the services."""
        self._services = desk
        self.presenter.attach(desk)
        self._show_flight()

    def resume(self) -> None:
        """Follow the runs that go on from an earlier start."""
        self.presenter.resume()

    def show_thread(self, thread_id: str | None) -> None:
        """Show a thread; None is the place where a new one begins."""
        self.presenter.show_thread(thread_id)

    def show_connection(self, connection: Connection) -> None:
        """Say where bytes go."""
        self.header.show_connection(connection)
        self.empty.show_connection(connection)
        self.presenter.outlook.refresh()

    def show_library(self, files: int) -> None:
        """Say how many files can be asked."""
        self.empty.show_library(files)

    def update_thread(self, thread: Thread) -> None:
        """Take in that a thread was renamed."""
        if thread.id == self.presenter.thread_id:
            self.header.show_title(thread.title)

    def focus_composer(self) -> None:
        """Give the keyboard to the composer."""
        self.composer.field.setFocus(Qt.FocusReason.OtherFocusReason)

    def stop(self) -> None:
        """Stop the run in the thread shown."""
        self.presenter.stop()

    def choose_files(self) -> None:
        """Let the user choose files for the library."""
        ask_for_files(self, "Add policies", FILTER, self.files_dropped.emit)

    # What the presenter says

    def _show_thread(self, thread: Thread | None) -> None:
        self.header.show_title(thread.title if thread else "")
        self._show_flight()
        self._show_limits()
        self._show_current()

    def _show_stack(self) -> None:
        has_messages = bool(self.presenter.model.rowCount())
        # What is not shown must not ask for room: a low window needs it for what waits for the user.
        policy = QSizePolicy.Policy.Ignored if has_messages else QSizePolicy.Policy.Preferred
        self.empty.setSizePolicy(policy, policy)
        self._stack.setCurrentWidget(self.transcript if has_messages else self.empty)

    def _show_flight(self, _changed: Flight | str | None = None) -> None:
        flight, waiting = self.presenter.flight, self.presenter.waiting
        had_focus = self.confirmation.isAncestorOf(QApplication.focusWidget() or self)
        self.status.show_flight(flight)
        self.waiting.show_question(waiting)
        self.confirmation.show_asking(flight.asking if flight else ())
        self.composer.queue_behind(flight is not None)
        self.composer.refuse(self._refusal(flight, waiting))
        if had_focus and self.confirmation.isHidden():
            self.focus_composer()  # not to whatever Qt finds next, which may be Stop

    def _refusal(self, flight: Flight | None, waiting: str) -> str:
        """Return why nothing can be sent now."""
        if not self.presenter.is_ready:
            return OPENING
        if waiting:
            return WAITING
        return STARTING if flight is not None and not flight.run_id else ""

    def _show_current(self) -> None:
        current = self.presenter.current
        self.transcript.set_current(current)
        row = self.presenter.model.row_of(current[0]) if current else None
        if row is not None and self.transcript.card(row) is None:
            self.transcript.scroll_to(row)

    def _show_limits(self) -> None:
        self.header.show_limits(self.presenter.limits)
        self.composer.limits.show_limits(self.presenter.limits)

    def _clear_question(self, asked: str) -> None:
        if self.composer.text == asked:
            self.composer.set_text("")
            self.presenter.drafts.drop()

    def _put_back(self, question: str) -> None:
        """Let a question that was waiting be typed again, above what was typed since."""
        typed = self.composer.text
        if not typed.startswith(question):
            self.composer.set_text(f"{question}\n\n{typed}" if typed.strip() else question)
        self._keep_draft(self.composer.text)
        self.focus_composer()

    def _propose_summary(self, text: str) -> None:
        self.composer.hide()
        self.context.hide()
        self.summary.propose(text)

    def _edit_summary(self, text: str) -> None:
        self.composer.hide()
        self.context.hide()
        self.summary.edit(text)

    def _close_summary(self) -> None:
        self.summary.hide()
        self.composer.show()
        self.presenter.outlook.refresh()
        self.focus_composer()

    # What the user does

    def _continue(self) -> None:
        self.presenter.carrying.propose(self.presenter.thread_id)

    def _keep_draft(self, text: str) -> None:
        self.presenter.drafts.keep(self.presenter.thread_id, text)

    def _open_citation(self, message: Message, number: int) -> None:
        for citation in message.citations:
            if citation.number == number:
                self.presenter.open_citation(message, citation)

    def _use_example(self, question: str) -> None:
        self.composer.set_text(question)
        self.focus_composer()

    def _copy(self, message: Message) -> None:
        if self._services is not None:
            copy_message(message, self._services.export)
            self._notices.notify("Copied with sources.")

    def _copy_conversation(self) -> None:
        if self._services is not None:
            copy_conversation(self.header.title, self.presenter.model.messages, self._services.export)
            self._notices.notify("Conversation copied with sources.")

    def _keep_golden(self) -> None:
        """Hand on the last question that was answered with sources."""
        question = ""
        kept: tuple[str, object] | None = None
        for message in self.presenter.model.messages:
            if message.role is Role.USER:
                question = message.text
            elif message.citations:
                kept = question, message.citations
        if kept is None:
            self._notices.notify("No answer in this thread has a source yet.")
        else:
            self.golden_clicked.emit(*kept)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if local_files(event.mimeData()):
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        paths = local_files(event.mimeData())
        if paths:
            event.acceptProposedAction()
            self.files_dropped.emit(paths)

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self.presenter.drafts.save()
        self.presenter.outlook.pause()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._show_stack()
        self.presenter.outlook.resume()
