"""The names of the categories: the three that every library begins with, those in use, and what was changed.

The table holds only the difference: a name is offered though no policy is in it, or one of the three is not
offered any more. A category of a person's own therefore goes by itself with its last policy.
"""

from collections.abc import Iterable, Mapping

from hrdesk.core.categories import BUILT_IN, Category
from hrdesk.store.database import Database
from hrdesk.store.rows import Table, put

CATEGORIES = Table("categories", ("name", "offered"), key=("name",))

Said = Mapping[str, bool | None]
"""By name: whether a category is offered whatever is in it; None where the usual rule holds."""


def categories(database: Database) -> list[Category]:
    """Return the categories: the three first, then the others by name. Removed policies do not count."""
    rows = database.rows(
        "SELECT d.category, count(*) FROM documents d WHERE d.category <> ''"
        " AND EXISTS (SELECT 1 FROM versions v WHERE v.document_id = d.id AND v.active = 1)"
        " GROUP BY d.category"
    )
    used: dict[str, int] = {row[0]: row[1] for row in rows}
    said = {row[0]: bool(row[1]) for row in database.rows("SELECT name, offered FROM categories")}
    first = [name for name in BUILT_IN if said.get(name, True) or name in used]
    others = {*used, *(name for name, offered in said.items() if offered)} - set(BUILT_IN)
    return [Category(name, used.get(name, 0)) for name in (*first, *sorted(others, key=str.casefold))]


def said(database: Database, names: Iterable[str]) -> Said:
    """Return what is kept about these names."""
    return {
        name: None if kept is None else bool(kept)
        for name in names
        for kept in [database.value("SELECT offered FROM categories WHERE name = ?", [name])]
    }


def say(database: Database, wanted: Said) -> None:
    """Keep whether categories are offered; inside a transaction."""
    for name, offered in wanted.items():
        if offered is None:
            database.execute("DELETE FROM categories WHERE name = ?", [name])
        else:
            put(database, CATEGORIES, {"name": name, "offered": int(offered)})
