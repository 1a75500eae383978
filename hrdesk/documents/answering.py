"""Answering with the policies' own words: which sentences of the found passages answer a question.

Nothing is ever added: every quote is a range of a passage's text. A sentence's score is the cosine of its
meaning with the question, plus: how well it matches the question word by word (`embedding`), the words both
share, the score of its passage, and a bonus for an amount where one is asked for. Cosine and match need the
encoder; it works less well without. The weights are coarse on purpose; `packaging/fit_ranking.py` tries
others and says how they do on handbooks that were left out.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from hrdesk.core.documents import Quote
from hrdesk.documents.amounts import amounts
from hrdesk.documents.asking import follow_up, questions
from hrdesk.documents.words import stem, stems, words

__all__ = [
    "Candidate",
    "amounts",
    "choose",
    "content_words",
    "encodable",
    "follow_up",
    "matchable",
    "questions",
    "sentences",
    "supporting",
]

MATCH_WEIGHT = 0.4
OVERLAP_WEIGHT = 0.3
PASSAGE_WEIGHT = 0.5
NUMBER_BONUS = 0.12
MARGIN = 0.4  # what scores so much less than the best is another topic; .2 loses 2 answers of a hundred
WORDS_MARGIN = 0.2  # the same without the encoder, where scores are half as far apart
_LEAD_ROOM = 400  # characters of list that are quoted with the line that introduces it
_AMOUNT_WEIGHT = 0.5
_SUPPORT = 0.34  # share of a claim's words a sentence must hold to support it

_ASKS_AMOUNT = re.compile(
    r"\b(how (many|much|long|often|far|soon|old|late|early|quickly|big|high)|when|what (time|date|day"
    r"|percent\w*|share|part|number|amount|rate|limit|maximum|minimum|budget|age)"
    r"|deadline|maximum|minimum|limit|most|least)\b",
    re.IGNORECASE,
)
_END = re.compile(r"[.!?…]+[\"'”’)\]*_]*(?=\s)")
_NO_END = frozenset(
    "e.g i.e etc vs approx no nos mr mrs ms dr prof st inc ltd co corp dept sec art para fig p pp cf al est "
    "u.s jan feb mar apr jun jul aug sep sept oct nov dec".split()
)
_LAST_WORD = re.compile(r"[\w.]+$")


@dataclass(frozen=True, slots=True)
class Candidate:
    """A passage that may hold the answer; `score` is its fused score (0..1)."""

    ref: str
    path: str
    text: str
    score: float


def sentences(text: str) -> list[tuple[int, int]]:
    """Return the ranges of the sentences of a passage; a line (list item, table row) ends a sentence."""
    found: list[tuple[int, int]] = []
    for line in re.finditer(r"[^\n]+", text):
        start = line.start()
        for end in _ends(text, line.start(), line.end()):
            piece = text[start:end]
            if piece.strip():
                left = start + len(piece) - len(piece.lstrip())
                found.append((left, left + len(piece.strip())))
            start = end
    return found


def _ends(text: str, start: int, end: int) -> list[int]:
    line = text[start:end]
    places = []
    for mark in _END.finditer(line):
        before = _LAST_WORD.search(line[: mark.start()])
        word = before.group().lower().lstrip(".") if before else ""
        following = line[mark.end() :].lstrip()[:1]
        is_number = word.isdigit() and len(line[: mark.start()].strip()) <= len(word)  # "2. Apply" is a list
        short = mark.group()[0] == "." and (word in _NO_END or (len(word) == 1 and word != "i"))
        if not (is_number or short or following.islower()):
            places.append(start + mark.end())
    return [*places, end]


def encodable(passages: Sequence[Candidate]) -> list[str]:
    """Return the texts whose cosines with the question `choose` wants: sentences under their heading path."""
    return [
        f"{passage.path}\n{passage.text[a:b]}" for passage in passages for a, b in sentences(passage.text)
    ]


def matchable(passages: Sequence[Candidate]) -> list[tuple[str, list[tuple[int, int]]]]:
    """Return the passages under their headings, with the ranges of their sentences, for `choose`."""
    found = []
    for passage in passages:
        before = len(passage.path) + 1
        ranges = [(start + before, end + before) for start, end in sentences(passage.text)]
        found.append((f"{passage.path}\n{passage.text}", ranges))
    return found


def choose(
    question: str,
    passages: Sequence[Candidate],
    cosines: Sequence[float] | None = None,
    matches: Sequence[float] | None = None,
    limit: int = 3,
) -> list[Quote]:
    """Return at most `limit` sentences that answer best, best first, none far behind the best.

    `cosines` go with `encodable(passages)`, `matches` with `matchable(passages)`; without them words alone
    decide. A sentence that introduces a list is quoted with the list, a question with its answer. Headings
    are not quoted.
    """
    asked = stems(question)
    wants_amount = _ASKS_AMOUNT.search(question) is not None
    number = -1
    scored: list[Quote] = []
    for passage in passages:
        heading = stems(passage.path)
        for start, end in sentences(passage.text):
            number += 1
            text = passage.text[start:end]
            if not words(text) or _is_heading(passage, start, end):
                continue
            score = PASSAGE_WEIGHT * passage.score
            score += OVERLAP_WEIGHT * _share(asked, stems(text), heading)
            score += cosines[number] if cosines is not None else 0.0
            score += MATCH_WEIGHT * matches[number] if matches is not None else 0.0
            score += NUMBER_BONUS if wants_amount and amounts(text) else 0.0
            scored.append(Quote(passage.ref, start, end, text, score))
    margin = WORDS_MARGIN if cosines is None else MARGIN
    least = max((quote.score for quote in scored), default=0.0) - margin
    good = [quote for quote in scored if quote.score >= least]
    return _distinct(sorted(good, key=lambda quote: -quote.score), passages, limit)


def _share(asked: set[str], text: set[str], heading: set[str]) -> float:
    """Share of the question's words in the sentence; words that only the heading has count half."""
    if not asked:
        return 0.0
    return (len(asked & text) + 0.5 * len(asked & (heading - text))) / len(asked)


