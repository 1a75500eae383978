"""Categories from the change to what a model is offered."""

from pathlib import Path

import pytest

from hrdesk.core.documents import Filters
from hrdesk.core.errors import HrdeskError
from hrdesk.services.desk import Desk
from hrdesk.services.policy import policy_tool
from tests.services.desk import POLICIES, desk_at


async def enum(desk: Desk) -> list[str]:
    profile = await desk.profiles.current()
    (spec, *_) = await desk.profiles.specs(profile)
    return list(spec.parameters["properties"]["category"]["enum"])


async def test_what_the_model_is_offered_follows_at_once(desk: Desk) -> None:
    travel = next(file for file in await desk.library.files() if file.file == "travel-policy-2026.pdf")
    await desk.library.set_category(str(travel.document_id), "Travel")
    assert await enum(desk) == ["benefits", "leave", "conduct", "travel"]
    change = await desk.categories.rename("travel", " Trips  abroad ")
    assert await enum(desk) == ["benefits", "leave", "conduct", "trips abroad"]
    found = await desk.policy.search("hotel limit", Filters(category="trips abroad"))
    assert {one.passage.file for one in found.results} == {"travel-policy-2026.pdf"}
    assert found.results[0].passage.category == "trips abroad"
    await desk.categories.undo(change)
    removed = await desk.categories.remove("travel")
    assert await enum(desk) == ["benefits", "leave", "conduct"]
    await desk.categories.undo(removed)
    assert await enum(desk) == ["benefits", "leave", "conduct", "travel"]


@pytest.mark.parametrize(("name", "sentence"), [(" ", "needs a name"), ("Leave", "called “leave” already")])
async def test_a_name_that_changes_nothing_is_refused(desk: Desk, name: str, sentence: str) -> None:
    with pytest.raises(HrdeskError, match=sentence):
        await desk.categories.rename("leave", name)


async def test_a_tool_without_categories_offers_no_empty_choice(desk: Desk) -> None:
    for one in await desk.categories.categories():
        await desk.categories.remove(one.name)
    profile = await desk.profiles.current()
    (spec, *_) = await desk.profiles.specs(profile)
    assert spec == policy_tool(())
    assert "category" not in spec.parameters["properties"]


async def test_an_import_files_under_the_category_in_its_one_form(tmp_path: Path) -> None:
    async with desk_at(tmp_path / "data") as desk:
        async for _ in desk.library.add([POLICIES / "remote-work-and-equipment.md"], " Leave "):
            pass
        assert [one.policies for one in await desk.categories.categories()] == [0, 1, 0]
