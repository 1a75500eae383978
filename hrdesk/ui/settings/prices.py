"""What models cost: the list and the user's own prices, shown on demand and changed in place."""

from itertools import zip_longest

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from hrdesk.core.usage import Price
from hrdesk.ui import theme
from hrdesk.ui.settings.money_presenter import MoneyPresenter, price_words, read_price
from hrdesk.ui.settings.section import Replaced, breakable, fill
from hrdesk.ui.settings.words import day, figure

FEW = 6  # rows shown before "Show all"
UNKNOWN = "A model without a price is counted in tokens only; hrdesk never guesses a price."


class PriceList(QWidget):
    """Closed at first; own prices come first, then the list's in its order."""

    def __init__(self, presenter: MoneyPresenter) -> None:
        super().__init__()
        self.setAccessibleName("Prices")
        self._presenter = presenter
        self._is_open = self._is_long = False
        self.rows: list[PriceRow] = []
        self.words = theme.label("", "muted", wrap=True)
        self.toggle = theme.button("Show prices", drawing="chevron-down")
        self.toggle.clicked.connect(self._toggle)
        self.add = theme.button("Add a price", drawing="plus")
        self.add.clicked.connect(self._add)
        self.search = QLineEdit()
        self.search.setAccessibleName("Search prices")
        self.search.setPlaceholderText("Search models")
        self.search.setClearButtonEnabled(True)
        self.search.textChanged.connect(self._fill)
        self.more = theme.button("Show all", name="Show all prices", kind="link")
        self.more.clicked.connect(self._show_all)
        self.form = PriceForm(presenter, None)
        self.form.hide()
        self.form.left.connect(self._end_adding)
        self._lay_out()
        presenter.prices_changed.connect(lambda _prices: self._fill())
        self._fill()

    def _lay_out(self) -> None:
        column = QVBoxLayout(self)
        fill(column, self.words)
        column.setContentsMargins(0, 6, 0, 0)
        buttons = QHBoxLayout()
        fill(buttons, self.toggle, self.add)
        buttons.addStretch(1)
        column.addLayout(buttons)
        column.addWidget(self.form)
        column.addWidget(self.search)
        self._list = Replaced()
        column.addWidget(self._list)
        column.addWidget(self.more, 0, Qt.AlignmentFlag.AlignLeft)
        column.addWidget(theme.label(UNKNOWN, "small", wrap=True))

    def _toggle(self) -> None:
        self._is_open, self._is_long = not self._is_open, False
        self.search.clear()
        self._fill()

    def _show_all(self) -> None:
        self._is_long = True
        self._fill()

    def _add(self) -> None:
        self.form.begin()
        self.form.show()
        self.form.model.setFocus()

    def _end_adding(self) -> None:
        self.form.hide()
        self.add.setFocus()

    def _fill(self) -> None:
        prices = self._presenter.prices
        self._say(prices)
        wanted = self.search.text().strip().casefold()
        found = [price for price in prices if wanted in price.model.casefold()]
        found.sort(key=lambda price: not price.own)
        shown = found if self._is_long else found[:FEW]
        self.rows = [PriceRow(self._presenter, price) for price in (shown if self._is_open else ())]
        self._list.show_widgets(self.rows)
        self.search.setVisible(self._is_open and len(prices) > FEW)
        self.more.setText(f"Show all {len(found)}")
        self.more.setVisible(self._is_open and len(shown) < len(found))

    def _say(self, prices: list[Price]) -> None:
        own = sum(price.own for price in prices)
        as_of = self._presenter.as_of
        words = f"List of {day(as_of)}, per million tokens." if as_of else ""
        if own:
            words += f" {own} {'is' if own == 1 else 'are'} your own."
        self.words.setText(words)
        self.toggle.setText("Hide prices" if self._is_open else f"Show {len(prices)} prices")
        self.toggle.setAccessibleName(self.toggle.text())
        self.toggle.setVisible(bool(prices))


