"""Markdown, with what real handbooks put into it: front matter, template tags, raw HTML, tables.

The source is cleaned of template tags, rendered to HTML by markdown-it, and read by the reader for web
pages, so that Markdown and raw HTML may be mixed in every way.
"""

import re

from markdown_it import MarkdownIt

from hrdesk.documents.reading import html
from hrdesk.documents.reading.blocks import BlockList

MAX_NESTING = 60

_FRONT = re.compile(
    r"\A\s*(?P<fence>---|\+\+\+)[ \t]*\r?\n(?P<body>.*?)\r?\n(?P=fence)[ \t]*(?:\r?\n|\Z)", re.DOTALL
)
_TITLE = re.compile(r"^title\s*[:=]\s*(?P<value>.*(?:\n[ \t]+\S.*)*)", re.MULTILINE | re.IGNORECASE)
_COMMENTS = re.compile(
    r"\{%-?\s*comment\s*-?%\}.*?\{%-?\s*endcomment\s*-?%\}|\{#.*?#\}(?!\s*$)|<!--.*?-->", re.DOTALL
)
_LINK_TARGET = re.compile(r"\]\(\s*\{(?:%[^\n]*?%|\{[^\n]*?\})\}[^)\s]*(?:\s+\"[^\"\n]*\")?\s*\)")
_QUOTED_TAG = re.compile(r"(?P<quote>[\"'])\{(?:%[^\n]*?%|\{[^\n]*?\})\}[^\"'\n]*(?P=quote)")
_TAG = re.compile(r"\{%-?(?P<inside>.*?)-?%\}", re.DOTALL)
_WORD_ARGUMENT = re.compile(r"\A\s*(?P<name>\w+)\s+[\"'](?P<word>[\w -]{2,60})[\"']\s*\Z")
_FILE_TAGS = frozenset(
    "include include_relative layout extends import link post_url page url asset assign set".split()
)
_EXPRESSION = re.compile(r"\{\{[<%].*?[>%]\}\}|\{\{\s*[\w-]+(?:\.[\w-]+)+\s*(?:\|[^}\n]*)?\}\}")
_ATTRIBUTES = re.compile(r"\{:[^}\n]*\}|[ \t]*\{#[\w-]+\}[ \t]*$", re.MULTILINE)
_ADMONITION = re.compile(r"^(?P<indent>[ \t]*):::+[ \t]*(?:\w+[ \t]*)?(?P<title>.*)$", re.MULTILINE)


def read(source: str) -> tuple[BlockList, str, str]:
    """Return the blocks, the title of the front matter (or "") and the front matter itself (or "")."""
    front, body = _split_front(source)
    parser = MarkdownIt("commonmark", {"html": True, "maxNesting": MAX_NESTING}).enable(
        ["table", "strikethrough"]
    )
    rendered = parser.render(_without_template_tags(body))
    return html.read(rendered, keep_unknown_tags=True).blocks, _title(front), front


def _split_front(source: str) -> tuple[str, str]:
    match = _FRONT.match(source)
    if match is None or not re.search(r"^[\w-]+\s*[:=]", match["body"], re.MULTILINE):
        return "", source
    return match["body"], source[match.end() :]


def _title(front: str) -> str:
    match = _TITLE.search(front)
    if match is None:
        return ""
    value = re.sub(r"\A[>|][+-]?\s*\n", "", match["value"])
    return " ".join(value.split()).strip("\"'").strip()


def _without_template_tags(source: str) -> str:
    text = _COMMENTS.sub("", source)
    text = _LINK_TARGET.sub("](#)", text)
    text = _QUOTED_TAG.sub(r"\g<quote>#\g<quote>", text)
    text = _TAG.sub(_tag_text, text)
    text = _EXPRESSION.sub("", text)
    text = _ATTRIBUTES.sub("", text)
    return _ADMONITION.sub(r"\g<indent>\g<title>", text)


def _tag_text(match: re.Match[str]) -> str:
    """Keep the name from a tag that names a thing in a sentence; nothing from tags that place files."""
    argument = _WORD_ARGUMENT.match(match["inside"])
    if argument is None or argument["name"] in _FILE_TAGS:
        return ""
    return argument["word"]
