"""The assistant as the user set it up: who it is, what it is told, and which tools it may use."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class AssistantProfile:
    """One version of the assistant. A run pins a version; a new version never touches a run in flight.

    `model` is empty to use the connection's model. `tools` are the names of the tools it may call.
    """

    version: int
    name: str
    instructions: str
    model: str
    tools: tuple[str, ...]
    created_at: datetime
