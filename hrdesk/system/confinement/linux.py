"""Linux: resource limits, a network namespace without a network, and process groups.

A new network namespace has no interface but a loopback that is down, so nothing can be reached, not even this
computer. An ordinary user needs a new user namespace with it; where a system forbids that (some containers,
some hardened distributions), Landlock denies TCP (kernel 6.7 and later), and with neither the child keeps
its network: `network` says which it was.
"""

import ctypes
import os
import subprocess
import sys
from contextlib import suppress
from enum import StrEnum
from pathlib import Path

from hrdesk.system.confinement import posix
from hrdesk.system.confinement.limits import Limits
from hrdesk.system.confinement.posix import START

assert sys.platform != "win32" and sys.platform != "darwin"

__all__ = ["START", "GroupHold", "Network", "confine", "hold"]

_NEW_USER, _NEW_NETWORK = 0x10000000, 0x40000000
_NO_NEW_PRIVILEGES = 38
# The same numbers on all architectures.
_CREATE_RULESET, _RESTRICT_SELF = 444, 446
_ASK_VERSION, _KNOWS_TCP = 1, 4
_BIND_TCP, _CONNECT_TCP = 1, 2


class Network(StrEnum):
    """What a child that was confined can reach."""

    NOTHING = "nothing"
    NO_TCP = "no TCP"
    OPEN = "all"


class GroupHold(posix.GroupHold):
    """Holds a child by its process group; asks after its end without giving its number free."""

    def has_ended(self) -> bool:
        """Whether the child has ended; until it is waited for, its group can still be killed."""
        if self._process.returncode is not None:
            return True
        try:
            ended = os.waitid(os.P_PID, self._process.pid, os.WEXITED | os.WNOHANG | os.WNOWAIT)
        except ChildProcessError:
            return True
        return ended is not None


def hold(process: "subprocess.Popen[bytes]", limits: Limits) -> GroupHold:
    """Take hold of a child that was started with `START`; it has set its limits itself."""
    del limits
    return GroupHold(process)


def confine(limits: Limits) -> Network:
    """Give up rights, network and resources for good. Call before the first thread and the first file."""
    parent = os.getppid()
    libc = ctypes.CDLL(None, use_errno=True)
    libc.prctl(_NO_NEW_PRIVILEGES, 1, 0, 0, 0)
    network = _leave_network(libc)
    posix.bound(limits)
    posix.end_with_parent(parent)
    return network


def _leave_network(libc: ctypes.CDLL) -> Network:
    if libc.unshare(_NEW_NETWORK) == 0:  # who may do that needs no user namespace
        return Network.NOTHING
    user, group = os.getuid(), os.getgid()
    if libc.unshare(_NEW_USER | _NEW_NETWORK) == 0:
        _keep_identity(user, group)
        return Network.NOTHING
    return _deny_tcp(libc)


def _keep_identity(user: int, group: int) -> None:
    """Let the numbers of user and group mean the same in the new user namespace; cosmetic, so not needed."""
    own = Path("/proc/self")
    with suppress(OSError):
        (own / "setgroups").write_text("deny")
        (own / "uid_map").write_text(f"{user} {user} 1")
        (own / "gid_map").write_text(f"{group} {group} 1")


class _Ruleset(ctypes.Structure):
    _fields_ = (("files", ctypes.c_uint64), ("network", ctypes.c_uint64))


def _deny_tcp(libc: ctypes.CDLL) -> Network:
    """Deny this process and its children every TCP connection, as far as the kernel knows how."""
    if libc.syscall(_CREATE_RULESET, None, ctypes.c_size_t(0), _ASK_VERSION) < _KNOWS_TCP:
        return Network.OPEN
    rules = _Ruleset(0, _BIND_TCP | _CONNECT_TCP)
    ruleset = libc.syscall(_CREATE_RULESET, ctypes.byref(rules), ctypes.c_size_t(ctypes.sizeof(rules)), 0)
    if ruleset < 0:
        return Network.OPEN
    try:
        return Network.NO_TCP if libc.syscall(_RESTRICT_SELF, ruleset, 0) == 0 else Network.OPEN
    finally:
        os.close(ruleset)
