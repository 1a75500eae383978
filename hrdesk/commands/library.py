"""Commands over the library: files in, passages found, synonyms, other languages, and how good it all is."""

import argparse
import sys
from contextlib import aclosing
from dataclasses import asdict
from typing import Any

from hrdesk.commands.output import print_json, print_notice, print_progress
from hrdesk.core.categories import category_name
from hrdesk.core.documents import Filters, LibraryFile, RankedPassage
from hrdesk.core.errors import HrdeskError
from hrdesk.core.evaluations import Changes, Evaluation
from hrdesk.services.desk import Desk
from hrdesk.services.evaluation import EvaluationService, matching, read_questions


async def add(desk: Desk, options: argparse.Namespace) -> int:
    """Import files and folders; one line each when it has reached its end state, then the vectors."""
    password = sys.stdin.readline().rstrip("\r\n") if options.password_stdin else ""
    states = desk.library.add(options.paths, options.category, password or None)
    async with aclosing(states):
        async for file in states:
            if file.state.is_end:
                _print_end(file, as_json=options.json)
            if file.reason == "storage":  # so would all others end
                raise HrdeskError(
                    "The import was stopped: the disk is full or refuses to write.",
                    "Free some space and add the same files again; what was read is kept.",
                )
    await desk.library.vectors.complete()
    return 0


def _print_end(file: LibraryFile, *, as_json: bool) -> None:
    if as_json:
        shown = ("state", "reason", "message", "pages", "passages")
        print_json({"path": file.file, **{name: getattr(file, name) for name in shown}}, flush=True)
    else:
        print(f"{file.state:<16} {file.file}: {file.message}", flush=True)


async def search(desk: Desk, options: argparse.Namespace) -> int:
    """Show the best passages for a query."""
    filters = Filters(category=options.category, as_of=options.as_of, scope=options.scope)
    wanted = category_name(options.category)
    if wanted and wanted not in await desk.library.categories():
        print_notice(f"There is no category “{wanted}”.")
    ranked = await desk.indexes.of(desk.chat.connection).search(options.query, filters, options.k)
    if options.json:
        print_json({"results": [_result(result) for result in ranked.results]})
        return 0
    for number, result in enumerate(ranked.results, 1):
        passage = result.passage
        print(f"{number}. {passage.title}, page {passage.page} ({result.score:.2f}): {passage.path}")
        print(f"   {' '.join(passage.text.split())[:200]}")
    print_notice(f"Also searched: {', '.join(ranked.also)}" if ranked.also else "")
    print_notice(ranked.notice)
    return 0


def _result(result: RankedPassage) -> dict[str, Any]:
    passage = result.passage
    return {
        "document": passage.title,
        "version": passage.version,
        "file": passage.file,
        "page": passage.page,
        "section": passage.path,
        "text": passage.text,
        "score": round(result.score, 6),
    }


async def evaluate(desk: Desk, options: argparse.Namespace) -> int:
    """Measure retrieval and abstention, with the questions of a file or those that the library keeps.

    A run over all kept questions is kept too, and compared with the one before.
    """
    service, where = desk.evaluation, dict(options.where)
    before: list[Evaluation] = []
    if options.questions is not None or where:
        file = options.questions
        asked = read_questions(file, where) if file else matching(await service.questions(), where)
        figures = await service.evaluate(asked)
    else:
        before = await service.evaluations()
        figures = dict((await _asked(service)).figures)
    if options.json:
        print_json(figures)
        return 0
    then = before[-1].figures if before else {}
    for name, value in figures.items():
        was = f"   before: {_figure(then[name])}" if name in then else ""
        print(f"{name:<12} {_figure(value)}{was}")
    if before:
        _print_changes(Changes.between(before[-1], (await service.evaluations())[-1]))
    return 0


async def _asked(service: EvaluationService) -> Evaluation:
    run = await service.run(rests=False)
    if run is None:
        raise HrdeskError("The library keeps no golden questions.", "Add some there, or name a file of them.")
    return run


def _figure(value: float | None) -> str:
    return "-" if value is None else f"{value:.3f}".rstrip("0").rstrip(".")


def _print_changes(changes: Changes) -> None:
    print(changes.sentence)
    for word, questions in (("better", changes.better), ("worse", changes.worse)):
        for found in questions:
            print(f"  {word}: {found.question}")


async def synonyms(desk: Desk, options: argparse.Namespace) -> int:
    """List the company's own words, or change them and list what was changed."""
    kept = desk.synonyms
    if options.export is not None:
        print(f"{await kept.export_csv(options.export)} written to {options.export}.", file=sys.stderr)
        return 0
    if options.import_ is not None:
        came = await kept.import_csv(options.import_)
        print(f"{came.added} new, {came.left_out} left out.", file=sys.stderr)
    shown = await kept.synonyms()
    if options.add is not None:
        shown = [await kept.add(*options.add)]
    elif options.remove is not None:
        shown = await kept.remove_word(options.remove)
    if options.json:
        print_json([{"term": one.term, "meaning": one.meaning} for one in shown])
    else:
        for one in shown:
            print(f"{one.term:<24} {one.meaning}")
    return 0


async def languages(desk: Desk, options: argparse.Namespace) -> int:
    """Prepare the library for questions in other languages, and say how far that is.

    The window does it by itself after an import. Leaving it early loses nothing.
    """
    await desk.multilingual.fill(lambda coverage: print_progress(coverage.ready, coverage.passages))
    coverage = await desk.multilingual.coverage()
    if options.json:
        print_json({"installed": desk.multilingual.installed, **asdict(coverage)})
    else:
        print(await languages_state(desk))
    return 0


async def languages_state(desk: Desk) -> str:
    """Return which questions can be understood."""
    if not desk.multilingual.installed:
        return "English questions (the multilingual pack is not installed)"
    coverage = await desk.multilingual.coverage()
    return f"multilingual pack: {coverage.ready:,} of {coverage.passages:,} passages ready"
