"""The card that chooses a connection, says what it means, and looks after its key."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from hrdesk.core.connections import Connection
from hrdesk.ui import theme
from hrdesk.ui.settings.flow import in_lines
from hrdesk.ui.settings.keys import KeyPresenter, KeyView
from hrdesk.ui.settings.presenter import SettingsPresenter
from hrdesk.ui.settings.section import TONES, Section, TrialLine, fill, say, side_by_side
from hrdesk.ui.settings.trial import TrialView

LONGEST_KEY = 1_000
NO_MODEL = "No model is chosen yet: press Edit, then Fetch models."


class ConnectionCard(Section):
    """The key is shown nowhere: only that one is stored, and where."""

    add_clicked = Signal()
    edit_clicked = Signal()

    def __init__(self, presenter: SettingsPresenter) -> None:
        super().__init__("Answers", "Who answers, and what it may know.")
        self._presenter = presenter
        self.chooser = QComboBox()
        self.chooser.setAccessibleName("Connection")
        self.chooser.setMinimumContentsLength(8)
        self.chooser.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.chooser.activated.connect(self._choose)
        self.add = theme.button("Add", name="Add connection", drawing="plus")
        self.add.setEnabled(False)
        self.add.clicked.connect(self.add_clicked)
        self.note = theme.label("", "muted", wrap=True)
        self.note.setAccessibleName("What this connection means")
        self.missing = theme.label(NO_MODEL, "warning", wrap=True)
        self.missing.hide()
        notes = QWidget()
        fill(QVBoxLayout(notes), self.note, self.missing, spacing=4)
        self.add_row("Connection", side_by_side(self.chooser, self.add), notes)
        self.key = KeyRow(presenter.keys)
        self.add_row("API key", self.key)
        self.doing = _Doing(presenter)
        self.doing.edit.clicked.connect(self.edit_clicked)
        self._doing_row = self.add_row("", self.doing)
        presenter.connections_changed.connect(self.offer)
        presenter.connection_shown.connect(self._show_connection)
        presenter.keys.changed.connect(self.key.show_view)
        presenter.keys.where_changed.connect(self.key.where.setText)

    def offer(self, connections: tuple[Connection, ...]) -> None:
        """Offer these connections."""
        self.add.setEnabled(True)
        self.chooser.clear()
        for connection in connections:
            self.chooser.addItem(connection.title, connection.name)

    def _choose(self, at: int) -> None:
        self._presenter.show_connection(self.chooser.itemData(at))

    def _show_connection(self, connection: Connection) -> None:
        self.chooser.setCurrentIndex(self.chooser.findData(connection.name))
        say(self.note, self._presenter.describe(connection))
        self.missing.setVisible(not connection.is_local and not connection.model)
        self.key.set_needed(connection.needs_key)
        self._doing_row.setVisible(not connection.is_local)


class KeyRow(QWidget):
    """Field and buttons for one API key."""

    def __init__(self, presenter: KeyPresenter) -> None:
        super().__init__()
        self._presenter = presenter
        self.field = key_field()
        self.field.textChanged.connect(self._enable)
        self.field.returnPressed.connect(self._store)
        self.setFocusProxy(self.field)
        self.store = theme.button("Store key", drawing="key-round", kind="primary")
        self.store.clicked.connect(self._store)
        self.check = theme.button("Check again", drawing="rotate-ccw")
        self.check.clicked.connect(presenter.check)
        self.delete = theme.button("Delete key", drawing="trash-2")
        self.delete.clicked.connect(presenter.delete)
        self.words = theme.label("", "muted", wrap=True)
        self.words.setAccessibleName("Key state")
        self.where = theme.label("", "small", wrap=True)
        self._view = KeyView()
        self._lay_out()
        self.set_needed(False)

    def _lay_out(self) -> None:
        column = QVBoxLayout(self)
        fill(column, side_by_side(self.field, self.store))
        state = QHBoxLayout()
        fill(state, self.words, self.check, self.delete)
        state.setStretchFactor(self.words, 1)
        column.addLayout(state)
        column.addWidget(self.where)

    def set_needed(self, needed: bool) -> None:
        """Say whether the connection has a key at all; where it has none there is nothing to type."""
        self.field.setEnabled(needed)
        self.field.clear()  # what was typed was meant for the connection before
        if not needed:
            self.field.setPlaceholderText("Not needed")
        for part in (self.store, self.words, self.where):
            part.setVisible(needed)
        for part in (self.delete, self.check):
            part.setVisible(False)

    def show_view(self, view: KeyView) -> None:
        """Show what is known of the key."""
        if not self.field.isEnabled():
            return
        self._view = view
        say(self.words, view.words, TONES[view.tone])
        self.where.setVisible(not view.is_stored and view.tone == "muted")
        self.field.setPlaceholderText("Paste a new key to replace it" if view.is_stored else "Paste the key")
        self._enable()

    def _enable(self) -> None:
        view = self._view
        self.store.setEnabled(bool(self.field.text().strip()) and not view.is_busy)
        self.delete.setVisible(view.is_stored and self.field.isEnabled())
        self.check.setVisible(view.can_retry and self.field.isEnabled())
        for control in (self.delete, self.check):
            control.setEnabled(not view.is_busy)

    def _store(self) -> None:
        key = self.field.text()
        self.field.clear()  # a stored key is never on screen
        self._presenter.store(key)


class _Doing(QWidget):
    """What can be done with a connection, and how its test went."""

    def __init__(self, presenter: SettingsPresenter) -> None:
        super().__init__()
        self.test = theme.button("Test connection")
        self.test.clicked.connect(presenter.test)
        self.edit = theme.button("Edit", name="Edit connection", drawing="pencil")
        self.remove = theme.button("Remove", name="Remove connection", drawing="trash-2")
        self.remove.clicked.connect(presenter.remove)
        self.line = TrialLine("Test", presenter.trial.cancel)
        presenter.trial.changed.connect(self._show_trial)
        column = QVBoxLayout(self)
        fill(column, in_lines(self.test, self.edit, self.remove), self.line)

    def _show_trial(self, view: TrialView) -> None:
        self.line.show_view(view)
        self.test.setEnabled(not view.is_busy)


def key_field() -> QLineEdit:
    """Return a field that shows dots for what is pasted into it."""
    field = QLineEdit()
    field.setAccessibleName("API key")
    field.setPlaceholderText("Paste the key")
    field.setEchoMode(QLineEdit.EchoMode.Password)
    field.setMaxLength(LONGEST_KEY)
    return field
