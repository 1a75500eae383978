"""Values of spreadsheet cells as people see them: dates, times, percentages, amounts.

Only the parts of a number format that change the meaning are followed: whether it is a date, the decimals,
the thousands, per cent and the currency. Dates are written as 2026-01-31, which has one meaning everywhere.
"""

import re
from dataclasses import dataclass
from datetime import datetime, timedelta

from lxml import etree

from hrdesk.documents.reading.archive import attribute, child, local

_BUILT_IN = {
    **dict.fromkeys((14, 15, 16, 17, *range(27, 32), 36, *range(50, 59)), "yyyy-mm-dd"),
    **dict.fromkeys((18, 19, 20, 21, 32, 33, 34, 35, 45, 46, 47), "h:mm"),
    22: "yyyy-mm-dd h:mm",
    1: "0",
    2: "0.00",
    3: "#,##0",
    4: "#,##0.00",
    9: "0%",
    10: "0.00%",
    37: "#,##0",
    38: "#,##0",
    39: "#,##0.00",
    40: "#,##0.00",
}
_LITERAL = re.compile(r'"[^"]*"|\\.|\[(?!\$)[^\]]*\]|_.|\*.')
_CURRENCY = re.compile(r"\[\$([^\]-]{1,5})[^\]]*\]|([$€£¥])")
_DECIMALS = re.compile(r"\.([0#?]+)")
_MOST_DAYS = 2_958_465  # 9999-12-31
_EPOCH, _EPOCH_1904 = datetime(1899, 12, 30), datetime(1904, 1, 1)  # noqa: DTZ001 - sheets know no zones


@dataclass(frozen=True, slots=True)
class Format:
    """How a cell shows a number."""

    is_date: bool = False
    is_time: bool = False
    decimals: int | None = None
    thousands: bool = False
    percent: bool = False
    before: str = ""
    after: str = ""


def read_formats(styles: etree._Element | None) -> list[Format]:
    """Return the format of each cell style, by the style's index."""
    own: dict[int, str] = {}
    numbers = child(styles, "numFmts")
    for one in numbers if numbers is not None else ():
        number = attribute(one, "numFmtId")
        if number.isdecimal() and len(number) < 9:
            own[int(number)] = attribute(one, "formatCode")[:200]
    cells = child(styles, "cellXfs")
    return [_style(one, own) for one in cells if local(one) == "xf"] if cells is not None else []


def _style(style: etree._Element, own: dict[int, str]) -> Format:
    number = attribute(style, "numFmtId", "0")
    place = int(number) if number.isdecimal() and len(number) < 9 else 0
    return parse_format(own.get(place, _BUILT_IN.get(place, "")))


def parse_format(code: str) -> Format:
    """Return what a format code like `#,##0.00 "€"` says."""
    positive = code.split(";")[0]
    plain = _LITERAL.sub("", positive)
    letters = _CURRENCY.sub("", plain).lower()
    if letters in ("", "general", "@"):
        return Format()
    elapsed = bool(re.search(r"\[[hms]+\]", code.lower()))
    is_date = any(letter in letters for letter in "yd")
    is_time = elapsed or "h" in letters or "s" in letters
    if is_date or is_time or (set(letters) <= set("m-/. ") and "m" in letters):
        return Format(is_date=is_date or not is_time, is_time=is_time)
    decimals = _DECIMALS.search(plain)
    before, after = _currency(positive)
    return Format(
        decimals=len(decimals[1]) if decimals else (0 if "0" in plain else None),
        thousands="#,#" in plain or "0,0" in plain,
        percent="%" in plain,
        before=before,
        after=after,
    )


def _currency(code: str) -> tuple[str, str]:
    unquoted = code.replace('"', "").replace("\\", "")
    match = _CURRENCY.search(unquoted)
    if match is None:
        return "", ""
    sign = (match[1] or match[2]).strip()
    leads = not re.search(r"[0#?]", unquoted[: match.start()])
    return (sign, "") if leads else ("", f" {sign}")


def shown(value: str, look: Format, *, from_1904: bool = False) -> str:
    """Return a number as its format shows it; what is no number is returned as it is."""
    try:
        number = float(value)
    except ValueError:
        return value
    if (look.is_date or look.is_time) and 0 <= number <= _MOST_DAYS:
        return _moment(number, look, from_1904=from_1904)
    if number != number or abs(number) >= 1e15:
        return value
    if look.percent:
        number *= 100
    text = _figures(number, look)
    return f"{look.before}{text}{'%' if look.percent else ''}{look.after}"


def _figures(number: float, look: Format) -> str:
    if look.decimals is None:
        return f"{number:.11g}" if number != int(number) else str(int(number))
    return f"{number:,.{look.decimals}f}" if look.thousands else f"{number:.{look.decimals}f}"


def _moment(number: float, look: Format, *, from_1904: bool) -> str:
    moment = (_EPOCH_1904 if from_1904 else _EPOCH) + timedelta(seconds=round(number * 86_400))
    if not look.is_date:
        hours, rest = divmod(round(number * 86_400), 3_600)
        return f"{hours}:{rest // 60:02d}"
    return moment.strftime("%Y-%m-%d %H:%M" if look.is_time else "%Y-%m-%d")
