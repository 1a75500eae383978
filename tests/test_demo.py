import json
from pathlib import Path

import pytest

from hrdesk.documents.reading import read

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


@pytest.mark.parametrize("source", sorted((DEMO / "source").glob("*.md")), ids=lambda path: path.stem)
def test_the_policies_are_made_from_their_sources_as_they_are_now(source):
    (policy,) = (DEMO / "policies").glob(f"{source.stem}.*")
    words = " ".join(block.text for block in read(policy, policy.name).blocks).split()
    text = " ".join(words)

    _, _, body = source.read_text(encoding="utf-8").split("---\n", 2)
    for part in body.replace("'", "’").split("\n\n"):
        if not part.startswith("|"):
            assert part.strip("# \n") in text
