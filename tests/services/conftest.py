"""A library of the sample policies, imported once for all tests of a worker."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from hrdesk.services.desk import Desk
from tests.services.desk import copy_of, desk_at, import_policies


@pytest.fixture(scope="session")
def demo_library(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("demo") / "data"
    asyncio.run(import_policies(folder))
    return folder


@pytest.fixture
async def desk(demo_library: Path, tmp_path: Path) -> AsyncIterator[Desk]:
    async with desk_at(copy_of(demo_library, tmp_path)) as desk:
        yield desk
