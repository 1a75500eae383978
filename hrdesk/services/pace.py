"""How patient a run is: pauses between looks, tries, waiting times and the deadlines, all in one place."""

import random
from dataclasses import dataclass

from hrdesk.core.errors import BackendUnavailable


@dataclass(frozen=True, slots=True)
class Pace:
    """Times in seconds. `second` is how long one of them takes; tests live faster."""

    second: float = 1.0
    first_pause: float = 0.25  # between looks at a server that does not say when to look again
    longest_pause: float = 2.0
    growth: float = 1.15  # so a change is seen after at most an eighth of the time waited so far
    tries: int = 3  # of one request, the first included
    first_backoff: float = 0.5  # doubled with every try, with jitter, as the SDK does it
    longest_backoff: float = 8.0
    longest_wait: float = 120.0  # a server that wants more is not waited for: the user decides
    network: float = 60.0  # how long a look is repeated while the server cannot be reached
    deadline: float = 600.0  # of a run: the Assistants contract ends one after ten minutes
    cancel: float = 10.0  # how long a server may take to confirm a stop
    tool: float = 30.0  # a tool call may take; a lookup takes well under one
    confirmation: float = 600.0  # for the user to allow a tool
    checkpoint: float = 1.0  # no more text than this is lost when the power fails
    rounds: int = 8  # of tool calls in one run
    calls: int = 32  # that are carried out in one round; the rest get an error


class Patience:
    """Decides whether one request is sent once more, and after how many seconds.

    `creates` is True for requests that create something: they are repeated only when it is certain that
    the server did not carry them out, so that nothing is paid or said twice.
    """

    def __init__(self, pace: Pace, *, creates: bool) -> None:
        self._pace = pace
        self._creates = creates
        self._tries = 0
        self._waited = 0.0

    def wait(self, error: BackendUnavailable) -> float:
        """Return how long to wait before the next try; raises `error`, or what to tell instead of it."""
        self._tries += 1
        if not error.retryable or (self._creates and error.maybe_done) or self._is_exhausted(error):
            raise error
        if error.retry_after is not None and error.retry_after > self._pace.longest_wait:
            raise BackendUnavailable(
                f"The server asks to wait for {_in_words(error.retry_after)}.",
                "Ask again after that time, or choose another connection.",
                retryable=True,
                retry_after=error.retry_after,
            ) from error
        backoff = min(self._pace.first_backoff * 2 ** (self._tries - 1), self._pace.longest_backoff)
        jitter = random.uniform(0.75, 1.0)  # noqa: S311 - spreads tries, keeps no secret
        seconds = backoff * jitter if error.retry_after is None else error.retry_after
        self._waited += seconds
        return seconds

    def _is_exhausted(self, error: BackendUnavailable) -> bool:
        if error.unreachable and not self._creates:  # the run goes on over there: the network may come back
            return self._waited >= self._pace.network
        return self._tries >= self._pace.tries


def _in_words(seconds: float) -> str:
    minutes = round(seconds / 60)
    return f"{minutes} minutes" if minutes < 120 else f"{round(minutes / 60)} hours"
