"""What the library page needs of the services; `services.library.LibraryService` has it."""

from collections.abc import AsyncIterator, Callable, Sequence
from pathlib import Path
from typing import Protocol

from hrdesk.core.categories import Category, Recategorised
from hrdesk.core.documents import Coverage, LibraryFile
from hrdesk.core.evaluations import Evaluation, Gold, Question
from hrdesk.core.preparing import Preparing
from hrdesk.core.synonyms import Synonym
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


class Vectors(Protocol):
    """The search by meaning, for what is added; `services.vectors.VectorWriter` has it."""

    def wake(self) -> None: ...
    def follow(self) -> AsyncIterator[Preparing]: ...


class Waiting(Protocol):
    """The files that wait to be read; `services.waiting.WaitingFiles` has it."""

    @property
    def is_paused(self) -> bool: ...
    @property
    def because(self) -> str: ...
    async def settle(self) -> None: ...
    async def restore_pause(self) -> bool: ...
    async def pause(self) -> None: ...
    async def go_on(self) -> None: ...
    async def drop(self) -> list[str]: ...
    async def put_back(self, file_ids: Sequence[str]) -> None: ...


class Imported(Protocol):
    """What came of a table of synonyms."""

    @property
    def added(self) -> int: ...
    @property
    def left_out(self) -> int: ...


class Synonyms(Protocol):
    """The company's own words; `services.synonyms.SynonymService` has it."""

    async def synonyms(self) -> list[Synonym]: ...
    async def add(self, term: str, meaning: str) -> Synonym: ...
    async def change(self, synonym: Synonym) -> Synonym: ...
    async def remove(self, synonym_id: str) -> None: ...
    async def restore(self, synonym_id: str) -> None: ...
    async def import_csv(self, path: Path) -> Imported: ...
    async def export_csv(self, path: Path) -> int: ...


class Categories(Protocol):
    """Categories as a whole; `services.categories.CategoryService` has it."""

    async def categories(self) -> list[Category]: ...
    async def rename(self, old: str, new: str) -> Recategorised: ...
    async def remove(self, name: str) -> Recategorised: ...
    async def undo(self, change: Recategorised) -> None: ...


class Languages(Protocol):
    """Questions in other languages; `services.multilingual.MultilingualPack` has it."""

    @property
    def installed(self) -> bool: ...
    async def coverage(self) -> Coverage: ...
    async def fill(self, progress: Callable[[Coverage], None]) -> None: ...


class Library(Protocol):
    """The verbs of the library page. The iterators yield every state of every file."""

    @property
    def versions(self) -> Versions:
        """Facts and offers."""

    @property
    def vectors(self) -> Vectors:
        """What makes new passages ready for the search by meaning."""

    @property
    def waiting(self) -> Waiting:
        """Pausing and cancelling."""

    async def files(self) -> list[LibraryFile]:
        """Return every file."""

    def add(self, paths: Sequence[Path], category: str | None = None) -> AsyncIterator[LibraryFile]:
        """Import files and folders."""

    def retry(self, *file_ids: str, password: str | None = None) -> AsyncIterator[LibraryFile]:
        """Read files once more."""

    def resume(self) -> AsyncIterator[LibraryFile]:
        """Go on with files that wait."""

    async def remove(self, file_id: str) -> None:
        """Take a file out of the library."""

    async def restore(self, file_id: str) -> LibraryFile:
        """Bring a removed file back."""

    async def set_category(self, document_id: str, category: str | None) -> None:
        """Put a policy into a category."""

    async def categories(self) -> list[str]:
        """Return the known categories."""
