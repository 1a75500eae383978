"""Where the theme's own files lie: tokens, style sheet, icons."""

from functools import cache
from pathlib import Path

from hrdesk.system.paths import resources

resource_folder = cache(resources)


def theme_file(name: str) -> Path:
    """Return the path of a file of the theme."""
    return resource_folder() / "theme" / name


def icon_file(name: str) -> Path:
    """Return the path of the icon `name`, whether it exists or not."""
    return resource_folder() / "icons" / f"{name}.svg"
