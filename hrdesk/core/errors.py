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
    """The assistant cannot be reached or refuses; `retryable` says whether asking again may help."""

    def __init__(self, title: str, advice: str = "", *, retryable: bool = False) -> None:
        super().__init__(title, advice)
        self.retryable = retryable


class ChildStopped(HrdeskError):
    """A child process died, ran out of time or memory, or answered outside its contract.

    `reason` is one of "time", "memory", "crash", "protocol", "cancelled".
    """

    def __init__(self, reason: str, title: str, advice: str = "") -> None:
        super().__init__(title, advice)
        self.reason = reason
