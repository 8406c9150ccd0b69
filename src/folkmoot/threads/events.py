"""What this room can tell."""

from dataclasses import dataclass
from typing import ClassVar

from folkmoot.base.events import Act, Event
from folkmoot.base.pages import EVERYTHING


@dataclass(frozen=True, kw_only=True)
class OfPost(Event):
    post_id: int
    thread_id: int
    forum_id: int
    author_id: int

    def touches(self) -> tuple[str, ...]:
        return (f"thread:{self.thread_id}", f"forum:{self.forum_id}", f"member:{self.author_id}", "latest")


class ThreadStarted(OfPost):
    pass


class Replied(OfPost):
    pass


class Edited(OfPost):
    pass


class FileAttached(OfPost):
    """A file of an old board came after its post."""


class Withdrawn(OfPost):
    """Its author deleted the post."""


class RevisionWithdrawn(OfPost):
    pass


@dataclass(frozen=True, kw_only=True)
class Recommended(OfPost):
    """A recommendation was given or, with `given` False, taken back."""

    given: bool

    def touches(self) -> tuple[str, ...]:
        return (*super().touches(), "greatest")


class PostSwept(OfPost):
    """Removed, or put back, together with all posts of its author."""

    def touches(self) -> tuple[str, ...]:
        return (*super().touches(), "greatest", "home")


@dataclass(frozen=True, kw_only=True)
class OfSweep(Act):
    author_id: int
    post_count: int

    def touches(self) -> tuple[str, ...]:
        return (f"member:{self.author_id}",)


class PostsSwept(OfSweep):
    sentence = "{office} removed the {post_count} posts of an account"


class PostsPutBack(OfSweep):
    sentence = "{office} put back the {post_count} posts of an account"


@dataclass(frozen=True, kw_only=True)
class PostHidden(OfPost, Act):
    sentence: ClassVar[str] = "{office} hid post {post_id}"
    hits: ClassVar[str] = "post_id"

    def touches(self) -> tuple[str, ...]:
        return (*super().touches(), "greatest")


@dataclass(frozen=True, kw_only=True)
class PostRestored(OfPost, Act):
    sentence: ClassVar[str] = "{office} restored post {post_id}"

    def touches(self) -> tuple[str, ...]:
        return (*super().touches(), "greatest")


@dataclass(frozen=True, kw_only=True)
class PostRemoved(OfPost, Act):
    """On legal grounds."""

    sentence: ClassVar[str] = "{office} removed post {post_id} on legal grounds"

    def touches(self) -> tuple[str, ...]:
        return (*super().touches(), "greatest")


@dataclass(frozen=True, kw_only=True)
class PostPurged(OfPost, Act):
    """Its words and files are gone from the database, for good."""

    sentence: ClassVar[str] = "{office} purged the words of post {post_id} for good"

    def touches(self) -> tuple[str, ...]:
        return (*super().touches(), "greatest")


class PostLetIn(PostRestored):
    sentence = "{office} let in post {post_id}, which had waited"


@dataclass(frozen=True, kw_only=True)
class MovedIn(Event):
    """Posts of an old board, told by the ids between which they lie: too many to be told one by one."""

    first_post_id: int
    last_post_id: int

    def touches(self) -> tuple[str, ...]:
        return (EVERYTHING,)


@dataclass(frozen=True, kw_only=True)
class OfThread(Act):
    thread_id: int
    forum_id: int

    def touches(self) -> tuple[str, ...]:
        return (f"thread:{self.thread_id}", f"forum:{self.forum_id}", "latest")


class ThreadLocked(OfThread):
    sentence = "{office} locked thread {thread_id}"
    hits = "thread_id"


class ThreadUnlocked(OfThread):
    sentence = "{office} unlocked thread {thread_id}"


class ThreadPinned(OfThread):
    sentence = "{office} pinned thread {thread_id}"


class ThreadUnpinned(OfThread):
    sentence = "{office} unpinned thread {thread_id}"


@dataclass(frozen=True, kw_only=True)
class ThreadMoved(OfThread):
    """`forum_id` is the forum that it came from, in whose office somebody acted."""

    to_forum_id: int
    sentence: ClassVar[str] = "{office} moved thread {thread_id} from forum {forum_id} to forum {to_forum_id}"
    hits: ClassVar[str] = "thread_id"

    def touches(self) -> tuple[str, ...]:
        return (*super().touches(), f"forum:{self.to_forum_id}", "greatest", "home")


class RulesOverridden(OfThread):
    sentence = "{office} let thread {thread_id} stand against the rules of forum {forum_id}"
