"""The line that tells how far the search by meaning is."""

from hrdesk.core.preparing import Preparing
from hrdesk.ui.library.preparing import sentence
from tests.ui.fakes import FakeLibrary, FakeVectors, make_file
from tests.ui.library.bed import Testbed


def test_the_work_is_told_in_words():
    assert sentence(Preparing()) == ""
    assert sentence(Preparing(1240, 6300)) == "Preparing search by meaning: 1,240 of 6,300 passages"
    assert sentence(Preparing(1240, 6300, 170.0)).endswith("of 6,300 passages, about 3 minutes left")


def test_the_line_is_there_while_passages_are_prepared(qloop, qtbot):
    library = FakeLibrary([make_file("leave.pdf")])
    library.vectors = FakeVectors(Preparing(0, 20), Preparing(10, 20))
    told: list[tuple[str, bool]] = []
    bed = Testbed(qtbot, library)
    line = bed.pane.preparing
    assert library.vectors.woken == 1 and not line.isVisible()
    library.vectors.told = [Preparing(0, 20), Preparing(10, 20)]
    bed.pane.presenter.preparing.changed.connect(lambda _: told.append((line.text(), line.isVisible())))
    bed.pane.presenter.preparing.look()
    bed.settle()
    assert told == [
        ("Preparing search by meaning: 0 of 20 passages", True),
        ("Preparing search by meaning: 10 of 20 passages", True),
        ("", False),
    ]
    assert not bed.shown, "nobody is told in a notice"


def test_golden_questions_wait_until_all_is_prepared(qloop, qtbot):
    bed = Testbed(qtbot, FakeLibrary([make_file("leave.pdf")]))
    presenter = bed.pane.presenter
    busy: list[bool] = []
    presenter.preparing.changed.connect(lambda _: busy.append(presenter.questions.is_busy()))
    bed.library.vectors.told = [Preparing(0, 20)]
    presenter.preparing.look()
    bed.settle()
    assert busy[0] and not presenter.questions.is_busy()