def _is_heading(passage: Candidate, start: int, end: int) -> bool:
    """Whether a sentence belongs to a line that is one of the passage's headings."""
    first = passage.text.rfind("\n", 0, start) + 1
    last = passage.text.find("\n", end)
    line = passage.text[first : last if last >= 0 else None].strip()
    return line.rstrip(":") in (part.rstrip(":") for part in passage.path.split(" > "))


def _distinct(scored: Sequence[Quote], passages: Sequence[Candidate], limit: int) -> list[Quote]:
    texts = {passage.ref: passage.text for passage in passages}
    chosen: list[Quote] = []
    for quote in scored:
        whole = _with_rest(quote, texts[quote.ref])
        known = any(
            other.ref == whole.ref and other.start < whole.end and whole.start < other.end for other in chosen
        )
        if not known and all(words(other.text) != words(whole.text) for other in chosen):
            chosen.append(whole)
        if len(chosen) == limit:
            break
    return chosen


def _with_rest(quote: Quote, text: str) -> Quote:
    """Extend a colon by the list after it, a question by the line of its answer, as far as there is room."""
    if not quote.text.endswith((":", "?")):
        return quote
    end = quote.end
    for line in re.finditer(r"[^\n]+", text[quote.end :]):
        if line.end() > _LEAD_ROOM:
            break
        end = quote.end + line.end()
        if quote.text.endswith("?"):
            break
    whole = text[quote.start : end].rstrip()
    return Quote(quote.ref, quote.start, quote.start + len(whole), whole, quote.score)


def supporting(claim: str, text: str, limit: int = 3) -> list[tuple[int, int]]:
    """Return the ranges of at most `limit` sentences of `text` that support a claim, in reading order.

    Words and amounts are compared; a sentence is added only while it brings words of the claim that the
    sentences before it lack. The result is empty when no sentence shares enough with the claim.
    """
    wanted, numbers = stems(claim), amounts(claim)
    if not wanted:
        return []
    left = set(wanted)
    chosen: list[tuple[int, int]] = []
    rest = sentences(text)
    while rest and left and len(chosen) < limit:
        best = max(rest, key=lambda place: _support(text[place[0] : place[1]], left, numbers))
        gained = stems(text[best[0] : best[1]]) & left
        enough = len(gained) / len(wanted) >= _SUPPORT / (1 + len(chosen))
        if not enough:
            break
        chosen.append(best)
        rest.remove(best)
        left -= gained
    return sorted(chosen)


def _support(sentence: str, wanted: set[str], numbers: set[str]) -> float:
    shared = len(wanted & stems(sentence)) / len(wanted)
    return shared + (_AMOUNT_WEIGHT * len(numbers & amounts(sentence)) / len(numbers) if numbers else 0.0)


def content_words(text: str) -> set[str]:
    """Return the words of `text` that carry meaning, by their stems, to compare texts with each other."""
    return stems(text) or {stem(word) for word in words(text)}
