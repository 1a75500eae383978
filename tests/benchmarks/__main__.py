"""Run the benchmarks named on the command line, or all."""

import os
import sys

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from tests.benchmarks import (
    accuracy,
    asking,
    embedding,
    files,
    first_paint,
    following,
    import_speed,
    questions,
    searching,
    smoothness,
)

BENCHMARKS = {
    "first_paint": first_paint.measure,
    "smoothness": smoothness.measure,
    "asking": asking.measure,
    "import_speed": import_speed.measure,
    "files": files.measure,
    "accuracy": accuracy.measure,
    "embedding": embedding.measure,
    "searching": searching.measure,
    "following": following.measure,
    "questions": questions.measure,
}


def main(names: list[str]) -> int:
    """Print one line for each figure."""
    for name in names or list(BENCHMARKS):
        for line in BENCHMARKS[name]():
            sys.stdout.write(f"{name}: {line}\n")
            sys.stdout.flush()
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
