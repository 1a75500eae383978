"""How commands print: JSON alone on standard output, remarks on standard error."""

import json
import sys


def print_json(value: object, *, flush: bool = False) -> None:
    """Print one JSON value on a line of its own."""
    print(json.dumps(value, ensure_ascii=False), flush=flush)


def print_notice(notice: str) -> None:
    """Say something beside the result; nothing for ""."""
    if notice:
        print(notice, file=sys.stderr)


def print_progress(done: int, total: int) -> None:
    """Count in place where somebody looks."""
    if sys.stderr.isatty():
        end = "\n" if done == total else "\r"
        print(f"{done:,} of {total:,} passages", end=end, file=sys.stderr, flush=True)
