"""What a user can do with the library, without widgets: add, stop, retry, remove and undo, set categories."""

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QObject, Signal

from hrdesk.core.categories import category_name
from hrdesk.core.documents import LibraryFile
from hrdesk.ui.library.categories_presenter import CategoriesPresenter
from hrdesk.ui.library.facts_presenter import SAVED, FactsPresenter
from hrdesk.ui.library.languages_presenter import LanguagesPresenter
from hrdesk.ui.library.model import LibraryModel
from hrdesk.ui.library.ports import Library
from hrdesk.ui.library.questions_presenter import QuestionsPresenter
from hrdesk.ui.library.synonyms_presenter import SynonymsPresenter
from hrdesk.ui.library.words import Counts, can_retry, plural, title
from hrdesk.ui.notices import Action, NoticeKind, Notices
from hrdesk.ui.tasks import Tasks

IMPORT = "import"
"""The key of notices about an import."""


@dataclass(frozen=True, slots=True)
class Progress:
    """An import under way: `done` of `total` files, and the one being read. Total 0: nothing is."""

    done: int = 0
    total: int = 0
    current: str = ""

    @property
    def sentence(self) -> str:
        """Where the import is, in words."""
        words = f"Reading {min(self.done + 1, self.total)} of {plural(self.total)}"
        return f"{words}: {self.current}" if self.current else words


