"""Numbers, amounts, dates, times and weekdays of a text in one form, so that texts can be compared.

Two policies say the same with "ten (10) business days" and "10 days"; `amounts` gives both "10" and
"10 day". A claim is borne out by a quote when its amounts are a subset of the quote's.
"""

import re
from collections.abc import Iterator

_UNITS = {
    name: unit
    for unit, names in {
        "minute": "minute minutes min mins",
        "hour": "hour hours hr hrs",
        "day": "day days workday workdays",
        "week": "week weeks wk wks",
        "month": "month months",
        "year": "year years yr yrs",
        "%": "% percent per-cent pct",
        "$": "$ usd dollar dollars",
        "€": "€ eur euro euros",
        "£": "£ gbp pound pounds",
        "km": "km kilometre kilometres kilometer kilometers",
        "mile": "mile miles",
    }.items()
    for name in names.split()
}
_SMALL = (
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen "
    "seventeen eighteen nineteen"
).split()
_TENS = "twenty thirty forty fifty sixty seventy eighty ninety".split()
_NUMBERS = {word: value for value, word in enumerate(_SMALL)} | {
    word: 10 * value for value, word in enumerate(_TENS, 2)
}
_ORDINALS = {
    word: value
    for value, word in enumerate(
        "first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth".split(), 1
    )
}
_MONTHS = {
    name[:size]: number
    for number, name in enumerate(
        "january february march april may june july august september october november december".split(), 1
    )
    for size in (3, len(name))
} | {"sept": 9}
_WEEKDAYS = frozenset("monday tuesday wednesday thursday friday saturday sunday".split())

_MONTH = "(?P<month>" + "|".join(sorted(_MONTHS, key=len, reverse=True)) + r")\b\.?"
_DAY = r"(?P<day>\d{1,2})(?:st|nd|rd|th)?"
_YEAR = r"(?P<year>(?:19|20)\d\d)"
_DATES = tuple(
    re.compile(pattern)
    for pattern in (
        rf"\b{_YEAR}-(?P<month>\d\d)-(?P<day>\d\d)\b",
        rf"\b{_DAY}(?: of)? {_MONTH}(?:,? {_YEAR}\b)?",
        rf"\b{_MONTH} {_DAY}\b(?:,? {_YEAR}\b)?",
        rf"\b{_MONTH},? {_YEAR}\b",
    )
)
_TIME = re.compile(r"\b(\d{1,2})(?:[:.](\d\d))?\s?([ap])\.?m\b\.?|\b(\d{1,2}):(\d\d)\b")
_TOKEN = re.compile(
    r"(?P<number>\d+(?:[,'’\u202f\u00a0]\d{3})*(?:\.\d+)?)(?P<suffix>st|nd|rd|th|k|m)?(?![\w])"
    r"|(?P<sign>[%$€£])|(?P<word>[a-z]+(?:[-’'][a-z]+)*)|(?P<stop>[.,;:!?|\n])|(?P<other>\S)"
)
_MAY = re.compile(r"\bmay\b")  # in small letters it is a verb
_FRACTIONS = {"¼": ".25", "½": ".5", "¾": ".75"}
_NEAR = 3  # words between a number and its unit: "15 paid military leave days"
_PRONOUN_BEFORE = frozenset("no any some every each this that the another which".split())
_PRONOUN_AFTER = frozenset("of another or s".split())

Token = tuple[str, str]  # kind and text


def amounts(text: str) -> set[str]:
    """Return the amounts of a text: "10", "10 day", "85 %", "2026-01-31", "09:00", "monday", "2th"."""
    found: set[str] = set()
    rest = _MAY.sub("might", text).lower()
    for sign, decimals in _FRACTIONS.items():
        rest = re.sub(rf"(?<=\d){sign}", decimals, rest).replace(sign, f"0{decimals}")
    for pattern in _DATES:
        rest = pattern.sub(lambda match: _note(found, _date(match)), rest)
    rest = _TIME.sub(lambda match: _note(found, _time(match)), rest)
    found.update(_numbers(_joined(_tokens(rest))))
    return found


def telling_words(text: str) -> set[str]:
    """Return the words of a text that are numbers, months or weekdays."""
    words = set(re.findall(r"[a-z]+", text.lower()))
    return words & (_NUMBERS.keys() | _ORDINALS.keys() | _MONTHS.keys() | _WEEKDAYS)


