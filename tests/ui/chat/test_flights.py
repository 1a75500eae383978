from dataclasses import replace
from datetime import timedelta

import pytest

from hrdesk.core.runs import ConfirmationAsked, RunStatus, RunStep, StepKind, ToolCall, ToolOutput
from hrdesk.ui.chat.flights import Flight, Flights, countdown, joint
from tests.ui.chat.fakes import NOW, answer, question


@pytest.mark.parametrize(
    ("seconds", "words"),
    [(581, "9:41 left"), (27.4, "0:27 left"), (0.2, "0:00 left"), (-9, "0:00 left"), (3723, "1:02:03 left")],
)
def test_the_time_left_is_said_as_people_read_it(seconds, words):
    assert countdown(NOW + timedelta(seconds=seconds), NOW) == words


def test_words_and_countdown_read_as_one_sentence():
    assert [joint(words) for words in ("Allow it?", "The server asks to wait:", "Retrying")] == [
        " ",
        " ",
        ": ",
    ]


def test_a_tool_with_an_output_waits_no_longer():
    asked = [ConfirmationAsked("run_1", ToolCall(f"c{n}", "send_mail", "{}"), NOW) for n in (1, 2)]
    flight = Flight("thread_1", "run_1").asked(asked[0]).asked(asked[1]).asked(asked[0])
    assert flight.asking == (asked[1], asked[0])
    step = RunStep("s", StepKind.TOOL_CALLS, RunStatus.COMPLETED, (), (ToolOutput("c2", "ok"),))
    assert flight.stepped(step).asking == (asked[0],)


def test_the_text_so_far_replaces_what_is_stored():
    flights = Flights()
    written = replace(answer(1), text="So far")
    flights.put(Flight("thread_1", "run_1", question(1), written))
    assert [m.text for m in flights.overlay("thread_1", [question(1), answer(1, "So")])][1] == "So far"
    assert len(flights.overlay("thread_1", [])) == 2 and flights.of_run("run_2") is None
