"""How each of the hostile files of the shared data must end, as their own manifest expects it.

The manifest says it in words; here are the states that fulfil them, the seconds that a file may take, and
words that must never come out of any file.
"""

INDEXED = frozenset(("indexed",))
REFUSED = frozenset(("damaged", "too_large", "unsupported", "no_text", "needs_password"))
STOPPED = frozenset(("stopped",))
OVERSIZED = frozenset(("too_large",))

SMUGGLED = (
    "root:",  # of /etc/passwd
    "pwned",
    "50 percent",  # hidden in a Word file
    "Notice period is 0 days",  # white on white
    "invisible mode",
    "send_email",  # type of no size
    "{conversation}",  # a comment
    "pyjamas",  # characters that are tags
)

_ENDS: dict[str, tuple[frozenset[str], float]] = {
    "xml_billion_laughs.docx": (REFUSED, 5),
    "xxe_file.docx": (REFUSED | INDEXED, 5),
    "xxe_http.docx": (REFUSED | INDEXED, 5),
    "zipbomb_300MB.docx": (OVERSIZED, 5),
    "big/zipbomb_4GB.docx": (OVERSIZED, 5),
    "zip_30000_parts.docx": (OVERSIZED | INDEXED, 5),
    "zip_lying_size.docx": (REFUSED | INDEXED, 5),
    "nested_tables_2000.docx": (REFUSED | INDEXED, 5),
    "one_paragraph_5MB.docx": (OVERSIZED | INDEXED, 30),
    "flate_bomb_1GB.pdf": (REFUSED | STOPPED, 60),
    "flate_text_bomb.pdf": (REFUSED | STOPPED, 60),
    "image_bomb.pdf": (frozenset(("no_text",)), 20),
    "huge_mediabox.pdf": (REFUSED | INDEXED, 20),
    "pages_count_lie.pdf": (REFUSED, 5),
    "pages_cycle.pdf": (REFUSED, 20),
    "big/pages_10000.pdf": (frozenset(("partly_indexed",)), 60),
    "js_launch_uri.pdf": (REFUSED, 20),
    "truncated_half.pdf": (REFUSED | INDEXED, 20),
    "zero.pdf": (REFUSED, 5),
    "zero.docx": (REFUSED, 5),
    "not_a.docx": (REFUSED, 20),
    "is_exe.pdf": (frozenset(("unsupported",)), 5),
    "ole.doc.docx": (frozenset(("needs_password",)), 5),
    "deep_100k.html": (REFUSED | INDEXED, 5),
    "deep_tables.html": (REFUSED | INDEXED, 5),
    "attr_bomb.html": (REFUSED | INDEXED, 5),
    "deep_quote.md": (REFUSED | INDEXED, 5),
    "big/txt_200MB.txt": (OVERSIZED, 5),
    "png_bomb_40000x40000.png": (REFUSED, 20),
    "png_truncated.png": (REFUSED, 20),
    "png_crc.png": (REFUSED, 20),
    "svg_bomb.png": (REFUSED, 5),
    "names/double.pdf.exe": (REFUSED | INDEXED, 5),
    "special/unreadable.txt": (STOPPED | INDEXED, 5),  # whoever may read everything reads it
}
_SLOWEST = 60.0
_NOT_A_FILE = frozenset(("unsupported",))


def right_ends(name: str) -> tuple[frozenset[str], float]:
    """Return the states that are right for a hostile file, and the seconds that it may take."""
    if name in _ENDS:
        return _ENDS[name]
    if name.startswith("special/"):
        return _NOT_A_FILE, 5
    return INDEXED | (REFUSED if name.startswith("names/") else frozenset()), _SLOWEST
