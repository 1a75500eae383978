"""Web pages, and everything that can be turned into one, to blocks.

lxml builds the tree (it survived every hard page; deep nesting costs it nothing), and the tree is walked
without recursion. Scripts, styles, hidden parts and navigation give no text. Nothing is ever loaded.
"""

import re
from dataclasses import dataclass, field

from lxml import etree
from lxml.html import HtmlElement, HTMLParser, document_fromstring

from hrdesk.core.documents import BlockKind, FileState
from hrdesk.documents.reading.blocks import BlockList, clean
from hrdesk.documents.reading.html_tables import add_table, is_data_table
from hrdesk.documents.reading.html_text import BLOCKS, HEADINGS, is_hidden
from hrdesk.documents.sentences import FileRefused

MAX_ATTRIBUTES = 1_000

_INLINE = frozenset(
    """a abbr acronym b bdi bdo big blink br button cite code col colgroup data del dfn em font i ins kbd
    label mark math meter nobr output picture progress q rb rp rt ruby s samp small span strike strong
    sub sup time tt u var wbr head title meta link base slot marquee param iframe""".split()
)
_LONG_TAG = re.compile(r"""<[a-zA-Z][^\s>]*+(?:[^>"']|"[^"]*"|'[^']*')*+""")
_ATTRIBUTE = re.compile(r"\s[^\s=]+=")
_DECLARATION = re.compile(r"^\s*<\?xml[^>]*\?>")


@dataclass
class Web:
    """What a web page gave: its blocks and the text of its title element."""

    blocks: BlockList
    title: str


def read(text: str, *, keep_unknown_tags: bool = False) -> Web:
    """Turn the source of a web page into blocks.

    With `keep_unknown_tags` a tag that HTML does not know ("<project>" in a Markdown file) is kept as text,
    because its writer meant the angle brackets. Raises `FileRefused`.
    """
    blocks = BlockList()
    if not text.strip():
        return Web(blocks, "")
    _check(text)
    try:
        parser = HTMLParser(
            encoding="utf-8", remove_comments=True, remove_pis=True, no_network=True, huge_tree=True
        )
        source = _DECLARATION.sub("", text).replace("\0", "").encode("utf-8", "replace")
        root = document_fromstring(source, parser=parser)
    except (etree.ParserError, etree.XMLSyntaxError, ValueError, AssertionError):
        return Web(blocks, "")  # nothing but comments or white space
    if any("depth" in entry.message for entry in parser.error_log):
        raise FileRefused(FileState.TOO_LARGE, "too_deep")
    title = root.find(".//title")
    _Walk(blocks, keep_unknown_tags).run(root)
    return Web(blocks, clean(title.text or "") if title is not None else "")


def _check(text: str) -> None:
    for match in _LONG_TAG.finditer(text):
        tag = match.group()
        if len(tag) > 4 * MAX_ATTRIBUTES and len(_ATTRIBUTE.findall(tag)) > MAX_ATTRIBUTES:
            raise FileRefused(FileState.TOO_LARGE, "too_deep")


@dataclass
class _Walk:
    """One walk over a page's tree; collects running text and closes a block at every block element."""

    blocks: BlockList
    keep_unknown_tags: bool
    _text: list[str] = field(default_factory=list)
    _kind: BlockKind = BlockKind.PARAGRAPH
    _level: int = 0
    _marker: str = ""
    _lists: list[tuple[str, int]] = field(default_factory=list)
    _pre: int = 0

    def run(self, root: HtmlElement) -> None:
        walker = etree.iterwalk(root, events=("start", "end"))
        skipped: HtmlElement | None = None
        for event, element in walker:
            tag = element.tag if isinstance(element.tag, str) else ""
            if event == "start":
                if is_hidden(element, tag) or self._took_table(element, tag):
                    walker.skip_subtree()
                    skipped = element
                    continue
                self._start(element, tag)
                self._text.append(element.text or "")
                continue
            if element is not skipped:
                self._end(tag)
            elif tag in BLOCKS:
                self._flush()
            self._text.append(element.tail or "")
        self._flush()

    def _took_table(self, element: HtmlElement, tag: str) -> bool:
        if tag != "table" or not is_data_table(element):
            return False
        self._flush()
        add_table(self.blocks, element)
        return True

    def _start(self, element: HtmlElement, tag: str) -> None:
        if tag in BLOCKS:
            self._flush()
        elif tag == "br":
            self._text.append("\n")
        elif self.keep_unknown_tags and tag not in _INLINE and tag not in BLOCKS and "-" not in tag:
            self._text.append(f"<{tag}>")
        if tag in HEADINGS:
            self._kind, self._level = BlockKind.HEADING, HEADINGS[tag]
        elif tag == "pre":
            self._pre += 1
        elif tag in ("ul", "ol", "menu", "dir"):
            self._lists.append((tag, _list_start(element)))
        elif tag == "li":
            self._open_item(element)

    def _open_item(self, element: HtmlElement) -> None:
        self._kind, self._level, self._marker = BlockKind.LIST_ITEM, max(0, len(self._lists) - 1), ""
        if not self._lists:
            return
        tag, number = self._lists[-1]
        if tag == "ol":
            value = element.get("value", "")
            number = int(value) if value.isdecimal() and len(value) < 7 else number
            self._marker = f"{number}. "
        self._lists[-1] = (tag, number + 1)

    def _end(self, tag: str) -> None:
        if tag in BLOCKS:
            self._flush(code=bool(self._pre))
            self._kind, self._level = BlockKind.PARAGRAPH, 0
        if tag == "pre":
            self._pre = max(0, self._pre - 1)
        elif tag in ("ul", "ol", "menu", "dir") and self._lists:
            self._lists.pop()

    def _flush(self, *, code: bool = False) -> None:
        text = "".join(self._text)
        self._text.clear()
        if not text.strip():
            return
        kind = BlockKind.CODE if code and self._kind is BlockKind.PARAGRAPH else self._kind
        if kind is BlockKind.LIST_ITEM:
            text = self._marker + text.lstrip()
        self.blocks.add(kind, text, self._level)
        if kind is BlockKind.LIST_ITEM:  # a second paragraph of the item has no number of its own
            self._marker = ""


def _list_start(element: HtmlElement) -> int:
    start = element.get("start", "")
    return int(start) if start.isdecimal() and len(start) < 7 else 1
