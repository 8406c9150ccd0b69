"""Every page's reading: one function, one dataclass, a fixed number of SQL queries."""

from folkmoot.threads.queries.feeds import forum_feed, latest_feed, member_feed, thread_feed
from folkmoot.threads.queries.history import history, member_posts, replies_to, waiting
from folkmoot.threads.queries.lists import greatest, latest, newest_moment, of_forum, started_by, with_ids
from folkmoot.threads.queries.reading import mark_read
from folkmoot.threads.queries.thread import first_unread, page_with, thread_index, thread_page, visible_post, visible_thread

__all__ = [
    "first_unread", "forum_feed", "greatest", "history", "latest", "latest_feed", "mark_read", "member_feed", "member_posts",
    "newest_moment", "of_forum", "page_with", "replies_to", "started_by", "thread_feed", "thread_index", "thread_page",
    "visible_post", "visible_thread", "waiting", "with_ids",
]  # fmt: skip
