"""Conversations taken elsewhere keep their sources."""

import json
from pathlib import Path

import pytest

from hrdesk.core.errors import HrdeskError
from hrdesk.services.desk import Desk
from tests.services.desk import answer_to


async def test_markdown_and_json_hold_question_answer_and_sources(desk: Desk, tmp_path: Path) -> None:
    answer = await answer_to(desk, "When are salaries paid?")
    written = await desk.export.thread(answer.thread_id, "md", tmp_path)
    text = written.read_text(encoding="utf-8")
    assert text.startswith("# When are salaries paid?")
    assert "25th of each month" in text
    assert "Employee handbook" in text.split("Sources:")[1]
    document = json.loads((await desk.export.thread(answer.thread_id, "json", tmp_path)).read_text("utf-8"))
    assert [message["role"] for message in document["messages"]] == ["user", "assistant"]
    assert document["messages"][1]["citations"][0]["version"] == answer.citations[0].version


async def test_an_existing_file_is_never_overwritten(desk: Desk, tmp_path: Path) -> None:
    answer = await answer_to(desk, "When are salaries paid?")
    first = await desk.export.thread(answer.thread_id, "md", tmp_path)
    second = await desk.export.thread(answer.thread_id, "md", tmp_path)
    assert first != second
    assert first.exists()


async def test_refusals_are_sentences(desk: Desk, tmp_path: Path) -> None:
    answer = await answer_to(desk, "When are salaries paid?")
    with pytest.raises(HrdeskError, match="cannot export exe"):
        await desk.export.thread(answer.thread_id, "exe", tmp_path)
    with pytest.raises(HrdeskError, match="cannot be written"):
        await desk.export.thread(answer.thread_id, "md", tmp_path / "missing")


async def test_rich_text_is_escaped_and_carries_sources(desk: Desk) -> None:
    from dataclasses import replace

    answer = await answer_to(desk, "When are salaries paid?")
    html, plain = desk.export.rich(replace(answer, text="<script>x</script> & **bold** [1]"))
    assert "<script>" not in html
    assert "<b>bold</b>" in html
    assert "Employee handbook" in html
    assert "Employee handbook" in plain
