"""A connection while it is edited: what has been typed, which choices make sense, and what is wrong."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path
from urllib.parse import SplitResult, urlsplit

from hrdesk.core.connections import LOOPBACK, Connection, ConnectionKind, SearchPlace
from hrdesk.ui.settings.presets import PLACEHOLDER

OPENAI_HOST = "api.openai.com"
CONTEXT_BOUNDS = (1_000, 2_000_000)  # tokens; below, hardly a question with its passages fits
_HOSTING = (ConnectionKind.RESPONSES, ConnectionKind.ASSISTANTS)


@dataclass(frozen=True, slots=True)
class Draft:
    """The connection as it is typed. `context` is the text of the limit in tokens.

    `saved` is the connection as it was before, None for a new one.
    """

    connection: Connection
    context: str = ""
    saved: Connection | None = None

    @classmethod
    def of(cls, connection: Connection, *, is_new: bool) -> "Draft":
        """Return the draft with which editing begins."""
        return cls(connection, f"{connection.context_tokens:,}", None if is_new else connection)

    # Which choices there are

    @property
    def offers_region(self) -> bool:
        """Whether the address is OpenAI's own, which has regions of residence."""
        return self.connection.kind is ConnectionKind.RESPONSES and _host(self.connection) == OPENAI_HOST

    @property
    def offers_store(self) -> bool:
        """Whether the provider can be asked not to keep answers."""
        return self.connection.kind is ConnectionKind.RESPONSES

    @property
    def offers_background(self) -> bool:
        """Whether runs can go on without the connection; what goes on there is kept there."""
        return self.offers_store and self.connection.store

    @property
    def offers_streaming(self) -> bool:
        """Whether answers can be followed as they are written."""
        return not (self.offers_background and self.connection.background)

    @property
    def places(self) -> tuple[SearchPlace, ...]:
        """Where policies can be looked up."""
        hosts = self.connection.kind in _HOSTING
        return tuple(SearchPlace) if hosts else (SearchPlace.OWN, SearchPlace.HOSTED)

    @property
    def uses_vector_store(self) -> bool:
        """Whether a vector store has to be named."""
        return self.connection.search in self.places and self.connection.search is not SearchPlace.OWN

    @property
    def offers_code_interpreter(self) -> bool:
        """Whether the provider may offer to compute with code."""
        return self.connection.kind in _HOSTING

    # What comes of it

    def tidy(self) -> Connection:
        """Return the connection as it is saved: without blanks at the ends and without hidden choices."""
        typed = self.connection
        background = self.offers_background and typed.background
        return replace(
            typed,
            title=typed.title.strip(),
            base_url=typed.base_url.strip().rstrip("/"),
            model=typed.model.strip(),
            region=typed.region if self.offers_region else "",
            store=typed.store and self.offers_store,
            background=background,
            vector_store=typed.vector_store.strip() if self.uses_vector_store else "",
            search=typed.search if typed.search in self.places else SearchPlace.OWN,
            code_interpreter=typed.code_interpreter and self.offers_code_interpreter,
            context_tokens=self._context() or typed.context_tokens,
            ca_file=typed.ca_file.strip(),
        )

    def faults(self, others: Iterable[Connection]) -> dict[str, str]:
        """Return what is wrong as sentences, by the field's name; reads the disk for the CA file."""
        made = self.tidy()
        said = {
            "title": _title_fault(made, others),
            "base_url": address_fault(made),
            "model": "" if made.model else "Choose or type a model; “Fetch models” lists what there is.",
            "vector_store": self._vector_store_fault(made),
            "context": "" if self._context() else "Type a number from 1,000 to 2,000,000.",
            "ca_file": _file_fault(made.ca_file),
        }
        return {field: sentence for field, sentence in said.items() if sentence}

    def is_other_host(self) -> bool:
        """Whether requests would go to another host than the one the stored key belongs to."""
        return self.saved is not None and _netloc(self.tidy()) != _netloc(self.saved)

    def _context(self) -> int | None:
        digits = "".join(self.context.split()).replace(",", "").replace(".", "")
        low, high = CONTEXT_BOUNDS
        if not digits.isdecimal() or len(digits) > len(str(high)):
            return None
        return int(digits) if low <= int(digits) <= high else None

    def _vector_store_fault(self, made: Connection) -> str:
        missing = self.uses_vector_store and not made.vector_store
        return "Type the id of the vector store, such as vs_…" if missing else ""


def address_fault(connection: Connection) -> str:
    """Return what is wrong with the address of a connection, "" if nothing."""
    parts = _split(connection.base_url)
    if parts is None or parts.scheme not in ("http", "https") or not parts.hostname:
        return "Type an address such as https://example.com/v1"
    if parts.hostname.startswith(PLACEHOLDER):
        return f"Put the name of your resource in the place of “{PLACEHOLDER}”."
    if parts.username or parts.password:
        return "Leave name and password out of the address; the key has its own field."
    if parts.scheme == "http" and parts.hostname not in LOOPBACK:
        return "Use https: without it, questions and key could be read on the way."
    if connection.kind is ConnectionKind.ASSISTANTS and parts.hostname.endswith(OPENAI_HOST):
        return "OpenAI switched its Assistants API off on 26 August 2026. Choose the kind “OpenAI Responses”."
    return ""


def _title_fault(made: Connection, others: Iterable[Connection]) -> str:
    if not made.title:
        return "Give the connection a name."
    taken = {other.title.casefold() for other in others if other.name != made.name}
    return "Another connection has this name." if made.title.casefold() in taken else ""


def _file_fault(name: str) -> str:
    return "" if not name or Path(name).is_file() else "There is no such file."


def _split(address: str) -> SplitResult | None:
    try:
        parts = urlsplit(address.strip())
        is_sound = parts.port is None or parts.port > 0
    except ValueError:
        return None
    return parts if is_sound else None


def _host(connection: Connection) -> str:
    parts = _split(connection.base_url)
    return (parts.hostname or "") if parts else ""


def _netloc(connection: Connection) -> str:
    """Return host and port, "" for an address that is none."""
    parts = _split(connection.address)
    return parts.netloc if parts else ""
