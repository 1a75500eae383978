"""What a user can say about policies, without widgets: edit facts, answer offers; each with Undo."""

from collections.abc import Coroutine, Sequence
from typing import Any

from PySide6.QtCore import QObject, Signal

from hrdesk.core.documents import LibraryFile
from hrdesk.core.errors import HrdeskError, NotFound
from hrdesk.core.versions import LookAlike, PolicyFacts
from hrdesk.ui.library.ports import Versions
from hrdesk.ui.notices import Action, Notices
from hrdesk.ui.tasks import Tasks

SAVED = "policy saved"
"""The key of notices about saved facts: the newest one is enough."""


class FactsPresenter(QObject):
    """Holds the facts of the policy that is selected, and the open offers."""

    facts_changed = Signal(object)
    """`PolicyFacts | None` to be shown."""
    offers_changed = Signal(list)
    """Open offers (`LookAlike`), newest last."""
    asked = Signal(object)
    """A new offer (`LookAlike`) came up; not emitted for those of earlier starts."""
    library_changed = Signal()
    """Titles, dates or families are not what they were."""

    def __init__(self, tasks: Tasks, notices: Notices, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._tasks, self._notices = tasks, notices
        self._versions: Versions | None = None
        self._wanted: str | None = None
        self._known: set[str] | None = None  # files of offers that were shown before
        self.offers: list[LookAlike] = []

    def attach(self, versions: Versions) -> None:
        """Begin to work."""
        self._versions = versions
        self.look()

    def look(self) -> None:
        """Ask for the open offers again."""
        if self._versions is not None:
            self._tasks.start(self._show_offers(self._versions), "load offers")

    def select(self, files: Sequence[LibraryFile]) -> None:
        """Show the facts of the one policy that is selected, none for several."""
        one = files[0] if len(files) == 1 and files[0].document_id else None
        self._wanted = one.sha256 if one else None
        if self._wanted is None or self._versions is None:
            self.facts_changed.emit(None)
        else:
            self._tasks.start(self._show(self._versions, self._wanted), "load facts")

    def save(self, facts: PolicyFacts, field: str) -> None:
        """Save facts in which `field` was changed, and offer to undo it."""
        if self._versions is not None:
            self._tasks.start(self._save(self._versions, facts, field), "save facts")

    def accept(self, offer: LookAlike) -> None:
        """Make the file a version of the policy it looks like, and offer to undo it."""
        if self._versions is not None:
            self._tasks.start(self._accept(self._versions, offer), "join versions")

    def keep_apart(self, offer: LookAlike) -> None:
        """Keep the file a policy of its own, and offer to undo it."""
        if self._versions is not None:
            self._tasks.start(self._keep_apart(self._versions, offer), "keep apart")

    async def _show(self, versions: Versions, sha256: str) -> None:
        try:
            facts = await versions.facts(sha256)
        except NotFound:  # it was removed, or is being read again
            facts = None
        if sha256 == self._wanted:
            self.facts_changed.emit(facts)

    async def _show_offers(self, versions: Versions) -> None:
        self.offers = await versions.offers()
        self.offers_changed.emit(list(self.offers))
        fresh = [offer for offer in self.offers if offer.version.sha256 not in (self._known or ())]
        if fresh and self._known is not None:
            self.asked.emit(fresh[-1])
        self._known = {offer.version.sha256 for offer in self.offers} | (self._known or set())

    async def _changed(self, versions: Versions) -> None:
        self.library_changed.emit()
        await self._show_offers(versions)
        if self._wanted is not None:
            await self._show(versions, self._wanted)

    async def _save(self, versions: Versions, facts: PolicyFacts, field: str) -> None:
        before = await versions.facts(facts.version.sha256)
        try:
            saved = await versions.save(facts)
        except HrdeskError as trouble:
            self._notices.report(trouble)
        else:
            undo = Action("Undo", lambda: self._start(self._put_back(versions, before), "undo facts"))
            self._notices.notify(f"“{saved.document.title}”: {field} saved.", action=undo, key=SAVED)
        await self._changed(versions)

    async def _put_back(self, versions: Versions, before: PolicyFacts) -> None:
        await versions.save(before)
        await self._changed(versions)

    async def _accept(self, versions: Versions, offer: LookAlike) -> None:
        joined = await versions.accept(offer)

        async def part() -> None:
            await versions.part(joined)
            await self._changed(versions)

        undo = Action("Undo", lambda: self._start(part(), "part versions"))
        text = f"“{offer.title}” is now a version of “{offer.policy.title}”."
        advice = "" if offer.version.effective_from else "Its dates can be changed under the table."
        self._notices.notify(text, action=undo, advice=advice)
        await self._changed(versions)

    async def _keep_apart(self, versions: Versions, offer: LookAlike) -> None:
        await versions.keep_apart(offer)

        async def ask_again() -> None:
            await versions.keep_apart(offer, apart=False)
            await self._show_offers(versions)

        undo = Action("Undo", lambda: self._start(ask_again(), "ask again"))
        self._notices.notify(f"“{offer.title}” stays a policy of its own.", action=undo)
        await self._show_offers(versions)

    def _start(self, coroutine: Coroutine[Any, Any, None], name: str) -> None:
        self._tasks.start(coroutine, name)
