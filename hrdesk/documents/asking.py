"""Reading what was asked: double questions are taken apart, follow-ups get back what they leave out.

Both are careful: where it is not plain that there are two questions, or that something is missing, the text
stays as it is. A search can do with a long question, but not with half of one.
"""

import re

from hrdesk.documents.words import STOP, words

_ASKING = (
    r"(?:how (?:many|much|long|often|far|soon|old|do|does|can|is|are)|what|when|where|who|which|why"
    r"|(?:do|does|did|can|could|may|must|should|will|would|am|is|are|was|were|has|have)"
    r" (?:i|we|you|they|he|she|it|there|my|our|the|this|that|an?|any|employees?|staff|contractors?))"
)
_STARTS_ASKING = re.compile(rf"{_ASKING}\b", re.IGNORECASE)
_ASKS = re.compile(
    rf"\b{_ASKING}\b|^(?:do|does|did|can|could|may|must|should|will|would|am|is|are|was|were|has|have)\b",
    re.IGNORECASE,
)
_JOINT = re.compile(rf"\s*(?:,|;|,? and(?: also)?|,? or)\s+(?={_ASKING}\b)", re.IGNORECASE)
_JOINING = re.compile(r"\b(?:and|or|also)\b", re.IGNORECASE)
_ENDS_OPEN = re.compile(
    r"\b(?:how|when|where|why|who|what|which|if|whether|know|that|or|and)$", re.IGNORECASE
)
_GOES_ON = re.compile(r"(?:and|but|or|so|also|then|ok(?:ay)?)\b[\s,]*", re.IGNORECASE)
_ABOUT = re.compile(r"(?:what|how) about\b", re.IGNORECASE)
_POINTS_BACK = frozenset("it its they them their that this those these one ones there he she".split())
_FEW = 2  # words of meaning: "Can I take it in parts?" cannot stand alone
_SHORTEST = 3  # words of a question that stands alone
_ELLIPSIS = 8  # words of a follow-up that only adds something: "For employees in their second year?"


def questions(text: str, previous: str = "") -> list[str]:
    """Return the questions of `text`, each fit to be looked up alone; one item where there is one question.

    A part that points back ("when does it expire?") is given the part before it, the first one the
    `previous` question of the thread. Sentences that are not questions stay with the question they lead to.
    """
    whole = " ".join(text.split())
    if not whole:
        return []
    parts = [piece for sentence in _by_marks(whole) for piece in _by_joints(sentence)]
    if len(parts) == 1:
        return [follow_up(whole, previous)]
    result: list[str] = []
    for part in parts:
        result.append(follow_up(_tidy(part), result[-1] if result else previous))
    return result


def follow_up(text: str, previous: str) -> str:
    """Return `text` with the question before it in front, if it cannot be understood without.

    "And in the second year?" and "What about contractors?" can not; "When is payday?" can.
    """
    clean, before = " ".join(text.split()), " ".join(previous.split())
    if not before or not clean or not _leans(clean):
        return clean
    return f"{before if before[-1] in '?!.' else before + '?'} {clean}"


def _by_marks(text: str) -> list[str]:
    """Split after question marks; a rest without one, or too short, goes with its neighbour."""
    pieces = [piece for piece in re.split(r"(?<=\?)\s+", text) if piece]
    result: list[str] = []
    for piece in pieces:
        if result and (not piece.endswith("?") or len(words(piece)) < _SHORTEST):
            result[-1] += f" {piece}"
        else:
            result.append(piece)
    return result


def _by_joints(question: str) -> list[str]:
    """Split "How many ..., and do I ...?" where both halves ask."""
    for joint in _JOINT.finditer(question):
        left, right = question[: joint.start()], question[joint.end() :]
        asks = any(_STARTS_ASKING.match(left, start) for start in _sentence_starts(left))
        joined = _JOINING.search(joint.group()) is not None
        long_enough = min(len(words(left)), len(words(right))) >= _SHORTEST
        if asks and joined and long_enough and not _ENDS_OPEN.search(left) and not _is_embedded(left):
            return [left, *_by_joints(right)]
    return [question]


def _sentence_starts(text: str) -> list[int]:
    return [0, *(match.end() for match in re.finditer(r"[.!,]\s+(?:and\s+)?", text))]


def _is_embedded(left: str) -> bool:
    """Whether the second question hangs on a verb of the first: "Can you tell me what ... and when ..."."""
    return (
        re.search(r"\b(?:tell|explain|know|say|show|wonder\w*|describe)\b", left, re.IGNORECASE) is not None
    )


def _tidy(part: str) -> str:
    clean = part.strip(" ,;")
    clean = clean[:1].upper() + clean[1:]
    return clean if clean.endswith(("?", ".", "!")) else clean + "?"


def _leans(text: str) -> bool:
    """Whether a question cannot be understood without the one before it."""
    opening = _GOES_ON.match(text)
    rest = text[opening.end() :] if opening else text
    there = words(rest)
    meaning = [word for word in there if word not in STOP]
    if _ABOUT.match(rest) or (len(meaning) <= _FEW and _points_back(there)):
        return True
    if _ASKS.search(rest) is None:  # "And in the second year?", "For contractors?"
        return len(there) <= _ELLIPSIS and (opening is not None or rest.endswith("?"))
    return not meaning or (opening is not None and len(meaning) <= _FEW)


def _points_back(there: list[str]) -> bool:
    return any(word in _POINTS_BACK for word in there)
