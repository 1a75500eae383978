"""Synonyms on the library page: the company's own words, a form for one, import and export."""

from dataclasses import replace

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QFrame, QGridLayout, QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from hrdesk.core.synonyms import Synonym
from hrdesk.ui import theme
from hrdesk.ui.dialogs import ask_for_file, ask_where_to_save
from hrdesk.ui.library.cards import TaskCard
from hrdesk.ui.library.synonyms_model import HEADS, SynonymsModel
from hrdesk.ui.library.synonyms_presenter import SynonymsPresenter
from hrdesk.ui.library.tables import ROW_ROLE, plain_table

WHY = (
    "Does your company say PTO where the policies say annual leave? Keep both here: a question with one also "
    "finds the other."
)
LONGEST = 80
_FILTER = "Tables (*.csv);;All files (*)"


class SynonymsView(QWidget):
    """Shows what the presenter holds."""

    def __init__(self, presenter: SynonymsPresenter) -> None:
        super().__init__()
        self._shown = presenter
        self.setAccessibleName("Synonyms")
        self.model = SynonymsModel(self)
        self.table = plain_table(self.model, "Synonyms", {1: 420})
        self.form = SynonymForm()
        self.add = theme.button("Add synonym", drawing="plus", kind="primary")
        self.edit = theme.button("Edit", name="Edit synonym", drawing="pencil")
        self.remove = theme.button("Remove", name="Remove synonyms", drawing="trash-2")
        self.load = theme.button("Import", name="Import synonyms")
        self.save = theme.button("Export", name="Export synonyms")
        self._lay_out()
        self._connect()
        self._show()

    def _lay_out(self) -> None:
        buttons = QHBoxLayout()
        buttons.setSpacing(8)
        for button in (self.add, self.edit, self.remove):
            buttons.addWidget(button)
        buttons.addStretch(1)
        buttons.addWidget(self.load)
        buttons.addWidget(self.save)
        self._card = QFrame()
        self._card.setProperty("kind", "card")
        rows = QVBoxLayout(self._card)
        rows.setContentsMargins(1, 4, 1, 4)
        rows.addWidget(self.table)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(12)
        column.addLayout(buttons)
        column.addWidget(theme.label(WHY, "muted", wrap=True))
        column.addWidget(self.form)
        column.addWidget(self._card, 1)
        column.addStretch(0)

    def _connect(self) -> None:
        shown = self._shown
        shown.changed.connect(self._show)
        shown.kept.connect(self.form.hide)
        self.add.clicked.connect(lambda: self.form.open(Synonym("", "")))
        self.edit.clicked.connect(self._edit)
        self.remove.clicked.connect(lambda: shown.remove(self.selected()))
        self.load.clicked.connect(self.choose_file)
        self.save.clicked.connect(self.choose_target)
        self.form.saved.connect(shown.save)
        self.table.selectionModel().selectionChanged.connect(self._enable)
        self.table.doubleClicked.connect(self._edit)
        for key, button in (("Del", self.remove), ("Return", self.edit)):
            shortcut = QShortcut(QKeySequence(key), self.table)
            shortcut.setContext(Qt.ShortcutContext.WidgetShortcut)
            shortcut.activated.connect(button.click)

    def selected(self) -> list[Synonym]:
        """Return the synonyms that are selected."""
        return [row.data(ROW_ROLE) for row in self.table.selectionModel().selectedRows()]

    def choose_file(self) -> None:
        """Ask for the table to import."""
        ask_for_file(self, "Import synonyms", _FILTER, self._shown.import_file)

    def choose_target(self) -> None:
        """Ask where to write the synonyms."""
        ask_where_to_save(self, "Export synonyms", "synonyms.csv", _FILTER, self._shown.export_file)

    def _edit(self) -> None:
        selected = self.selected()
        if len(selected) == 1:
            self.form.open(selected[0])

    def _show(self) -> None:
        self.model.show(self._shown.synonyms)
        self._card.setVisible(bool(self._shown.synonyms))
        self._enable()

    def _enable(self) -> None:
        count = len(self.selected())
        self.edit.setEnabled(count == 1)
        self.remove.setEnabled(count > 0)
        self.save.setEnabled(bool(self._shown.synonyms))


class SynonymForm(TaskCard):
    """The two sides of one synonym; Return saves, Escape leaves."""

    saved = Signal(object)
    """A `Synonym` as it was entered."""

    def __init__(self) -> None:
        super().__init__()
        self._edited = Synonym("", "")
        self.term, self.meaning = QLineEdit(), QLineEdit()
        self.save = theme.button("Save", name="Save synonym", kind="primary")
        cancel = theme.button("Cancel", name="Cancel editing the synonym")
        cancel.clicked.connect(self.hide)
        self.save.clicked.connect(self._save)
        grid = QGridLayout(self)
        grid.setContentsMargins(16, 12, 12, 12)
        for column, (name, field, example) in enumerate(
            ((HEADS[0], self.term, "PTO"), (HEADS[1], self.meaning, "annual leave"))
        ):
            field.setAccessibleName(name)
            field.setPlaceholderText(example)
            field.setMaxLength(LONGEST)
            field.returnPressed.connect(self._save)
            head = theme.label(name, "small")
            head.setBuddy(field)
            grid.addWidget(head, 0, column)
            grid.addWidget(field, 1, column)
            grid.setColumnStretch(column, 1)
        grid.addWidget(cancel, 1, 2)
        grid.addWidget(self.save, 1, 3)

    def open(self, synonym: Synonym) -> None:
        """Show the form with a synonym to edit, or an empty one."""
        self._edited = synonym
        self.term.setText(synonym.term)
        self.meaning.setText(synonym.meaning)
        self.show()
        self.term.setFocus(Qt.FocusReason.OtherFocusReason)
        self.term.selectAll()

    def _save(self) -> None:
        self.saved.emit(replace(self._edited, term=self.term.text(), meaning=self.meaning.text()))