class PriceRow(QFrame):
    """The price of one model; it turns into a form."""

    def __init__(self, presenter: MoneyPresenter, price: Price) -> None:
        super().__init__()
        self._presenter, self.price = presenter, price
        self.setProperty("kind", "line")
        own = f" · yours, {day(price.as_of)}" if price.own else ""
        self._shown: list[QWidget] = [
            theme.label(breakable(price.model), wrap=True),
            theme.label(price_words(price) + own, "small", wrap=True),
        ]
        words = QVBoxLayout()
        fill(words, *self._shown, spacing=0)
        self._row = QHBoxLayout()
        self._row.setSpacing(10)
        self._row.addLayout(words, 1)
        if price.own:
            back = self._button("Back to the list", f"Back to the list: {price.model}")
            back.clicked.connect(lambda: presenter.drop_price(price))
        self.edit = self._button("Edit", f"Edit the price of {price.model}")
        self.edit.clicked.connect(self._edit)
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 6, 0, 6)
        self._column.addLayout(self._row)
        self.form: PriceForm | None = None

    def _button(self, text: str, name: str) -> QPushButton:
        made = theme.button(text, name=name, kind="link")
        self._row.addWidget(made)
        self._shown.append(made)
        return made

    def _edit(self) -> None:
        if self.form is None:
            self.form = PriceForm(self._presenter, self.price)
            self.form.left.connect(self._end)
            self._column.addWidget(self.form)
        self.form.begin()
        self._show_form(self.form, is_editing=True)
        self.form.input.setFocus()

    def _end(self) -> None:
        if self.form is not None:
            self._show_form(self.form, is_editing=False)
            self.edit.setFocus()

    def _show_form(self, form: "PriceForm", *, is_editing: bool) -> None:
        form.setVisible(is_editing)
        for part in self._shown:
            part.setVisible(not is_editing)


class PriceForm(QFrame):
    """Fields for the price of a model: a given one, or one that is named here."""

    left = Signal()
    """The form is done, saved or not."""

    def __init__(self, presenter: MoneyPresenter, price: Price | None) -> None:
        super().__init__()
        self._presenter, self._price = presenter, price
        self.model = _field("Model name", "As the server has it")
        self.input = _field("Price of input", "0.00")
        self.cached = _field("Price of cached input", "As input")
        self.output = _field("Price of output", "0.00")
        self.fault = theme.label("", "warning", wrap=True)
        self.fault.hide()
        self.save = theme.button("Save price", kind="primary")
        self.save.clicked.connect(self._save)
        cancel = theme.button("Cancel", name="Cancel the price")
        cancel.clicked.connect(self.left)
        for field in (self.model, self.input, self.cached, self.output):
            field.returnPressed.connect(self._save)
        self._lay_out(cancel)

    def _lay_out(self, cancel: QWidget) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 8, 0, 12)
        column.setSpacing(8)
        if self._price is None:
            column.addWidget(_small_label("Model", self.model))
            column.addWidget(self.model)
        else:
            column.addWidget(theme.label(breakable(self._price.model), "strong", wrap=True))
        grid = QGridLayout()
        grid.setHorizontalSpacing(8)
        grid.setVerticalSpacing(4)
        for at, (words, field) in enumerate(
            (("Input", self.input), ("Cached input", self.cached), ("Output", self.output))
        ):
            grid.addWidget(_small_label(words, field), 0, at)
            grid.addWidget(field, 1, at)
        column.addLayout(grid)
        self._unit = theme.label("", "small", wrap=True)
        column.addWidget(self._unit)
        column.addWidget(self.fault)
        row = QHBoxLayout()
        fill(row, self.save, cancel)
        row.addStretch(1)
        column.addLayout(row)

    def begin(self) -> None:
        """Fill in the price there is."""
        price = self._price
        self._unit.setText(f"{self._currency} per million tokens, as your provider prints them.")
        self.model.clear()
        amounts = (price.input, price.cached, price.output) if price else ()
        for field, amount in zip_longest((self.input, self.cached, self.output), amounts):
            field.setText("" if amount is None else figure(amount))
        self._show_faults({})

    @property
    def _currency(self) -> str:
        return self._price.currency if self._price else self._presenter.view.spent.currency

    def _save(self) -> None:
        model = self._price.model if self._price else self.model.text()
        made = read_price(
            model, self.input.text(), self.cached.text(), self.output.text(), self._price, self._currency
        )
        if isinstance(made, Price):
            self._presenter.set_price(made)
            self.left.emit()
        else:
            self._show_faults(made)

    def _show_faults(self, faults: dict[str, str]) -> None:
        fields = {"model": self.model, "input": self.input, "cached": self.cached, "output": self.output}
        for name, field in fields.items():
            field.setProperty("invalid", name in faults)
            field.setAccessibleDescription(faults.get(name, ""))
            theme.repolish(field)
        words = next((faults[name] for name in fields if name in faults), "")
        self.fault.setText(words)
        self.fault.setVisible(bool(words))


def _small_label(words: str, field: QWidget) -> QLabel:
    label = theme.label(words, "small")
    label.setBuddy(field)
    return label


def _field(name: str, placeholder: str) -> QLineEdit:
    field = QLineEdit()
    field.setAccessibleName(name)
    field.setPlaceholderText(placeholder)
    return field
