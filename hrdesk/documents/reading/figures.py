"""The figures of numbered lists and headings: 1, a, B, iv, IX."""

MOST_LETTERS = 500


def figure(value: int, kind: str) -> str:
    """Return a number in the figures of a `kind`, by Word's names; any other kind counts 1, 2, 3."""
    if kind in ("lowerLetter", "upperLetter"):
        letters = _letters(value)
        return letters.upper() if kind == "upperLetter" else letters
    if kind in ("lowerRoman", "upperRoman"):
        roman = _roman(value)
        return roman if kind == "upperRoman" else roman.lower()
    return f"{value:02d}" if kind == "decimalZero" else str(value)


def _letters(value: int) -> str:
    """Count as word processors do: a to z, then aa, bb."""
    return (
        chr(ord("a") + (value - 1) % 26) * ((value - 1) // 26 + 1) if 0 < value < MOST_LETTERS else str(value)
    )


def _roman(value: int) -> str:
    if not 0 < value < 4000:
        return str(value)
    result = ""
    figures = ("M", 1000), ("CM", 900), ("D", 500), ("CD", 400), ("C", 100), ("XC", 90), ("L", 50)
    for letters, worth in (*figures, ("XL", 40), ("X", 10), ("IX", 9), ("V", 5), ("IV", 4), ("I", 1)):
        while value >= worth:
            result += letters
            value -= worth
    return result
