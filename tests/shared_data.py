"""Where the shared test data lies; tests that need it skip with a sentence where it is absent."""

from pathlib import Path

import pytest

FOLDER = Path(__file__).resolve().parents[2] / "shared" / "data"


def shared(name: str) -> Path:
    """Return the file or folder `name` of the shared data, or skip the calling test."""
    path = FOLDER / name
    if not path.exists():
        pytest.skip(f"The shared test data ({name}) is not beside this checkout.")
    return path
