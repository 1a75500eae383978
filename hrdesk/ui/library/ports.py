"""What the library page needs of the services; `services.library.LibraryService` has it."""

from collections.abc import AsyncIterator, Callable, Sequence
from pathlib import Path
from typing import Protocol

from hrdesk.core.documents import LibraryFile
from hrdesk.core.evaluations import Evaluation, Gold, Question
from hrdesk.core.versions import Joined, LookAlike, PolicyFacts


class Versions(Protocol):
    """What people say about policies; `services.versions.VersionService` has it."""

    async def facts(self, sha256: str) -> PolicyFacts: ...
    async def save(self, facts: PolicyFacts) -> PolicyFacts: ...
    async def offers(self) -> list[LookAlike]: ...
    async def accept(self, offer: LookAlike) -> Joined: ...
    async def part(self, joined: Joined) -> None: ...
    async def keep_apart(self, offer: LookAlike, *, apart: bool = True) -> None: ...


class Evaluations(Protocol):
    """Golden questions; `services.evaluation.EvaluationService` has it."""

    async def questions(self) -> list[Question]: ...
    async def evaluations(self) -> list[Evaluation]: ...
    async def is_behind(self) -> bool: ...
    async def add(self, question: str, gold: Sequence[Gold], *, answerable: bool = True) -> Question: ...
    async def remove(self, question_id: str) -> None: ...
    async def restore(self, question_id: str) -> None: ...
    async def import_questions(self, path: Path) -> int: ...
    async def export_questions(self, path: Path) -> int: ...
    async def run(self, progress: Callable[[int, int], None]) -> Evaluation | None: ...


class Library(Protocol):
    """The verbs of the library page. The iterators yield every state of every file."""

    @property
    def versions(self) -> Versions:
        """Facts and offers."""

    async def files(self) -> list[LibraryFile]:
        """Return every file."""

    @property
    def is_paused(self) -> bool:
        """Whether the files that wait are held back."""

    def add(self, paths: Sequence[Path], category: str | None = None) -> AsyncIterator[LibraryFile]:
        """Import files and folders."""

    def retry(self, *file_ids: str, password: str | None = None) -> AsyncIterator[LibraryFile]:
        """Read files once more."""

    def resume(self) -> AsyncIterator[LibraryFile]:
        """Go on with files that wait."""

    async def settle(self) -> None:
        """Clean up after an import that was killed."""

    async def restore_pause(self) -> bool:
        """Pause if the start before was left so."""

    async def pause(self) -> None:
        """Begin no further file."""

    async def go_on(self) -> None:
        """Begin with the next files again."""

    async def drop_waiting(self) -> list[str]:
        """Take out the files that were not read yet."""

    async def put_back(self, file_ids: Sequence[str]) -> None:
        """Bring them back."""

    async def remove(self, file_id: str) -> None:
        """Take a file out of the library."""

    async def restore(self, file_id: str) -> LibraryFile:
        """Bring a removed file back."""

    async def set_category(self, document_id: str, category: str | None) -> None:
        """Put a policy into a category."""

    async def categories(self) -> list[str]:
        """Return the known categories."""
