"""What a user can do with versions, without widgets: see them, choose two, see what changed."""

from datetime import datetime

from PySide6.QtCore import QObject, Signal

from hrdesk.core.documents import Document, DocumentVersion
from hrdesk.core.errors import HrdeskError
from hrdesk.core.versions import Comparison
from hrdesk.ui.tasks import Tasks
from hrdesk.ui.viewer.ports import Comparing
from hrdesk.ui.viewer.words import version_words


class VersionsPresenter(QObject):
    """Holds the versions of one policy and the comparison of two of them."""

    opened = Signal()
    """Other versions or another choice are to be shown; `document` is None for nothing at all."""
    waiting = Signal()
    compared = Signal(object)
    """`Comparison`."""
    failed = Signal(object)
    """`HrdeskError`."""

    def __init__(self, tasks: Tasks, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._tasks = tasks
        self._comparing: Comparing | None = None
        self._ticket = object()
        self._asked = ("", "")
        self.document: Document | None = None
        self.versions: list[DocumentVersion] = []
        self.old: DocumentVersion | None = None
        self.new: DocumentVersion | None = None

    def attach(self, comparing: Comparing) -> None:
        """Begin to work."""
        self._comparing = comparing

    def show(self, newer: str, older: str = "") -> None:
        """Show the versions of a policy; compare a version with an older one, or with the one before it."""
        if self._comparing is not None:
            self._asked = (newer, older)
            self._ticket = object()
            self.waiting.emit()
            self._tasks.start(self._open(self._comparing, newer, older, self._ticket), "load versions")

    def choose(self, old: DocumentVersion, new: DocumentVersion) -> None:
        """Compare two of the versions shown."""
        if self._comparing is not None and (old, new) != (self.old, self.new):
            self.old, self.new = old, new
            self.opened.emit()
            self._compare(self._comparing)

    def retry(self) -> None:
        """Try again what failed."""
        if self._asked[0]:
            self.show(*self._asked)

    def clear(self) -> None:
        """Show nothing."""
        self._ticket = object()
        self._asked = ("", "")
        self.document, self.versions, self.old, self.new = None, [], None, None
        self.opened.emit()

    def shows(self, sha256: str) -> bool:
        """Whether a version is among those shown."""
        return any(version.sha256 == sha256 for version in self.versions)

    def _compare(self, comparing: Comparing) -> None:
        self._ticket = object()
        if self.old is None or self.new is None or self.old == self.new:
            return
        self.waiting.emit()
        task = self._load(comparing, self.old.sha256, self.new.sha256, self._ticket)
        self._tasks.start(task, "compare versions")

    async def _open(self, comparing: Comparing, newer: str, older: str, ticket: object) -> None:
        try:
            document, versions = await comparing.family(newer)
            if older and all(one.sha256 != older for one in versions):
                versions = [await comparing.version(older), *versions]
        except HrdeskError as trouble:
            if ticket is self._ticket:
                self.failed.emit(trouble)
            return
        if ticket is not self._ticket:
            return
        self.document, self.versions = document, versions
        self.old, self.new = chosen(versions, newer, older)
        self.opened.emit()
        self._compare(comparing)

    async def _load(self, comparing: Comparing, old: str, new: str, ticket: object) -> None:
        try:
            found: Comparison = await comparing.compare(old, new)
        except HrdeskError as trouble:
            if ticket is self._ticket:
                self.failed.emit(trouble)
            return
        if ticket is self._ticket:
            self.compared.emit(found)


def chosen(
    versions: list[DocumentVersion], newer: str, older: str
) -> tuple[DocumentVersion | None, DocumentVersion | None]:
    """Return which two versions are compared at first; of a first version the next one is the newer."""
    at = next(number for number, one in enumerate(versions) if one.sha256 == newer)
    if older:
        return next(one for one in versions if one.sha256 == older), versions[at]
    if len(versions) < 2:
        return None, None
    at = max(at, 1)
    return versions[at - 1], versions[at]


def named(version: DocumentVersion) -> str:
    """Return what a version is called: its dates, with a capital letter."""
    words = version_words(version, datetime.now().astimezone().date())
    return words[:1].upper() + words[1:]


def counted(comparison: Comparison) -> str:
    """Return how much changed, in words."""
    parts = [f"{count} {kind.value}" for kind, count in comparison.counts().items() if count]
    same = f"{comparison.same:,} sentence{'' if comparison.same == 1 else 's'} the same"
    return " · ".join([*parts, same]) if parts else f"No differences in the text: {same}."
