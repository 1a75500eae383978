"""Golden questions on the library page: figures, a plot of the runs, the questions, and a form to add one."""

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QLineEdit,
    QVBoxLayout,
    QWidget,
)

from hrdesk.core.documents import LibraryFile
from hrdesk.core.evaluations import Changes, Evaluation, Gold, Question
from hrdesk.ui import theme
from hrdesk.ui.dialogs import ask_for_file, ask_where_to_save
from hrdesk.ui.library.plot import RunsPlot, value
from hrdesk.ui.library.questions_model import QuestionsModel
from hrdesk.ui.library.questions_presenter import QuestionsPresenter
from hrdesk.ui.library.tables import ROW_ROLE, plain_table
from hrdesk.ui.library.words import title

FIGURES = (
    ("recall@5", "Found in the first five", "{:.0%}"),
    ("ndcg@10", "nDCG@10", "{:.2f}"),
    ("auroc", "Abstention (AUROC)", "{:.2f}"),
    ("p50_ms", "Median time", "{:.0f} ms"),
)
WHY = (
    "Questions whose right place you know show whether the search finds it. They are asked again after every "
    "change of the library."
)
_FILTER = "Questions (*.jsonl);;All files (*)"


class QuestionsView(QWidget):
    """Shows what the presenter holds."""

    def __init__(self, presenter: QuestionsPresenter) -> None:
        super().__init__()
        self._shown = presenter
        self.setAccessibleName("Golden questions")
        self.model = QuestionsModel(self)
        self.table = plain_table(self.model, "Questions", {1: 200, 2: 260})
        self.figures = _Figures()
        self.plot = RunsPlot()
        self.form = QuestionForm()
        self.state = theme.label(WHY, "muted", wrap=True)
        self.run = theme.button("Run now", drawing="rotate-ccw", kind="primary")
        self.stop = theme.button("Stop", name="Stop run", drawing="square")
        self.add = theme.button("Add question", drawing="plus")
        self.remove = theme.button("Remove", name="Remove questions", drawing="trash-2")
        self.load = theme.button("Import", name="Import questions")
        self.save = theme.button("Export", name="Export questions")
        self._lay_out()
        self._connect()
        self._show()

    def _lay_out(self) -> None:
        buttons = QHBoxLayout()
        buttons.setSpacing(8)
        for button in (self.run, self.stop, self.add, self.remove):
            buttons.addWidget(button)
        buttons.addStretch(1)
        buttons.addWidget(self.load)
        buttons.addWidget(self.save)
        self._measured = QFrame()
        self._measured.setProperty("kind", "card")
        inside = QVBoxLayout(self._measured)
        inside.setContentsMargins(16, 12, 12, 8)
        inside.addWidget(self.figures)
        inside.addWidget(self.plot)
        card = QFrame()
        card.setProperty("kind", "card")
        rows = QVBoxLayout(card)
        rows.setContentsMargins(1, 4, 1, 4)
        rows.addWidget(self.table)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(12)
        column.addLayout(buttons)
        column.addWidget(self.state)
        column.addWidget(self.form)
        column.addWidget(self._measured)
        column.addWidget(card, 1)
        self._card = card
        column.addStretch(0)

    def _connect(self) -> None:
        shown = self._shown
        shown.changed.connect(self._show)
        shown.progress_changed.connect(self._show_progress)
        self.run.clicked.connect(shown.run)
        self.stop.clicked.connect(shown.stop)
        self.add.clicked.connect(self.form.open)
        self.remove.clicked.connect(lambda: shown.remove(self.selected()))
        self.load.clicked.connect(self.choose_file)
        self.save.clicked.connect(self.choose_target)
        self.table.selectionModel().selectionChanged.connect(self._enable)
        self.form.add.clicked.connect(self._add)

    def show_files(self, files: Sequence[LibraryFile]) -> None:
        """Offer these documents as the place of an answer."""
        self.form.show_files(files)

    def selected(self) -> list[Question]:
        """Return the questions that are selected."""
        return [row.data(ROW_ROLE) for row in self.table.selectionModel().selectedRows()]

    def choose_file(self) -> None:
        """Ask for the file to import."""
        ask_for_file(self, "Import questions", _FILTER, self._shown.import_file)

    def choose_target(self) -> None:
        """Ask where to write the questions."""
        ask_where_to_save(self, "Export questions", "questions.jsonl", _FILTER, self._shown.export_file)

    def _add(self) -> None:
        form = self.form
        self._shown.add(form.question.text(), form.gold(), answerable=not form.unanswerable.isChecked())
        if form.is_complete:
            form.close_form()

    def _show(self) -> None:
        shown = self._shown
        self.model.show(shown.questions, shown.evaluations)
        self._measured.setVisible(bool(shown.evaluations))
        self._card.setVisible(bool(shown.questions))
        self.figures.show_runs(shown.evaluations)
        self.plot.show_runs(shown.evaluations)
        self.plot.setVisible(len(shown.evaluations) > 1)
        self._show_progress(0, 0)

    def _show_progress(self, done: int, total: int) -> None:
        runs = self._shown.evaluations
        said = Changes.between(*runs[-2:]).sentence if len(runs) > 1 else WHY
        self.state.setText(f"Asking question {done + 1} of {total}…" if total else said)
        self.run.setVisible(not total)
        self.stop.setVisible(bool(total))
        self._enable()

    def _enable(self) -> None:
        has_any = bool(self._shown.questions)
        self.run.setEnabled(has_any)
        self.save.setEnabled(has_any)
        self.remove.setEnabled(bool(self.selected()))


