import pytest

from hrdesk.ui.chat.facts import RunFacts, facts_of
from hrdesk.ui.chat.model import TranscriptModel, TranscriptRole
from tests.ui.chat.fakes import answer, conversation, question, run


@pytest.fixture
def model(qapp, qtmodeltester):
    model = TranscriptModel()
    model.reset(conversation(3))
    qtmodeltester.check(model)
    return model


def test_the_model_keeps_qts_rules_while_it_changes(model, qtmodeltester):
    model.put(question(9))
    model.set_text("a1", "Ten days. [1] More.")
    model.set_facts("a1", RunFacts(2, 6, 1.4))
    qtmodeltester.check(model)


def test_a_message_with_a_known_id_takes_its_place(model):
    model.put(answer(1, "Twelve days. [1]"))
    assert model.rowCount() == 6 and model.message(3).text == "Twelve days. [1]"


def test_growing_text_reports_one_row_and_says_that_only_text_grew(model, qtbot):
    with qtbot.waitSignal(model.dataChanged) as caught:
        model.set_text("a1", "Ten days. [1] More.")
    first, last, roles = caught.args
    assert first.row() == last.row() == 3 and TranscriptRole.TEXT in roles


def test_a_message_of_another_thread_is_not_taken_in_by_its_figures(model):
    model.set_facts("elsewhere", RunFacts(1, 1))
    model.set_text("elsewhere", "x")
    assert model.row_of("elsewhere") is None


def test_screen_readers_hear_who_speaks(model):
    from PySide6.QtCore import Qt

    spoken = model.index(0).data(Qt.ItemDataRole.AccessibleTextRole)
    assert spoken == "Question: How many sick days do I get?"


def test_figures_count_lookups_and_the_different_passages_sent():
    assert facts_of(run()).words == ("2 lookups · 3 passages read", "1.4 s")
    assert RunFacts(1, 1).words == ("1 lookup · 1 passage read",)
