from dataclasses import replace

from hrdesk.core.usage import Usage
from hrdesk.ui.viewer.seen_rows import host_words, lookups_of, tokens_words
from tests.ui.viewer.fakes import run


def test_every_candidate_is_there_with_its_rank_and_whether_it_was_sent():
    first = lookups_of(run())[0]
    assert [candidate.rank for candidate in first.candidates] == list(range(1, 21))
    assert first.sent == 6 and first.candidates[0].ref == "p1"
    assert first.limits == "category leave"


def test_what_was_not_written_down_is_blank():
    (lookup,) = lookups_of(replace(run(), lookups=({"query": "x", "candidates": [{}]},)))
    assert lookup.candidates[0].scores == "Together 0.00 · words 0.00 · meaning not compared"


def test_tokens_and_host_are_said_plainly():
    assert tokens_words(run()) == "None"
    assert tokens_words(run(usage=Usage(1204, 220))) == "1,204 in · 220 out"
    assert host_words(run()) == "This computer, nothing was sent"
