from dataclasses import replace
from datetime import UTC, datetime

from hypothesis import given
from hypothesis import strategies as st

from hrdesk.core.connections import Connection, ConnectionKind
from hrdesk.core.threads import Message, Role
from hrdesk.services.connections import LOCAL
from hrdesk.services.context import fitting, meter, summary

NOW = datetime(2026, 3, 1, tzinfo=UTC)
REMOTE = Connection("r", "R", ConnectionKind.CHAT, "http://localhost/v1", "m", context_tokens=100)


def said(*texts: str, first: Role = Role.USER) -> list[Message]:
    roles = [Role.USER, Role.ASSISTANT] * len(texts)
    if first is Role.SUMMARY:
        roles.insert(0, Role.SUMMARY)
    return [
        Message(f"m{number}", "t", role, text, NOW)
        for number, (text, role) in enumerate(zip(texts, roles, strict=False))
    ]


@given(st.lists(st.text(max_size=80), min_size=1, max_size=12), st.integers(0, 200))
def test_what_fits_is_the_end_of_the_thread_and_begins_with_a_question(texts: list[str], limit: int):
    messages = said(*texts)
    kept = fitting(messages, limit)
    assert list(kept) == messages[len(messages) - len(kept) :]
    assert kept[-1] == messages[-1]
    assert len(kept) == 1 or kept[0].role is Role.USER


def test_a_carried_over_summary_is_always_sent():
    messages = said("what was said before", *["x" * 200] * 5, first=Role.SUMMARY)
    kept = fitting(messages, 60)
    assert [message.role for message in kept] == [Role.SUMMARY, Role.USER]


def test_the_meter_says_what_is_sent_and_what_is_left_out():
    short = meter(said("x" * 100), REMOTE)
    assert (short.left_out, short.words) == (0, "The whole thread is sent: about 25 of at most 100 tokens.")
    long = meter(said(*["x" * 160] * 5), REMOTE)
    assert long.left_out == 4
    assert long.words.startswith("The first 4 messages are left out")
    assert "leaves this computer" in meter(said("x"), LOCAL).words
    assert "decides" in meter(said("x"), replace(REMOTE, kind=ConnectionKind.ASSISTANTS)).words


def test_a_summary_holds_the_questions_and_the_beginnings_of_answers():
    text = summary("Leave", said("How many days?", "Thirty. " + "More. " * 100))
    assert text.startswith("Carried over from “Leave”:\n- Asked: How many days?\n  Answer: Thirty.")
    assert text.endswith("…")
