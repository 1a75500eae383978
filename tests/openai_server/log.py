"""What was asked, as proof: no key is kept, only its hash."""

import fnmatch
import hashlib
import itertools
import time
from dataclasses import dataclass, field
from typing import Any


@dataclass
class Entry:
    """One request. `status` is 0 until the server has decided; `at` is monotonic, in seconds.

    `status` is what the server did, also where a fault kept the client from hearing of it; `is_done` is
    False where a fault answered in the place of the server, which then did nothing.
    """

    method: str
    path: str
    query: dict[str, str]
    headers: dict[str, str]
    body: Any
    key_hash: str
    at: float = field(default_factory=time.monotonic)
    status: int = 0
    connection: int = 0
    is_done: bool = False

    @property
    def line(self) -> str:
        """Method and path: "POST /v1/responses"."""
        return f"{self.method} {self.path}"

    @property
    def idempotency_key(self) -> str:
        """The key the client gave this creation, or "" if none."""
        return self.headers.get("idempotency-key", "")

    @property
    def is_accepted(self) -> bool:
        """Whether the server carried the request out."""
        return self.is_done and 200 <= self.status < 300


CREATIONS = (
    "POST /v1/chat/completions",
    "POST /v1/responses",
    "POST /v1/threads",
    "POST /v1/threads/*/messages",
    "POST /v1/threads/*/runs",
    "POST /v1/threads/*/runs/*/submit_tool_outputs",
)


class RequestLog(list[Entry]):
    """All requests in the order of their arrival."""

    def of(self, pattern: str) -> list[Entry]:
        """Return the requests whose line matches, with * for any part: "POST /v1/threads/*/runs"."""
        return [entry for entry in self if fnmatch.fnmatchcase(entry.line, pattern)]

    def creations(self) -> list[Entry]:
        """Return the accepted requests that made the server work: these are what is billed."""
        return [entry for entry in self if entry.is_accepted and is_creation(entry)]

    def twice(self) -> list[str]:
        """Return the idempotency keys under which the same thing was created more than once."""
        seen: set[tuple[str, str]] = set()
        doubled = []
        for entry in self.creations():
            name = (entry.line, entry.idempotency_key)
            if entry.idempotency_key and name in seen:
                doubled.append(entry.idempotency_key)
            seen.add(name)
        return doubled

    def pauses(self, pattern: str) -> list[float]:
        """Return the seconds between one matching request and the next."""
        times = [entry.at for entry in self.of(pattern)]
        return [later - earlier for earlier, later in itertools.pairwise(times)]


def is_creation(entry: Entry) -> bool:
    """Whether the request asks the server to make something of a run."""
    return any(fnmatch.fnmatchcase(entry.line, pattern) for pattern in CREATIONS)


def hashed(authorization: str) -> str:
    """Return the hash of the key in an Authorization header, "" if there was none."""
    key = authorization.removeprefix("Bearer ")
    return hashlib.sha256(key.encode()).hexdigest() if key else ""