class QuestionForm(QFrame):
    """A question, the document that answers it, and the words that do; or that none does."""

    def __init__(self) -> None:
        super().__init__()
        self.setProperty("kind", "card")
        self.question, self.quote = QLineEdit(), QLineEdit()
        self.document = QComboBox()
        self.unanswerable = QCheckBox("The policies do not answer this")
        self.unanswerable.setAccessibleName("The policies do not answer this")
        self.add = theme.button("Add", name="Add this question", kind="primary")
        cancel = theme.button("Cancel", name="Cancel adding a question")
        cancel.clicked.connect(self.close_form)
        self.unanswerable.toggled.connect(self._enable)
        fields: tuple[tuple[str, QWidget], ...] = (
            ("Question", self.question),
            ("Answered in", self.document),
            ("Quote that answers (optional)", self.quote),
        )
        grid = QGridLayout(self)
        grid.setContentsMargins(16, 12, 12, 12)
        grid.setColumnStretch(1, 1)
        for row, (name, field) in enumerate(fields):
            field.setAccessibleName(name)
            head = theme.label(name, "small")
            head.setBuddy(field)
            grid.addWidget(head, row, 0)
            grid.addWidget(field, row, 1, 1, 3)
        grid.addWidget(self.unanswerable, 3, 1)
        grid.addWidget(cancel, 3, 2)
        grid.addWidget(self.add, 3, 3)
        self.document.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.hide()

    @property
    def is_complete(self) -> bool:
        """Whether what was entered can be kept."""
        return bool(self.question.text().strip()) and (self.unanswerable.isChecked() or bool(self.gold()))

    def gold(self) -> list[Gold]:
        """Return the place that was entered."""
        file = self.document.currentData()
        return [Gold(file, self.quote.text().strip())] if file else []

    def show_files(self, files: Sequence[LibraryFile]) -> None:
        """Offer these documents."""
        chosen = self.document.currentData()
        self.document.clear()
        for file in sorted((one for one in files if one.document_id), key=lambda one: title(one).casefold()):
            self.document.addItem(f"{title(file)} · {file.file}", file.file)
        self.document.setCurrentIndex(max(self.document.findData(chosen), 0))

    def open(self) -> None:
        """Show the form."""
        self.show()
        self.question.setFocus(Qt.FocusReason.OtherFocusReason)

    def close_form(self) -> None:
        """Empty the form and hide it."""
        self.question.clear()
        self.quote.clear()
        self.unanswerable.setChecked(False)
        self.hide()

    def _enable(self, unanswerable: bool) -> None:
        self.document.setEnabled(not unanswerable)
        self.quote.setEnabled(not unanswerable)


class _Figures(QWidget):
    """The figures of the newest run, each with the change since the run before."""

    def __init__(self) -> None:
        super().__init__()
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(24)
        self.values = {key: theme.label("", "title") for key, *_ in FIGURES}
        self._since = {key: theme.label("", "small") for key, *_ in FIGURES}
        for key, name, _ in FIGURES:
            column = QVBoxLayout()
            column.setSpacing(0)
            for label in (theme.label(name, "small"), self.values[key], self._since[key]):
                column.addWidget(label)
            row.addLayout(column)
        row.addStretch(1)

    def show_runs(self, runs: Sequence[Evaluation]) -> None:
        """Show the last of these runs."""
        for key, name, form in FIGURES:
            now = value(runs[-1], key) if runs else None
            then = value(runs[-2], key) if len(runs) > 1 else None
            words = "–" if now is None else form.format(now)
            self.values[key].setText(words)
            self.values[key].setAccessibleName(f"{name}: {words}")
            before = "" if then is None else f"before: {form.format(then)}"
            self._since[key].setText(before)
