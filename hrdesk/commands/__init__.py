"""What each command of the command line does with an open `Desk`; the exit code is what it returns."""

import argparse
from collections.abc import Awaitable, Callable

from hrdesk.commands import checks, connections, library, threads
from hrdesk.services.desk import Desk

Command = Callable[[Desk, argparse.Namespace], Awaitable[int]]

COMMANDS: dict[str, Command] = {
    "add": library.add,
    "search": library.search,
    "ask": threads.ask,
    "eval": library.evaluate,
    "threads": threads.threads,
    "export": threads.export,
    "verify": checks.verify,
    "connections": connections.connections,
    "connect": connections.connect,
    "publish": connections.publish,
    "synonyms": library.synonyms,
    "languages": library.languages,
    "doctor": checks.doctor,
}
