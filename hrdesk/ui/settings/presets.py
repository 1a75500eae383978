"""Ways to be answered that are filled in but for key and model."""

from dataclasses import dataclass

from hrdesk.core.connections import Connection, ConnectionKind

PLACEHOLDER = "your-resource"


@dataclass(frozen=True, slots=True)
class Preset:
    """Something to begin with: a title, a sentence, and what is known already."""

    title: str
    sentence: str
    connection: Connection


def _preset(
    title: str, sentence: str, kind: ConnectionKind, base_url: str, *, name: str = "", needs_key: bool = False
) -> Preset:
    return Preset(title, sentence, Connection("", name or title, kind, base_url, needs_key=needs_key))


PRESETS = (
    _preset(
        "OpenAI",
        "The Responses API. Needs a key of yours; a region of residence can be chosen.",
        ConnectionKind.RESPONSES,
        "https://api.openai.com/v1",
        needs_key=True,
    ),
    _preset(
        "Ollama on this computer",
        "A language model that runs here. No key, and nothing leaves this computer.",
        ConnectionKind.CHAT,
        "http://localhost:11434/v1",
        name="Ollama",
    ),
    _preset(
        "llama.cpp on this computer",
        "A language model served by llama.cpp. No key, and nothing leaves this computer.",
        ConnectionKind.CHAT,
        "http://localhost:8080/v1",
        name="llama.cpp",
    ),
    _preset(
        "Azure",
        "OpenAI's models in your company's Azure resource. Needs the resource's address and key.",
        ConnectionKind.RESPONSES,
        f"https://{PLACEHOLDER}.openai.azure.com/openai/v1",
        needs_key=True,
    ),
    _preset(
        "OGX or another Responses server",
        "A server of your own that speaks the Responses API.",
        ConnectionKind.RESPONSES,
        "http://localhost:8321/v1",
        name="OGX",
    ),
    _preset(
        "Assistants-compatible server",
        "A server that still speaks the Assistants API, version 2.",
        ConnectionKind.ASSISTANTS,
        "",
        name="Assistants server",
        needs_key=True,
    ),
)
