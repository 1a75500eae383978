"""Troubles a user can do something about.

An `HrdeskError` is raised where the foreign exception is met and shown as it stands: in the notice bar of
the window, or on standard error by the command line. Anything else that is raised is a bug.
"""


class HrdeskError(Exception):
    """A trouble with a short title and one sentence of advice; never a traceback."""

    def __init__(self, title: str, advice: str = "") -> None:
        super().__init__(title)
        self.title = title
        self.advice = advice

    def __str__(self) -> str:
        return f"{self.title} {self.advice}".strip()


class StoreUnavailable(HrdeskError):
    """The store cannot be opened: locked keyring, newer version, damaged or unreadable file."""


class NotFound(HrdeskError):
    """A thread, run or document that was asked for by id is not (or no longer) there."""


class BackendUnavailable(HrdeskError):
    """The assistant cannot be reached or refuses.

    `retryable` says whether asking again may help, `retry_after` after how many seconds the server wants to
    be asked again (None where it did not say). `maybe_done` is True when nobody knows whether the server
    carried the request out: what creates something is then never sent again. `unreachable` is True when no
    answer came at all.
    """

    def __init__(
        self,
        title: str,
        advice: str = "",
        *,
        retryable: bool = False,
        retry_after: float | None = None,
        maybe_done: bool = False,
        unreachable: bool = False,
    ) -> None:
        super().__init__(title, advice)
        self.retryable = retryable
        self.retry_after = retry_after
        self.maybe_done = maybe_done
        self.unreachable = unreachable


class ChildStopped(HrdeskError):
    """A child process died, ran out of time or memory, or answered outside its contract.

    `reason` is one of "time", "memory", "crash", "protocol", "cancelled".
    """

    def __init__(self, reason: str, title: str, advice: str = "") -> None:
        super().__init__(title, advice)
        self.reason = reason
