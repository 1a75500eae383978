"""The command line: what scripts and tests use, and the way to the window. Qt is imported only for it.

Exit codes: 0 done, 1 refused with a sentence on standard error, 2 wrong usage. With `--json` standard
output holds JSON alone.
"""

import argparse
import asyncio
import sys
from collections.abc import Sequence
from datetime import date
from pathlib import Path

from hrdesk import __version__
from hrdesk.core.connections import ConnectionKind, SearchPlace
from hrdesk.core.errors import HrdeskError

WITH_JSON = "add search ask eval threads connections publish doctor verify synonyms languages".split()


def run(arguments: Sequence[str]) -> int:
    """Run one command, or open the window where none is named."""
    options = parse(arguments)
    try:
        if options.command is None:
            return _window(options)
        return asyncio.run(_with_desk(options))
    except HrdeskError as error:
        print(error, file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130


def parse(arguments: Sequence[str]) -> argparse.Namespace:
    """Return the options; those that hold everywhere may stand before or after the command."""
    # A parser's own defaults would be written over what stood before the command.
    everywhere = argparse.Namespace(data_dir=None, connection=None, debug=False)
    return _parser().parse_args(arguments, everywhere)


def _parser() -> argparse.ArgumentParser:
    common = argparse.ArgumentParser(add_help=False)
    common.add_argument("--data-dir", type=Path, metavar="DIR", default=argparse.SUPPRESS)
    common.add_argument("--connection", metavar="NAME", default=argparse.SUPPRESS)
    common.add_argument("--debug", action="store_true", default=argparse.SUPPRESS)
    parser = argparse.ArgumentParser("hrdesk", description=__doc__.splitlines()[0], parents=[common])
    parser.add_argument("--version", action="version", version=f"hrdesk {__version__}")
    parser.add_argument("--demo", action="store_true", help="sample policies in a temporary data folder")
    parser.add_argument("--first-light", type=Path, metavar="PNG", help=argparse.SUPPRESS)
    commands = parser.add_subparsers(title="commands", dest="command")

    def command(name: str, help_: str) -> argparse.ArgumentParser:
        return commands.add_parser(name, help=help_, parents=[common])

    add = command("add", "import files or folders")
    add.add_argument("paths", nargs="+", type=Path, metavar="PATH")
    add.add_argument("--category", metavar="C")
    add.add_argument(
        "--password-stdin", action="store_true", help="read the files' password from standard input"
    )
    search = command("search", "show the passages that fit best")
    search.add_argument("query", metavar="QUERY")
    search.add_argument("-k", type=_positive, default=10, metavar="N")
    search.add_argument("--category", metavar="C")
    search.add_argument("--as-of", type=_day, metavar="DATE")
    search.add_argument("--scope", metavar="PLACE", help="country, site or group")
    ask = command("ask", "ask one question")
    ask.add_argument("question", metavar="QUESTION")
    ask.add_argument("--thread", metavar="ID")
    evaluate = command("eval", "measure retrieval and abstention with golden questions")
    evaluate.add_argument(
        "questions", type=Path, nargs="?", metavar="QUESTIONS.jsonl", help="without: those the library keeps"
    )
    evaluate.add_argument("--where", action="append", default=[], type=_pair, metavar="KEY=VALUE")
    command("threads", "list the threads")
    export = command("export", "write a thread to files")
    export.add_argument("thread", metavar="THREAD")
    export.add_argument("--format", default="md", metavar="md,json")
    export.add_argument("--to", type=Path, default=Path(), metavar="FOLDER")
    _synonym_options(command("synonyms", "list, add or remove the company's own words"))
    command("languages", "prepare the library for questions in other languages")
    command("verify", "check that no record was changed")
    command("connections", "list the ways to be answered")
    _connect_options(command("connect", "add a connection or change one"))
    command("publish", "bring the library to the vector store of a connection")
    command("doctor", "show what hrdesk runs on")
    for name in WITH_JSON:
        commands.choices[name].add_argument("--json", action="store_true")
    return parser


def _synonym_options(synonyms: argparse.ArgumentParser) -> None:
    # One command with options: a command of its own for each verb could not take --data-dir behind it.
    what = synonyms.add_mutually_exclusive_group()
    what.add_argument("--add", nargs=2, metavar=("WORD", "MEANING"))
    what.add_argument("--remove", metavar="WORD", help="every synonym that has it on one side")
    what.add_argument("--import", dest="import_", type=Path, metavar="CSV")
    what.add_argument("--export", type=Path, metavar="CSV")


def _connect_options(connect: argparse.ArgumentParser) -> None:
    connect.add_argument("name", metavar="NAME")
    connect.add_argument("--title")
    connect.add_argument("--kind", type=ConnectionKind, choices=list(ConnectionKind)[1:])
    connect.add_argument("--base-url", metavar="URL")
    connect.add_argument("--model")
    connect.add_argument("--region")
    connect.add_argument("--vector-store", metavar="ID")
    connect.add_argument("--search", type=SearchPlace, choices=list(SearchPlace))
    connect.add_argument("--ca-file", metavar="PEM")
    connect.add_argument("--context-tokens", type=_positive, metavar="N")
    for name in ("store", "background", "stream", "code-interpreter"):
        connect.add_argument(f"--{name}", action=argparse.BooleanOptionalAction)
    connect.add_argument("--key-stdin", action="store_true", help="read the key from standard input")
    connect.add_argument("--test", action="store_true", help="try it")


def _positive(text: str) -> int:
    number = int(text)
    if number < 1:
        raise argparse.ArgumentTypeError("must be at least 1")
    return number


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError("must be a day such as 2026-01-31") from error


def _pair(text: str) -> tuple[str, str]:
    name, separator, value = text.partition("=")
    if not name or not separator:
        raise argparse.ArgumentTypeError("must be KEY=VALUE")
    return name, value


def _window(options: argparse.Namespace) -> int:
    from hrdesk import app

    if options.first_light is not None:
        return app.run_first_light(options.first_light)
    return app.run_window(
        options.data_dir, demo=options.demo, debug=options.debug, connection=options.connection
    )


async def _with_desk(options: argparse.Namespace) -> int:
    from hrdesk.bootstrap import open_desk
    from hrdesk.commands import COMMANDS
    from hrdesk.system.paths import Paths

    paths = Paths.at(options.data_dir) if options.data_dir else Paths.default()
    desk = open_desk(paths)
    try:
        if options.connection is not None:
            desk.chat.use(options.connection)
        return await COMMANDS[options.command](desk, options)
    finally:
        await desk.close()
