"""The address of a member's page, made without the URL resolver: a page shows hundreds. And the network of a machine's."""

import ipaddress
from functools import lru_cache
from urllib.parse import quote


@lru_cache(maxsize=8192)
def member_address(name: str) -> str:
    return f"/members/{quote(name)}/"


def network_of(address: str) -> str:
    """A /24 of IPv4, a /56 of IPv6: what one household or office has, and no single machine's address."""
    try:
        ip = ipaddress.ip_address(address)
    except ValueError:
        return "unknown"
    return str(ipaddress.ip_network((ip, 24 if ip.version == 4 else 56), strict=False))
