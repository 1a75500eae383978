"""A real Secret Service for tests: gnome-keyring on a D-Bus session bus of its own, with its own home."""

import gc
import os
import shutil
import signal
import subprocess
import tempfile
import threading
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

# No service directories: nothing but our daemon can be started, above all no password window.
_BUS = """<!DOCTYPE busconfig PUBLIC "-//freedesktop//DTD D-Bus Bus Configuration 1.0//EN"
 "http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd">
<busconfig>
  <type>session</type>
  <listen>unix:path={socket}</listen>
  <policy context="default">
    <allow send_destination="*" eavesdrop="true"/>
    <allow eavesdrop="true"/>
    <allow own="*"/>
  </policy>
</busconfig>
"""


@dataclass(frozen=True)
class KeyringService:
    """The running daemon; `DBUS_SESSION_BUS_ADDRESS` leads to it."""

    daemon: "subprocess.Popen[bytes]"

    def freeze(self) -> None:
        """Stop the daemon in its tracks: calls get no answer."""
        self.daemon.send_signal(signal.SIGSTOP)

    def thaw(self) -> None:
        """Let the daemon go on."""
        self.daemon.send_signal(signal.SIGCONT)

    def lock(self) -> None:
        """Lock the collection; nobody is there to unlock it."""
        import secretstorage

        with closing(secretstorage.dbus_init()) as bus:
            secretstorage.get_default_collection(bus).lock()


@pytest.fixture
def keyring_service(monkeypatch: pytest.MonkeyPatch) -> Iterator[KeyringService]:
    """Start the service, unlocked and empty."""
    for program in ("dbus-daemon", "gnome-keyring-daemon"):
        if shutil.which(program) is None:
            pytest.skip(f"{program} is not installed, so there is no real key store to test with.")
    with ExitStack() as stack:
        # A socket's path may have 107 characters at most, so not pytest's own long folder.
        home = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="keyring-")))
        _start_bus(stack, home)
        monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", f"unix:path={home}/bus")
        with _owner_of("org.freedesktop.secrets"):
            service = KeyringService(_start_daemon(stack, home))
        yield service
        service.thaw()
        for thread in threading.enumerate():
            if thread.name == "key store":
                thread.join(10)
        gc.collect()  # sockets that the keyring package leaves open when a collection is locked


def _start_bus(stack: ExitStack, home: Path) -> None:
    configuration = home / "bus.conf"
    configuration.write_text(_BUS.format(socket=home / "bus"))
    command = ["dbus-daemon", f"--config-file={configuration}", "--print-address", "--nofork", "--nopidfile"]
    bus = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
    stack.callback(_end, bus)
    assert bus.stdout is not None and bus.stdout.readline(), "the bus did not start"


def _start_daemon(stack: ExitStack, home: Path) -> "subprocess.Popen[bytes]":
    environment = {
        "PATH": os.environ["PATH"],
        "HOME": str(home),
        "XDG_RUNTIME_DIR": str(home),
        "XDG_DATA_HOME": str(home / "data"),
        "DBUS_SESSION_BUS_ADDRESS": f"unix:path={home}/bus",
    }
    command = ["gnome-keyring-daemon", "--unlock", "--components=secrets", "--foreground"]
    daemon = subprocess.Popen(
        [*command, f"--control-directory={home / 'control'}"],
        stdin=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        env=environment,
    )
    stack.callback(_end, daemon)
    assert daemon.stdin is not None
    daemon.stdin.write(b"password of the test")
    daemon.stdin.close()
    return daemon


@contextmanager
def _owner_of(name: str) -> Iterator[None]:
    """Wait until what was started inside has taken `name` on the bus."""
    from jeepney import MatchRule, message_bus  # type: ignore[import-untyped]
    from jeepney.io.blocking import Proxy, open_dbus_connection  # type: ignore[import-untyped]

    rule = MatchRule(
        type="signal",
        interface=message_bus.interface,
        member="NameOwnerChanged",
        path=message_bus.object_path,
    )
    rule.add_arg_condition(0, name)
    with closing(open_dbus_connection()) as bus, bus.filter(rule) as changes:
        Proxy(message_bus, bus).AddMatch(rule)
        yield
        bus.recv_until_filtered(changes, timeout=20)


def _end(process: "subprocess.Popen[bytes]") -> None:
    process.kill()
    process.wait()
    if process.stdout is not None:
        process.stdout.close()
