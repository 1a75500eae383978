"""The user's settings: one small JSON file, written whole or not at all. Never a place for secrets."""

import json
import os
from dataclasses import asdict, dataclass, field, fields, replace
from pathlib import Path
from typing import Any

from hrdesk.core.errors import HrdeskError

THEMES = ("system", "light", "dark")
_BOUNDS = {"text_size": (80, 200)}


@dataclass(frozen=True, slots=True)
class Settings:
    """What the user chose. `text_size` is in percent; `window` and `splitters` hold Qt's states as base64.

    `other` keeps what a newer version wrote, so that going back and forth loses nothing.
    """

    connection: str = "local"
    theme: str = "system"
    text_size: int = 100
    window: str = ""
    splitters: str = ""
    other: dict[str, Any] = field(default_factory=dict)

    @classmethod
    def load(cls, path: Path) -> "Settings":
        """Read the settings; defaults where there are none.

        A file that cannot be understood is kept beside its place, as *.damaged, and defaults are used.
        """
        try:
            return _from(json.loads(path.read_text(encoding="utf-8")))
        except OSError:
            return cls()
        except (ValueError, RecursionError):
            path.replace(path.with_name(path.name + ".damaged"))
            return cls()

    def save(self, path: Path) -> None:
        """Write the settings, all or nothing. Raises `HrdeskError` when the disk refuses."""
        values = asdict(self)
        data = values.pop("other") | values
        partial = path.with_name(path.name + ".partial")
        try:
            with open(  # noqa: PTH123 - Path.open cannot set the mode of a new file
                os.open(partial, os.O_CREAT | os.O_WRONLY | os.O_TRUNC, 0o600), "w", encoding="utf-8"
            ) as file:
                json.dump(data, file, indent=2, sort_keys=True)
                file.flush()
                os.fsync(file.fileno())
            partial.replace(path)
        except OSError as error:
            raise HrdeskError(
                "The settings could not be saved.", "Check the free space and the data folder's permissions."
            ) from error


def _from(data: object) -> Settings:
    """Take each known value if it makes sense; a wrong one does not spoil the others."""
    if not isinstance(data, dict):
        raise ValueError("not an object")  # noqa: TRY004 - one kind of fault for all damage
    default = Settings()
    known = {one.name for one in fields(Settings)} - {"other"}
    values = {name: data[name] for name in known & data.keys() if _fits(name, data[name], default)}
    return replace(default, **values, other={name: data[name] for name in data.keys() - known})


def _fits(name: str, value: object, default: Settings) -> bool:
    if type(value) is not type(getattr(default, name)):
        return False
    if name in _BOUNDS and isinstance(value, int):
        low, high = _BOUNDS[name]
        return low <= value <= high
    return name != "theme" or value in THEMES
