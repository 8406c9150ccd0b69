"""How many pages a network may have made for it: a token bucket each. Stored pages cost nothing and are not counted.

A network is what an outsider can hardly change: a /24 of IPv4, a /56 of IPv6. Addresses that are not public (this machine,
a proxy that nobody named in TRUSTED_PROXIES) are never limited: behind one of them everybody may be.
"""

import ipaddress
import threading
from collections import OrderedDict

BURST_SECONDS = 20
"""A bucket holds so many seconds' tokens: somebody who opens twenty tabs is no crawler."""


class Buckets:
    def __init__(self, rate: float, *, size: int = 20_000) -> None:
        """`rate` in pages a second; the `size` networks seen last are remembered."""
        self.rate, self.burst, self.size = rate, rate * BURST_SECONDS, size
        self._tokens: OrderedDict[str, tuple[float, float]] = OrderedDict()
        self._lock = threading.Lock()

    def take(self, network: str, now: float) -> float:
        """Take a token; 0, or the seconds until there is one."""
        with self._lock:
            tokens, at = self._tokens.pop(network, (self.burst, now))
            tokens = min(self.burst, tokens + max(now - at, 0) * self.rate)
            wait = 0.0 if tokens >= 1 else (1 - tokens) / self.rate
            self._tokens[network] = (tokens if wait else tokens - 1, now)
            if len(self._tokens) > self.size:
                self._tokens.popitem(last=False)
        return wait


def is_public(address: str) -> bool:
    try:
        return ipaddress.ip_address(address).is_global
    except ValueError:
        return False
