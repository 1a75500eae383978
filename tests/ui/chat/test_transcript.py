from decimal import Decimal
from itertools import pairwise

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QPushButton

from hrdesk.core.citations import CitationState
from hrdesk.core.documents import Outcome
from hrdesk.core.threads import Message, MessageStatus, Role
from hrdesk.ui.chat.answer_card import AnswerCard
from hrdesk.ui.chat.facts import RunFacts
from hrdesk.ui.chat.model import TranscriptModel
from hrdesk.ui.chat.transcript import TranscriptView
from tests.ui.chat.fakes import NOW, answer, citation, conversation, question


@pytest.fixture
def view(themed, qtbot):
    view = TranscriptView(TranscriptModel())
    qtbot.addWidget(view)
    view.resize(680, 600)
    with qtbot.waitExposed(view):
        view.show()
    return view


def answer_card(view: TranscriptView, row: int) -> AnswerCard:
    card = view.card(row)
    assert isinstance(card, AnswerCard)
    return card


def places(view: TranscriptView) -> list[tuple[int, int]]:
    return sorted((card.y(), card.height()) for card in view._cards.values())


def test_five_thousand_messages_need_a_handful_of_cards(view):
    view._model.reset(conversation(2500))
    assert len(view._cards) < 30
    assert view.verticalScrollBar().value() == view.verticalScrollBar().maximum()


def test_cards_lie_one_below_the_other_wherever_one_scrolls(view):
    view._model.reset(conversation(300))
    bar = view.verticalScrollBar()
    for share in (1.0, 0.5, 0.25, 0.0, 0.75):
        bar.setValue(int(bar.maximum() * share))
        found = places(view)
        assert all(y + height == below for (y, height), (below, _) in pairwise(found))
        assert found[0][0] <= 20 and found[-1][0] + found[-1][1] >= view.viewport().height() - 20


def test_what_is_read_stays_in_place_when_text_arrives_below(view):
    view._model.reset(conversation(50))
    view.verticalScrollBar().setValue(400)
    before = places(view)
    view._model.set_text("a49", "Ten days. [1]" + " More text.\n\n" * 30)
    assert places(view) == before


def test_the_end_is_followed_while_it_is_in_sight(view):
    view._model.reset([*conversation(5), answer(9, "", status=MessageStatus.IN_PROGRESS, citations=())])
    for times in range(1, 61):
        view._model.set_text("a9", "One more sentence of the answer.\n\n" * times)
    assert view.verticalScrollBar().value() == view.verticalScrollBar().maximum() > 0


