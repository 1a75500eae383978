"""Asks for the password of protected files. It is used for one reading and kept nowhere."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLineEdit, QVBoxLayout

from hrdesk.ui import theme

PROMISE = "It is used to read the file once and is not kept. A readable copy stays in the library."


class PasswordRow(QFrame):
    """A field with a way to see what is typed; hidden until it is asked for.

    What is typed is taken as it is: also blanks at its ends, blanks alone, and letters of any script.
    """

    entered = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self.field = QLineEdit()
        self.field.setAccessibleName("Password")
        self.field.setPlaceholderText("Password of the file")
        self.field.setEchoMode(QLineEdit.EchoMode.Password)
        self.field.setMinimumWidth(240)
        self.field.textChanged.connect(self._take_in)
        self.field.returnPressed.connect(self._enter)
        self.show_text = theme.button("", name="Show password", drawing="eye")
        self.show_text.setCheckable(True)
        self.show_text.toggled.connect(self._show_text)
        self.open = theme.button("Open", name="Open with password", kind="primary")
        self.open.clicked.connect(self._enter)
        self.words = theme.label(PROMISE, "muted", wrap=True)
        row = QHBoxLayout()
        row.setSpacing(8)
        for widget in (self.field, self.show_text, self.open):
            row.addWidget(widget)
        row.addStretch(1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 4, 0, 0)
        column.setSpacing(6)
        column.addLayout(row)
        column.addWidget(self.words)
        self._take_in("")
        self.hide()

    def ask(self, files: int) -> None:
        """Show the field for so many files that are to be opened with one password."""
        self.words.setText(PROMISE if files == 1 else PROMISE.replace("the file", f"these {files} files"))
        self.show()
        self.field.setFocus(Qt.FocusReason.OtherFocusReason)

    def ask_again(self, files: int) -> None:
        """Ask once more, because so many files did not open; a single one says so itself."""
        self.ask(files)
        if files > 1:
            self.words.setText(
                f"This password does not open {files} of the files. Check capital letters and the keyboard, "
                "then try again."
            )

    def forget(self) -> None:
        """Empty the field and hide it."""
        self.field.clear()
        self.show_text.setChecked(False)
        self.hide()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.forget()
        else:
            super().keyPressEvent(event)

    def _enter(self) -> None:
        password = self.field.text()
        if password:
            self.forget()
            self.entered.emit(password)

    def _take_in(self, text: str) -> None:
        self.open.setEnabled(bool(text))

    def _show_text(self, shown: bool) -> None:
        mode = QLineEdit.EchoMode.Normal if shown else QLineEdit.EchoMode.Password
        self.field.setEchoMode(mode)
        self.show_text.setAccessibleName("Hide password" if shown else "Show password")
        self.show_text.setToolTip(self.show_text.accessibleName())
