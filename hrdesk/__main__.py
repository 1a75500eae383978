"""Entry point: `hrdesk`, `python -m hrdesk`, and the child processes of both."""

import sys


def main() -> int:
    """Run the command line, or serve as a child process when asked to by `system.workers`."""
    if sys.argv[1:2] == ["--child"]:
        from hrdesk.system.child import child_main

        return child_main(sys.argv[2:])
    if sys.argv[1:2] == ["--nursery"]:
        from hrdesk.system.nursery import nursery_main

        return nursery_main(sys.argv[2:])
    from hrdesk.cli import run

    return run(sys.argv[1:])


if __name__ == "__main__":
    sys.exit(main())
