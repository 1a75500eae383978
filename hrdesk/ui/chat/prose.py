"""The text of an answer before Qt sees it: where a growing text is finished, and what would make it slow.

Pure text in, text or offsets out; offsets are code points.
"""

import re

LONGEST_WORD = 400
LONGEST_TEXT = 150_000

BREAK = "\u200b"

_FENCE = re.compile(r"^ {0,3}(```|~~~)", re.MULTILINE)
_BLANK = re.compile(r"\n[ \t]*\n")
_LONG_WORD = re.compile(rf"\S{{{LONGEST_WORD}}}")


def finished(text: str, start: int = 0) -> int:
    """Return the offset behind the last blank line after `start` that is outside a code fence.

    What lies before it will not change its look when more text arrives; `start` must be such an offset.
    Returns `start` where no block is finished.
    """
    end = start
    fences = [match.start() for match in _FENCE.finditer(text, start)]
    for blank in _BLANK.finditer(text, start):
        if sum(1 for fence in fences if fence < blank.start() + 1) % 2 == 0:
            end = blank.end()
    return end


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
