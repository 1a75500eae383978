"""Word's styles and numbers: heading levels, lists, and the numbers Word shows but does not store."""

from dataclasses import dataclass, field

from lxml import etree

from hrdesk.documents.reading.archive import attribute, child, local
from hrdesk.documents.reading.figures import figure

MAX_CHAIN = 12
MAX_LEVEL = 8


@dataclass(frozen=True, slots=True)
class Style:
    """What matters of a paragraph style; `level` is the heading level (0 for text)."""

    name: str = ""
    level: int = 0
    number: tuple[str, int] | None = None
    bold: bool = False
    hidden: bool = False


@dataclass(frozen=True, slots=True)
class _Level:
    format: str
    pattern: str
    start: int
    is_legal: bool = False  # all figures of the mark are decimal
    restarts: int = MAX_LEVEL  # the deepest level of those after whose items this one begins anew, plus one


@dataclass(slots=True)
class Numbering:
    """The lists of a document; counts as Word does while paragraphs pass in order."""

    lists: dict[str, str] = field(default_factory=dict)
    levels: dict[str, dict[int, _Level]] = field(default_factory=dict)
    restarts: dict[str, dict[int, int]] = field(default_factory=dict)
    _counts: dict[str, dict[int, int]] = field(default_factory=dict)

    def next_mark(self, number: str, depth: int) -> str | None:
        """Count one paragraph and return its mark ("4.2.1"): "" for a bullet, None where there is no list."""
        abstract = self.lists.get(number)
        if abstract is None:
            return None
        levels = self.levels.get(abstract, {})
        level = levels.get(depth)
        if level is None:
            return ""
        counts = self._counts.setdefault(abstract, {})
        restart = self.restarts.get(number, {}).pop(depth, None)  # counts once, at the level's first use
        counts[depth] = (counts.get(depth, level.start - 1) if restart is None else restart - 1) + 1
        for deeper in [one for one in counts if one > depth]:
            if depth < levels.get(deeper, level).restarts:
                del counts[deeper]
        if level.format in ("bullet", "none"):
            return ""
        mark = level.pattern
        for place in range(MAX_LEVEL, -1, -1):
            if f"%{place + 1}" in mark:
                one = levels.get(place, level)
                plain = level.is_legal or (place != depth and one.format == "bullet")
                kind = "decimal" if plain else one.format
                mark = mark.replace(f"%{place + 1}", figure(counts.get(place, one.start), kind))
        return mark.strip()


def read_styles(root: etree._Element | None) -> dict[str, Style]:
    """Return the paragraph styles by id, with what they inherit."""
    raw = {
        attribute(style, "styleId"): style
        for style in (root if root is not None else ())
        if local(style) == "style" and attribute(style, "type", "paragraph") == "paragraph"
    }
    return {identity: _style(identity, raw) for identity in raw}


def _style(identity: str, raw: dict[str, etree._Element]) -> Style:
    name = attribute(child(raw[identity], "name"), "val").casefold()
    level, bold, hidden = 0, False, False
    number: tuple[str, int] | None = None
    current: str = identity
    for _ in range(MAX_CHAIN):
        style = raw.get(current)
        if style is None:
            break
        one = attribute(child(style, "name"), "val").casefold()
        level = level or _heading_level(one, child(style, "pPr"))
        number = number or number_of(child(style, "pPr"))
        bold = bold or is_on(child(style, "rPr", "b"))
        hidden = hidden or is_on(child(style, "rPr", "vanish"))
        current = attribute(child(style, "basedOn"), "val")
    return Style(name, level, number, bold, hidden)


def _heading_level(name: str, properties: etree._Element | None) -> int:
    if name == "title":
        return 1
    if name.startswith("heading ") and name[8:9].isdigit():
        return min(6, max(1, int(name[8:9])))
    return outline_level(properties)


def outline_level(properties: etree._Element | None) -> int:
    """Return the heading level that paragraph properties set, 0 for none."""
    value = attribute(child(properties, "outlineLvl"), "val")
    return min(6, int(value) + 1) if value.isdecimal() and int(value) < 9 else 0


def number_of(properties: etree._Element | None) -> tuple[str, int] | None:
    """Return (list, depth) that paragraph properties set."""
    numbering = child(properties, "numPr")
    number = attribute(child(numbering, "numId"), "val")
    depth = attribute(child(numbering, "ilvl"), "val", "0")
    if not number:
        return None
    return number, min(MAX_LEVEL, int(depth)) if depth.isdecimal() else 0


def is_on(switch: etree._Element | None) -> bool:
    """Whether an on/off property is there and not switched off."""
    return switch is not None and attribute(switch, "val", "1") not in ("0", "false", "off")


def read_numbering(root: etree._Element | None) -> Numbering:
    """Return the lists of a document."""
    numbering = Numbering()
    for element in root if root is not None else ():
        if local(element) == "abstractNum":
            levels = {_depth(level): _level(level) for level in element if local(level) == "lvl"}
            numbering.levels[attribute(element, "abstractNumId")] = levels
        elif local(element) == "num":
            numbering.lists[attribute(element, "numId")] = attribute(child(element, "abstractNumId"), "val")
            numbering.restarts[attribute(element, "numId")] = _restarts(element)
    return numbering


def _restarts(number: etree._Element) -> dict[int, int]:
    """Return depth -> first number for the levels that a list begins anew."""
    found: dict[int, int] = {}
    for override in number:
        start = attribute(child(override, "startOverride"), "val")
        if local(override) == "lvlOverride" and start.isdecimal() and len(start) < 7:
            found[_depth(override)] = int(start)
    return found


def _depth(level: etree._Element) -> int:
    value = attribute(level, "ilvl", "0")
    return int(value) if value.isdecimal() and len(value) < 3 else 0


def _level(level: etree._Element) -> _Level:
    start = attribute(child(level, "start"), "val", "1")
    restart = attribute(child(level, "lvlRestart"), "val")
    return _Level(
        attribute(child(level, "numFmt"), "val", "decimal"),
        attribute(child(level, "lvlText"), "val")[:40],
        int(start) if start.isdecimal() and len(start) < 7 else 1,
        is_on(child(level, "isLgl")),
        int(restart) if len(restart) == 1 and restart.isdecimal() else MAX_LEVEL,
    )
