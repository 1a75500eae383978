"""Run the benchmarks named on the command line, or all."""

import importlib
import os
import sys

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

# Modules beside this one; each has a `measure` that yields its figures line by line.
BENCHMARKS = (
    "first_paint",
    "smoothness",
    "importing",
    "asking",
    "import_speed",
    "files",
    "accuracy",
    "embedding",
    "searching",
    "highlights",
    "quotes",
    "questions",
    "following",
)


def main(names: list[str]) -> int:
    """Print one line for each figure."""
    for name in names or BENCHMARKS:
        for line in importlib.import_module(f"tests.benchmarks.{name}").measure():
            sys.stdout.write(f"{name}: {line}\n")
            sys.stdout.flush()
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
