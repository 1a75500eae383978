"""Connections: the ways in which hrdesk can be answered."""

from dataclasses import dataclass
from enum import StrEnum
from urllib.parse import urlsplit

LOOPBACK = ("localhost", "127.0.0.1", "::1")
"""Hosts that are this computer, whatever a name server says."""


class ConnectionKind(StrEnum):
    """What contract the other side speaks.

    local: the built-in answerer that quotes. chat: a language model behind chat completions, driven by our
    own stack. responses: OpenAI's Responses API. assistants: a server with the Assistants v2 contract.
    """

    LOCAL = "local"
    CHAT = "chat"
    RESPONSES = "responses"
    ASSISTANTS = "assistants"


class SearchPlace(StrEnum):
    """Where policies are looked up.

    own: on this computer. hosted: `lookup_policy` searches the connection's vector store. provider: the
    provider's own file search tool reads the vector store.
    """

    OWN = "own"
    HOSTED = "hosted"
    PROVIDER = "provider"


@dataclass(frozen=True, slots=True)
class Connection:
    """One way to be answered. `name` is its short name on the command line, `title` what people see.

    `region` is a residency region of the provider ("eu") and takes the place of `base_url`. `store` lets
    the provider keep answers; `background` runs them there and polls (which needs `store`). `stream` is
    False to follow runs by polling. `context_tokens` is how much of a thread is sent at most. `ca_file`
    names a PEM file with further certificate authorities.
    """

    name: str
    title: str
    kind: ConnectionKind
    base_url: str = ""
    model: str = ""
    needs_key: bool = False
    region: str = ""
    store: bool = False
    background: bool = False
    stream: bool = True
    vector_store: str = ""
    search: SearchPlace = SearchPlace.OWN
    code_interpreter: bool = False
    context_tokens: int = 16_000
    ca_file: str = ""

    @property
    def is_local(self) -> bool:
        """Whether questions stay on this computer."""
        return self.kind is ConnectionKind.LOCAL

    @property
    def address(self) -> str:
        """Where requests go: the base URL, or the regional one of OpenAI."""
        return f"https://{self.region}.api.openai.com/v1" if self.region else self.base_url

    @property
    def host(self) -> str:
        """The host that receives what is asked, with its port where one is named."""
        return "this computer" if self.is_local else urlsplit(self.address).netloc.rpartition("@")[2]

    @property
    def hostname(self) -> str:
        """The name of that host alone; empty where the address is none."""
        try:
            return urlsplit(self.address.strip()).hostname or ""
        except ValueError:
            return ""

    @property
    def is_here(self) -> bool:
        """Whether its server runs on this computer."""
        return self.hostname in LOOPBACK
