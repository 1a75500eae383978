"""Words that mean the same in one company: its jargon, and what the policies call it."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Synonym:
    """A word or short phrase, and another for the same: a search for either also looks for the other."""

    term: str
    meaning: str
    id: str = ""
