"""What the settings page calls things: kinds of connection, regions, dates and money. Pure functions."""

from datetime import date, datetime
from decimal import Decimal, InvalidOperation

from hrdesk.core.connections import ConnectionKind, SearchPlace

KINDS: dict[ConnectionKind, tuple[str, str]] = {
    ConnectionKind.LOCAL: (
        "This computer (always there)",
        "Quotes your policies word for word. No language model, no network, nothing to set up.",
    ),
    ConnectionKind.CHAT: (
        "Language model (chat completions)",
        "hrdesk looks up the policies here and sends a model the question with the passages that fit.",
    ),
    ConnectionKind.RESPONSES: (
        "OpenAI Responses",
        "OpenAI, Azure or OGX. Can also work in the background and read a library kept there.",
    ),
    ConnectionKind.ASSISTANTS: (
        "Assistants-compatible server",
        "A server that keeps threads and runs of its own. OpenAI switched its own off in August 2026.",
    ),
}
PLACES: dict[SearchPlace, tuple[str, str]] = {
    SearchPlace.OWN: (
        "On this computer",
        "hrdesk searches its own library; only passages that fit a question are sent.",
    ),
    SearchPlace.HOSTED: (
        "In the vector store, by hrdesk",
        "The policies lie with the provider; hrdesk searches there and checks every quote against its copy.",
    ),
    SearchPlace.PROVIDER: (
        "In the vector store, by the provider",
        "The provider's file search picks the passages; hrdesk shows and checks those it reports.",
    ),
}
REGIONS: tuple[tuple[str, str], ...] = (
    ("", "Not chosen"),
    ("global", "Global"),
    ("us", "United States"),
    ("eu", "European Union"),
    ("ae", "United Arab Emirates"),
    ("au", "Australia"),
    ("in", "India"),
    ("jp", "Japan"),
)


def plural(count: int, noun: str) -> str:
    """Return "1 answer", "2,000 answers"."""
    return f"{count:,} {noun}" if count == 1 else f"{count:,} {noun}s"


def day(moment: date | datetime) -> str:
    """Return "12 March 2026", in the local time zone where there is a time."""
    if isinstance(moment, datetime):
        moment = moment.astimezone()
    return f"{moment.day} {moment:%B %Y}"


def figure(price: Decimal) -> str:
    """Return a price per million tokens with at least two places and without needless zeros."""
    text = f"{price.normalize():f}"
    whole, _, places = text.partition(".")
    return f"{whole}.{places:0<2}"


def parse_amount(text: str) -> Decimal | None:
    """Read an amount of money as people type it ("1,250.50", "3,50", "20"); None if it is none."""
    text = text.strip().replace(" ", "").replace("\N{NO-BREAK SPACE}", "")
    if "," in text and "." not in text and len(text.rpartition(",")[2]) != 3:
        text = text.replace(",", ".")  # a decimal comma
    try:
        amount = Decimal(text.replace(",", ""))
    except InvalidOperation:
        return None
    return amount if amount.is_finite() and 0 <= amount < 1_000_000 else None
