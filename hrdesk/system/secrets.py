"""Secrets in the operating system's key store: Secret Service, Windows Credential Manager, macOS Keychain.

A key store may ask the user, be locked, or not answer at all, so every call runs in a thread of its own
with a time limit. Where there is no key store a secret is kept in memory until hrdesk closes, never in a
file. The backend is chosen here and not by the `keyring` package's search, which would also take backends
that write plain files and which remembers its first choice for ever.

Nothing in this module logs a value, and results do not show theirs.
"""

import binascii
import importlib
import sys
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from hrdesk.core.errors import StoreUnavailable

SECONDS = 20.0  # a person needs time to type the password of a locked key store
SERVICE = "hrdesk"

_BACKENDS = {
    "win32": ("keyring.backends.Windows", "WinVaultKeyring", "Windows Credential Manager"),
    "darwin": ("keyring.backends.macOS", "Keyring", "macOS Keychain"),
}
_ELSEWHERE = ("keyring.backends.SecretService", "Keyring", "desktop keyring (Secret Service)")
# What the libraries below `keyring` raise themselves, where they are installed.
_FOREIGN_TROUBLES = (
    ("secretstorage.exceptions", "SecretStorageException"),
    ("jeepney", "DBusErrorResponse"),
    ("win32ctypes.pywin32.pywintypes", "error"),
)

MEMORY = "memory of this program, until it closes"


class SecretState(StrEnum):
    """How a call to the key store ended.

    ok: done. missing: there is no such secret. locked: the user did not unlock the store. timeout: the
    store did not answer in time. unavailable: there is no key store. session: kept in memory only.
    """

    OK = "ok"
    MISSING = "missing"
    LOCKED = "locked"
    TIMEOUT = "timeout"
    UNAVAILABLE = "unavailable"
    SESSION = "session"


@dataclass(frozen=True, slots=True)
class SecretResult:
    """The end of a call. `store` names the store in words; `value` is set by `get` alone."""

    state: SecretState
    value: str | None = field(default=None, repr=False)
    store: str = ""


class SecretVault:
    """The secrets of one program. Calls block for at most `seconds`; not for the window's thread."""

    def __init__(self, service: str = SERVICE, seconds: float = SECONDS) -> None:
        self._service = service
        self._seconds = seconds
        self._session: dict[str, str] = {}
        self._stuck: threading.Thread | None = None
        self._turn = threading.Lock()
        self._store = _BACKENDS.get(sys.platform, _ELSEWHERE)

    def get(self, name: str) -> SecretResult:
        """Return the secret `name`."""
        if name in self._session:
            return SecretResult(SecretState.SESSION, self._session[name], MEMORY)
        state, value = self._call(lambda backend: backend.get_password(self._service, name))
        if state is SecretState.OK and value is None:
            state = SecretState.MISSING
        return SecretResult(state, value, self._store[2])

    def set(self, name: str, value: str, *, lasting: bool = False) -> SecretResult:
        """Keep the secret. Where the key store refuses it is kept in memory, unless it must be `lasting`."""
        state, _ = self._call(lambda backend: backend.set_password(self._service, name, value))
        if state is SecretState.OK:
            self._session.pop(name, None)
        elif not lasting:
            self._session[name] = value
            return SecretResult(SecretState.SESSION, store=MEMORY)
        return SecretResult(state, store=self._store[2])

    def delete(self, name: str) -> SecretResult:
        """Delete the secret, from memory too."""
        in_memory = self._session.pop(name, None) is not None
        state, _ = self._call(lambda backend: self._delete(backend, name))
        if in_memory and state in (SecretState.MISSING, SecretState.UNAVAILABLE):
            return SecretResult(SecretState.OK, store=MEMORY)
        return SecretResult(state, store=self._store[2])

    def where(self) -> str:
        """Return a sentence on where secrets are kept now."""
        state, _ = self._call(lambda backend: backend.get_password(self._service, "any"))
        name = self._store[2]
        if state is SecretState.OK:
            return f"Keys are kept in the {name}."
        why = {
            SecretState.LOCKED: f"the {name} is locked",
            SecretState.TIMEOUT: f"the {name} does not answer",
        }.get(state, "this computer has no key store that can be used")
        return f"Keys are kept in the {MEMORY}: {why}."

    def _delete(self, backend: Any, name: str) -> None:
        if backend.get_password(self._service, name) is None:
            raise _NoSecret
        backend.delete_password(self._service, name)

    def _call(self, work: Callable[[Any], str | None]) -> tuple[SecretState, str | None]:
        """Run `work` with the backend in a daemon thread of its own, which may stay stuck for ever."""
        answer: list[tuple[SecretState, str | None]] = []
        with self._turn:
            if self._stuck is not None and self._stuck.is_alive():
                return SecretState.TIMEOUT, None  # one stuck thread is enough
            thread = threading.Thread(
                target=lambda: answer.append(self._attempt(work)), name="key store", daemon=True
            )
            thread.start()
            thread.join(self._seconds)
            self._stuck = thread
        if answer:
            return answer[0]
        return (SecretState.TIMEOUT if thread.is_alive() else SecretState.UNAVAILABLE), None

    def _attempt(self, work: Callable[[Any], str | None]) -> tuple[SecretState, str | None]:
        from keyring.errors import KeyringError, KeyringLocked

        module, name, _ = self._store
        try:
            backend = getattr(importlib.import_module(module), name)
            _ = backend.priority  # raises where the backend cannot work
            return SecretState.OK, work(backend())
        except _NoSecret:
            return SecretState.MISSING, None
        except KeyringLocked:
            return SecretState.LOCKED, None
        except (KeyringError, OSError, RuntimeError, ImportError, EOFError):
            return SecretState.UNAVAILABLE, None
        except _foreign_troubles():
            return SecretState.UNAVAILABLE, None


class VaultKeys:
    """Keys of store files in the vault, as hexadecimal text; has the shape of `store.database.KeySource`."""

    def __init__(self, vault: SecretVault) -> None:
        self._vault = vault

    def load(self, name: str) -> bytes | None:
        """Return the key, None if there is none. Raises `StoreUnavailable` when it is out of reach."""
        found = self._vault.get(name)
        if found.state is SecretState.MISSING:
            return None
        if found.value is None:
            raise StoreUnavailable(*_OUT_OF_REACH[found.state])
        try:
            return binascii.unhexlify(found.value)
        except ValueError:  # somebody else's entry
            return None

    def save(self, name: str, key: bytes) -> bool:
        """Keep the key for good; False where the key store refuses."""
        return self._vault.set(name, key.hex(), lasting=True).state is SecretState.OK


_OUT_OF_REACH = {
    SecretState.LOCKED: (
        "The store is encrypted, and this computer's key store is locked.",
        "Unlock it, then start hrdesk again.",
    ),
    SecretState.TIMEOUT: (
        "The store is encrypted, and this computer's key store does not answer.",
        "Look for a window that asks for a password, or log in again, then start hrdesk again.",
    ),
    SecretState.UNAVAILABLE: (
        "The store is encrypted, and this computer's key store cannot be reached.",
        "Start hrdesk from the desktop session in which it was used before.",
    ),
}


class _NoSecret(Exception):
    """There is no secret with this name."""


def _foreign_troubles() -> tuple[type[Exception], ...]:
    return tuple(
        getattr(sys.modules[module], name) for module, name in _FOREIGN_TROUBLES if module in sys.modules
    )
