"""The addresses of threads and posts, made without the URL resolver: a page shows hundreds."""

from functools import lru_cache
from urllib.parse import quote

from django.utils.text import slugify

_PAGES = {"feature", "index", "keep", "last", "lock", "pin", "unfeature", "unlock", "unpin", "unread"}
"""What stands behind a thread's number and is no slug."""


@lru_cache(maxsize=8192)
def slug_of(subject: str) -> str:
    slug = slugify(subject)[:60].strip("-") or "thread"
    return f"{slug}-thread" if slug in _PAGES else slug


def shown_subject(subject: str, state: str) -> str:
    """A thread's subject as everybody may read it: words that are hidden stay out of titles and addresses too."""
    if state == "visible" or state == "pending":
        return subject
    return "(deleted by its author)" if state == "withdrawn" else "(hidden thread)"


def thread_address(thread_id: int, shown: str, page: int = 1, number: int | None = None) -> str:
    address = f"/threads/{thread_id}/{slug_of(shown)}/"
    if page > 1:
        address += f"?page={page}"
    return address if number is None else f"{address}#p{number}"


def post_address(post_id: int) -> str:
    return f"/posts/{post_id}/"


def attachment_address(attachment_id: int, name: str) -> str:
    return f"/attachments/{attachment_id}/{quote(name, safe='')}"