class LibraryPresenter(QObject):
    """Owns the model of the page and the imports under way."""

    counts_changed = Signal(object)
    """`Counts` of all files."""
    progress_changed = Signal(object)
    """`Progress` of the import."""
    import_ended = Signal(object)
    """`Counts` of the files that were imported."""
    categories_changed = Signal(list)
    """Names of the categories, in order."""

    def __init__(self, tasks: Tasks, notices: Notices, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._tasks, self._notices = tasks, notices
        self._library: Library | None = None
        self._imports: set[asyncio.Task[None]] = set()
        self._batch: dict[str, LibraryFile] = {}
        self.model = LibraryModel(self)
        self.facts = FactsPresenter(tasks, notices, self)
        self.facts.library_changed.connect(self._reload)
        self.questions = QuestionsPresenter(tasks, notices, self)
        self.questions.is_busy = lambda: self.is_importing
        self.facts.library_changed.connect(self.questions.library_changed)
        self.synonyms = SynonymsPresenter(tasks, notices, self)
        self.synonyms.search_changed.connect(self.questions.library_changed)
        self.languages = LanguagesPresenter(tasks, self)
        self.import_ended.connect(lambda _counts: self.languages.look())
        self.categories = CategoriesPresenter(tasks, notices, self)
        self.categories.library_changed.connect(self._reload)

    @property
    def is_importing(self) -> bool:
        """Whether files are being read."""
        return bool(self._imports)

    def attach(self, library: Library) -> None:
        """Begin to work: show what is there and go on with what waits."""
        self._library = library
        self.facts.attach(library.versions)
        self._tasks.start(self._load(library), "load library")

    async def _load(self, library: Library) -> None:
        self.model.show(await library.files())
        self._say_counts()
        self.categories_changed.emit(await library.categories())
        if self.model.counts.waiting:
            self.resume()

    def add(self, paths: Sequence[Path], category: str | None = None) -> None:
        """Import files and folders."""
        if self._library is not None and paths:
            self._import(self._library.add(paths, category))

    def resume(self) -> None:
        """Go on with files that wait."""
        if self._library is not None:
            self._import(self._library.resume())

    def retry(self, files: Sequence[LibraryFile]) -> None:
        """Read files once more, where that can help."""
        for file in files:
            if self._library is not None and can_retry(file):
                self._import(self._library.retry(file.id))

    def stop(self) -> None:
        """Stop the import; what was read stays, the others wait."""
        for task in self._imports:
            task.cancel()

    def remove(self, files: Sequence[LibraryFile]) -> None:
        """Take files out of the library and offer to undo it."""
        if self._library is not None and files:
            self._tasks.start(self._remove(self._library, list(files)), "remove files")

    def set_category(self, files: Sequence[LibraryFile], category: str) -> None:
        """Put the policies of these files into a category; an empty one means none."""
        wanted = category_name(category)
        before = {
            one.document_id: one.category for one in files if one.document_id and one.category != wanted
        }
        if self._library is None or not before:
            return
        library = self._library
        self._tasks.start(self._set_categories(library, dict.fromkeys(before, wanted)), "set category")
        undo = Action(
            "Undo", lambda: self._tasks.start(self._set_categories(library, before), "undo category")
        )
        what = f"“{title(files[0])}”" if len(files) == 1 else plural(len(files))
        where = f"filed under {wanted}" if wanted else "filed under no category"
        self._notices.notify(f"{what}: {where}.", action=undo, key=SAVED)

    async def _remove(self, library: Library, files: list[LibraryFile]) -> None:
        for file in files:
            await library.remove(file.id)
            self.model.take(file.id)
        self._say_counts()
        self._check_again()
        what = f"“{title(files[0])}” was" if len(files) == 1 else f"{plural(len(files))} were"

        def undo() -> None:
            self._tasks.start(self._restore(library, files), "restore files")

        self._notices.notify(f"{what} removed from the library.", action=Action("Undo", undo))

    async def _restore(self, library: Library, files: list[LibraryFile]) -> None:
        for file in files:
            self.model.put(await library.restore(file.id))
        self._say_counts()
        self._check_again()

    async def _set_categories(self, library: Library, wanted: dict[str, str | None]) -> None:
        for document_id, category in wanted.items():
            await library.set_category(document_id, category)
        await self._show_all(library)

    def _import(self, states: AsyncIterator[LibraryFile]) -> None:
        task = self._tasks.start(self._follow(states), "import files")
        self._imports.add(task)
        task.add_done_callback(self._import_done)

    async def _follow(self, states: AsyncIterator[LibraryFile]) -> None:
        async for file in states:
            self._batch[file.id] = file
            self.model.put(file)
            self._say_progress(file)

    def _import_done(self, task: asyncio.Task[None]) -> None:
        self._imports.discard(task)
        self._say_counts()
        if self._imports:
            return
        counts = Counts.of(list(self._batch.values()))
        self._batch.clear()
        self.progress_changed.emit(Progress())
        if task.cancelled():
            self._offer_to_go_on(counts)
        elif counts.files:
            self.import_ended.emit(counts)
            self._reload()
            self._check_again()

    def tell_import(self, counts: Counts, show: Callable[[], None]) -> None:
        """Say in a notice how an import ended, with the offer to `show` the library."""
        ready = f"{plural(counts.ready)} {'is' if counts.ready == 1 else 'are'} ready to be asked."
        action = Action("Show", show)
        if counts.attention:
            trouble = f"{plural(counts.attention)} could not be read completely."
            advice = ready if counts.ready else ""
            self._notices.notify(trouble, NoticeKind.CAUTION, action, advice=advice, key=IMPORT)
        else:
            self._notices.notify(ready, NoticeKind.INFO, action, key=IMPORT)

    def _reload(self) -> None:
        """Read the list again: a new version of a policy ends the earlier one."""
        if self._library is not None:
            self._tasks.start(self._show_all(self._library), "load library")

    async def _show_all(self, library: Library) -> None:
        for file in await library.files():
            self.model.put(file)
        self._say_counts()
        self.categories_changed.emit(await library.categories())

    def _check_again(self) -> None:
        """Other files are there: so may be other offers, and other answers to the golden questions."""
        self.facts.look()
        self.questions.library_changed()

    def _offer_to_go_on(self, counts: Counts) -> None:
        if counts.waiting:
            text = f"The import was stopped. {plural(counts.waiting)} not read yet."
            self._notices.notify(text, action=Action("Go on", self.resume), key=IMPORT)

    def _say_progress(self, file: LibraryFile) -> None:
        batch = self._batch.values()
        done = sum(one.state.is_end for one in batch)
        reading = "" if file.state.is_end else file.file
        self.progress_changed.emit(Progress(done, len(batch), reading))
        self._say_counts()

    def _say_counts(self) -> None:
        self.counts_changed.emit(self.model.counts)
