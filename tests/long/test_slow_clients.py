"""Five hundred browsers that send and read a byte at a time do not slow the others down."""

import socket
import threading
import time

import pytest
from tests.wire import Wire

pytestmark = [pytest.mark.long, pytest.mark.no_database]
SLOW, SECONDS = 500, 25


class Slow:
    """Connections that send a head, or a body, one byte a second; or ask for a page and hardly read it."""

    def __init__(self, host: str, port: int, path: str) -> None:
        self.sockets: list[tuple[socket.socket, str]] = []
        self.ended, self.closed = threading.Event(), 0
        for n in range(SLOW):
            connection = socket.create_connection((host, port), timeout=10)
            kind = ("head", "body", "read")[n % 3]
            if kind == "head":
                connection.sendall(b"GET / HTTP/1.1\r\nHost: x\r\nX-Slow: ")
            elif kind == "body":
                connection.sendall(
                    b"POST /sign-in/ HTTP/1.1\r\nHost: x\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: 5000\r\n\r\nlogin="
                )
            else:
                connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 2048)
                connection.sendall(f"GET {path} HTTP/1.1\r\nHost: x\r\n\r\n".encode() * 4)
            connection.setblocking(False)
            self.sockets.append((connection, kind))
        self.thread = threading.Thread(target=self._trickle)
        self.thread.start()

    def _trickle(self) -> None:
        while not self.ended.wait(1.0):
            for connection, kind in self.sockets:
                try:
                    if kind == "read":
                        connection.recv(10)
                    else:
                        connection.send(b"x")
                except BlockingIOError:
                    continue
                except OSError:
                    self.closed += 1

    def end(self) -> None:
        self.ended.set()
        self.thread.join()
        for connection, _ in self.sockets:
            connection.close()


def _quick(base: str, paths: list[str], seconds: float) -> list[float]:
    """How long each of a usual reader's pages takes."""
    took = []
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        for path in paths:
            with Wire(base, timeout=20) as wire:
                started = time.monotonic()
                assert wire.get(path).status == 200
                took.append(time.monotonic() - started)
        time.sleep(0.02)
    return took


def _p95(took: list[float]) -> float:
    return sorted(took)[int(len(took) * 0.95)]


def test_five_hundred_slow_clients_slow_nobody(hard):
    opening = hard.thread()
    for n in range(60):
        hard.gus.write(f"{opening}reply/", text=f"Reply {n} " + "with some words " * 40)
    thread = hard.gus.get(opening).location.split("#")[0]
    paths = ["/", "/latest/", thread]
    _quick(hard.base, paths, 3)
    usual = _quick(hard.base, paths, 10)
    host, port = hard.base.removeprefix("http://").split(":")
    slow = Slow(host, int(port), thread)
    try:
        time.sleep(2)
        beside = _quick(hard.base, paths, SECONDS)
        hard.gus.__exit__()  # idle for longer than the server keeps a connection
        posted = hard.gus.write(f"{opening}reply/", text="Beside slow ones")
    finally:
        slow.end()
    print(
        f"p95 of a page: {_p95(usual) * 1000:.1f} ms usually, {_p95(beside) * 1000:.1f} ms beside {SLOW} slow clients "
        f"({len(beside)} pages, 0 errors)"
    )
    assert posted.status == 302
    assert _p95(beside) < max(2 * _p95(usual), 0.03)
    hard.wait(5)
