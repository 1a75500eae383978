"""Connections are checked before they are kept; keys are stored, tested, deleted; never in a file."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from hrdesk.core.connections import Connection, ConnectionKind, SearchPlace
from hrdesk.core.errors import BackendUnavailable, HrdeskError, NotFound
from hrdesk.services.connections import LOCAL, OPENAI, ConnectionService
from hrdesk.services.store_thread import StoreThread
from hrdesk.store.connections import ConnectionStore
from hrdesk.store.database import Database
from hrdesk.system.secrets import SecretState, SecretVault
from tests.openai_server import Answer, scripted

KEY = "sk-canary-0123456789"
MODELS = {"object": "list", "data": [{"id": "m-1"}, {"id": "m-2"}]}


@pytest.fixture(autouse=True)
def no_keyring(monkeypatch: pytest.MonkeyPatch) -> None:
    """A machine without a key store."""
    monkeypatch.setenv("PYTHON_KEYRING_BACKEND", "keyring.backends.fail.Keyring")


def remote(base_url: str = "http://127.0.0.1:9/v1", **changes: Any) -> Connection:
    values = {"model": "m-1", "needs_key": True, **changes}
    return Connection("remote", "Remote", ConnectionKind.RESPONSES, base_url, **values)


@asynccontextmanager
async def service_at(folder: Path, *connections: Connection) -> AsyncIterator[ConnectionService]:
    store, database = StoreThread(), Database.open(folder / "store.sqlite", None)
    service = ConnectionService(store, ConnectionStore(database), SecretVault())
    for connection in connections:
        await service.save(connection)
    yield service
    await store.aclose(database.close)


async def test_this_computer_is_first_and_openai_is_offered(tmp_path: Path) -> None:
    async with service_at(tmp_path, remote()) as service:
        assert service.connections == (LOCAL, OPENAI, remote())
        mine = await service.save(replace(OPENAI, model="m"))
        assert service.connections == (LOCAL, remote(), mine)
        await service.remove("openai")
        assert service.connections == (LOCAL, OPENAI, remote())


async def test_connections_are_there_after_a_restart(tmp_path: Path) -> None:
    async with service_at(tmp_path, remote(context_tokens=4000)):
        pass
    async with service_at(tmp_path) as service:
        assert service.get("remote").context_tokens == 4000


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"base_url": "http://models.example/v1"}, "Over http everybody"),
        ({"base_url": "ftp://models.example"}, "no address"),
        ({"base_url": "models.example"}, "no address"),
        ({"base_url": "https://[broken"}, "no address"),
        ({"base_url": "https://me:secret@models.example/v1"}, "holds a password"),
        ({"base_url": "https://api.openai.com/v1", "kind": ConnectionKind.ASSISTANTS}, "26 August 2026"),
        ({"base_url": "https://x.openai.azure.com/v1", "kind": ConnectionKind.ASSISTANTS}, "26 August 2026"),
        ({"model": "  "}, "No model"),
        ({"title": " "}, "needs a name"),
        ({"name": "Not a name"}, "short name"),
        ({"name": "local"}, "no set-up"),
        ({"background": True}, "kept by the provider"),
        ({"search": SearchPlace.HOSTED}, "no vector store"),
        ({"region": "eu", "kind": ConnectionKind.CHAT}, "has regions"),
    ],
)
async def test_what_cannot_work_is_refused_with_the_reason(
    tmp_path: Path, changes: dict[str, Any], words: str
) -> None:
    async with service_at(tmp_path) as service:
        with pytest.raises(HrdeskError, match=words):
            await service.save(replace(remote(), **changes))
        assert service.connections == (LOCAL, OPENAI)


async def test_plain_http_is_fine_to_this_computer(tmp_path: Path) -> None:
    async with service_at(tmp_path) as service:
        for url in ("http://localhost:11434/v1/", "http://127.0.0.1:8080/v1", "http://[::1]:8080/v1"):
            assert (await service.save(remote(url))).base_url == url.rstrip("/")


async def test_new_names_are_short_and_free(tmp_path: Path) -> None:
    async with service_at(tmp_path, remote()) as service:
        assert service.new_name("Ollama, im Büro!") == "ollama-im-b-ro"
        assert service.new_name("Remote") == "remote-2"
        assert service.new_name("€") == "connection"


async def test_without_a_keyring_a_key_lives_until_hrdesk_closes(tmp_path: Path) -> None:
    async with service_at(tmp_path, remote()) as keys:
        assert (await keys.key_state("remote")).value is None
        assert (await keys.store_key("remote", f" {KEY}\n")).state is SecretState.SESSION
        assert (await keys.key_state("remote")).value == KEY
        await keys.delete_key("remote")
        assert (await keys.key_state("remote")).value is None
        assert await keys.where()


async def test_a_key_is_never_found_for_another_host(tmp_path: Path) -> None:
    async with service_at(tmp_path, remote("https://models.example/v1")) as keys:
        await keys.store_key("remote", KEY)
        moved = await keys.save(remote("https://elsewhere.example/v1"))
        with pytest.raises(HrdeskError, match="No key is stored"):
            await keys.key(moved)


@pytest.mark.parametrize("key", ["", "  ", "two\nlines", "x" * 2000, "schlüssel"])
async def test_what_is_no_key_is_refused(tmp_path: Path, key: str) -> None:
    async with service_at(tmp_path, remote()) as keys:
        with pytest.raises(HrdeskError, match="does not look like"):
            await keys.store_key("remote", key)


async def test_a_refused_key_is_said_in_words(tmp_path: Path) -> None:
    refusal = Answer(401, {"error": {"message": f"bad key {KEY}"}})
    async with scripted(refusal) as server, service_at(tmp_path, remote(server.base_url)) as keys:
        await keys.store_key("remote", KEY)
        with pytest.raises(BackendUnavailable) as raised:
            await keys.models("remote")
    assert KEY not in str(raised.value)


async def test_models_come_from_the_servers_list(tmp_path: Path) -> None:
    async with scripted(Answer(body=MODELS)) as server, service_at(tmp_path, remote(server.base_url)) as keys:
        await keys.store_key("remote", KEY)
        assert await keys.models("remote") == ["m-1", "m-2"]
    assert server.requests[0].key == f"Bearer {KEY}"


async def test_without_a_key_nothing_is_sent(tmp_path: Path) -> None:
    async with scripted(Answer(body=MODELS)) as server, service_at(tmp_path, remote(server.base_url)) as keys:
        with pytest.raises(HrdeskError, match="No key"):
            await keys.test("remote")
    assert server.requests == []


async def test_an_unknown_connection_is_refused(tmp_path: Path) -> None:
    async with service_at(tmp_path) as keys:
        with pytest.raises(NotFound):
            await keys.key_state("elsewhere")


async def test_what_leaves_the_computer_is_said(tmp_path: Path) -> None:
    async with service_at(tmp_path) as service:
        assert "Nothing leaves this computer" in service.describe(LOCAL)
        stored = replace(remote("https://models.example/v1"), store=True, background=True)
        assert "models.example" in service.describe(stored)
        assert "30 days" in service.describe(stored)
        assert "store nothing" in service.describe(remote())
