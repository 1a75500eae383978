"""How much of a thread is sent with a question, and how that is said.

Threads that are sent whole grow silently expensive. So there is a limit, it is measured before sending, and
what is left out is said in words.
"""

import re
from collections.abc import Sequence

from hrdesk.core.connections import Connection, ConnectionKind
from hrdesk.core.threads import Message, Role
from hrdesk.core.usage import ContextMeter
from hrdesk.services.costs import tokens_in

_DRESS = re.compile(r"\*\*|\s*\[\d+\]")  # bold marks, and numbers of citations that stay behind
LOOKUP_CHARACTERS = 12_000  # what lookups add to a question: two of six passages, with their frame


def fitting(messages: Sequence[Message], limit: int) -> tuple[Message, ...]:
    """Return the newest messages that have at most about `limit` tokens, in order.

    The last one, and a summary that was carried over, are always among them. Answers are kept with their
    questions: what is sent never begins with an answer.
    """
    carried = [message for message in messages if message.role is Role.SUMMARY]
    others = [message for message in messages if message.role is not Role.SUMMARY]
    left = limit - tokens_in(sum(len(message.text) for message in carried))
    kept: list[Message] = []
    for message in reversed(others):
        left -= tokens_in(len(message.text))
        if kept and left < 0:
            break
        kept.insert(0, message)
    while len(kept) > 1 and kept[0].role is Role.ASSISTANT:
        del kept[0]
    return (*carried, *kept)


def meter(messages: Sequence[Message], connection: Connection) -> ContextMeter:
    """Measure what of a thread the next question sends."""
    if connection.is_local:
        return ContextMeter(0, 0, 0.0, 0, "Nothing of this thread leaves this computer.")
    tokens = tokens_in(sum(len(message.text) for message in messages))
    limit = connection.context_tokens
    share = min(1.0, tokens / limit) if limit else 1.0
    if connection.kind is ConnectionKind.ASSISTANTS:
        words = f"The server keeps this thread (about {tokens:,} tokens) and decides how much of it is read."
        return ContextMeter(tokens, limit, share, 0, words)
    left_out = len(messages) - len(fitting(messages, limit))
    if left_out:
        said = "message is" if left_out == 1 else f"{left_out} messages are"
        words = f"The first {said} left out: at most about {limit:,} tokens of a thread are sent."
        return ContextMeter(tokens, limit, 1.0, left_out, words)
    words = f"The whole thread is sent: about {tokens:,} of at most {limit:,} tokens."
    return ContextMeter(tokens, limit, share, 0, words)


def summary(title: str, messages: Sequence[Message]) -> str:
    """Propose what to carry over into a fresh thread: the questions, and how each answer begins."""
    lines = [f"Carried over from “{title}”:"]
    for message in messages:
        text = " ".join(_DRESS.sub("", message.text).split())
        if message.role is Role.SUMMARY:
            lines += [line for line in message.text.splitlines() if line.startswith("- ")]
        elif message.role is Role.USER:
            lines.append(f"- Asked: {_short(text, 160)}")
        elif text:
            lines.append(f"  Answer: {_short(text, 240)}")
    return "\n".join(lines)


def _short(text: str, limit: int) -> str:
    return text if len(text) <= limit else text[: limit - 1].rsplit(" ", 1)[0] + "…"
