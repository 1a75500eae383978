"""The field in which a policy's category is chosen, and the card that changes the categories themselves."""

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QComboBox, QGridLayout, QHBoxLayout, QLineEdit, QSizePolicy, QWidget

from hrdesk.core.categories import LONGEST, Category
from hrdesk.ui import theme
from hrdesk.ui.library.cards import TaskCard

NO_CATEGORY = "No category"
WHY = "A new name goes to every policy in the category; the name of another category joins the two."


class CategoryField(QWidget):
    """Choose a category, type a new one, or edit them all."""

    chosen = Signal(str)
    """The name of a category, "" for none."""

    def __init__(self) -> None:
        super().__init__()
        self.names = QComboBox()
        self.names.setAccessibleName("Category")
        self.names.setToolTip("Choose a category, or type a new one and press Enter")
        self.names.setEditable(True)
        self.names.setInsertPolicy(QComboBox.InsertPolicy.InsertAtBottom)
        self.names.setMinimumWidth(130)
        self.names.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.names.textActivated.connect(lambda name: self.chosen.emit("" if name == NO_CATEGORY else name))
        self.edit = theme.button("", name="Edit categories", drawing="pencil")
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(4)
        row.addWidget(self.names, 1)
        row.addWidget(self.edit)

    def set_names(self, names: Sequence[str]) -> None:
        """Offer these categories."""
        chosen = self.names.currentText()
        self.names.clear()
        self.names.addItems([NO_CATEGORY, *(name.capitalize() for name in names)])
        self.select(chosen)

    def select(self, name: str) -> None:
        """Show a category, "" for none."""
        at = self.names.findText(name or NO_CATEGORY)
        if at >= 0:
            self.names.setCurrentIndex(at)
        else:
            self.names.setEditText(name)


class CategoriesCard(TaskCard):
    """Renames and removes categories; hidden until it is asked for."""

    renamed = Signal(str, str)
    """The name of a category, and the one it shall have."""
    removed = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self.category, self.name = QComboBox(), QLineEdit()
        self.category.currentIndexChanged.connect(self._show_name)
        self.name.setMaxLength(LONGEST)
        self.name.returnPressed.connect(self._rename)
        self.rename = theme.button("Rename", name="Rename category")
        self.rename.clicked.connect(self._rename)
        self.remove = theme.button("Remove", name="Remove category", drawing="trash-2")
        self.remove.clicked.connect(lambda: self.removed.emit(self.category.currentData()))
        self.done = theme.button("Done", name="Done with categories", kind="primary")
        self.done.clicked.connect(self.hide)
        self._lay_out()

    def _lay_out(self) -> None:
        grid = QGridLayout(self)
        grid.setContentsMargins(16, 10, 12, 12)
        grid.setHorizontalSpacing(8)
        for column, (name, field) in enumerate(
            (("Category to edit", self.category), ("New name", self.name))
        ):
            field.setAccessibleName(name)
            head = theme.label(name, "small")
            head.setBuddy(field)
            grid.addWidget(head, 0, column)
            grid.addWidget(field, 1, column)
            grid.setColumnStretch(column, 1)
        for column, button in enumerate((self.rename, self.remove, self.done), 2):
            grid.addWidget(button, 1, column)
        grid.addWidget(theme.label(WHY, "small", wrap=True), 2, 0, 1, 5)

    def show_categories(self, categories: Sequence[Category]) -> None:
        """Offer these categories, each with the number of its policies."""
        chosen = self.category.currentData()
        self.category.clear()
        for one in categories:
            policies = "1 policy" if one.policies == 1 else f"{one.policies} policies"
            self.category.addItem(f"{one.name.capitalize()} · {policies}", one.name)
        self.choose(chosen)

    def choose(self, name: str | None) -> None:
        """Choose a category, the first where there is none of this name."""
        self.category.setCurrentIndex(max(self.category.findData(name), 0))
        self._show_name()

    def open(self, name: str) -> None:
        """Show the card with a category to rename."""
        self.choose(name)
        self.show()
        self.name.setFocus(Qt.FocusReason.OtherFocusReason)
        self.name.selectAll()

    def _show_name(self) -> None:
        name = self.category.currentData()
        self.name.setText((name or "").capitalize())
        for button in (self.rename, self.remove):
            button.setEnabled(name is not None)

    def _rename(self) -> None:
        if self.category.currentData() is not None:
            self.renamed.emit(self.category.currentData(), self.name.text())
