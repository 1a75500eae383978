"""The assistant's profile and its versions, without widgets."""

from dataclasses import dataclass, replace

from PySide6.QtCore import QObject, Signal

from hrdesk.core.assistants import AssistantProfile
from hrdesk.core.errors import HrdeskError
from hrdesk.ui.settings.ports import Profiles
from hrdesk.ui.settings.trial import Trial
from hrdesk.ui.settings.words import day
from hrdesk.ui.tasks import Tasks


@dataclass(frozen=True, slots=True)
class ProfileDraft:
    """What the user typed."""

    name: str
    instructions: str
    model: str
    tools: tuple[str, ...]

    @classmethod
    def of(cls, profile: AssistantProfile) -> "ProfileDraft":
        """Return what a version says."""
        return cls(profile.name, profile.instructions, profile.model, profile.tools)

    def tidy(self) -> "ProfileDraft":
        """Return it without blanks at the ends."""
        name = " ".join(self.name.split())
        return ProfileDraft(name, self.instructions.strip(), self.model.strip(), self.tools)

    def says_the_same(self, other: "ProfileDraft") -> bool:
        """Return whether nothing would change, in whatever order the tools are named."""
        mine, theirs = self.tidy(), other.tidy()
        return set(mine.tools) == set(theirs.tools) and mine == replace(theirs, tools=mine.tools)


class AssistantPresenter(QObject):
    """A save makes a new version; what was typed stays until it is saved or dropped."""

    shown = Signal(object)
    """Fill the fields with this `ProfileDraft`."""
    versions_changed = Signal(object)
    """All versions, a list, the newest first."""
    dirty_changed = Signal(bool)
    """Whether something is typed that is not saved."""

    def __init__(self, tasks: Tasks, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._tasks = tasks
        self._profiles: Profiles | None = None
        self._kept: ProfileDraft | None = None
        self.draft: ProfileDraft | None = None
        self.is_dirty = False
        self.saving = Trial(tasks, self)

    def attach(self, profiles: Profiles) -> None:
        """Begin to work."""
        self._profiles = profiles
        self._tasks.start(self._load(profiles), "load assistant")

    async def _load(self, profiles: Profiles) -> None:
        current = await profiles.current()
        self._show(ProfileDraft.of(current))
        self.versions_changed.emit(await profiles.versions())

    def _show(self, draft: ProfileDraft) -> None:
        self._kept = self.draft = draft
        self.shown.emit(draft)
        self._tell_dirty()

    def type(self, draft: ProfileDraft) -> None:
        """Take over what is typed."""
        if self._kept is not None and draft != self.draft:
            self.draft = draft
            if self.saving.view.words:
                self.saving.clear()
            self._tell_dirty()

    def _tell_dirty(self) -> None:
        kept, draft = self._kept, self.draft
        is_dirty = kept is not None and draft is not None and not kept.says_the_same(draft)
        if is_dirty != self.is_dirty:
            self.is_dirty = is_dirty
            self.dirty_changed.emit(is_dirty)

    def drop(self) -> None:
        """Show what is saved again."""
        if self._kept is not None:
            self.saving.clear()
            self._show(self._kept)

    def save(self) -> None:
        """Make a new version of what is typed."""
        profiles, draft = self._profiles, self.draft
        if profiles is not None and draft is not None:
            self.saving.run(lambda: self._save(profiles, draft.tidy()), "save assistant", "Saving…", str)

    def use_again(self, profile: AssistantProfile) -> None:
        """Put what an old version says in force, as a new version."""
        profiles = self._profiles
        if profiles is not None and not self.is_dirty:
            draft = ProfileDraft.of(profile)
            self.saving.run(lambda: self._save(profiles, draft), "save assistant", "Saving…", str)

    async def _save(self, profiles: Profiles, draft: ProfileDraft) -> str:
        if not draft.name:
            raise HrdeskError("Give the assistant a name.")
        if not draft.instructions:
            raise HrdeskError("Tell the assistant what to do: the instructions are empty.")
        typed = self.draft
        made = await profiles.save(draft.name, draft.instructions, draft.model, draft.tools)
        if self.draft is typed:
            self._show(ProfileDraft.of(made))
        else:  # typed on meanwhile
            self._kept = ProfileDraft.of(made)
            self._tell_dirty()
        self.versions_changed.emit(await profiles.versions())
        return f"Saved as version {made.version}, in force for new questions."


def version_words(profile: AssistantProfile, *, is_in_force: bool) -> str:
    """Return "Version 3, 12 March 2026, in force for new questions"."""
    in_force = ", in force for new questions" if is_in_force else ""
    return f"Version {profile.version}, {day(profile.created_at)}{in_force}"
