"""The model tells views exactly what changed."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PySide6.QtCore import QModelIndex, QPersistentModelIndex, Qt

from hrdesk.ui.threads.groups import Header, rows
from hrdesk.ui.threads.model import RUNNING_ROLE, UNREAD_ROLE, ThreadModel
from tests.ui.fakes import NOW, SAMPLE_THREADS, make_thread


@pytest.fixture
def model(qapp) -> ThreadModel:
    made = ThreadModel()
    made.show(rows(SAMPLE_THREADS, NOW))
    return made


def test_qt_finds_nothing_wrong(model, qtmodeltester):
    qtmodeltester.check(model)
    model.show(rows(SAMPLE_THREADS[2:], NOW))
    model.show([])


def test_headers_cannot_be_chosen_and_threads_can_be_renamed(model):
    assert model.flags(model.index(0)) == Qt.ItemFlag.NoItemFlags
    assert model.flags(model.index(1)) & Qt.ItemFlag.ItemIsEditable


def test_a_row_tells_screen_readers_what_is_seen(model):
    model.set_running({SAMPLE_THREADS[0].id: "Reading 6 passages"})
    spoken = model.index_of(SAMPLE_THREADS[0].id).data(Qt.ItemDataRole.AccessibleTextRole)
    assert spoken == ("Sick days in the first year. Reading 6 passages. running")


def test_an_answer_nobody_saw_is_told_row_by_row(model, qtbot):
    changed: list[int] = []
    model.dataChanged.connect(lambda first, _last, _roles: changed.append(first.row()))
    model.set_unread({SAMPLE_THREADS[0].id, "elsewhere"})
    index = model.index_of(SAMPLE_THREADS[0].id)
    assert index.data(UNREAD_ROLE) is True and changed == [index.row()]
    assert index.data(Qt.ItemDataRole.AccessibleTextRole).endswith(". unread answer")
    model.set_unread(set())
    assert index.data(UNREAD_ROLE) is False and model.index(0).data(UNREAD_ROLE) is False


def test_a_new_title_is_asked_for_and_not_shown_before_it_is_stored(model, qtbot):
    index = model.index_of(SAMPLE_THREADS[0].id)
    with qtbot.waitSignal(model.renamed) as asked:
        model.setData(index, " Sick leave ")
    assert asked.args == [SAMPLE_THREADS[0].id, "Sick leave"]
    assert index.data() == "Sick days in the first year"


@pytest.mark.parametrize("title", ["", "   ", "Sick days in the first year"])
def test_a_blank_or_unchanged_title_is_not_asked_for(model, qtbot, title):
    with qtbot.assertNotEmitted(model.renamed):
        model.setData(model.index_of(SAMPLE_THREADS[0].id), title)


def test_a_thread_that_moves_up_keeps_its_place_in_the_selection(model):
    moved = SAMPLE_THREADS[5]
    kept = QPersistentModelIndex(model.index_of(moved.id))
    now_first = make_thread(moved.title, 0, "New answer")
    model.show(rows([now_first, *(t for t in SAMPLE_THREADS if t.id != moved.id)], NOW))
    assert kept.isValid() and kept.row() == 1
    assert model.thread_at(kept) == now_first


def test_only_the_thread_that_began_to_run_is_repainted(model, qtbot):
    with qtbot.waitSignal(model.dataChanged) as changed:
        model.set_running({SAMPLE_THREADS[0].id: "Working"})
    assert changed.args[0].row() == changed.args[1].row() == 1
    assert changed.args[0].data(RUNNING_ROLE)
    with qtbot.assertNotEmitted(model.dataChanged):
        model.set_running({SAMPLE_THREADS[0].id: "Working", "thread_not_shown": "Working"})


ages = st.dictionaries(st.sampled_from("abcdefgh"), st.integers(0, 60), max_size=8)


@settings(max_examples=60)
@given(ages, ages)
def test_any_list_can_follow_any_other(before, after):
    model = ThreadModel()
    told: list[str] = []
    lists = [
        rows(
            sorted((make_thread(t, a) for t, a in kept.items()), key=lambda t: t.updated_at, reverse=True),
            NOW,
        )
        for kept in (before, after)
    ]
    model.show(lists[0])
    count = model.rowCount()
    model.rowsInserted.connect(lambda _p, first, last: told.append("+" * (last - first + 1)))
    model.rowsRemoved.connect(lambda _p, first, last: told.append("-" * (last - first + 1)))
    model.show(lists[1])
    signs = "".join(told)
    assert count + signs.count("+") - signs.count("-") == model.rowCount() == len(lists[1])
    shown = [model.index(at).data(Qt.ItemDataRole.UserRole) for at in range(model.rowCount())]
    assert shown == lists[1]


def test_rows_have_no_children(model):
    assert model.rowCount(model.index(0)) == 0
    assert model.data(QModelIndex()) is None
    assert isinstance(model.index(0).data(Qt.ItemDataRole.UserRole), Header)
