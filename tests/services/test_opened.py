"""What a connection leads to is opened once, and anew when connection or key change."""

import asyncio
from dataclasses import replace
from pathlib import Path

import pytest

from hrdesk.core.connections import Connection
from hrdesk.services.opened import Opened
from tests.services.test_connections import KEY, remote, service_at


class Account:
    """Something opened; knows whether it was closed."""

    def __init__(self, connection: Connection, key: str) -> None:
        self.key = key
        self.is_closed = False

    async def aclose(self) -> None:
        self.is_closed = True


@pytest.fixture(autouse=True)
def no_keyring(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PYTHON_KEYRING_BACKEND", "keyring.backends.fail.Keyring")


async def test_it_is_opened_once_and_anew_after_a_change(tmp_path: Path) -> None:
    async with service_at(tmp_path, remote(needs_key=False)) as connections:
        opened = Opened(connections, Account)
        first, same = await asyncio.gather(opened(remote(needs_key=False)), opened(remote(needs_key=False)))
        assert first is same
        moved = await opened(remote(needs_key=False, model="m-2"))
        assert moved is not first and not first.is_closed  # who works with it goes on
        await connections.store_key("remote", KEY)
        keyed = await opened(remote(needs_key=False, model="m-2"))
        assert (keyed.key, keyed is moved) == (KEY, False)
        await opened.aclose()
        assert [one.is_closed for one in (first, moved, keyed)] == [True, True, True]


async def test_only_what_matters_opens_anew(tmp_path: Path) -> None:
    async with service_at(tmp_path, remote(needs_key=False)) as connections:
        opened = Opened(connections, Account, lambda connection: connection.address)
        first = await opened(remote(needs_key=False))
        assert await opened(replace(remote(needs_key=False), vector_store="vs_1")) is first
        await opened.aclose()
