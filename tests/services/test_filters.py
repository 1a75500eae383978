"""What a search is limited to: category, place, day; as commands and as the window's chips say it."""

from argparse import Namespace
from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from hrdesk.commands import COMMANDS
from hrdesk.core.citations import CitationState
from hrdesk.core.runs import MessageCompleted
from hrdesk.core.threads import Message
from hrdesk.services.desk import Desk

HOTEL = "What is the hotel limit in Berlin?"
OLD, NEW = "travel-policy-2025.pdf", "travel-policy-2026.pdf"
LIMITS: dict[str, Any] = {"category": None, "as_of": None, "scope": None, "k": 10, "json": True}


async def apply_in(desk: Desk, file: str, place: str | None) -> None:
    """Say where the policy of a file applies."""
    sha = next(str(one.sha256) for one in await desk.library.files() if one.file == file)
    facts = await desk.library.versions.facts(sha)
    await desk.library.versions.save(replace(facts, document=replace(facts.document, jurisdiction=place)))


async def ask(desk: Desk, question: str, **limits: Any) -> Message:
    async for event in desk.chat.ask(question, **limits):
        if isinstance(event, MessageCompleted):
            return event.message
    raise AssertionError("the run ended without an answer")


async def searched(desk: Desk, capsys: pytest.CaptureFixture[str], **limits: Any) -> set[str]:
    """Return the files that `hrdesk search` finds."""
    import json

    assert await COMMANDS["search"](desk, Namespace(**{**LIMITS, "query": HOTEL, **limits})) == 0
    return {one["file"] for one in json.loads(capsys.readouterr().out)["results"]}


async def test_the_command_keeps_to_category_place_and_day(desk: Desk, capsys) -> None:
    travel = next(one for one in await desk.library.files() if one.file == NEW)
    await desk.library.set_category(str(travel.document_id), "travel")
    await apply_in(desk, NEW, "Germany, Austria")
    assert await searched(desk, capsys, category="Travel") == {NEW}
    assert await searched(desk, capsys, category="conduct") == set()
    assert NEW in await searched(desk, capsys, scope="austria")
    assert NEW not in await searched(desk, capsys, scope="France")
    earlier = await searched(desk, capsys, as_of=date(2025, 6, 1))
    assert OLD in earlier and NEW not in earlier
    assert await searched(desk, capsys, as_of=date(2025, 6, 1), category="travel") == {OLD}


async def test_the_chips_reach_the_search_and_are_written_down(desk: Desk) -> None:
    answer = await ask(desk, HOTEL, as_of=date(2025, 6, 1), scope="Germany")
    assert {citation.file for citation in answer.citations} == {OLD}
    (lookup,) = (await desk.chat.seen(str(answer.run_id))).lookups
    assert (lookup["as_of"], lookup["scope"]) == ("2025-06-01", "Germany")
    await apply_in(desk, NEW, "France")
    elsewhere = await ask(desk, HOTEL, scope="Germany")
    assert {citation.file for citation in elsewhere.citations} & {OLD, NEW} == set()


async def test_a_superseded_version_stays_openable_for_an_old_citation(desk: Desk) -> None:
    answer = await ask(desk, HOTEL, as_of=date(2025, 6, 1))
    cited = answer.citations[0]
    assert cited.file == OLD
    assert (await desk.citations.refresh(cited)).state is CitationState.CHANGED
    assert await desk.citations.rectangles(cited)
    page = await desk.citations.page(cited.version, cited.page, 400, cited.spans)
    assert page.pixels and page.rects
