"""Commands over the ways to be answered: list, add or change, publish the library there."""

import argparse
import sys
from dataclasses import asdict, fields, replace

from hrdesk.commands.output import print_json
from hrdesk.core.connections import Connection, ConnectionKind
from hrdesk.core.errors import HrdeskError
from hrdesk.services.desk import Desk
from hrdesk.services.hosted_library import PublishAction

_CONNECTION = {field.name for field in fields(Connection)} - {"name"}


async def connections(desk: Desk, options: argparse.Namespace) -> int:
    """List the ways to be answered."""
    for connection in desk.connections.connections:
        state = await desk.connections.key_state(connection.name) if connection.needs_key else None
        key = "not needed" if state is None else str(state.state)
        if options.json:
            print_json({**asdict(connection), "host": connection.host, "key": key})
        else:
            in_force = "*" if connection == desk.chat.connection else " "
            print(f"{in_force} {connection.name:<16} {connection.kind:<11} {connection.host}  key: {key}")
    return 0


async def connect(desk: Desk, options: argparse.Namespace) -> int:
    """Add a connection or change one; the key comes from standard input, never from the command line."""
    before = desk.connections.find(options.name) or Connection(
        options.name, options.name, ConnectionKind.CHAT
    )
    given = {
        name: value for name, value in vars(options).items() if name in _CONNECTION and value is not None
    }
    if options.key_stdin:
        given["needs_key"] = True
    saved = await desk.connections.save(replace(before, **given))
    if options.key_stdin:
        await desk.connections.store_key(saved.name, sys.stdin.readline())
    print(desk.connections.describe(saved))
    if options.test:
        print(await desk.connections.test(saved.name))
    return 0


async def publish(desk: Desk, options: argparse.Namespace) -> int:
    """Bring the library to the vector store of a connection; one line a file. Exit 1 if one failed."""
    name, failed = desk.chat.connection.name, 0
    async for step in desk.hosted.publish(name):
        failed += step.action is PublishAction.FAILED
        if options.json:
            print_json(asdict(step), flush=True)
        else:
            said = f": {step.message}" if step.message else ""
            print(f"{step.done}/{step.total} {step.action:<10} {step.file}{said}", flush=True)
    if not options.json:
        print(f"Vector store: {desk.connections.get(name).vector_store}")
    if failed:
        count = "1 file was" if failed == 1 else f"{failed} files were"
        raise HrdeskError(f"{count} not published.", "Publish again to retry; all others are there.")
    return 0
