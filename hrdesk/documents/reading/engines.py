"""The engines that recognise text: Tesseract where the program is installed, else the `rapidocr` package.

Tesseract reads clean and noisy scans best (words wrong: 0-2 % against 8 %), so it comes first. It runs as a
child of the reading child, under the same limits and in the same process group.
"""

import importlib.util
import os
import shutil
import subprocess
import time
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Protocol

_USUAL = (
    r"C:\Program Files\Tesseract-OCR\tesseract.exe",
    "/opt/homebrew/bin/tesseract",
    "/usr/local/bin/tesseract",
)
LANGUAGES = ("eng", "deu", "fra", "spa")  # those of our sentences; every further one costs time
START_SECONDS = 15.0
MUCH = 250.0  # characters; a page with fewer is looked at twice
_WORD_ROW = "5"


@dataclass(frozen=True, slots=True)
class Picture:
    """A page as grey values, one byte a pixel, rows without gaps; `dots` are the pixels to the inch."""

    width: int
    height: int
    rows: bytes
    dots: float = 300.0


@dataclass(frozen=True, slots=True)
class Word:
    """A recognised word: box in pixels, a number that its line alone has, 0..100 how sure."""

    text: str
    line: int
    left: float
    top: float
    right: float
    bottom: float
    sureness: float


class Engine(Protocol):
    """Something that reads pictures; `dots` are the pixels an inch that it reads best."""

    dots: float

    def words(self, picture: Picture, seconds: float) -> list[Word]:
        """Return the words of a picture in reading order, lines together; nothing after `seconds`."""


def is_available() -> bool:
    """Whether text can be recognised on this computer."""
    return _program() is not None or has_package()


def has_package() -> bool:
    """Whether the package `rapidocr` is installed."""
    return importlib.util.find_spec("rapidocr") is not None


def find() -> Engine | None:
    """Return the best engine there is."""
    program = _program()
    languages = _languages(program) if program else []
    if program and languages:
        return Tesseract(program, languages)
    return RapidOcr() if has_package() else None


def _program() -> str | None:
    return shutil.which("tesseract") or next((path for path in _USUAL if os.access(path, os.X_OK)), None)


def _languages(program: str) -> list[str]:
    try:
        listed = _run([program, "--list-langs"], b"", START_SECONDS)
    except (OSError, subprocess.SubprocessError):
        return []
    return listed.decode("utf-8", "replace").split("\n")[1:]


def _run(command: list[str], data: bytes, seconds: float) -> bytes:
    # One thread: two imports run at once, and Tesseract's own threads gain nothing on two cores.
    environment = {**os.environ, "OMP_THREAD_LIMIT": "1"}
    done = subprocess.run(
        command,
        input=data,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        timeout=seconds,
        env=environment,
        creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),  # Windows would show a console
        check=False,
    )
    return done.stdout


class Tesseract:
    """The program; it takes a picture on its standard input and answers with a table of words."""

    dots = 300.0

    def __init__(self, program: str, installed: list[str]) -> None:
        known = [one.strip() for one in installed if one.strip()]
        wanted = [one for one in LANGUAGES if one in known] or [one for one in known if one != "osd"][:1]
        turned = ["--psm", "1"] if "osd" in known else ["--psm", "3"]  # 1 also finds which way is up
        self._command = [
            *(program, "stdin", "stdout", *turned, "-c", "tessedit_create_tsv=1"),
            *(["-l", "+".join(wanted)] if wanted else []),
        ]

    def words(self, picture: Picture, seconds: float) -> list[Word]:
        """Return the words of a picture in the order of Tesseract's blocks and lines.

        Tesseract guesses the size of type and one level of ink for the whole page, which is best for scans.
        A small picture that was enlarged, and letters on coloured ground, come out as next to nothing: then
        it is asked once more, with the true resolution and a level for each neighbourhood.
        """
        end = time.monotonic() + seconds
        found = self._seen(picture, seconds)
        left = end - time.monotonic()
        if _weight(found) >= MUCH or left <= 0:
            return found
        again = self._seen(picture, left, "--dpi", str(round(picture.dots)), "-c", "thresholding_method=2")
        return max(found, again, key=_weight)

    def _seen(self, picture: Picture, seconds: float, *options: str) -> list[Word]:
        head = b"P5 %d %d 255\n" % (picture.width, picture.height)
        try:
            table = _run([*self._command, *options], head + picture.rows, seconds)
        except (OSError, subprocess.SubprocessError):
            return []
        return list(_table_words(table.decode("utf-8", "replace")))


def _weight(words: list[Word]) -> float:
    """Return how many characters were recognised, unsure ones counting less."""
    return sum(len(word.text) * word.sureness / 100 for word in words)


def _table_words(table: str) -> Iterator[Word]:
    line, last = 0, None
    for row in table.split("\n"):
        fields = row.rstrip("\r").split("\t")
        if len(fields) != 12 or fields[0] != _WORD_ROW or not fields[11].strip():
            continue
        try:
            left, top, width, height = (int(value) for value in fields[6:10])
            sureness = float(fields[10])
        except ValueError:
            continue
        if fields[2:5] != last:
            line, last = line + 1, fields[2:5]
        yield Word(fields[11].strip(), line, left, top, left + width, top + height, sureness)


class RapidOcr:
    """The package `rapidocr` with the models inside its wheel; it gives lines, which are cut into words."""

    dots = 150.0  # larger letters run together: words wrong 4.8 and 6.7 % here, 9.3 and 10.6 % at 200

    def __init__(self) -> None:
        self._engine: Any = None

    def words(self, picture: Picture, seconds: float) -> list[Word]:
        """Return the words of a picture; the engine cannot be stopped, so `seconds` is not kept."""
        import numpy as np

        del seconds
        if self._engine is None:
            from rapidocr import RapidOCR

            self._engine = RapidOCR()
        grey = np.frombuffer(picture.rows, np.uint8).reshape(picture.height, picture.width)
        found = self._engine(np.stack([grey] * 3, axis=2))
        if found.boxes is None or found.txts is None:
            return []
        rows = zip(found.boxes, found.txts, found.scores, strict=True)
        return [word for place, row in enumerate(rows) for word in _cut(place, *row)]


def _cut(line: int, corners: Any, text: str, score: float) -> Iterator[Word]:
    """Cut a recognised line into words; each gets its share of the line's box by its letters."""
    left, right = (float(corners[:, 0].min()), float(corners[:, 0].max()))
    top, bottom = float(corners[:, 1].min()), float(corners[:, 1].max())
    step = (right - left) / max(1, len(text))
    start = 0
    for word in text.split(" "):
        if word:
            yield Word(
                word,
                line,
                left + step * start,
                top,
                left + step * (start + len(word)),
                bottom,
                100 * float(score),
            )
        start += len(word) + 1
