"""Golden questions: what counts as good, and what changed between two runs."""

from datetime import UTC, datetime

from hrdesk.core.evaluations import Changes, Evaluation, Found

NOW = datetime(2026, 11, 25, tzinfo=UTC)


def found(name: str, rank: int | None = None, *, answerable: bool = True, outcome: str = "answered") -> Found:
    return Found(name, f"{name}?", answerable, rank, outcome, 0.7)


def run(*results: Found) -> Evaluation:
    return Evaluation("run", NOW, {}, results)


def test_a_place_among_the_first_five_is_good_and_so_is_a_gap_that_is_named():
    assert found("a", 5).is_good and not found("a", 6).is_good and not found("a").is_good
    assert found("a", answerable=False, outcome="not_found").is_good
    assert found("a", answerable=False, outcome="closest").is_good
    assert not found("a", answerable=False).is_good


def test_changes_name_what_is_better_worse_and_new():
    before = run(found("a", 7), found("b", 1), found("c", answerable=False))
    after = run(found("a", 2), found("b"), found("c", answerable=False), found("d", 1))
    changes = Changes.between(before, after)
    assert [[one.question_id for one in group] for group in (changes.better, changes.worse, changes.new)] == [
        ["a"],
        ["b"],
        ["d"],
    ]
    assert changes.sentence == "Since the run before: 1 better, 1 worse, 1 new."
    assert Changes.between(before, before).sentence == "Since the run before nothing changed."
