"""The stage of every behaviour, once for each way."""

import ssl
from collections.abc import AsyncIterator
from dataclasses import replace
from functools import cache

import pytest

from hrdesk.backends import client
from hrdesk.core.connections import SearchPlace
from tests.contract.stage import Stage
from tests.contract.ways import WAYS, Way
from tests.openai_server import serve

_trust = cache(client.trust)


def _once(ca_file: str) -> ssl.SSLContext:
    """Read the computer's certificates once: that takes longer than a test."""
    return _trust(ca_file)


@pytest.fixture(params=WAYS, ids=lambda way: way.name)
def way(request: pytest.FixtureRequest) -> Way:
    reason = getattr(request.function, "not_for", {}).get(request.param.name)
    if reason:
        pytest.skip(reason)
    found: Way = request.param
    return found


@pytest.fixture
async def stage(way: Way, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Stage]:
    monkeypatch.setattr(client, "trust", _once)
    async with serve() as server:
        stage = Stage(way, server)
        yield stage
        await stage.close()
        assert server.log.twice() == [], "the same thing was created twice"


@pytest.fixture
async def provider_stage(stage: Stage) -> Stage:
    """A stage whose connection lets the provider search its own vector store."""
    stage.connection = replace(stage.connection, search=SearchPlace.PROVIDER, vector_store="vs_1")
    return stage
