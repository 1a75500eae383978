from pathlib import Path

import pytest

from hrdesk.core.errors import StoreUnavailable
from hrdesk.store.database import Database
from hrdesk.store.driver import BEST, PLAIN
from hrdesk.store.encryption import PLAIN_HEADER, key_name, lock_for_new
from hrdesk.store.threads import ThreadStore
from tests.store.samples import Keys, message

needs_cipher = pytest.mark.skipif(not BEST.encrypts, reason="SQLCipher is not installed.")
SECRET = "Unmistakable Canary"


@pytest.fixture
def keys() -> Keys:
    return Keys()


def write(path: Path, keys: Keys | None) -> None:
    database = Database.open(path, keys)
    threads = ThreadStore(database)
    thread = threads.create(SECRET)
    threads.add_message(message(thread.id, 1, SECRET))
    database.close()


@needs_cipher
def test_a_new_store_is_encrypted_where_a_key_can_be_kept(path: Path, keys: Keys):
    write(path, keys)
    contents = path.read_bytes()
    assert not contents.startswith(PLAIN_HEADER) and SECRET.encode() not in contents
    assert list(keys.kept) == [key_name(contents[:16])]
    assert len(keys.kept[key_name(contents[:16])]) == 32


@needs_cipher
def test_an_encrypted_store_is_opened_with_its_key(path: Path, keys: Keys):
    write(path, keys)
    database = Database.open(path, keys)
    assert database.encrypted and database.encryption.startswith("Encrypted")
    assert ThreadStore(database).threads().threads[0].title == SECRET
    database.close()


@needs_cipher
def test_the_write_ahead_log_is_encrypted_too(path: Path, keys: Keys):
    database = Database.open(path, keys)
    ThreadStore(database).create(SECRET)
    wal = path.with_name(path.name + "-wal").read_bytes()
    assert wal and SECRET.encode() not in wal
    database.close()


@pytest.mark.parametrize("keys", [None, Keys(refuses=True), Keys(locked=True)])
def test_a_new_store_is_plain_and_says_so_where_no_key_can_be_kept(path: Path, keys: Keys | None):
    write(path, keys)
    assert path.read_bytes().startswith(PLAIN_HEADER)
    database = Database.open(path, keys)
    assert not database.encrypted and database.encryption.startswith("Not encrypted")
    database.close()


def test_a_plain_store_never_touches_the_key_store(path: Path):
    write(path, None)
    keys = Keys(locked=True)
    Database.open(path, keys).close()
    assert keys.asked == 0


@needs_cipher
@pytest.mark.parametrize(
    ("later", "words"),
    [
        (Keys(locked=True), "locked"),
        (Keys(), "not in this computer's key store"),
        (None, "cannot decrypt"),
    ],
)
def test_without_its_key_an_encrypted_store_is_refused_untouched(path: Path, later: Keys | None, words: str):
    write(path, Keys())
    before = path.read_bytes()
    with pytest.raises(StoreUnavailable, match=words):
        Database.open(path, later)
    assert path.read_bytes() == before
    assert [file.name for file in path.parent.iterdir()] == [path.name]


@needs_cipher
def test_a_wrong_key_leaves_the_store_untouched_and_standard_error_empty(
    path: Path, keys: Keys, capfd: pytest.CaptureFixture[str]
):
    write(path, keys)
    before = path.read_bytes()
    wrong = Keys(dict.fromkeys(keys.kept, b"x" * 32))
    with pytest.raises(StoreUnavailable):
        Database.open(path, wrong)
    assert path.read_bytes() == before
    assert capfd.readouterr().err == ""


@needs_cipher
def test_a_computer_without_the_cipher_refuses_an_encrypted_store(path: Path, keys: Keys):
    write(path, keys)
    with pytest.raises(StoreUnavailable, match="cannot decrypt"):
        Database.open(path, keys, driver=PLAIN)


def test_a_computer_without_the_cipher_makes_a_plain_store(path: Path, keys: Keys):
    database = Database.open(path, keys, driver=PLAIN)
    assert not database.encrypted and "no encryption library" in database.encryption
    assert keys.asked == 0
    database.close()


class Overtaken(Keys):
    """While this key store saves its first key, another program makes the store."""

    def save(self, name: str, key: bytes) -> bool:
        if not self.kept:
            self.kept[name] = key
            write(self.path, self)
        return super().save(name, key)

    path: Path


@needs_cipher
def test_a_program_that_was_overtaken_opens_the_others_store(path: Path):
    keys = Overtaken()
    keys.path = path
    database = Database.open(path, keys)
    assert database.encrypted
    assert ThreadStore(database).threads().threads[0].title == SECRET
    database.close()


@needs_cipher
def test_two_stores_have_two_keys(tmp_path: Path, keys: Keys):
    write(tmp_path / "one.sqlite", keys)
    write(tmp_path / "two.sqlite", keys)
    assert len(set(keys.kept.values())) == 2


@needs_cipher
def test_a_moved_store_finds_its_key(path: Path, keys: Keys):
    write(path, keys)
    moved = path.rename(path.with_name("moved.sqlite"))
    database = Database.open(moved, keys)
    assert database.encrypted
    database.close()


def test_no_key_is_shown(keys: Keys):
    lock = lock_for_new(keys, encrypts=True)
    assert next(iter(keys.kept.values())).hex() not in repr(lock)
