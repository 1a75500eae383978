"""Numbers of lists and headings in OpenDocument text, which a program shows and the file does not hold.

A list has a style with up to ten levels. It begins to count anew unless it says that it continues; an item
may begin a count of its own. Headings count by the outline of the document.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field

from lxml import etree

from hrdesk.documents.reading.archive import attribute, child, local
from hrdesk.documents.reading.figures import figure

MAX_LEVEL = 10
_KINDS = {"1": "decimal", "a": "lowerLetter", "A": "upperLetter", "i": "lowerRoman", "I": "upperRoman"}
_LEVELS = ("list-level-style-number", "outline-level-style")


@dataclass(frozen=True, slots=True)
class Level:
    """How one level of a list is numbered; without a `kind` it is not."""

    kind: str = ""
    before: str = ""
    after: str = ""
    start: int = 1
    shown: int = 1  # levels, this one and those above it: 3 shows "4.2.1"


Style = dict[int, Level]
_NONE = Level()


def read_list_styles(places: Iterable[etree._Element | None]) -> tuple[dict[str, Style], Style]:
    """Return the list styles by name and the style of headings, from all places that hold styles."""
    lists: dict[str, Style] = {}
    outline: Style = {}
    for place in places:
        for style in place if place is not None else ():
            if local(style) == "list-style":
                lists[attribute(style, "name")] = _levels(style)
            elif local(style) == "outline-style":
                outline = _levels(style)
    return lists, outline


def _levels(style: etree._Element) -> Style:
    return {
        _number(one, "level", 1) - 1: Level(
            _KINDS.get(attribute(one, "num-format"), ""),
            attribute(one, "num-prefix")[:20],
            attribute(one, "num-suffix")[:20],
            _number(one, "start-value", 1),
            _number(one, "display-levels", 1),
        )
        for one in style
        if local(one) in _LEVELS
    }


def _number(element: etree._Element | None, name: str, default: int) -> int:
    value = attribute(element, name)
    return int(value) if value.isdecimal() and len(value) < 7 else default


@dataclass(slots=True)
class Count:
    """Counts the items of one list while they pass in order."""

    style: Style
    closed: bool = True  # a bare figure gets a full stop, so that it is not read as part of the text
    _at: dict[int, int] = field(default_factory=dict)

    def mark(self, depth: int, begin: int | None = None) -> str:
        """Count one item of a level and return its mark ("4.2.1"), "" where it has none."""
        level = self.style.get(depth, _NONE)
        self._at[depth] = self._at.get(depth, level.start - 1) + 1 if begin is None else begin
        for deeper in [one for one in self._at if one > depth]:
            del self._at[deeper]
        if not level.kind:
            return ""
        figures = [
            figure(self._at.get(place, one.start), one.kind)
            for place in range(max(0, depth + 1 - level.shown), depth + 1)
            if (one := self.style.get(place, _NONE)).kind
        ]
        mark = f"{level.before}{'.'.join(figures)}{level.after}".strip()
        return f"{mark}." if self.closed and mark.isalnum() else mark


@dataclass(slots=True)
class Lists:
    """The lists of a document: which style each has, and which of them goes on where another stopped."""

    styles: dict[str, Style]
    _last: dict[str, Count] = field(default_factory=dict)
    _names: dict[str, str] = field(default_factory=dict)

    def open(self, element: etree._Element) -> Count:
        """Begin a list that stands in no other, or go on with the one that it continues."""
        name = attribute(element, "style-name")
        continued = attribute(element, "continue-list")
        same = bool(continued) and self._names.get(continued) == name
        goes_on = same or attribute(element, "continue-numbering") == "true"
        self._names[attribute(element, "id")] = name
        if not goes_on or name not in self._last:
            self._last[name] = Count(self.styles.get(name, {}))
        return self._last[name]

    def below(self, element: etree._Element, above: Count) -> Count:
        """Return the count of a list inside an item: that of the list around it, unless its style differs."""
        name = attribute(element, "style-name")
        style = self.styles.get(name)
        return above if style is None or style == above.style else Count(style)


def begins_at(item: etree._Element) -> int | None:
    """Return the number that an item gives itself."""
    return _number(item, "start-value", 0) or None


def is_unnumbered(heading: etree._Element) -> bool:
    """Whether a heading does not count."""
    return attribute(heading, "is-list-header") == "true"


def first_text(item: etree._Element) -> bool:
    """Whether an item has text of its own before any list in it; only then it counts."""
    return next((local(one) in ("p", "h") for one in item if local(one) in ("p", "h", "list")), False)


def style_places(content: etree._Element, styles: etree._Element | None) -> list[etree._Element | None]:
    """Return where list styles may stand; what comes later goes before."""
    return [child(styles, "styles"), child(styles, "automatic-styles"), child(content, "automatic-styles")]