def test_a_narrower_window_keeps_the_message_at_the_top(view, qtbot):
    long = "A sentence about leave. " * 40
    view._model.reset([answer(number, long) for number in range(40)])
    view.verticalScrollBar().setValue(view.verticalScrollBar().maximum() // 2)
    row = view._anchor[0]
    view.resize(420, 600)
    qtbot.waitUntil(lambda: view.column[1] < 400)
    assert view._anchor[0] == row


def test_chips_are_buttons_named_after_their_place(view, qtbot):
    given = (citation(1), citation(2, "Handbook", 22, CitationState.CHANGED))
    view._model.reset([question(1), answer(1, "A [1] b [2]", citations=given)])
    chips = answer_card(view, 1).chips
    assert [chip.accessibleName() for chip in chips] == [
        "Citation 1: Leave policy, page 4",
        "Citation 2: Handbook, page 22",
    ]
    assert chips[1].accessibleDescription().startswith("changed.")
    with qtbot.waitSignal(view.citation_clicked) as caught:
        qtbot.mouseClick(chips[1], Qt.MouseButton.LeftButton)
    assert caught.args[1] == 2


def test_the_open_citation_is_framed_and_only_that_one(view):
    view._model.reset([question(1), answer(1), question(2), answer(2)])
    view.set_current(("a2", 1))
    assert [chip.isChecked() for row in (1, 3) for chip in answer_card(view, row).chips] == [False, True]


def test_chips_flow_into_rows_and_stay_inside_a_narrow_column(view):
    view.resize(320, 600)
    given = tuple(citation(n, "A policy with a very long title indeed, second edition") for n in range(1, 5))
    view._model.reset([question(1), answer(1, citations=given)])
    card = answer_card(view, 1)
    assert all(chip.x() + chip.width() <= card.width() for chip in card.chips)
    assert len({chip.y() for chip in card.chips}) == 4


@pytest.mark.parametrize(
    ("outcome", "tag"), [(Outcome.CLOSEST, "Closest passages"), (Outcome.NOT_FOUND, "Not in the policies")]
)
def test_an_answer_that_does_not_answer_says_so_above_it(view, outcome, tag):
    view._model.reset([question(1), answer(1, outcome=outcome)])
    card = answer_card(view, 1)
    assert card._tag.isVisible() and card._tag.text() == tag and card._tag.y() < card.text.y()


def test_an_interrupted_answer_keeps_its_text_and_offers_to_ask_again(view, qtbot):
    note = "You stopped this answer."
    stopped = answer(1, "Employees may", status=MessageStatus.INCOMPLETE, note=note, citations=())
    view._model.reset([question(1), stopped])
    card = answer_card(view, 1)
    assert "Employees may" in card.text.toPlainText() and card._note.text() == note
    again = next(b for b in card.findChildren(QPushButton) if b.text() == "Ask again")
    with qtbot.waitSignal(view.ask_again_clicked, check_params_cb=lambda message: message == stopped):
        again.click()


def test_a_question_that_may_have_been_meant_can_be_asked_with_one_click(view, qtbot):
    text = "The policies on file do not answer this question.\n\nDid you mean: What is R&D leave?"
    lost = answer(1, text, citations=(), outcome=Outcome.NOT_FOUND)
    view._model.reset([question(1), lost])
    meant = answer_card(view, 1)._meant
    assert meant.isVisible() and meant.text() == "Ask: What is R&&D leave?"
    assert meant.accessibleName() == "Ask: What is R&D leave?" and meant in answer_card(view, 1).stops()
    with qtbot.waitSignal(
        view.suggestion_clicked, check_params_cb=lambda words: words == "What is R&D leave?"
    ):
        meant.click()


def test_nothing_is_offered_below_an_answer_that_was_found(view):
    view._model.reset([question(1), answer(1, "They say “Did you mean: x” [1]", outcome=Outcome.ANSWERED)])
    assert not answer_card(view, 1)._meant.isVisible()


def test_figures_appear_when_they_are_known_without_moving_anything(view):
    view._model.reset([question(1), answer(1), question(2), answer(2)])
    before = places(view)
    view._model.set_facts("a1", RunFacts(2, 6, 1.4))
    shown = [label.text() for label in answer_card(view, 1)._figures]
    assert shown == ["2 lookups · 6 passages read", "1.4 s"]
    assert places(view) == before


def test_cost_tokens_model_and_version_stand_under_the_answer(view):
    view._model.reset([question(1), answer(1)])
    view._model.set_facts(
        "a1", RunFacts(2, 6, 1.4, 3120, Decimal("0.021"), "USD", "gpt · assistant version 3")
    )
    card = answer_card(view, 1)
    shown = [label.text() for label in card.findChildren(QLabel) if label.isVisible()]
    assert {"0.02 USD · 3,120 tokens", "gpt · assistant version 3"} <= set(shown)
    view._model.set_facts("a1", RunFacts(2, 6, 1.4, 3120, None))
    assert "3,120 tokens" in [label.text() for label in card.findChildren(QLabel) if label.isVisible()]


def test_sentences_without_source_are_counted_in_a_calm_line(view):
    uncited = ("Many firms ask earlier.", "Ask your manager.")
    view._model.reset([question(1), answer(1, "Ten. [1] " + " ".join(uncited), uncited=uncited)])
    card = answer_card(view, 1)
    assert card._uncited.text() == "Not from the policies: 2 sentences carry no source"
    assert card._uncited.isVisible() and card._uncited.y() > card.text.geometry().bottom()
    view._model.put(answer(1, "Ten. [1]"))
    assert card._uncited.isHidden()


def test_what_was_carried_over_is_plain_text_that_can_be_edited(view, qtbot):
    carried = Message("s1", "thread_1", Role.SUMMARY, "Ten **days** & <b>more</b>", NOW)
    view._model.reset([carried, *conversation(1)])
    card = view.card(0)
    assert card is not None and card.text.toPlainText() == "Ten **days** & <b>more</b>"
    edit = next(b for b in card.findChildren(QPushButton) if b.text() == "Edit")
    with qtbot.waitSignal(view.edit_clicked, check_params_cb=lambda message: message == carried):
        edit.click()


def test_messages_in_sight_are_named_once_the_view_rests(view, qtbot):
    with qtbot.waitSignal(view.settled) as caught:
        view._model.reset(conversation(100))
    assert [message.id for message in caught.args[0]][-1] == "a99"
    assert len(caught.args[0]) < 30


def test_tab_visits_text_chips_and_actions_from_top_to_bottom(view):
    view._model.reset(conversation(3))
    order = [stop for row in sorted(view._cards) for stop in view._cards[row].stops() if stop.isVisible()]
    for before, after in pairwise(order):
        following = before.nextInFocusChain()
        while following not in order:
            following = following.nextInFocusChain()
        assert following is after
