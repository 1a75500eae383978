from decimal import Decimal

import pytest

from hrdesk.core.usage import ContextMeter, Estimate, Usage
from hrdesk.ui.chat.outlook_line import ContextNote, MeterBar, estimate_details, estimate_words


@pytest.mark.parametrize(
    ("words", "shown"),
    [
        ("about 0.02 USD", "≈ 0.02 USD"),
        ("about 3,100 tokens", "≈ 3,100 tokens"),
        ("nothing is sent", "nothing is sent"),
    ],
)
def test_estimates_are_short_beside_send(words, shown):
    assert estimate_words(Estimate(Usage(), None, words)) == shown


def test_without_an_estimate_nothing_is_said():
    assert estimate_words(None) == "" and estimate_details(None) == ""


def test_the_details_say_what_goes_and_what_comes():
    known = Estimate(Usage(2900, 220), Decimal("0.02"), "about 0.02 USD")
    assert estimate_details(known) == (
        "This question: about 0.02 USD. About 2,900 tokens are sent, and the answer may take 220."
    )
    assert (
        estimate_details(Estimate(Usage(), Decimal(0), "nothing is sent"))
        == "This question: nothing is sent."
    )


def test_the_meter_speaks_to_pointer_and_screen_reader(themed, qtbot):
    bar = MeterBar()
    qtbot.addWidget(bar)
    bar.show_meter(ContextMeter(900, 16_000, 0.06, 0, "The whole thread is sent."))
    assert not bar.isHidden()
    assert bar.toolTip() == bar.accessibleDescription() == "The whole thread is sent."
    bar.show_meter(ContextMeter(0, 0, 0.0, 0, "Nothing leaves this computer."))
    assert bar.isHidden()


@pytest.mark.parametrize(
    ("share", "left_out", "speaks"), [(0.69, 0, False), (0.7, 0, True), (0.1, 2, True), (1.0, 4, True)]
)
def test_words_come_when_the_thread_is_nearly_full_or_cut(themed, qtbot, share, left_out, speaks):
    note = ContextNote()
    qtbot.addWidget(note)
    note.show_meter(ContextMeter(1, 100, share, left_out, "Said in words."))
    assert (note.words == "Said in words.") is speaks and note.isHidden() is not speaks
