"""Categories as people change them: their names are what `lookup_policy` offers to a model, at once."""

from hrdesk.core.categories import Category, Recategorised, category_name
from hrdesk.core.errors import HrdeskError
from hrdesk.services.store_thread import StoreThread
from hrdesk.store.refiling import Refiling


class CategoryService:
    """Renames and removes categories; both can be undone."""

    def __init__(self, store: StoreThread, refiling: Refiling) -> None:
        self._store = store
        self._refiling = refiling

    async def categories(self) -> list[Category]:
        """Return the categories with the number of their policies."""
        return await self._store(self._refiling.categories)

    async def rename(self, old: str, new: str) -> Recategorised:
        """Give a category another name; all its policies follow. One that has the name already is joined.

        Raises `HrdeskError` for an empty or the same name, `NotFound` for a category that is gone.
        """
        name = category_name(new)
        if name is None:
            raise HrdeskError("A category needs a name.", "Nothing was changed.")
        if name == old:
            raise HrdeskError(f"The category is called “{old}” already.", "Nothing was changed.")
        return await self._store(self._refiling.rename, old, name)

    async def remove(self, name: str) -> Recategorised:
        """Remove a category; its policies have none then. Raises `NotFound`."""
        return await self._store(self._refiling.rename, name, None)

    async def undo(self, change: Recategorised) -> None:
        """Undo `rename` or `remove`."""
        await self._store(self._refiling.undo, change)
