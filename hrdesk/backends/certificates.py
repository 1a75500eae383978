"""Who issued a certificate, read from its DER form.

Python tells the issuer only of certificates that it trusts, and the one in question is not. Only the few
fields up to the issuer are walked over. Source: RFC 5280 (Certificate), X.690 (DER).
"""

from collections.abc import Iterator

SEQUENCE, SET, VERSION = 0x30, 0x31, 0xA0
ORGANISATION, COMMON_NAME = b"\x55\x04\x0a", b"\x55\x04\x03"  # object identifiers 2.5.4.10 and 2.5.4.3
WIDE_TEXT = 0x1E  # BMPString, two bytes a character
LONGEST_NAME = 80  # characters


def issuer_of(der: bytes) -> str:
    """Return the organisation that issued a certificate, else its common name; "" where neither is told."""
    try:
        (_, certificate), *_ = _fields(der)
        (_, body), *_ = _fields(certificate)
        fields = [field for field in _fields(body) if field[0] != VERSION]
        names = dict(_names(fields[2][1]))  # behind serial number and algorithm
    except (IndexError, ValueError):
        return ""
    name = names.get(ORGANISATION) or names.get(COMMON_NAME) or ""
    return "".join(char for char in name if char.isprintable())[:LONGEST_NAME].strip()


def _names(issuer: bytes) -> Iterator[tuple[bytes, str]]:
    for _, group in _fields(issuer):
        for _, pair in _fields(group):
            (_, kind), (tag, value) = list(_fields(pair))[:2]
            yield kind, value.decode("utf-16-be" if tag == WIDE_TEXT else "utf-8", "replace")


def _fields(data: bytes) -> Iterator[tuple[int, bytes]]:
    """Yield tag and content of each value in `data`. Raises ValueError or IndexError where it is no DER."""
    position = 0
    while position < len(data):
        tag, length, start = data[position], data[position + 1], position + 2
        if length >= 0x80:  # the length itself takes the next bytes
            size = length - 0x80
            length = int.from_bytes(data[start : start + size], "big")
            start += size
        if length > len(data) - start:
            raise ValueError("a value is longer than what it stands in")
        yield tag, data[start : start + length]
        position = start + length
