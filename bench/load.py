"""Load on pages: wrk against the site, and nginx with the same bytes as files beside it."""

import gzip
import json
import os
import shutil
import signal
import socket
import subprocess
import tempfile
import time
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from bench.results import Shot

LUA = Path(__file__).with_name("wrk.lua")
CONNECTIONS = 16
NGINX = shutil.which("nginx") or ("/usr/sbin/nginx" if Path("/usr/sbin/nginx").exists() else "")


def wrk(address: str, *, seconds: float, headers: Mapping[str, str]) -> Shot:
    """`wrk -t1 -c16` for so long."""
    command = ["wrk", "-t1", f"-c{CONNECTIONS}", f"-d{max(round(seconds), 1)}s", "-s", str(LUA)]
    for name, value in headers.items():
        command += ["-H", f"{name}: {value}"]
    done = subprocess.run([*command, address], capture_output=True, text=True, check=True, timeout=seconds + 60)
    said = json.loads(done.stdout.strip().splitlines()[-1])
    return Shot(said["requests"] / said["duration"] * 1e6, said["p50"] / 1e3, said["p99"] / 1e3, said["errors"])


def fetch(address: str, headers: Mapping[str, str]) -> bytes:
    """One page; an answer other than 200 raises."""
    with urllib.request.urlopen(urllib.request.Request(address, headers=dict(headers)), timeout=20) as answer:
        body: bytes = answer.read()
        return body


_CONFIGURATION = """
daemon off;
worker_processes {workers};
pid {folder}/nginx.pid;
error_log {folder}/error.log crit;
events {{ worker_connections 256; }}
http {{
  access_log off;
  client_body_temp_path {folder}/body; proxy_temp_path {folder}/proxy; fastcgi_temp_path {folder}/fastcgi;
  uwsgi_temp_path {folder}/uwsgi; scgi_temp_path {folder}/scgi;
  default_type text/html;
  sendfile on;
  keepalive_requests 1000000000;
  gzip_static on;
  server {{ listen 127.0.0.1:{port}; root {folder}/pages; }}
}}
"""


@contextmanager
def nginx(pages: Mapping[str, bytes]) -> Iterator[str]:
    """nginx as an unprivileged user on a free port, a worker a core, serving these pages as files, plain and gzipped
    beforehand. Yields its address, empty where there is no nginx."""
    if not NGINX:
        yield ""
        return
    with tempfile.TemporaryDirectory(prefix="folkmoot-bench-nginx-") as folder, _serving(Path(folder), pages) as address:
        yield address


@contextmanager
def _serving(folder: Path, pages: Mapping[str, bytes]) -> Iterator[str]:
    (folder / "pages").mkdir()
    for name, body in pages.items():
        (folder / "pages" / name).write_bytes(body)
        (folder / "pages" / f"{name}.gz").write_bytes(gzip.compress(body, 9))
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    file = folder / "nginx.conf"
    file.write_text(_CONFIGURATION.format(folder=folder, port=port, workers=os.cpu_count()))
    who: dict[str, int] = {}
    if os.geteuid() == 0:
        import pwd

        nobody = pwd.getpwnam("nobody")
        who = {"user": nobody.pw_uid, "group": nobody.pw_gid}
        for path in (folder, *folder.rglob("*")):
            os.chown(path, nobody.pw_uid, nobody.pw_gid)
    command = [NGINX, "-p", str(folder), "-c", str(file), "-e", str(folder / "error.log")]
    process = subprocess.Popen(command, stderr=subprocess.DEVNULL, extra_groups=[] if who else None, **who)  # type: ignore[call-overload]
    try:
        _wait(port, process)
        yield f"http://127.0.0.1:{port}"
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(timeout=20)


def _wait(port: int, process: "subprocess.Popen[bytes]") -> None:
    for _ in range(100):
        if process.poll() is not None:
            raise RuntimeError(f"nginx ended ({process.returncode})")
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            time.sleep(0.05)
        else:
            return
    raise RuntimeError("nginx does not answer")
