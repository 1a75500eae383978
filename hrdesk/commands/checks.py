"""Commands that look after a data folder: was anything changed, and what does hrdesk run on."""

import argparse
import platform
import sys
from importlib.metadata import version
from typing import Any

from hrdesk import __version__
from hrdesk.commands.library import languages_state
from hrdesk.commands.output import print_json
from hrdesk.services.desk import Desk


async def verify(desk: Desk, options: argparse.Namespace) -> int:
    """Check the sealed records and every row; exit 1 and name what was changed."""
    checked = await desk.records.verify()
    if options.json:
        faults = [
            {"record": fault.record, "thread": fault.thread_id, "message": fault.sentence}
            for fault in checked.faults
        ]
        print_json({"records": checked.records, "faults": faults})
    else:
        for fault in checked.faults:
            print(fault.sentence)
        if not checked.faults:
            print(f"All is as it was written: {checked.records} sealed records.")
    if checked.faults:
        print(f"{len(checked.faults)} faults were found.", file=sys.stderr)
    return 1 if checked.faults else 0


async def doctor(desk: Desk, options: argparse.Namespace) -> int:
    """Show what hrdesk runs on, for a report to whoever helps."""
    facts: dict[str, Any] = {
        "hrdesk": __version__,
        "python": platform.python_version(),
        "system": platform.platform(),
        **{name: version(name) for name in ("PySide6-Essentials", "qasync", "openai", "pypdfium2")},
        "data": str(desk.paths.root),
        "storage": desk.storage,
        "encrypted": desk.database.encrypted,
        "secrets": await desk.connections.where(),
        "search": "words and meaning" if desk.encoder.available else "words only: the model is missing",
        "languages": await languages_state(desk),
        "files": len(await desk.library.files()),
        "threads": (await desk.chat.threads()).total,
    }
    if options.json:
        print_json(facts)
    else:
        for name, value in facts.items():
            print(f"{name:<20} {value}")
    return 0
