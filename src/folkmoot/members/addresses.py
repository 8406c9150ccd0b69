"""The address of a member's page, made without the URL resolver: a page shows hundreds."""

from functools import lru_cache
from urllib.parse import quote


@lru_cache(maxsize=8192)
def member_address(name: str) -> str:
    return f"/members/{quote(name)}/"
