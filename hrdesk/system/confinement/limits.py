"""What a child process may use, and what the parent holds of one."""

from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Limits:
    """What a child may use; 0 means no limit of that kind, except `file_bytes` (bytes it may write)."""

    memory_bytes: int = 2**30
    cpu_seconds: int = 30
    open_files: int = 32
    file_bytes: int = 0
    niceness: int = 5


class Hold(Protocol):
    """The parent's grip on one child and on everything that the child started."""

    @property
    def exceeded(self) -> str:
        """Why this grip ended the child by itself ("memory"), or "" where it did not."""

    def has_ended(self) -> bool:
        """Whether the child has ended."""

    def kill(self) -> None:
        """End the child and all that it started, whether or not the child itself still runs."""

    def release(self) -> None:
        """Let go of a child that has ended and was waited for."""
