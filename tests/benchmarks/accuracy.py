"""Accuracy: words read of the HR documents against their true texts, and of their scans with every engine."""

import time
from collections.abc import Iterator

from hrdesk.documents.reading import engines, read
from hrdesk.documents.reading.recognise import Recogniser
from tests.documents.accuracy import Reference, aim, references, text_of, word_f1, words_wrong
from tests.shared_data import FOLDER

SECONDS = 900.0
WRONG_AIMS = {"Tesseract": 0.05, "RapidOcr": 0.10}


def measure() -> Iterator[str]:
    """Yield word F1 of every document, and the share of wrong words of every scan."""
    folder = FOLDER / "hrdocs"
    if not folder.exists():
        yield "the shared documents are not beside this checkout"
        return
    for one in references(folder):
        yield from _scan(one) if one.is_scan else _document(one)


def _document(one: Reference) -> Iterator[str]:
    found = text_of(read(one.path, one.path.name))
    yield f"{one.path.name}: word F1 {word_f1(found, one.text):.4f} (aim {aim(one.path)})"


def _scan(one: Reference) -> Iterator[str]:
    for engine in available():
        name = type(engine).__name__
        started = time.monotonic()
        found = read(one.path, one.path.name, None, Recogniser(engine, SECONDS))
        seconds = time.monotonic() - started
        wrong = words_wrong("\n".join(page.text for page in found.pages), one.text)
        pages = len(found.pages)
        yield (
            f"{one.path.name}: words wrong {wrong:.3f} with {name} (aim at most {WRONG_AIMS[name]}), "
            f"{seconds / pages:.1f} s a page"
        )


def available() -> Iterator[engines.Engine]:
    """Yield every engine that is on this computer."""
    best = engines.find()
    if isinstance(best, engines.Tesseract):
        yield best
    if engines.has_package():
        yield engines.RapidOcr()
