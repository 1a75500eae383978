"""Golden questions: what counts as found, and the figures."""

import json
from pathlib import Path

import pytest

from hrdesk.core.errors import HrdeskError
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
