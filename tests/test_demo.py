import json
from pathlib import Path

DEMO = Path(__file__).parent.parent / "resources" / "demo"


def test_the_demo_imports_policies_only():
    names = sorted(path.name for path in (DEMO / "policies").iterdir())

    assert names == [
        "benefits-and-pension.docx",
        "employee-handbook.pdf",
        "grievance-procedure.html",
        "remote-work-and-equipment.md",
        "travel-policy-2025.pdf",
        "travel-policy-2026.pdf",
    ]


def test_golden_questions_point_at_policies_of_the_demo():
    lines = (DEMO / "questions.jsonl").read_text(encoding="utf-8").splitlines()
    questions = [json.loads(line) for line in lines]

    assert len({question["id"] for question in questions}) == len(questions) >= 12
    assert {question["answerable"] for question in questions} == {True, False}
    for question in questions:
        assert bool(question["gold"]) is question["answerable"]
        for gold in question["gold"]:
            assert (DEMO / "policies" / gold["file"]).is_file()
