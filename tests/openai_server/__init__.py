"""A server on loopback that speaks OpenAI's APIs as a script says; test equipment, written to be read.

    async with serve() as server:
        server.script(CallTools(Call("lookup_policy", {"query": "sick leave"})), Say("Ten days [p1]."))
        ... let a client ask at server.base_url ...
        server.log.of("POST /v1/responses")

One script drives all three APIs, turn by turn: a turn is what the model does when it is asked once (one
chat completion, one response, one stretch of an Assistants run). `server.script(..., when="sick")` holds
for the runs whose question contains "sick", so that several runs can go on at once. Without a script a
parrot answers: it looks the question up, then says the first sentence of the first passage.

Nothing here takes real time. A run that is polled moves on by looks: each look shows the next of
`turn.looks`, then the turn's end. What has to last, lasts until the test lets go of it: a turn's `gate` is
waited for after the first piece of its text (before everything else of a turn without text), and every
`asyncio.Event` among its `pieces` where it stands. A client that hangs up ends the waiting.

The good answers keep to OpenAI's own description of its API (see test_openapi.py); `server.fault` makes
bad ones (see faults.py). `python -m tests.openai_server` runs it as a program.
"""

from tests.openai_server.faults import Fault
from tests.openai_server.log import Entry, RequestLog
from tests.openai_server.script import Call, CallTools, Fail, Found, Say, Turn
from tests.openai_server.server import OpenAIServer, serve
from tests.openai_server.simple import Answer, Request, ScriptedServer, scripted

__all__ = [
    "Answer",
    "Call",
    "CallTools",
    "Entry",
    "Fail",
    "Fault",
    "Found",
    "OpenAIServer",
    "Request",
    "RequestLog",
    "Say",
    "ScriptedServer",
    "Turn",
    "scripted",
    "serve",
]
