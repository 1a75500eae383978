"""Keys of connections: stored, shown as stored, tested, deleted; never in a file."""

from pathlib import Path

import pytest

from hrdesk.core.connections import Connection, ConnectionKind
from hrdesk.core.errors import BackendUnavailable, HrdeskError, NotFound
from hrdesk.services.connections import ConnectionService
from hrdesk.system.secrets import SecretState, SecretVault
from tests.openai_server import Answer, scripted

KEY = "sk-canary-0123456789"
MODELS = {"object": "list", "data": [{"id": "m-1"}, {"id": "m-2"}]}


@pytest.fixture
def vault(monkeypatch: pytest.MonkeyPatch) -> SecretVault:
    """A vault on a machine without a keyring."""
    monkeypatch.setenv("PYTHON_KEYRING_BACKEND", "keyring.backends.fail.Keyring")
    return SecretVault()


def service(vault: SecretVault, base_url: str = "http://127.0.0.1:9/v1") -> ConnectionService:
    remote = Connection("remote", "Remote", ConnectionKind.RESPONSES, base_url, needs_key=True)
    return ConnectionService(vault, (remote,))


async def test_without_a_keyring_a_key_lives_until_hrdesk_closes(vault: SecretVault, tmp_path: Path) -> None:
    keys = service(vault)
    assert (await keys.key_state("remote")).value is None
    assert (await keys.store_key("remote", f" {KEY}\n")).state is SecretState.SESSION
    assert (await keys.key_state("remote")).value == KEY
    await keys.delete_key("remote")
    assert (await keys.key_state("remote")).value is None
    assert await keys.where()


@pytest.mark.parametrize("key", ["", "  ", "two\nlines", "x" * 2000])
async def test_what_is_no_key_is_refused(vault: SecretVault, key: str) -> None:
    with pytest.raises(HrdeskError, match="does not look like"):
        await service(vault).store_key("remote", key)


async def test_a_key_is_tested_against_its_own_server(vault: SecretVault) -> None:
    async with scripted(Answer(body=MODELS)) as server:
        keys = service(vault, server.base_url)
        await keys.store_key("remote", KEY)
        assert await keys.test("remote") == "The key works: Remote offers 2 models."
    assert server.requests[0].key == f"Bearer {KEY}"


async def test_a_refused_key_is_said_in_words(vault: SecretVault) -> None:
    async with scripted(Answer(401, {"error": {"message": f"bad key {KEY}"}})) as server:
        keys = service(vault, server.base_url)
        await keys.store_key("remote", KEY)
        with pytest.raises(BackendUnavailable) as raised:
            await keys.test("remote")
    assert KEY not in str(raised.value)


async def test_without_a_key_nothing_is_sent(vault: SecretVault) -> None:
    async with scripted(Answer(body=MODELS)) as server:
        with pytest.raises(HrdeskError, match="No key"):
            await service(vault, server.base_url).test("remote")
    assert server.requests == []


async def test_an_unknown_connection_is_refused(vault: SecretVault) -> None:
    with pytest.raises(NotFound):
        await service(vault).key_state("elsewhere")
