"""A beacon of one's own, which speaks as drand does: for tests, and for a net without a way out. Whoever holds its key knows
every round beforehand, so a draw by it is reproducible (C), no more.

    python -m folkmoot.juries.beacon.local KEY_FILE [HOST] [PORT]
"""

import hashlib
import json
import os
import re
import secrets
import sys
import time
from functools import cached_property
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from folkmoot.juries.beacon import drand
from folkmoot.juries.beacon.drand import Chain

_ORDER = 0x73EDA753299D7D483339D80809A1D80553BDA402FFFE5BFEFFFFFFFF00000001
"""So many points has the group."""

NAME = "local"


class Beacon:
    """`seed` is chance that tells its chain from others."""

    def __init__(self, *, secret: int, seed: bytes, genesis: int, period: int) -> None:
        self.secret, self.seed, self.genesis, self.period = secret, seed, genesis, period

    @cached_property
    def chain(self) -> Chain:
        from pyblst import BlstP2Element

        key = BlstP2Element().uncompress(drand.GENERATOR).scalar_mul(self.secret).compress()
        named = drand.chain_hash(key, self.genesis, self.period, self.seed, NAME)
        return Chain(named, key, self.genesis, self.period)

    @property
    def info(self) -> dict[str, Any]:
        return {
            "public_key": self.chain.public_key.hex(), "period": self.period, "genesis_time": self.genesis,
            "hash": self.chain.hash, "groupHash": self.seed.hex(), "schemeID": drand.SCHEME, "metadata": {"beaconID": NAME},
        }  # fmt: skip

    def signature(self, round_number: int) -> bytes:
        from pyblst import BlstP1Element

        return bytes(BlstP1Element().hash_to_group(drand.message(round_number), drand.DOMAIN).scalar_mul(self.secret).compress())

    def answer(self, path: str, now: float) -> tuple[int, dict[str, Any]]:
        """Status and JSON for an address, as a relay of drand answers; a round is given when its time has come."""
        match = re.fullmatch(rf"(?:/{self.chain.hash})?/(info|public/[1-9][0-9]{{0,15}})", path)
        if match is None:
            return 404, {"error": "There is no such address."}
        if match[1] == "info":
            return 200, self.info
        number = int(match[1].removeprefix("public/"))
        if now < self.genesis + (number - 1) * self.period:
            return 425, {"error": "This round is not there yet."}
        signature = self.signature(number)
        return 200, {"round": number, "randomness": hashlib.sha256(signature).hexdigest(), "signature": signature.hex()}


def new(*, period: int = 3) -> Beacon:
    secret = secrets.randbelow(_ORDER - 1) + 1
    return Beacon(secret=secret, seed=secrets.token_bytes(32), genesis=int(time.time()) - period, period=period)


def kept(path: Path) -> Beacon:
    """The beacon of this file, made the first time; nobody else on the machine can read it."""
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        said = json.loads(path.read_text(encoding="ascii"))
        return Beacon(
            secret=int(said["secret"], 16), seed=bytes.fromhex(said["seed"]), genesis=said["genesis"], period=said["period"]
        )
    made = new()
    with os.fdopen(handle, "w") as file:
        json.dump({"secret": f"{made.secret:x}", "seed": made.seed.hex(), "genesis": made.genesis, "period": made.period}, file)
    return made


class _Relay(BaseHTTPRequestHandler):
    beacon: Beacon

    def do_GET(self) -> None:
        status, said = self.beacon.answer(self.path, time.time())
        body = json.dumps(said).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: Any) -> None:
        """Nobody is noted down."""


def server(beacon: Beacon, host: str, port: int) -> ThreadingHTTPServer:
    return ThreadingHTTPServer((host, port), type("Relay", (_Relay,), {"beacon": beacon}))


if __name__ == "__main__":
    _file, _host, _port = [*sys.argv[1:], *("127.0.0.1", "8471")[len(sys.argv) - 2 :]]
    _beacon = kept(Path(_file))
    sys.stdout.write(f"DRAND_RELAYS=http://{_host}:{_port}\nDRAND_CHAIN={json.dumps(_beacon.info)}\n")
    sys.stdout.flush()
    server(_beacon, _host, int(_port)).serve_forever()
