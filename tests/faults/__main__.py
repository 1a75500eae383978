"""Run the soak: `python -m tests.faults --seed N --minutes M`, or `--runs N`. Exit 1 if anything broke."""

import argparse
import os
import shutil
import sys
import tempfile
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
os.environ["PYTHON_KEYRING_BACKEND"] = "keyring.backends.fail.Keyring"  # keys live in memory


def main() -> int:
    """Import the sample policies, run, and tell."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--minutes", type=float, default=0)
    parser.add_argument("--runs", type=int, default=0)
    options = parser.parse_args()
    import asyncio

    from hrdesk import app
    from hrdesk.system.settings import Settings
    from hrdesk.ui.loop import QEventLoop
    from tests.faults.soak import soak
    from tests.services.desk import import_policies

    folder = Path(tempfile.mkdtemp(prefix="hrdesk-faults-"))
    temporary = Path(tempfile.mkdtemp(prefix="hrdesk-temporary-"))
    tempfile.tempdir = os.environ["TMPDIR"] = str(temporary)  # all that is written beside the data folder
    try:
        asyncio.run(import_policies(folder))
        with QEventLoop(app.application(Settings())) as loop:
            findings = loop.run_until_complete(
                soak(folder, options.seed, runs=options.runs, minutes=options.minutes)
            )
    finally:
        shutil.rmtree(folder, ignore_errors=True)
        shutil.rmtree(temporary, ignore_errors=True)
    sys.stdout.write(f"seed {options.seed}: {findings.summary}\n")
    for broken in [*findings.broken[:20], *findings.slow[:20]]:
        sys.stdout.write(f"  {broken}\n")
    return 1 if findings.broken else 0


if __name__ == "__main__":
    sys.exit(main())
