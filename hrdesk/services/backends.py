"""Opens the backend of a connection. Modules of the SDK are imported here, late and in a thread."""

from collections.abc import Callable

from hrdesk.backends.base import AssistantBackend
from hrdesk.core.connections import Connection, ConnectionKind


def open_backend(own: Callable[[], AssistantBackend], connection: Connection, key: str) -> AssistantBackend:
    """Return the backend that speaks the connection's contract; `own` makes the built-in answerer's."""
    if connection.kind is ConnectionKind.LOCAL:
        return own()
    from hrdesk.backends.client import make_client

    client = make_client(connection, key)
    if connection.kind is ConnectionKind.RESPONSES:
        from hrdesk.backends.responses import ResponsesBackend

        return ResponsesBackend(client, connection)
    if connection.kind is ConnectionKind.ASSISTANTS:
        from hrdesk.backends.assistants import AssistantsBackend

        return AssistantsBackend(client, connection)
    from hrdesk.backends.chat_completions import ChatCompletionsModel
    from hrdesk.backends.own_stack import OwnStack

    return OwnStack(ChatCompletionsModel(client, connection))
