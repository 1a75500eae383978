from pathlib import Path

import pytest

from hrdesk.core.errors import HrdeskError
from hrdesk.services.custom_tools import CustomTool
from hrdesk.services.profiles import INSTRUCTIONS, ProfileService
from hrdesk.services.store_thread import StoreThread
from hrdesk.store.database import Database
from hrdesk.store.profiles import ProfileStore


def remind(who: str) -> str:
    """Remind somebody."""
    return who


async def test_versions_are_made_by_saving_and_never_change(tmp_path: Path):
    store, database = StoreThread(), Database.open(tmp_path / "store.sqlite", None)
    others = {"remind": CustomTool("remind", remind)}
    service = ProfileService(store, ProfileStore(database), lambda: ["leave"], others)

    first = await service.current()
    assert (first.version, first.instructions, first.tools) == (1, INSTRUCTIONS, ("lookup_policy",))
    assert await service.save(first.name, f" {INSTRUCTIONS}\n", "", first.tools) == first
    second = await service.save("Ada", "Be brief.", "m", ["lookup_policy", "remind", "gone"])
    assert [profile.version for profile in await service.versions()] == [2, 1]
    assert await service.version(1) == first
    assert await service.version(99) == second

    specs = await service.specs(second)
    assert [spec.name for spec in specs] == ["lookup_policy", "remind"]
    assert specs[0].parameters["properties"]["category"]["enum"] == ["leave"]
    assert [(tool.name, tool.has_side_effects) for tool in service.tools()] == [
        ("lookup_policy", False),
        ("remind", True),
    ]
    with pytest.raises(HrdeskError, match="needs a name"):
        await service.save("Ada", "  ", "", [])
    with pytest.raises(HrdeskError, match="too long"):
        await service.save("Ada", "x" * 40_000, "", [])
    await store.aclose(database.close)
