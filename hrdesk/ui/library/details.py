"""The card under the table: what happened to the files that are selected, and what can be done."""

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout

from hrdesk.core.documents import LibraryFile
from hrdesk.core.versions import PolicyFacts
from hrdesk.ui import theme
from hrdesk.ui.library.categories import CategoriesCard, CategoryField
from hrdesk.ui.library.facts import FactsForm
from hrdesk.ui.library.password import PasswordRow
from hrdesk.ui.library.words import can_retry, can_unlock, plural, title


class Details(QFrame):
    """Hidden while nothing is selected."""

    retry_clicked = Signal()
    remove_clicked = Signal()
    category_chosen = Signal(str)
    password_entered = Signal(str)
    """A password for the protected files among those that are selected."""
    compare_clicked = Signal(str)
    """The sha256 of the version that is to be compared with the one before it."""

    def __init__(self) -> None:
        super().__init__()
        self._version = ""
        self._locked: tuple[str, ...] = ()
        self._tried: tuple[str, ...] = ()
        self.setProperty("kind", "card")
        self._title = theme.label("", "strong")
        self._message = theme.label("", "muted", wrap=True)
        self.category = CategoryField()
        self.category.chosen.connect(self.category_chosen)
        self.category.edit.clicked.connect(self._edit_categories)
        self.categories = CategoriesCard()
        self.retry = theme.button("Retry", drawing="rotate-ccw")
        self.retry.clicked.connect(self.retry_clicked)
        self.unlock = theme.button("Enter password", drawing="lock")
        self.unlock.clicked.connect(self.ask_password)
        self.password = PasswordRow()
        self.password.entered.connect(self._try)
        self.remove = theme.button("Remove", drawing="trash-2")
        self.remove.clicked.connect(self.remove_clicked)
        self.compare = theme.button("Compare versions", drawing="copy")
        self.compare.clicked.connect(lambda: self.compare_clicked.emit(self._version))
        self.facts = FactsForm()
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 12, 12, 12)
        column.setSpacing(8)
        row = QHBoxLayout()
        row.setSpacing(8)
        self._row = row
        column.addLayout(row)
        column.addWidget(self.password)
        column.addWidget(self.facts)
        column.addWidget(self.categories)
        words = QVBoxLayout()
        words.setSpacing(2)
        words.addWidget(self._title)
        words.addWidget(self._message)
        row.addLayout(words, 1)
        row.addSpacing(8)
        for control in (self.category, self.compare, self.unlock, self.retry, self.remove):
            row.addWidget(control, 0, Qt.AlignmentFlag.AlignVCenter)
        self.hide()

    def set_categories(self, names: Sequence[str]) -> None:
        """Offer these categories."""
        self.category.set_names(names)

    def show_files(self, files: Sequence[LibraryFile]) -> None:
        """Show what can be said of one or several files."""
        self.setVisible(bool(files))
        locked = tuple(file.id for file in files if can_unlock(file))
        if locked != self._locked:  # what was typed was meant for others
            self.password.forget()
        self._locked = locked
        self._ask_again(files)
        if not files:
            return
        one = files[0] if len(files) == 1 else None
        self._title.setText(title(one) if one else f"{plural(len(files))} selected")
        self._message.setText(_message(one) if one else "")
        self._message.setVisible(one is not None)
        self.unlock.setVisible(bool(locked))
        self.retry.setVisible(any(can_retry(file) and not can_unlock(file) for file in files))
        self.category.setVisible(any(file.document_id for file in files))
        categories = {file.category or "" for file in files}
        self.category.select(categories.pop().capitalize() if len(categories) == 1 else "")

    def _edit_categories(self) -> None:
        """Open the card at the category of the policy, or close it."""
        if self.categories.isVisible():
            self.categories.hide()
        else:
            self.categories.open(self.category.names.currentText().lower())

    def ask_password(self) -> None:
        """Ask for the password of the protected files among those that are shown."""
        if self._locked:
            self.password.ask(len(self._locked))

    def _try(self, password: str) -> None:
        self._tried = self._locked
        self.password_entered.emit(password)

    def _ask_again(self, files: Sequence[LibraryFile]) -> None:
        """Ask once more where a password was tried on these files and was the wrong one."""
        wrong = [file.id for file in files if file.reason == "wrong_password" and file.id in self._tried]
        if wrong and all(file.state.is_end for file in files):
            self._tried = ()
            self.password.ask_again(len(wrong))

    def show_facts(self, facts: PolicyFacts | None) -> None:
        """Show what can be edited about the one policy that is selected."""
        self.facts.show_facts(facts)
        self._version = facts.version.sha256 if facts else ""
        self.compare.setVisible(facts is not None and facts.versions > 1)
        is_offered = not self.category.isHidden()
        if facts is None:
            self._row.insertWidget(2, self.category, 0, Qt.AlignmentFlag.AlignVCenter)
        else:
            self.facts.category_row.addWidget(self.category)
        self.category.setVisible(is_offered)  # moving hides it until the layout's next event


def _message(file: LibraryFile) -> str:
    facts = [
        f"{file.pages} pages" if file.pages > 1 else "",
        f"{file.passages} passages" if file.passages else "",
    ]
    counted = ", ".join(fact for fact in facts if fact)
    name = file.file if file.title else ""
    return " · ".join(part for part in (name, counted, file.message) if part)
