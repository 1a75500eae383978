from dataclasses import replace

import pytest

from hrdesk.core.errors import NotFound
from hrdesk.core.runs import RunStatus, RunStep, StepKind, ToolCall, ToolOutput
from hrdesk.core.usage import Usage
from hrdesk.store.runs import RunStore
from hrdesk.store.threads import ThreadStore
from tests.store.samples import NOW, run


def test_a_run_comes_back_whole(threads: ThreadStore, runs: RunStore):
    step = RunStep(
        "step_1",
        StepKind.TOOL_CALLS,
        RunStatus.COMPLETED,
        (ToolCall("call_1", "lookup_policy", '{"query": "leave"}'),),
        (ToolOutput("call_1", "[]"),),
    )
    whole = replace(
        run(threads.create("First").id, status=RunStatus.COMPLETED),
        ended_at=NOW,
        history=((RunStatus.QUEUED, 0.0), (RunStatus.COMPLETED, 1.25)),
        steps=(step,),
        usage=Usage(10, 5),
        lookups=({"query": "leave", "candidates": [{"ref": "p1", "score": 0.5, "vector": None}]},),
    )
    runs.create(whole)
    assert runs.get(whole.id) == whole


def test_a_run_is_unfinished_until_it_has_an_end_state(threads: ThreadStore, runs: RunStore):
    thread = threads.create("First")
    for number in (1, 2):
        runs.create(run(thread.id, number))
    assert [one.id for one in runs.unfinished()] == ["run_1", "run_2"]
    runs.update(run(thread.id, 1, RunStatus.EXPIRED))
    assert [one.id for one in runs.unfinished()] == ["run_2"]


def test_the_runs_of_a_thread_come_in_order(threads: ThreadStore, runs: RunStore):
    one, other = threads.create("First"), threads.create("Second")
    for number, thread in enumerate((one, other, one)):
        runs.create(run(thread.id, number))
    assert [found.id for found in runs.for_thread(one.id)] == ["run_0", "run_2"]
    assert runs.last_of(one.id) == runs.get("run_2")
    assert runs.last_of("thread_without_runs") is None


def test_a_run_that_went_away_with_its_thread_cannot_be_updated(threads: ThreadStore, runs: RunStore):
    thread = threads.create("First")
    runs.create(run(thread.id))
    threads.purge(thread.id)
    with pytest.raises(NotFound):
        runs.update(run(thread.id))


def test_an_unknown_run_is_not_found(runs: RunStore):
    with pytest.raises(NotFound):
        runs.get("run_x")
