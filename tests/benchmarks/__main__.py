"""Run the benchmarks named on the command line, or all."""

import os
import sys

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from tests.benchmarks import asking, first_paint, following, languages, smoothness, synonyms

BENCHMARKS = {
    "first_paint": first_paint.measure,
    "smoothness": smoothness.measure,
    "asking": asking.measure,
    "following": following.measure,
    "languages": languages.measure,
    "synonyms": synonyms.measure,
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
