"""Where things lie: the user's data folder, and the resources that come with the program."""

import os
import stat
from dataclasses import dataclass
from pathlib import Path

from hrdesk.core.errors import StoreUnavailable


@dataclass(frozen=True, slots=True)
class Paths:
    """The places inside one data folder; nothing is made until `create`."""

    root: Path

    @classmethod
    def at(cls, root: Path | str) -> "Paths":
        """Return the places inside the folder `root`."""
        return cls(Path(root).expanduser().absolute())

    @classmethod
    def default(cls) -> "Paths":
        """Return the places inside the user's own data folder, where the platform keeps such folders."""
        from platformdirs import user_data_path

        return cls(user_data_path("hrdesk", appauthor=False, roaming=False))

    @property
    def database(self) -> Path:
        """The store."""
        return self.root / "hrdesk.sqlite"

    @property
    def files(self) -> Path:
        """Our copies of the library's files, named by their sha256."""
        return self.root / "files"

    @property
    def backups(self) -> Path:
        """Backups of the store."""
        return self.root / "backups"

    @property
    def settings(self) -> Path:
        """The settings file."""
        return self.root / "settings.json"

    @property
    def presence(self) -> Path:
        """The lock file that tells whether another hrdesk is at work here."""
        return self.root / "in-use.lock"

    @property
    def encoding(self) -> Path:
        """The lock file of the process that writes vectors."""
        return self.root / "encoding.lock"

    @property
    def logs(self) -> Path:
        """Log files."""
        return self.root / "logs"

    def create(self) -> None:
        """Make the folders, for this user alone. Raises `StoreUnavailable` where that is not possible."""
        try:
            self.root.parent.mkdir(parents=True, exist_ok=True)
            for folder in (self.root, self.files, self.backups, self.logs):
                folder.mkdir(mode=0o700, exist_ok=True)
            self._close_to_others()
        except OSError as error:
            raise StoreUnavailable(
                f"The data folder {self.root} cannot be made or used.",
                "Check its permissions and the free space, or choose another one with --data-dir.",
            ) from error

    def _close_to_others(self) -> None:
        mode = stat.S_IMODE(self.root.stat().st_mode)
        if os.name == "posix" and mode & 0o077:  # made by somebody else, for instance by mkdir
            self.root.chmod(0o700)


def resources() -> Path:
    """Return the folder of icons, theme tokens, models and sample policies.

    An installed or frozen program has it inside the package, a checkout beside the package.
    """
    package = Path(__file__).resolve().parents[1]
    packed = package / "resources"
    return packed if packed.is_dir() else package.parent / "resources"
