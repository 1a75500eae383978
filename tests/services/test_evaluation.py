"""Golden questions: what counts as found, and the figures."""

import json
from pathlib import Path

import pytest

from hrdesk.core.errors import HrdeskError
from hrdesk.core.evaluations import Gold
from hrdesk.services.desk import Desk
from hrdesk.services.evaluation import read_questions
from hrdesk.system.paths import resources


async def test_the_sample_questions_are_found_in_the_sample_policies(desk: Desk) -> None:
    questions = read_questions(resources() / "demo" / "questions.jsonl", {})
    figures = await desk.evaluation.evaluate(questions)
    assert figures["questions"] == len(questions)
    assert (figures["recall@5"] or 0) >= 0.8
    assert (figures["recall@1"] or 0) <= (figures["recall@5"] or 0) <= (figures["recall@10"] or 0)
    assert (figures["auroc"] or 0) >= 0.8


def test_where_chooses_questions_by_their_fields(tmp_path: Path) -> None:
    path = tmp_path / "q.jsonl"
    records = [
        {"question": "a?", "handbook": "x", "answerable": False},
        {"question": "b?", "handbook": "y", "answerable": True, "gold": [{"file": "f", "quote": "q"}]},
    ]
    path.write_text("\n".join(json.dumps(record) for record in records) + "\n\n")
    assert [q.question for q in read_questions(path, {"handbook": "y"})] == ["b?"]
    assert [q.question for q in read_questions(path, {"answerable": "false"})] == ["a?"]
    assert read_questions(path, {"handbook": "z"}) == []


@pytest.mark.parametrize("line", ["{", "[]", '{"gold": []}', '{"question": "a", "gold": [{"file": 1}]}'])
def test_a_line_that_is_no_question_is_named(tmp_path: Path, line: str) -> None:
    path = tmp_path / "q.jsonl"
    path.write_text(f'{{"question": "a?"}}\n{line}\n')
    with pytest.raises(HrdeskError, match="Line 2"):
        read_questions(path, {})


async def test_without_questions_there_are_no_figures_to_boast_of(desk: Desk) -> None:
    figures = await desk.evaluation.evaluate([])
    assert figures["questions"] == 0
    assert figures["auroc"] is None


REMOTE = "remote-work-and-equipment.md"
QUESTION = "How many days a week may I work from home?"
QUOTE = "for up to three days a week"


async def test_kept_questions_are_asked_and_every_run_is_kept(desk: Desk) -> None:
    assert await desk.evaluation.run() is None
    await desk.evaluation.add(QUESTION, [Gold(REMOTE, QUOTE)])
    await desk.evaluation.add("  What does the   canteen cost? ", [], answerable=False)
    steps: list[tuple[int, int]] = []
    run = await desk.evaluation.run(lambda done, total: steps.append((done, total)))
    assert run is not None and steps == [(0, 2), (1, 2)]
    assert (run.figures["questions"], run.figures["recall@5"]) == (2, 1.0)
    assert run.found[0].rank in range(1, 6) and run.found[1].rank is None
    assert run.found[1].question == "What does the canteen cost?"
    assert await desk.evaluation.evaluations() == [run]


async def test_a_run_is_behind_once_the_library_changed(desk: Desk) -> None:
    assert await desk.evaluation.is_behind()
    await desk.evaluation.add(QUESTION, [Gold(REMOTE, QUOTE)])
    await desk.evaluation.run()
    assert not await desk.evaluation.is_behind()
    file = next(one for one in await desk.library.files() if one.file == REMOTE)
    await desk.library.remove(file.id)
    assert await desk.evaluation.is_behind()


async def test_a_question_without_a_quote_is_found_in_any_passage_of_its_document(desk: Desk) -> None:
    await desk.evaluation.add(QUESTION, [Gold(REMOTE)])
    run = await desk.evaluation.run()
    assert run is not None and run.found[0].rank in range(1, 3)


async def test_a_new_version_answers_for_the_one_it_replaced(desk: Desk) -> None:
    await desk.evaluation.add("Who approves a business trip?", [Gold("travel-policy-2025.pdf")])
    run = await desk.evaluation.run()
    assert run is not None and run.found[0].rank is not None


@pytest.mark.parametrize(("question", "gold", "answerable"), [(" ", [Gold("a")], True), ("Why?", [], True)])
async def test_what_cannot_be_measured_is_refused(
    desk: Desk, question: str, gold: list[Gold], answerable: bool
) -> None:
    with pytest.raises(HrdeskError):
        await desk.evaluation.add(question, gold, answerable=answerable)
    assert await desk.evaluation.questions() == []


async def test_questions_travel_in_the_format_of_the_command(desk: Desk, tmp_path: Path) -> None:
    path = resources() / "demo" / "questions.jsonl"
    given = read_questions(path, {})
    assert await desk.evaluation.import_questions(path) == len(given)
    assert await desk.evaluation.import_questions(path) == 0
    target = tmp_path / "out.jsonl"
    assert await desk.evaluation.export_questions(target) == len(given)
    written = read_questions(target, {})
    assert [(one.question, one.answerable, one.gold) for one in written] == [
        (one.question, one.answerable, one.gold) for one in given
    ]
    assert [json.loads(line) for line in target.read_text().splitlines()] == [
        dict(one.fields) for one in written
    ]
    with pytest.raises(HrdeskError):
        await desk.evaluation.export_questions(tmp_path / "no" / "folder.jsonl")


async def test_a_removed_question_comes_back(desk: Desk) -> None:
    made = await desk.evaluation.add(QUESTION, [Gold(REMOTE)])
    await desk.evaluation.remove(made.id)
    assert await desk.evaluation.questions() == []
    await desk.evaluation.restore(made.id)
    assert [one.id for one in await desk.evaluation.questions()] == [made.id]
