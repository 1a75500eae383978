"""The card that chooses a connection and looks after its key."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from hrdesk.core.connections import Connection
from hrdesk.ui import theme
from hrdesk.ui.settings.presenter import KeyView, SettingsPresenter
from hrdesk.ui.settings.section import Section

_TONES = {"good": "good", "caution": "warning", "muted": "muted"}


class ConnectionCard(Section):
    """The key is shown nowhere: only that one is stored, and where."""

    def __init__(self, presenter: SettingsPresenter) -> None:
        super().__init__("Answers", "Who answers, and what it may know.")
        self._presenter = presenter
        self.chooser = QComboBox()
        self.chooser.setAccessibleName("Connection")
        self.chooser.activated.connect(self._choose)
        self.note = theme.label("", "small", wrap=True)
        self.add_row("Connection", self.chooser, self.note)
        self.key = _KeyRow(presenter)
        self.add_row("API key", self.key)
        presenter.connection_shown.connect(self._show_connection)
        presenter.key_changed.connect(self.key.show_view)
        presenter.where_changed.connect(self.key.where.setText)

    def offer(self, connections: tuple[Connection, ...]) -> None:
        """Offer these connections."""
        self.chooser.clear()
        for connection in connections:
            self.chooser.addItem(connection.title, connection.name)

    def _choose(self, at: int) -> None:
        self._presenter.show_connection(self.chooser.itemData(at))

    def _show_connection(self, connection: Connection) -> None:
        self.chooser.setCurrentIndex(self.chooser.findData(connection.name))
        self.note.setText(_note(connection))
        self.key.set_needed(connection.needs_key)


def _note(connection: Connection) -> str:
    return "Nothing leaves this computer." if connection.is_local else f"Questions go to {connection.host}."


class _KeyRow(QWidget):
    """Field and buttons for one API key."""

    def __init__(self, presenter: SettingsPresenter) -> None:
        super().__init__()
        self._presenter = presenter
        self.field = QLineEdit()
        self.field.setAccessibleName("API key")
        self.field.setPlaceholderText("Paste the key")
        self.field.setEchoMode(QLineEdit.EchoMode.Password)
        self.field.setMaxLength(1000)
        self.field.textChanged.connect(self._enable)
        self.field.returnPressed.connect(self._store)
        self.store = theme.button("Store key", drawing="key-round", kind="primary")
        self.store.clicked.connect(self._store)
        self.test = theme.button("Test")
        self.test.clicked.connect(presenter.test_key)
        self.check = theme.button("Check again", drawing="rotate-ccw")
        self.check.clicked.connect(presenter.check_key)
        self.delete = theme.button("Delete key", drawing="trash-2")
        self.delete.clicked.connect(presenter.delete_key)
        self.words = theme.label("", "muted", wrap=True)
        self.words.setAccessibleName("Key state")
        self.where = theme.label("", "small", wrap=True)
        self._view = KeyView()
        self._lay_out()
        self.set_needed(False)

    def _lay_out(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addWidget(self.field, 1)
        row.addWidget(self.store)
        column.addLayout(row)
        state = QHBoxLayout()
        state.setSpacing(8)
        state.addWidget(self.words, 1, Qt.AlignmentFlag.AlignVCenter)
        for control in (self.check, self.test, self.delete):
            state.addWidget(control)
        column.addLayout(state)
        column.addWidget(self.where)

    def set_needed(self, needed: bool) -> None:
        """Say whether the connection has a key at all; where it has none there is nothing to type."""
        self.field.setEnabled(needed)
        if not needed:
            self.field.clear()
            self.field.setPlaceholderText("Not needed")
        for part in (self.store, self.words, self.where):
            part.setVisible(needed)
        for part in (self.test, self.delete, self.check):
            part.setVisible(False)

    def show_view(self, view: KeyView) -> None:
        """Show what is known of the key."""
        if not self.field.isEnabled():
            return
        self._view = view
        self.words.setText(view.words)
        self.words.setProperty("tone", _TONES[view.tone])
        theme.repolish(self.words)
        self.field.setPlaceholderText("Paste a new key to replace it" if view.is_stored else "Paste the key")
        self._enable()

    def _enable(self) -> None:
        view = self._view
        self.store.setEnabled(bool(self.field.text().strip()) and not view.is_busy)
        self.test.setVisible(view.is_stored)
        self.delete.setVisible(view.is_stored)
        self.check.setVisible(view.can_retry)
        for control in (self.test, self.delete, self.check):
            control.setEnabled(not view.is_busy)

    def _store(self) -> None:
        key = self.field.text()
        self.field.clear()  # a stored key is never on screen
        self._presenter.store_key(key)
