"""The card that says what was spent, holds the monthly limit, and shows what models cost."""

from PySide6.QtWidgets import QLineEdit, QProgressBar, QVBoxLayout, QWidget

from hrdesk.core.amounts import money
from hrdesk.ui import theme
from hrdesk.ui.settings.editor_parts import combo
from hrdesk.ui.settings.money_presenter import (
    WARNINGS,
    MoneyPresenter,
    MoneyView,
    limit_words,
    share_words,
    spent_words,
    unpriced_words,
)
from hrdesk.ui.settings.prices import PriceList
from hrdesk.ui.settings.section import TONES, Section, at_left, fill, say
from hrdesk.ui.settings.words import figure


class MoneyCard(Section):
    """Changes count at once."""

    def __init__(self, presenter: MoneyPresenter) -> None:
        super().__init__("Money", "What language models cost. Answers of this computer cost nothing.")
        self.presenter = presenter
        self.spent = _Spent()
        self.add_row("This month", self.spent)
        self._add_limit()
        self.prices = PriceList(presenter)
        self.add_row("Prices", self.prices)
        presenter.changed.connect(self.show_view)
        presenter.limit_refused.connect(self.limit_row.show_fault)

    def _add_limit(self) -> None:
        presenter = self.presenter
        self.limit = QLineEdit()
        self.limit.setAccessibleName("Monthly limit")
        self.limit.setPlaceholderText("No limit")
        self.limit.setMaximumWidth(160)
        self.limit.editingFinished.connect(lambda: presenter.limit(self.limit.text()))
        self._currency = theme.label("", "muted")
        self.limit_note = theme.label("", "small", wrap=True)
        self.limit_row = self.add_row("Monthly limit", at_left(self.limit, self._currency), self.limit_note)
        self.warn = combo(
            "Warn from", tuple((share, f"{share:.0%}".replace("%", " %")) for share in WARNINGS)
        )
        self.warn.setMaximumWidth(160)
        self.warn.activated.connect(lambda at: presenter.warn_at(self.warn.itemData(at)))
        self._warn_row = self.add_row("Warn from", at_left(self.warn))

    def show_view(self, view: MoneyView) -> None:
        """Show what is known; a limit that is being typed is left alone."""
        self.spent.show_view(view)
        amount = view.budget.amount
        if not self.limit.hasFocus():
            self.limit.setText("" if amount is None else figure(amount))
        self._currency.setText(view.spent.currency)
        self.limit_note.setText(limit_words(view))
        self._warn_row.setVisible(amount is not None)
        nearest = min(WARNINGS, key=lambda share: abs(share - view.budget.warn_at))
        self.warn.setCurrentIndex(WARNINGS.index(nearest))


class _Spent(QWidget):
    """The sum, how much of the limit it is, and what is not in it."""

    def __init__(self) -> None:
        super().__init__()
        self.sum = theme.label("", "title")
        self.sum.setAccessibleName("Spent this month")
        self.share = theme.label("", "muted", wrap=True)
        self.bar = QProgressBar()
        self.bar.setAccessibleName("Share of the monthly limit")
        self.bar.setTextVisible(False)
        self.bar.setRange(0, 100)
        self.tokens = theme.label("", "muted", wrap=True)
        self.unpriced = theme.label("", "warning", wrap=True)
        column = QVBoxLayout(self)
        fill(column, spacing=4)
        column.setContentsMargins(0, 6, 0, 0)
        for part in (self.sum, self.bar, self.share, self.tokens, self.unpriced):
            column.addWidget(part)
        self.show_view(MoneyView())

    def show_view(self, view: MoneyView) -> None:
        """Show what is known."""
        say(self.sum, money(view.spent.cost, view.spent.currency))
        self.tokens.setText(spent_words(view.spent))
        unpriced, share = unpriced_words(view.spent), share_words(view)
        self.unpriced.setText(unpriced)
        self.unpriced.setVisible(bool(unpriced))
        say(self.share, share, TONES[view.tone])
        self.share.setVisible(bool(share))
        self.bar.setVisible(view.share is not None)
        self.bar.setValue(min(100, round((view.share or 0) * 100)))
        self.bar.setProperty("tone", TONES[view.tone])
        theme.repolish(self.bar)
