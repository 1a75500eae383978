"""Real services on real files: a desk on a copy of the sample policies' library."""

import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from hrdesk.bootstrap import open_desk
from hrdesk.core.runs import MessageCompleted
from hrdesk.core.threads import Message
from hrdesk.services.desk import Desk
from hrdesk.system.paths import Paths, resources

POLICIES = resources() / "demo" / "policies"


@asynccontextmanager
async def desk_at(folder: Path, models: Path | None = None) -> AsyncIterator[Desk]:
    """Open the data folder, and close it in order whatever happens."""
    desk = open_desk(Paths.at(folder), encrypt=False, models=models)
    try:
        yield desk
    finally:
        await desk.close()


async def import_policies(folder: Path, *paths: Path) -> None:
    """Import files (the sample policies unless said otherwise) into a data folder."""
    async with desk_at(folder) as desk:
        async for file in desk.library.add(paths or [POLICIES]):
            assert not file.state.is_end or file.state.is_searchable, file
        await desk.library.vectors.complete()


def copy_of(library: Path, folder: Path) -> Path:
    """Give a test a library of its own."""
    shutil.copytree(library, folder / "data")
    return folder / "data"


async def answer_to(desk: Desk, question: str, thread_id: str | None = None) -> Message:
    """Ask and wait for the answer."""
    async for event in desk.chat.ask(question, thread_id):
        if isinstance(event, MessageCompleted):
            return event.message
    raise AssertionError("the run ended without an answer")
