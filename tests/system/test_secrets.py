import logging
import threading
import time
from pathlib import Path

import pytest

from hrdesk.core.errors import StoreUnavailable
from hrdesk.store.database import Database
from hrdesk.system.secrets import SecretState, SecretVault, VaultKeys
from tests.system.keyring_service import KeyringService, keyring_service

__all__ = ["keyring_service"]

# The keyring package leaves its bus connection open when the collection is locked.
pytestmark = [
    pytest.mark.filterwarnings("ignore::ResourceWarning"),
    pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning"),
]

KEY = "sk-test-Ünïcode-" + "x" * 180


@pytest.fixture
def no_service(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", f"unix:path={tmp_path}/no-bus")


def test_a_secret_is_kept_by_the_key_store_and_found_by_the_next_start(keyring_service: KeyringService):
    assert SecretVault().set("openai", KEY).state is SecretState.OK
    found = SecretVault().get("openai")
    assert (found.state, found.value) == (SecretState.OK, KEY)


def test_a_deleted_secret_is_missing(keyring_service: KeyringService):
    vault = SecretVault()
    vault.set("openai", KEY)
    assert vault.delete("openai").state is SecretState.OK
    assert vault.get("openai").state is SecretState.MISSING
    assert vault.delete("openai").state is SecretState.MISSING


def test_secrets_of_two_names_do_not_mix(keyring_service: KeyringService):
    vault = SecretVault()
    vault.set("one", "first")
    vault.set("two", "second")
    assert (vault.get("one").value, vault.get("two").value) == ("first", "second")


def test_where_names_the_key_store(keyring_service: KeyringService):
    assert SecretVault().where() == "Keys are kept in the desktop keyring (Secret Service)."


def test_a_locked_key_store_says_so_and_the_secret_stays_in_memory(keyring_service: KeyringService):
    vault = SecretVault()
    vault.set("openai", "old")
    keyring_service.lock()
    assert vault.get("openai").state is SecretState.LOCKED
    assert "is locked" in vault.where()
    assert vault.set("openai", KEY).state is SecretState.SESSION
    assert vault.get("openai").value == KEY
    assert SecretVault().get("openai").state is SecretState.LOCKED


def test_a_frozen_key_store_ends_in_the_time_limit(keyring_service: KeyringService):
    vault = SecretVault(seconds=1.0)
    keyring_service.freeze()
    began = time.monotonic()
    assert vault.get("openai").state is SecretState.TIMEOUT
    assert time.monotonic() - began < 5
    assert "does not answer" in vault.where()


def test_a_frozen_key_store_holds_up_one_thread_only(keyring_service: KeyringService):
    vault = SecretVault(seconds=0.5)
    keyring_service.freeze()
    assert [vault.get("openai").state for _ in range(5)] == [SecretState.TIMEOUT] * 5
    assert [thread.name for thread in threading.enumerate()].count("key store") == 1


def test_a_key_store_that_answers_again_is_used_again(keyring_service: KeyringService):
    vault = SecretVault(seconds=1.0)
    vault.set("openai", KEY)
    keyring_service.freeze()
    assert vault.get("openai").state is SecretState.TIMEOUT
    keyring_service.thaw()
    for thread in threading.enumerate():
        if thread.name == "key store":
            thread.join(10)
    assert vault.get("openai").value == KEY


def test_without_a_key_store_a_secret_is_kept_until_the_program_ends(no_service: None):
    vault = SecretVault()
    assert vault.get("openai").state is SecretState.UNAVAILABLE
    assert vault.set("openai", KEY).state is SecretState.SESSION
    assert (vault.get("openai").state, vault.get("openai").value) == (SecretState.SESSION, KEY)
    assert "no key store" in vault.where()
    assert vault.delete("openai").state is SecretState.OK
    assert vault.get("openai").state is SecretState.UNAVAILABLE
    assert SecretVault().get("openai").state is SecretState.UNAVAILABLE


def test_no_value_is_shown_or_logged(no_service: None, caplog: pytest.LogCaptureFixture):
    caplog.set_level(logging.DEBUG)
    vault = SecretVault()
    shown = repr(vault.set("openai", KEY)) + repr(vault.get("openai"))
    assert "sk-test" not in shown + caplog.text


def test_a_lasting_secret_is_never_kept_in_memory_alone(no_service: None):
    vault = SecretVault()
    assert not VaultKeys(vault).save("store-1", b"k" * 32)
    assert vault.get("store-1").state is SecretState.UNAVAILABLE


def test_the_store_is_encrypted_with_a_key_from_the_key_store(
    keyring_service: KeyringService, tmp_path: Path
):
    pytest.importorskip("sqlcipher3")
    path = tmp_path / "hrdesk.sqlite"
    database = Database.open(path, VaultKeys(SecretVault()))
    assert database.encrypted
    database.close()
    Database.open(path, VaultKeys(SecretVault())).close()
    keyring_service.lock()
    before = path.read_bytes()
    with pytest.raises(StoreUnavailable, match="locked"):
        Database.open(path, VaultKeys(SecretVault()))
    keyring_service.freeze()
    with pytest.raises(StoreUnavailable, match="does not answer"):
        Database.open(path, VaultKeys(SecretVault(seconds=1.0)))
    assert path.read_bytes() == before


def test_without_a_key_store_a_new_store_is_plain_and_says_so(no_service: None, tmp_path: Path):
    database = Database.open(tmp_path / "hrdesk.sqlite", VaultKeys(SecretVault()))
    assert not database.encrypted and "Not encrypted" in database.encryption
    database.close()


def test_an_entry_that_is_no_key_is_not_a_key(keyring_service: KeyringService):
    vault = SecretVault()
    vault.set("store-1", "not hexadecimal")
    assert VaultKeys(vault).load("store-1") is None
    assert VaultKeys(vault).load("store-2") is None
