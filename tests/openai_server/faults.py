"""What goes wrong, on purpose."""

import fnmatch
from typing import Any


class Fault:
    """One kind of trouble for the requests that match `on` ("POST /v1/threads/*/runs"; "" is every one).

    It strikes `times` times (None: always), after letting `skip` matching requests pass.
    """

    def __init__(
        self, name: str, *, on: str = "", times: int | None = 1, skip: int = 0, seed: int = 0, **params: Any
    ) -> None:
        self.name = name
        self.on = on
        self.times = times
        self.skip = skip
        self.seed = seed
        self.params = params
        self.struck = 0

    def takes(self, line: str) -> bool:
        """Whether the fault strikes this request; counts."""
        if self.on and not fnmatch.fnmatchcase(line, self.on):
            return False
        if self.skip:
            self.skip -= 1
            return False
        if self.times is not None and self.struck >= self.times:
            return False
        self.struck += 1
        return True
