"""Which parts of a web page are text, and the visible text of one element."""

import re
from collections.abc import Iterator

from lxml import etree
from lxml.html import HtmlElement

from hrdesk.documents.reading.blocks import clean

_SKIPPED = frozenset(
    """script style template iframe embed canvas audio video track source noembed noframes nav
    select datalist textarea map area input img""".split()
)
HEADINGS = {f"h{level}": level for level in range(1, 7)}
BLOCKS = frozenset(
    """address article aside blockquote body center dd details dialog dir div dl dt fieldset figcaption
    figure footer form header hgroup hr html legend li main menu ol p pre section summary table tbody td
    tfoot th thead tr ul caption optgroup option noscript h1 h2 h3 h4 h5 h6""".split()
)
_HIDDEN = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden|font-size\s*:\s*0(?![.\d]*[1-9])")


def is_hidden(element: HtmlElement, tag: str) -> bool:
    """Whether an element gives no text: not a text element, or hidden by its attributes."""
    if tag in _SKIPPED or tag in ("head", "title"):
        return True
    return "hidden" in element.attrib or bool(_HIDDEN.search(element.get("style", "").lower()))


def visible_text(element: HtmlElement) -> str:
    """Return the text of an element without its hidden parts; block elements inside it become spaces."""
    return clean(" ".join(_pieces(element)))


def _pieces(root: HtmlElement) -> Iterator[str]:
    walker = etree.iterwalk(root, events=("start", "end"))
    piece: list[str] = []
    for event, element in walker:
        tag = element.tag if isinstance(element.tag, str) else ""
        hidden = event == "start" and element is not root and is_hidden(element, tag)
        if (tag in BLOCKS or tag == "br") and piece:
            yield "".join(piece)
            piece = []
        if hidden:
            walker.skip_subtree()
        elif event == "start":
            piece.append(element.text or "")
        elif element is not root:
            piece.append(element.tail or "")
    yield "".join(piece)
