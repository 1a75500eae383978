"""The card about money: spending, limit, prices."""

from datetime import datetime
from decimal import Decimal

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLineEdit

from hrdesk.core.errors import HrdeskError
from hrdesk.core.usage import Budget, Spent, Usage
from hrdesk.ui.settings.money_presenter import read_price
from tests.ui.settings.fakes import price
from tests.ui.settings.testbed import Testbed


@pytest.fixture
def bed(qloop, qtbot, tmp_path) -> Testbed:
    return Testbed(qtbot, tmp_path)


def _limit(bed: Testbed, text: str) -> None:
    bed.type("Monthly limit", text)
    bed.qtbot.keyClick(bed.find(QLineEdit, "Monthly limit"), Qt.Key.Key_Return)
    bed.settle()


def _models(bed: Testbed) -> list[str]:
    return [row.price.model for row in bed.pane.money.prices.rows]


def test_the_month_is_shown_in_money_and_tokens(bed):
    spent = bed.pane.money.spent
    assert spent.sum.text() == "1.24 USD"
    assert spent.tokens.text() == "412,300 tokens in 38 answers."
    assert not spent.unpriced.isVisible() and not spent.bar.isVisible()


def test_tokens_without_a_price_are_named_and_not_counted_as_money(bed):
    bed.desk.costs.spent = Spent(Usage(5_000, 100), Decimal(0), 5_100, 2)
    bed.pane.money.presenter.refresh()
    bed.settle()
    assert bed.pane.money.spent.unpriced.text().startswith("Not in the sum: 5,100 tokens")


def test_spending_is_counted_again_when_the_page_is_shown_again(bed):
    bed.pane.hide()
    bed.desk.costs.spent = Spent(Usage(10, 10), Decimal(3), 0, 1)
    bed.pane.show()
    bed.settle()
    assert bed.pane.money.spent.sum.text() == "3.00 USD"


def test_a_limit_says_what_it_does(bed):
    _limit(bed, "2")
    assert bed.desk.costs.limit == Budget(Decimal(2), 0.8)
    assert bed.pane.money.spent.share.text() == "62 % of 2.00 USD"
    assert "warned from 1.60 USD on" in bed.pane.money.limit_note.text()
    bed.pick("Warn from", "50 %")
    assert bed.desk.costs.limit.warn_at == 0.5
    assert bed.pane.money.spent.share.property("tone") == "warning"
    _limit(bed, "")
    assert bed.desk.costs.limit.amount is None
    assert not bed.pane.money.warn.isVisible()


def test_a_reached_limit_is_said(bed):
    _limit(bed, "1")
    assert "no more questions are sent" in bed.pane.money.spent.share.text()


def test_a_limit_that_is_no_amount_changes_nothing(bed):
    _limit(bed, "2")
    _limit(bed, "plenty")
    assert bed.pane.money.limit_row.fault == "Type an amount such as 20 or 12.50."
    assert bed.find(QLineEdit, "Monthly limit").text() == "plenty"
    assert bed.desk.costs.limit.amount == 2
    _limit(bed, "3")
    assert bed.pane.money.limit_row.fault == ""


def test_a_limit_that_cannot_be_kept_is_reported(bed):
    bed.desk.costs.trouble = HrdeskError("The store is full.")
    _limit(bed, "2")
    assert [str(error) for error in bed.reports.errors] == ["The store is full."]


def test_prices_are_shown_on_demand_with_the_day_of_the_list(bed):
    assert bed.pane.money.prices.words.text() == "List of 1 November 2026, per million tokens."
    assert _models(bed) == []
    bed.press("Show 3 prices")
    assert _models(bed) == ["model-00", "model-01", "model-02"]
    bed.press("Hide prices")
    assert _models(bed) == []


def test_a_price_of_ones_own_goes_before_the_list_and_back_again(bed):
    bed.press("Show 3 prices")
    bed.press("Edit the price of model-01")
    bed.type("Price of input", "0,50")
    bed.type("Price of cached input", "")
    bed.press("Save price")
    made = bed.desk.costs.own["model-01"]
    assert (made.input, made.cached, made.output, made.own) == (Decimal("0.5"), Decimal("0.5"), 2, True)
    assert made.as_of == datetime.now().astimezone().date()
    assert _models(bed)[0] == "model-01"
    bed.press("Back to the list: model-01")
    assert bed.desk.costs.own == {}
    assert bed.notices[-1].text == "model-01 has the list's price again."
    bed.notices[-1].action.run()
    bed.settle()
    assert bed.desk.costs.own["model-01"] == made


def test_a_price_can_be_added_for_a_model_that_is_not_in_the_list(bed):
    bed.press("Add a price")
    bed.type("Price of input", "1")
    bed.type("Price of output", "4")
    bed.press("Save price")
    assert "exactly as the server has it" in bed.pane.money.prices.form.fault.text()
    bed.type("Model name", "our-model")
    bed.press("Save price")
    assert bed.desk.costs.own["our-model"].cached == 1
    bed.press("Show 4 prices")
    bed.press("Back to the list: our-model")
    assert "counts in tokens only" in bed.notices[-1].text


def test_a_price_that_is_no_amount_is_named_and_kept_in_the_form(bed):
    bed.press("Show 3 prices")
    bed.press("Edit the price of model-00")
    bed.type("Price of output", "cheap")
    bed.press("Save price")
    assert bed.find(QLineEdit, "Price of output").text() == "cheap"
    assert bed.find(QLineEdit, "Price of output").accessibleDescription()
    assert bed.desk.costs.own == {}
    bed.press("Cancel the price")
    assert bed.pane.money.prices.rows[0].edit.isVisible()


def test_a_long_list_is_searched(bed):
    bed.desk.costs.list = {one.model: one for one in (price(f"m-{n:03}", "1", "1", "2") for n in range(60))}
    bed.pane.money.presenter.attach(bed.desk.costs)
    bed.settle()
    bed.press("Show 60 prices")
    assert len(_models(bed)) == 6
    bed.type("Search prices", "05")
    assert _models(bed)[:2] == ["m-005", "m-050"] and len(_models(bed)) == 6
    bed.press("Show all prices")
    assert len(_models(bed)) == 11


def test_a_changed_price_keeps_what_is_not_typed():
    listed = price("m", "1", "0.1", "2")
    made = read_price("m", "3", "0.3", "6", listed, "USD")
    assert not isinstance(made, dict)
    assert (made.window, made.regional, made.own) == (listed.window, listed.regional, True)
