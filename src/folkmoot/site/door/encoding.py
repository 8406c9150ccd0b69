"""What of an answer is compressed, and for whom. (RFC 9110 §12.5.3)"""

import gzip
import zlib
from functools import lru_cache

BEST, QUICK = 6, 1
"""Levels: of what is kept and sent many times, and of what is sent once."""

_KINDS = ("text/html", "text/plain", "text/xml", "application/xml", "application/atom+xml", "application/feed+json")
_LEAST = 600
"""Bytes below which it is not worth it: they fit into one packet."""


@lru_cache(maxsize=1024)
def takes_gzip(accepted: str) -> bool:
    """Whether this Accept-Encoding takes gzip, and does not like the plain bytes better."""
    weights: dict[str, float] = {}
    for part in accepted.lower().split(","):
        coding, _, parameters = part.partition(";")
        weights[coding.strip()] = _weight(parameters)
    gzipped = max(weights.get(coding, -1.0) for coding in ("gzip", "x-gzip"))
    gzipped = weights.get("*", 0.0) if gzipped < 0 else gzipped
    return gzipped > 0 and gzipped >= weights.get("identity", 0.0)


def _weight(parameters: str) -> float:
    name, _, value = parameters.partition("=")
    if name.strip() != "q":
        return 1.0
    try:
        return float(value)
    except ValueError:
        return 0.0


def is_worth_it(kind: str, size: int) -> bool:
    return size >= _LEAST and kind.startswith(_KINDS)


def compress(body: bytes, level: int) -> bytes:
    """The same bytes for the same page: no time stands in them."""
    return gzip.compress(body, level, mtime=0)


def expand(body: bytes) -> bytes:
    return zlib.decompress(body, wbits=31)
