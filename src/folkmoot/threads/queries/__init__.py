"""Every page's reading: one function, one dataclass, a fixed number of SQL queries."""

from folkmoot.threads.queries.history import history, member_posts, replies_to, waiting
from folkmoot.threads.queries.lists import greatest, latest, of_forum, started_by, with_ids
from folkmoot.threads.queries.reading import mark_read
from folkmoot.threads.queries.thread import first_unread, page_with, thread_index, thread_page, visible_thread

__all__ = [
    "first_unread", "greatest", "history", "latest", "mark_read", "member_posts", "of_forum", "page_with", "replies_to",
    "started_by", "thread_index", "thread_page", "visible_thread", "waiting", "with_ids",
]  # fmt: skip
