"""Connections: the ways in which hrdesk can be answered."""

from dataclasses import dataclass
from enum import StrEnum


class ConnectionKind(StrEnum):
    """What contract the other side speaks."""

    LOCAL = "local"
    RESPONSES = "responses"
    ASSISTANTS = "assistants"


@dataclass(frozen=True, slots=True)
class Connection:
    """One way to be answered. `usable` is False where this version cannot; `note` says so."""

    name: str
    title: str
    kind: ConnectionKind
    base_url: str = ""
    needs_key: bool = False
    usable: bool = True
    note: str = ""
