"""Where the theme's own files lie: tokens, style sheet, icons."""

from pathlib import Path

_TOP = Path(__file__).resolve().parents[2]


def resource_folder() -> Path:
    """Return the folder with icons and theme: inside the package when installed, else beside it."""
    packaged = _TOP / "resources"
    return packaged if packaged.is_dir() else _TOP.parent / "resources"


def theme_file(name: str) -> Path:
    """Return the path of a file of the theme."""
    return resource_folder() / "theme" / name


def icon_file(name: str) -> Path:
    """Return the path of the icon `name`, whether it exists or not."""
    return resource_folder() / "icons" / f"{name}.svg"
