"""Rectangles against the ink of sentences, over self-made files of most formats.

The same with real files and more sentences: `python -m tests.benchmarks highlights quotes`.
"""

import random

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hrdesk.system.workers import ChildProcess
from tests.benchmarks.highlights import View, draw
from tests.documents.children import rendering_child
from tests.documents.corpus import Sample, made, samples

FORMS = ("leave.docx", "leave.csv", "turned0.pdf", "turned90.pdf", "turned270.pdf")
DRAWS = 10


@pytest.fixture(scope="module")
def views(tmp_path_factory: pytest.TempPathFactory):
    folder = tmp_path_factory.mktemp("highlights")
    wanted = [path for path in made(folder / "made") if path.name in FORMS]
    child: ChildProcess = rendering_child()
    yield [View(sample, {page.number for page in sample.pages}, child) for sample in samples(folder, wanted)]
    child.close()


def test_every_format_was_read(views):
    assert sorted(view.sample.name for view in views) == sorted(FORMS)


@settings(deadline=None, max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.integers(0, len(FORMS) - 1), st.integers(0, 10_000))
def test_rectangles_cover_the_ink_of_a_sentence_and_next_to_no_other(views, place, seed):
    view, chance = views[place], random.Random(seed)
    sample: Sample = view.sample
    asked = next((one for _ in range(DRAWS) if (one := draw(sample, chance)) is not None), None)
    if asked is None:
        return
    result = view.result(asked)
    assert result.end in ("exact", "unseen"), asked.text
    if result.shares is not None:
        assert result.shares.covered >= 0.99, asked.text
        assert result.shares.spilled < 0.02, asked.text
        assert result.shares.foreign < 0.05, asked.text
