"""What goes wrong, on purpose.

    server.fault(Fault("status", on="POST /v1/responses", times=2, status=429, headers={"retry-after": "1"}))

Where a fault has to choose, `seed` chooses. `at` counts bytes of the body, `event` events from 0 (-1 is
the last), and every name says below what it does.

before the request is answered
    silence         accept, then say nothing until the client leaves
    drop            close without a word; with done=True only after the request was carried out
    cut_upload      close when `at` bytes of the request's body have come
    half_head       the first bytes of the answer's head, then nothing until the client leaves
instead of the answer
    status          `status`, `headers`, `code`, `message`, or a whole `body` ("<html>" for a proxy's page)
    redirect        to the address `to` (307)
    html            a login page with status 200
the answer's JSON
    json            `changes` laid over the body ("processing for ever": {"status": "in_progress"})
    no_usage        the answer does without usage
    finish_reason   chat completions end with `reason` (None: never)
    endless_list    every page says that there is more, and begins again; with empty=True it has no items
the answer's bytes
    fin, rst        close, or reset, after `at` bytes
    blackhole       nothing more after `at` bytes until the client leaves
    half_close      end the sending side after `at` bytes, without closing
    slow            byte by byte, each after `gate` was set (and cleared again)
    split           in pieces of `size` bytes (1: inside UTF-8 and between CR and LF), or of random sizes
    crlf            lines end with CR LF, and each goes out in two writes between the two
    bom             a byte order mark before everything
    gzip            compressed; with bomb=N that many zero bytes
    garbage         `data` behind the end
    content_type    `kind` in place of the right one
the answer's events
    no_done, double_done      the end marker missing, or twice
    bad_json, nul             the k-th `event` is no JSON, or has a NUL in it
    huge_line                 a comment line of `size` bytes before the k-th `event`
    comments                  a comment line before every event
    after_done                more events after the end
    error_event               an error in place of the k-th `event`, and then the end
    duplicate                 every event twice (or only the k-th `event`)
    reorder                   neighbours swapped, as `seed` chooses
    foreign                   before every event but the first three one of another run
"""

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
