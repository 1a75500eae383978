"""What a user can do with the library, without widgets: add, stop, retry, remove and undo, set categories."""

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QObject, Signal

from hrdesk.core.categories import category_name
from hrdesk.core.documents import LibraryFile
from hrdesk.ui.library.categories_presenter import CategoriesPresenter
from hrdesk.ui.library.facts_presenter import SAVED, FactsPresenter
from hrdesk.ui.library.imports import ImportsPresenter
from hrdesk.ui.library.languages_presenter import LanguagesPresenter
from hrdesk.ui.library.model import LibraryModel
from hrdesk.ui.library.ports import Library
from hrdesk.ui.library.preparing import PreparingPresenter
from hrdesk.ui.library.questions_presenter import QuestionsPresenter
from hrdesk.ui.library.synonyms_presenter import SynonymsPresenter
from hrdesk.ui.library.words import plural, title
from hrdesk.ui.notices import Action, Notices
from hrdesk.ui.tasks import Tasks


class LibraryPresenter(QObject):
    """Owns the model of the page; imports, facts and golden questions have presenters of their own."""

    counts_changed = Signal(object)
    """`Counts` of all files."""
    categories_changed = Signal(list)
    """Names of the categories, in order."""

    def __init__(self, tasks: Tasks, notices: Notices, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._tasks, self._notices = tasks, notices
        self._library: Library | None = None
        self.model = LibraryModel(self)
        self.imports = ImportsPresenter(tasks, notices, self)
        self.imports.shown.connect(self._show_changed)
        self.imports.dropped.connect(self._drop)
        self.imports.came_back.connect(self._reload)
        self.imports.over.connect(self._import_over)
        self.facts = FactsPresenter(tasks, notices, self)
        self.facts.library_changed.connect(self._reload)
        self.questions = QuestionsPresenter(tasks, notices, self)
        self.preparing = PreparingPresenter(tasks, self)
        self.preparing.ended.connect(self.questions.library_changed)
        self.questions.is_busy = lambda: self.imports.is_running or self.preparing.is_busy
        self.facts.library_changed.connect(self.questions.library_changed)
        self.synonyms = SynonymsPresenter(tasks, notices, self)
        self.synonyms.search_changed.connect(self.questions.library_changed)
        self.languages = LanguagesPresenter(tasks, self)
        self.imports.ended.connect(lambda _counts: self.languages.look())
        self.categories = CategoriesPresenter(tasks, notices, self)
        self.categories.library_changed.connect(self._reload)

    def attach(self, library: Library) -> None:
        """Begin to work: show what is there and go on with what waits."""
        self._library = library
        self.imports.attach(library)
        self.facts.attach(library.versions)
        self.preparing.attach(library.vectors)
        self._tasks.start(self._load(library), "load library")

    async def _load(self, library: Library) -> None:
        self.model.show(await library.files())
        self._say_counts()
        self.categories_changed.emit(await library.categories())
        await library.waiting.settle()
        if self.model.counts.waiting:
            await self.imports.resume()

    def add(self, paths: Sequence[Path], category: str | None = None) -> None:
        """Import files and folders."""
        self.imports.add(paths, category)

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
        self.imports.forget([file for file in files if not file.state.is_end])
        self._say_counts()
        self._check_again()
        what = f"“{title(files[0])}” was" if len(files) == 1 else f"{plural(len(files))} were"

        def undo() -> None:
            self._tasks.start(self._restore(library, files), "restore files")

        self._notices.notify(f"{what} removed from the library.", action=Action("Undo", undo))

    async def _restore(self, library: Library, files: list[LibraryFile]) -> None:
        for file in files:
            self.model.put(await library.restore(file.id))
        if not all(file.state.is_end for file in files):
            await self.imports.resume()
        self._say_counts()
        self._check_again()

    async def _set_categories(self, library: Library, wanted: dict[str, str | None]) -> None:
        for document_id, category in wanted.items():
            await library.set_category(document_id, category)
        await self._show_all(library)

    def _show_changed(self, files: list[LibraryFile]) -> None:
        self.model.put(*files)
        if any(file.state.is_searchable for file in files):
            self.preparing.look()
        self._say_counts()

    def _drop(self, file_ids: list[str]) -> None:
        self.model.take(*file_ids)
        self._say_counts()

    def _import_over(self) -> None:
        self._reload()
        self._check_again()

    def _reload(self) -> None:
        """Read the list again: a new version of a policy ends the earlier one."""
        if self._library is not None:
            self._tasks.start(self._show_all(self._library), "load library")

    async def _show_all(self, library: Library) -> None:
        self.model.put(*await library.files())
        self._say_counts()
        self.categories_changed.emit(await library.categories())

    def _check_again(self) -> None:
        """Other files are there: so may be other offers, and other answers to the golden questions."""
        self.facts.look()
        self.questions.library_changed()

    def _say_counts(self) -> None:
        self.counts_changed.emit(self.model.counts)
