"""A real PostgreSQL server for the tests: started as an unprivileged user, on a free port, gone afterwards."""

import os
import pwd
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


def find_postgres() -> Path | None:
    """The folder with `initdb` and `pg_ctl` of a PostgreSQL 15 or newer."""
    candidates = [*sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda p: int(p.parent.name), reverse=True)]
    found = shutil.which("initdb")
    if found:
        candidates.append(Path(found).parent)
    for folder in candidates:
        if (folder / "initdb").exists() and (folder / "pg_ctl").exists() and _version(folder) >= 15:
            return folder
    return None


def _version(folder: Path) -> int:
    said = subprocess.run([folder / "initdb", "--version"], capture_output=True, text=True, check=False).stdout
    digits = said.rsplit(" ", 1)[-1].split(".")[0].strip() if said else "0"
    return int("".join(c for c in said.split(")")[-1].split(".")[0] if c.isdigit()) or digits or 0)


@contextmanager
def running_postgres() -> Iterator[str]:
    """Yields the server's address without a database: postgresql://postgres@127.0.0.1:PORT"""
    folder = find_postgres()
    if folder is None:
        raise RuntimeError("there is no PostgreSQL 15 or newer")
    where = Path(tempfile.mkdtemp(prefix="folkmoot-postgres-"))
    user: dict[str, object] = {}
    if os.geteuid() == 0:  # initdb refuses root
        nobody = pwd.getpwnam("postgres" if _has_user("postgres") else "nobody")
        os.chown(where, nobody.pw_uid, nobody.pw_gid)
        user = {"user": nobody.pw_uid, "group": nobody.pw_gid, "extra_groups": []}
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    data = where / "data"

    def run(*command: object) -> None:
        environ = {"PATH": os.environ["PATH"], "LC_ALL": "C.UTF-8", "HOME": str(where)}
        done = subprocess.run(
            list(map(str, command)), cwd=where, env=environ, capture_output=True, text=True, check=False, **user
        )  # type: ignore[call-overload]
        if done.returncode:
            raise RuntimeError(f"{command[0]} failed: {done.stdout}{done.stderr}")

    run(folder / "initdb", "-D", data, "-U", "postgres", "-A", "trust", "-E", "UTF8", "--no-sync")
    settings = {"listen_addresses": "127.0.0.1", "unix_socket_directories": where, "fsync": "off", "max_connections": 60}
    options = f"-p {port} " + " ".join(f"-c {name}={value}" for name, value in settings.items())
    run(folder / "pg_ctl", "-D", data, "-o", options, "-l", where / "log", "-w", "start")
    try:
        yield f"postgresql://postgres@127.0.0.1:{port}"
    finally:
        run(folder / "pg_ctl", "-D", data, "-m", "immediate", "-w", "stop")
        shutil.rmtree(where, ignore_errors=True)


def _has_user(name: str) -> bool:
    try:
        pwd.getpwnam(name)
    except KeyError:
        return False
    return True
