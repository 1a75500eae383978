"""What the tests of hosted libraries share: the sample policies, a connection to a scripted server."""

from collections.abc import AsyncIterator
from contextlib import aclosing, asynccontextmanager
from typing import Any

from hrdesk.core.connections import Connection, ConnectionKind, SearchPlace
from hrdesk.services.desk import Desk
from hrdesk.services.hosted_library import HostedLibrary, PublishStep
from hrdesk.store.documents import DocumentStore
from hrdesk.store.uploads import UploadStore
from tests.openai_server import OpenAIServer, serve


class Pauses(list[float]):
    """Notes how long was waited, without waiting."""

    async def __call__(self, seconds: float) -> None:
        self.append(seconds)


async def connect(desk: Desk, server: OpenAIServer, **changes: Any) -> Connection:
    values = {"model": "gpt-test-mini", "search": SearchPlace.OWN, **changes}
    return await desk.connections.save(
        Connection("team", "Team", ConnectionKind.RESPONSES, server.base_url, **values)
    )


def library_of(desk: Desk) -> HostedLibrary:
    """Return the desk's hosted library with time that does not pass."""
    uploads = uploads_of(desk)
    return HostedLibrary(desk.store, uploads, desk.connections, desk.stores, desk.paths.files, Pauses())


def uploads_of(desk: Desk) -> UploadStore:
    return UploadStore(desk.database, DocumentStore(desk.database))


async def publish(desk: Desk, most: int | None = None) -> list[PublishStep]:
    """Publish the library; leave after `most` steps."""
    steps: list[PublishStep] = []
    async with aclosing(library_of(desk).publish("team")) as published:  # type: ignore[type-var]
        async for step in published:
            steps.append(step)
            if len(steps) == most:
                break
    return steps


@asynccontextmanager
async def published(desk: Desk) -> AsyncIterator[tuple[OpenAIServer, Connection]]:
    """A server that holds the sample policies, and the connection that searches there."""
    async with serve() as server:
        await connect(desk, server)
        await publish(desk)
        where = desk.connections.get("team").vector_store
        yield server, await connect(desk, server, vector_store=where, search=SearchPlace.HOSTED)
