import json
from dataclasses import dataclass
from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hrdesk.core.citations import Citation, CitationState
from hrdesk.core.documents import Outcome, Span
from hrdesk.core.errors import StoreUnavailable
from hrdesk.core.runs import Run, RunStatus, RunStep, StepKind, ToolCall
from hrdesk.core.threads import Message, MessageStatus, Role
from hrdesk.core.usage import Usage
from hrdesk.store import codec

_text = st.text(max_size=30)
_moment = st.datetimes(timezones=st.just(UTC))
_json = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | _text,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(_text, inner, max_size=3),
    max_leaves=8,
)
_usage = st.builds(Usage, *[st.integers(0, 10**9)] * 4)
_spans = st.lists(st.builds(Span, *[st.integers(0, 10**6)] * 3), max_size=3).map(tuple)
_citations = st.builds(
    Citation, st.integers(), *[_text] * 5, st.integers(), *[_text] * 3, st.sampled_from(CitationState), _spans
)
_messages = st.builds(
    Message, _text, _text, st.sampled_from(Role), _text, _moment, st.sampled_from(MessageStatus),
    st.none() | _text, st.none() | st.sampled_from(Outcome), st.lists(_citations, max_size=2).map(tuple),
    _usage, _text,
)  # fmt: skip
_calls = st.lists(st.builds(ToolCall, _text, _text, _text), max_size=2).map(tuple)
_steps = st.builds(RunStep, _text, st.sampled_from(StepKind), st.sampled_from(RunStatus), _calls)
_runs = st.builds(
    Run, *[_text] * 5, st.sampled_from(RunStatus), _moment, _text, st.none() | _moment,
    st.lists(st.tuples(st.sampled_from(RunStatus), st.floats(0, 1e6)), max_size=3).map(tuple),
    st.lists(_steps, max_size=2).map(tuple), st.integers(0, 99), _usage, _text, _text, _text,
    st.lists(st.dictionaries(_text, _json, max_size=3), max_size=2).map(tuple),
)  # fmt: skip


@dataclass(frozen=True)
class Small:
    name: str
    day: date | None = None
    size: float = 1.0


@given(_messages)
def test_every_message_comes_back(message: Message):
    assert codec.load(Message, codec.dump(message)) == message


@given(_runs)
def test_every_run_comes_back(run: Run):
    assert codec.load(Run, codec.dump(run)) == run


@given(_json)
def test_anything_but_the_right_shape_is_refused(data: object):
    with pytest.raises(ValueError):
        codec.decode(Message, data)


def test_enums_come_back_as_enums():
    found = codec.load(RunStep, codec.dump(RunStep("s", StepKind.TOOL_CALLS, RunStatus.FAILED)))
    assert found.status is RunStatus.FAILED


def test_unknown_fields_are_ignored_and_missing_ones_take_their_default():
    assert codec.decode(Small, {"name": "a", "colour": "red"}) == Small("a")


def test_a_missing_field_without_default_is_refused():
    with pytest.raises(ValueError, match="lacks name"):
        codec.decode(Small, {})


@pytest.mark.parametrize(
    "data", [{"name": 1}, {"name": "a", "day": "soon"}, {"name": "a", "size": True}, [], None]
)
def test_wrong_types_are_refused(data: object):
    with pytest.raises(ValueError):
        codec.decode(Small, data)


def test_a_whole_number_serves_as_a_float():
    assert codec.decode(Small, {"name": "a", "size": 2}).size == 2.0


def test_the_same_value_always_gives_the_same_text():
    assert codec.dump({"b": 1, "a": (date(2026, 1, 2),)}) == '{"a":["2026-01-02"],"b":1}'


def test_foreign_values_are_a_bug():
    with pytest.raises(TypeError):
        codec.dump(object())


@given(st.text(alphabet=st.characters(codec=None), max_size=50))
def test_storable_text_is_utf8_of_the_same_length(text: str):
    stored = codec.storable(text)
    assert len(stored) == len(text)
    assert stored.encode().decode() == stored


def test_storable_text_is_left_alone_where_it_can_be():
    assert codec.storable("Größe 😀 \0") == "Größe 😀 \0"


@pytest.mark.parametrize("body", ["", "[]", '{"name": 1}', "{"])
def test_a_row_that_makes_no_sense_is_named_damaged(body: str):
    with pytest.raises(StoreUnavailable, match="damaged"):
        codec.load_row(Small, body, {})


def test_a_row_is_its_body_and_its_columns():
    assert codec.load_row(Small, json.dumps({"size": 3.0}), {"name": "a"}) == Small("a", size=3.0)


def test_a_moment_keeps_its_zone():
    moment = datetime(2026, 3, 1, 9, 30, 0, 123456, tzinfo=UTC)
    message = Message("m", "t", Role.USER, "x", moment)
    assert codec.load(Message, codec.dump(message)).created_at == moment
