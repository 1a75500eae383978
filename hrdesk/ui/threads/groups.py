"""Sorts threads into the groups of the list: pinned, today, yesterday, this week, then months."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from hrdesk.core.threads import Thread

PINNED = "Pinned"


@dataclass(frozen=True, slots=True)
class Header:
    """The head of a group."""

    text: str


Row = Header | Thread

_MONTHS = "January February March April May June July August September October November December".split()


def rows(threads: Sequence[Thread], now: datetime) -> list[Row]:
    """Return headers and threads as they are shown; threads of one group keep their order.

    `now` is aware; days are those of its time zone.
    """
    groups: dict[str, list[Thread]] = {}
    for thread in threads:
        day = thread.updated_at.astimezone(now.tzinfo).date()
        name = PINNED if thread.pinned else group_of(day, now.date())
        groups.setdefault(name, []).append(thread)
    shown: list[Row] = []
    for name, members in groups.items():
        shown += [Header(name), *members]
    return shown


def group_of(day: date, today: date) -> str:
    """Return the group of a thread last changed on `day`; a day in the future counts as today."""
    if day >= today:
        return "Today"
    if day == today - timedelta(days=1):
        return "Yesterday"
    if day > today - timedelta(days=7):
        return "This week"
    month = _MONTHS[day.month - 1]
    return month if day.year == today.year else f"{month} {day.year}"
