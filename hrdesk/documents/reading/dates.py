"""Finds the day from which a policy applies, where its first lines say so.

Only a labelled date counts ("Effective date: 1 January 2026"): a date in running text may mean anything, and
03/04/2026 means two days, so a date that can be read in two ways is not used.
"""

import re
from datetime import date

SEARCHED = 1_500

_MONTHS = {
    name: number
    for number, names in enumerate(
        (
            "january jan januar janvier enero",
            "february feb februar février febrero",
            "march mar märz mars marzo",
            "april apr avril abril",
            "may mai mayo",
            "june jun juni juin junio",
            "july jul juli juillet julio",
            "august aug août agosto",
            "september sep sept septembre septiembre",
            "october oct oktober octobre octubre",
            "november nov novembre noviembre",
            "december dec dezember décembre diciembre",
        ),
        start=1,
    )
    for name in names.split()
}
_LABEL = (
    r"(?:effective(?:[ _-]date)?(?:[ _-]?(?:from|since|as of|on))?|valid[ _-](?:from|since)|"
    r"in[ _-]force[ _-](?:from|since)|(?:applies|applicable) (?:from|as of)|date effective|"
    r"gültig (?:ab|seit)|in kraft (?:ab|seit)|en vigueur (?:depuis|le|à partir du)|vigente desde(?: el)?)"
)
_DATE = (
    r"(?:(?P<iso>\d{4}-\d{2}-\d{2})|"
    r"(?P<day>\d{1,2})(?:st|nd|rd|th|\.)?\s+(?:of\s+|de\s+)?(?P<month>[^\W\d_]{3,10})\.?,?\s+(?:de\s+)?(?P<year>\d{4})|"
    r"(?P<month2>[^\W\d_]{3,10})\.?\s+(?P<day2>\d{1,2})(?:st|nd|rd|th)?,?\s+(?P<year2>\d{4})|"
    r"(?P<dotted>\d{1,2}\.\d{1,2}\.\d{4})|(?P<slashed>\d{1,2}/\d{1,2}/\d{4}))"
)
_LABELLED = re.compile(rf"\b{_LABEL}\b[\s:|*_\"'–-]*(?:is\s+)?{_DATE}", re.IGNORECASE)


def effective_from(text: str) -> date | None:
    """Return the labelled date in the first 1,500 characters of `text`, or None."""
    for match in _LABELLED.finditer(text[:SEARCHED]):
        found = _date(match)
        if found:
            return found
    return None


def _date(match: re.Match[str]) -> date | None:
    try:
        if match["iso"]:
            return date.fromisoformat(match["iso"])
        if match["dotted"]:
            day, month, year = (int(part) for part in match["dotted"].split("."))
            return date(year, month, day)
        if match["slashed"]:
            return _slashed(match["slashed"])
        name = (match["month"] or match["month2"]).casefold()
        day, year = int(match["day"] or match["day2"]), int(match["year"] or match["year2"])
        return date(year, _MONTHS[name], day) if name in _MONTHS else None
    except ValueError:  # 31 February
        return None


def _slashed(text: str) -> date | None:
    first, second, year = (int(part) for part in text.split("/"))
    if first > 12:
        return date(year, second, first)
    return date(year, first, second) if second > 12 or first == second else None
