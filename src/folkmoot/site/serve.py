"""`folkmoot serve`: a small supervisor without Django.

It keeps two children: granian (a web worker a core) and the task-and-tick worker. A child
that dies is started again; when the supervisor dies, everything dies with it. One serve a data folder, by a lock.
"""

import fcntl
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from types import FrameType
from typing import IO

from folkmoot.site.configuration import Configuration

DRAIN_SECONDS = 8
THREADS = 512
"""Of each web worker; they wait for slow browsers' words, see wsgi.py."""

_FIRST_WAIT, _LONGEST_WAIT = 0.2, 10.0


class Busy(Exception):
    """Why nothing can be served; a sentence."""


@dataclass(slots=True)
class Child:
    name: str
    command: list[str]
    process: subprocess.Popen[bytes] | None = None
    started_at: float = 0.0
    wait: float = _FIRST_WAIT
    due_at: float = 0.0

    def start(self) -> None:
        parent = [sys.executable, "-m", "folkmoot.site.child", str(os.getpid())]
        self.process = subprocess.Popen([*parent, *self.command], start_new_session=True)
        self.started_at = time.monotonic()

    def tend(self) -> None:
        """Start the child again when it died, later each time that it dies young."""
        now = time.monotonic()
        if self.process is None:
            if now >= self.due_at:
                self.start()
        elif self.process.poll() is not None:
            _say(f"{self.name} ended ({self.process.returncode}); starting it again")
            self.kill()  # what it left behind holds the port
            self.wait = _FIRST_WAIT if now - self.started_at > 30 else min(self.wait * 2, _LONGEST_WAIT)
            self.process, self.due_at = None, now + self.wait

    def signal(self, number: signal.Signals) -> None:
        if self.process is not None:
            try:
                os.killpg(self.process.pid, number)
            except ProcessLookupError:
                return

    def end(self) -> None:
        if self.process is not None and self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)

    def kill(self) -> None:
        self.signal(signal.SIGKILL)


def serve(configuration: Configuration, *, banner: Callable[[str], None]) -> int:
    """Serve until SIGTERM or SIGINT; returns the exit code. `banner` is called with the address once it answers."""
    lock = _lock(configuration)
    held = hold_port(configuration)
    port = held.getsockname()[1]
    os.environ.update(PORT=str(port), FOLKMOOT_DATA=str(configuration.data))
    if not configuration.public_url_is_chosen:
        host = f"[{configuration.host}]" if ":" in configuration.host else configuration.host
        os.environ["PUBLIC_URL"] = f"http://{host}:{port}"
    address = os.environ.get("PUBLIC_URL") or configuration.public_url
    folkmoot = [sys.executable, "-m", "folkmoot"]
    subprocess.run([*folkmoot, "migrate"], check=True)
    granian = [
        sys.executable, "-m", "granian", "--interface", "wsgi", "--host", configuration.host, "--port", str(port),
        "--workers", str(configuration.workers), "--blocking-threads", str(THREADS), "--backpressure", "2048",
        "--respawn-failed-workers",
        "--respawn-interval", "0.2",
        "--workers-kill-timeout", str(DRAIN_SECONDS - 2), "--log-level", "error", "--http", "1", "--backlog", "1024",
        "folkmoot.site.wsgi:application",
    ]  # fmt: skip
    children = [Child("web", granian), Child("worker", [*folkmoot, "worker"])]
    asked_to_end = False

    def ask_to_end(number: int, frame: FrameType | None) -> None:
        nonlocal asked_to_end
        asked_to_end = True

    signal.signal(signal.SIGTERM, ask_to_end)
    signal.signal(signal.SIGINT, ask_to_end)
    for child in children:
        child.start()
    announced = False
    while not asked_to_end:
        for child in children:
            child.tend()
        if not announced and _answers(configuration.host, port):
            banner(address)
            announced = True
        time.sleep(0.2)
    _drain(children)
    held.close()
    lock.close()
    return 0


def _drain(children: list[Child]) -> None:
    """Let requests under way finish, then be sure that nothing is left."""
    for child in children:
        child.end()
    until = time.monotonic() + DRAIN_SECONDS
    while time.monotonic() < until and any(c.process is not None and c.process.poll() is None for c in children):
        time.sleep(0.05)
    for child in children:
        child.kill()


def _lock(configuration: Configuration) -> IO[str]:
    file = (configuration.data / "serve.lock").open("a")
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        raise Busy(f"Another folkmoot serve already works in {configuration.data}.") from None
    return file


@contextmanager
def _one_at_a_time() -> Iterator[None]:
    """Two that bind one port at the same instant both get it: it is refused only to whoever comes after the options are
    changed. So those of one user (others cannot share a port) take turns, by a name that the kernel keeps while it is held."""
    with socket.socket(socket.AF_UNIX) as turn:
        until = time.monotonic() + 5
        while sys.platform == "linux" and time.monotonic() < until:
            try:
                turn.bind(f"\0folkmoot-port-{os.getuid()}")
                break
            except OSError:
                time.sleep(0.002)
        yield


def hold_port(configuration: Configuration) -> socket.socket:
    """The port to listen on, bound and kept while the web workers, which share it, are started again and again.

    A port that was not chosen moves on to the next when it is busy. The options are changed after the bind, so that a
    port which closed a moment ago (TIME_WAIT) can be had, and one that anybody holds cannot.
    """
    last = configuration.port if configuration.port_is_chosen else min(configuration.port + 50, 65535)
    for port in range(configuration.port, last + 1):
        held = socket.socket(socket.AF_INET6 if ":" in configuration.host else socket.AF_INET)
        try:
            with _one_at_a_time():
                held.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
                held.bind((configuration.host, port))
                held.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 0)
                held.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
        except OSError:
            held.close()
            continue
        return held
    raise Busy(f"Port {configuration.port} on {configuration.host} is busy. Set PORT to another one.")


def _answers(host: str, port: int) -> bool:
    address = {"0.0.0.0": "127.0.0.1", "::": "[::1]"}.get(host, f"[{host}]" if ":" in host else host)  # noqa: S104
    try:
        with urllib.request.urlopen(f"http://{address}:{port}/healthz", timeout=2) as answer:
            return bool(answer.status == 200)
    except OSError:
        return False


def _say(text: str) -> None:
    print(f"folkmoot: {text}", file=sys.stderr, flush=True)  # noqa: T201
