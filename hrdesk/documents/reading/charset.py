"""Bytes of a text file to characters, without guessing beyond what can be known.

Order: byte order mark; zero bytes that show UTF-16 or UTF-32; strict UTF-8; what the file itself declares
(HTML); UTF-8 with a few bad bytes; Windows-1252, in which Western offices wrote before UTF-8.
"""

import codecs
import re

_MARKS = (
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_DECLARED = re.compile(rb"""(?:charset|encoding)\s*=\s*["']?\s*([A-Za-z0-9_.:-]{2,40})""")
_SAMPLE = 4096
_FEW = 0.01


def decode(data: bytes) -> str:
    """Return the characters of `data`; bytes that fit no reading become U+FFFD."""
    for mark, name in _MARKS:
        if data.startswith(mark):
            return data[len(mark) :].decode(name, "replace")
    name = _wide_encoding(data[:_SAMPLE])
    if name:
        return data.decode(name, "replace")
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        return _decode_old(data)


def is_wide(data: bytes) -> bool:
    """Whether every character takes two or four bytes, as a mark or the zero bytes tell."""
    marked = any(data.startswith(mark) and name != "utf-8" for mark, name in _MARKS)
    return marked or bool(_wide_encoding(data[:_SAMPLE]))


def _wide_encoding(sample: bytes) -> str:
    """Name a UTF-16 or UTF-32 encoding without a mark, by where its zero bytes stand."""
    if len(sample) < 8:
        return ""
    shares = [sample[start::4].count(0) / len(sample[start::4]) for start in range(4)]
    zero = [share > 0.7 for share in shares]
    known = {
        (False, True, True, True): "utf-32-le",
        (True, True, True, False): "utf-32-be",
        (False, True, False, True): "utf-16-le",
        (True, False, True, False): "utf-16-be",
    }
    return known.get((zero[0], zero[1], zero[2], zero[3]), "")


def _decode_old(data: bytes) -> str:
    declared = _DECLARED.search(data[:_SAMPLE])
    if declared:
        try:
            codec = codecs.lookup(declared.group(1).decode("ascii"))
            if codec.name != "utf-8":
                return codec.decode(data, "replace")[0]
        except (LookupError, UnicodeError, TypeError):
            pass  # a name that Python does not know, or a codec that is not for text
    lenient = data.decode("utf-8", "replace")
    bad = lenient.count("\ufffd")
    high = sum(1 for byte in data[:200_000] if byte >= 0x80) or 1
    if bad <= _FEW * len(lenient) and bad < high / 4:
        return lenient
    return data.decode("cp1252", "replace")
