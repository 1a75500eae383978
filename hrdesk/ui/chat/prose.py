"""The text of an answer before Qt sees it: what is finished of it, what would be slow, what is quoted.

Pure text in, text or offsets out; offsets are code points.
"""

import re

LONGEST_WORD = 400
LONGEST_TEXT = 24_000  # eight pages; laying out more in one go would be felt
LONGEST_TAIL = 6_000  # what is laid out again with every piece of a growing text

BREAK = "\u200b"

_FENCE = re.compile(r"^ {0,3}(```|~~~)", re.MULTILINE)
_BLANK = re.compile(r"\n[ \t]*\n")
# Code first: what looks like a quotation inside it is none. Policies are quoted in these signs only.
_QUOTED = re.compile(r"^ {0,3}(```|~~~).*?(?:^ {0,3}\1|\Z)|`[^`\n]+`|“[^“”]+”", re.MULTILINE | re.DOTALL)
_SIGN = re.compile(r"[!-/:-@\[-`{-~]")
_MARK = re.compile(r"\[(?=p?\d{1,3}\])")
_LAST_MARKS = re.compile(r"(?: \[p?\d{1,3}\])+[.,;:]?”$")
_LONG_WORD = re.compile(rf"\S{{{LONGEST_WORD}}}")


def finished(text: str, start: int = 0) -> int:
    """Return the offset behind the last blank line after `start` that is outside a code fence.

    What lies before it will not change its look when more text arrives; `start` must be such an offset.
    Returns `start` where no block is finished. A block that never ends is cut all the same, so that a piece
    costs no more at the end of a long answer than at its beginning; the whole is laid out at the end.
    """
    end = start
    fences = [match.start() for match in _FENCE.finditer(text, start)]
    for blank in _BLANK.finditer(text, start):
        if sum(1 for fence in fences if fence < blank.start() + 1) % 2 == 0:
            end = blank.end()
    return end if len(text) - end <= LONGEST_TAIL else _cut(text, end)


def _cut(text: str, start: int) -> int:
    """Return where a long unfinished block is cut for the time being: behind a line, else behind a word."""
    last = len(text) - LONGEST_TAIL // 4
    for sign in ("\n", " "):
        at = text.rfind(sign, start, last)
        if at > start:
            return at + 1
    return last


def tame(text: str) -> str:
    """Return `text` so that laying it out takes no more than a moment.

    Words without any place to break get invisible ones (Qt needs quadratic time for them), and a text
    longer than any answer is cut with a sentence that says so; copying always takes the whole text.
    """
    hidden = len(text) - LONGEST_TEXT
    if hidden > 0:
        rest = f"… {hidden:,} more characters are not shown. Copy the message to read them."
        text = f"{text[:LONGEST_TEXT]}\n\n{rest}"
    return _LONG_WORD.sub(lambda match: match[0] + BREAK, text)


def literal_quotes(text: str) -> str:
    """Return Markdown in which what stands between “ and ” is shown to the letter.

    A policy may hold stars, pipes or "[1]": quoted, they are its words and neither markup nor our markers.
    """
    return _QUOTED.sub(lambda match: match[0] if match[0][0] != "“" else _literal(match[0]), text)


def _literal(quote: str) -> str:
    marks = _LAST_MARKS.search(quote)  # "“ten days [1].”": these are ours
    if marks:
        return _literal(quote[: marks.start()]) + marks[0]
    return _SIGN.sub(r"\\\g<0>", _MARK.sub(f"[{BREAK}", quote))


def plain_words(sentence: str) -> str:
    """Return a sentence of Markdown as it reads: without emphasis, code signs, list signs and line ends."""
    bare = re.sub(r"^\s*(?:[-*+]|\d+[.)]|#{1,6}|>)\s+", "", sentence)
    return " ".join(re.sub(r"[*`]+|(?<!\w)_+|_+(?!\w)", "", bare).split())