def _note(found: set[str], values: set[str]) -> str:
    found.update(values)
    return " ; "


def _date(match: re.Match[str]) -> set[str]:
    parts = match.groupdict()
    name, day, year = parts["month"], parts.get("day"), parts.get("year")
    month = int(name) if name.isdigit() else _MONTHS[name]
    values = {f"month {month}"}
    if year:
        values.add(year)
    if day:
        values.add(f"--{month:02}-{int(day):02}")
        if year:
            values.add(f"{year}-{month:02}-{int(day):02}")
    return values


def _time(match: re.Match[str]) -> set[str]:
    hour, minute, half, hour24, minute24 = match.groups()
    if hour24:
        return {f"{int(hour24):02}:{minute24}"}
    return {f"{int(hour) % 12 + (12 if half == 'p' else 0):02}:{minute or '00'}"}


def _tokens(text: str) -> Iterator[Token]:
    """Yield ("number", value), ("nth", value), ("unit", name), ("word", w) and ("stop", sign)."""
    for match in _TOKEN.finditer(text):
        kind, value = str(match.lastgroup), match.group()
        if match["number"]:
            yield from _digits(match["number"], match["suffix"])
        elif kind == "sign":
            yield "unit", _UNITS[value]
        elif kind == "word":
            yield from _word(value)
        elif kind == "stop":
            yield "stop", value


def _digits(digits: str, suffix: str | None) -> Iterator[Token]:
    value = float(re.sub(r"[,'’\u202f\u00a0]", "", digits))
    if suffix in ("k", "m"):
        value *= 1_000 if suffix == "k" else 1_000_000
    yield ("nth" if suffix and suffix not in ("k", "m") else "number"), _plain(value)


def _plain(value: float) -> str:
    return str(int(value)) if value == int(value) else str(value)


def _word(word: str) -> Iterator[Token]:
    parts = word.split("-")
    if len(parts) == 2 and parts[0] in _TENS and parts[1] in _SMALL[1:10]:  # twenty-one
        yield "number", str(_NUMBERS[parts[0]] + _NUMBERS[parts[1]])
        return
    for part in parts:
        if part in _NUMBERS:
            yield "number", str(_NUMBERS[part])
        elif part in _ORDINALS:
            yield "nth", str(_ORDINALS[part])
        elif part in _UNITS:
            yield "unit", _UNITS[part]
        elif part in ("hundred", "thousand", "million"):
            yield "scale", {"hundred": "100", "thousand": "1000", "million": "1000000"}[part]
        elif part == "half":
            yield "number", "0.5"
        else:
            yield "word", part


def _joined(tokens: Iterator[Token]) -> list[Token]:
    """Multiply "two hundred", drop "one" where it is a pronoun."""
    result: list[Token] = []
    for kind, value in tokens:
        before = result[-1] if result else ("stop", "")
        if kind == "scale" and before[0] == "number":
            result[-1] = ("number", _plain(float(before[1]) * float(value)))
        elif before == ("number", "1") and kind == "word" and value in _PRONOUN_AFTER:
            result[-1] = ("word", "one")
        elif (kind, value) == ("number", "1") and before[0] == "word" and before[1] in _PRONOUN_BEFORE:
            result.append(("word", "one"))
        else:
            result.append((kind, value))
    return result


def _numbers(tokens: list[Token]) -> Iterator[str]:
    for place, (kind, value) in enumerate(tokens):
        if kind == "word" and value.removesuffix("s") in _WEEKDAYS:
            yield value.removesuffix("s")
        elif kind == "nth":
            yield f"{value}th"
        elif kind == "number":
            yield value
            unit = _unit(tokens, place)
            if unit:
                yield f"{value} {unit}"


def _unit(tokens: list[Token], place: int) -> str:
    before = tokens[place - 1] if place else ("stop", "")
    if before[0] == "unit" and before[1] in "$€£":
        return before[1]
    for kind, value in tokens[place + 1 : place + 2 + _NEAR]:
        if kind == "unit":
            return value
        if kind == "stop" or (kind == "number" and value != tokens[place][1]):
            break
    return ""
