"""Starting a thread and replying."""

from datetime import datetime

from django.db import IntegrityError, transaction
from django.db.models import Max

from folkmoot.base import markup
from folkmoot.base.events import tell
from folkmoot.base.rows import Columns, row, run
from folkmoot.base.time import SECOND, now_moment, to_datetime
from folkmoot.forums.models import Forum
from folkmoot.members.models import Member
from folkmoot.threads import events, rules
from folkmoot.threads.actions.news import keep_article, obey, rules_of
from folkmoot.threads.actions.place import arrive
from folkmoot.threads.actions.wait import why_wait
from folkmoot.threads.models import Fragment, LockedOut, Post, State, Text, Thread

_MEMBER, _THREAD, _POST = Columns(Member, "m"), Columns(Thread, "t"), Columns(Post, "p")
_FORUM = (
    "SELECT c.is_retired, f.newcomers_wait FROM forums_forum f JOIN forums_category c ON c.id = f.category_id WHERE f.id = %s"
)


@transaction.atomic
def start_thread(
    forum: Forum,
    *,
    by: Member,
    subject: str,
    text: str,
    article: rules.Facts | None = None,
    override: str = "",
    key: str | None = None,
    moment: int | None = None,
    network: str = "",
) -> Post:
    """Start a thread; returns its opening post. `key` is the form's: the same key again returns the same post. `network`:
    from which it comes, as far as that is known.

    A forum with posting rules judges the `article` (age at the post's own moment); `override` is an office's reason to
    let it stand all the same.
    """
    by = _MEMBER.get(by.pk, held=True)
    if made := posted_before(by, key):
        return made
    rules.may_start(by, forum, retired=forum.category.is_retired).or_refuse()
    rules.may_say(subject, text).or_refuse()
    rule_set, let = rules_of(forum.pk), None
    if rule_set or article:
        article, now = article or rules.Facts(), moment or now_moment()
        let = obey(article, rule_set, forum_id=forum.pk, by=by, subject=subject, text=text, override=override, now=now)
    waits = why_wait(
        by, forum.pk, forum_holds=forum.newcomers_wait, subject=subject, text=text, link=article.link if article else "",
        network=network,
    )  # fmt: skip
    state = State.PENDING if waits else State.VISIBLE
    subject = subject_of(subject, text)
    thread = Thread(
        forum=forum, author=by, last_author=by, subject=subject, state=state, listed=state == State.VISIBLE,
        moment=0, last_moment=0,
    )  # fmt: skip
    thread.moment = thread.last_moment = moment or now_moment()
    thread.save()
    post = Post(
        thread=thread, forum=forum, author=by, number=0, depth=0, place=0, subject=subject, state=state, key=key,
        waits_because=waits,
    )  # fmt: skip
    save_new(post, text, moment, html=markup.render(text))
    Thread.objects.filter(pk=thread.pk).update(opening=post, moment=post.moment, last_moment=post.moment)
    if article:
        keep_article(post, article, let)
    if state == State.VISIBLE:
        count_thread(forum.pk, 1)
        count_post(post, 1)
        tell(events.ThreadStarted(**of(post)))
    return post


def reply(
    to: Post, *, by: Member, subject: str, text: str, key: str | None = None, moment: int | None = None, network: str = ""
) -> Post:
    """Answer a post. `key` is the form's: the same key again returns the same post. `network`: from which it comes."""
    rules.may_say(subject, text).or_refuse()
    html = markup.render(text)  # before the transaction: SQLite has one writer at a time
    return _reply(to, by, subject, text, html, key, moment, network)


@transaction.atomic
def _reply(to: Post, by: Member, subject: str, text: str, html: str, key: str | None, moment: int | None, network: str) -> Post:
    by = _MEMBER.get(by.pk, held=True)
    if made := posted_before(by, key):
        return made
    thread, to = _THREAD.get(to.thread_id, held=True), _POST.get(to.pk)
    retired, holds = row(_FORUM, [thread.forum_id]) or (False, False)
    out_until = LockedOut.objects.until(thread.pk, by.pk, now())
    rules.may_reply(by, thread, to, retired=bool(retired), out_until=out_until).or_refuse()
    post = Post(
        thread=thread, forum_id=thread.forum_id, author=by, parent=to, answered_id=to.author_id,
        subject=subject_of(subject, text), key=key,
    )  # fmt: skip
    post.waits_because = why_wait(by, thread.forum_id, forum_holds=bool(holds), subject=subject, text=text, network=network)
    if post.waits_because:
        post.state = State.PENDING
        save_new(post, text, moment, html=html)
        return post
    arrive(post, thread)
    save_new(post, text, moment, html=html)
    count_reply(thread, post)
    tell(events.Replied(**of(post)))
    return post


def locked(post: Post) -> Post:
    """The post as it is now, its row and its author's held to the end of the transaction. Locks are always taken in
    the order author, post, thread, so that no two actions wait for each other. (no_key: PostgreSQL checks foreign keys
    at the commit, with a lock that a plain FOR UPDATE of somebody else would hold up.)"""
    _MEMBER.get(post.author_id, held=True)
    held = Post.objects.select_for_update(of=("self",), no_key=True).select_related("forum__category", "parent")
    return held.get(pk=post.pk)


def posted_before(by: Member | None, key: str | None) -> Post | None:
    """The post that this form made already. To rely on it, the caller holds the author's row lock."""
    return _POST.first("p.author_id = %s AND p.key = %s", [by.pk, key]) if by and key else None


def subject_of(subject: str, text: str) -> str:
    return " ".join(subject.split()) or markup.first_words(text) or "…"


def save_new(post: Post, text: str, moment: int | None, *, html: str) -> None:
    """Save the post with its text and fragment (`html` is the text, rendered). Moments are unique: whoever comes second
    takes the next free microsecond, even of a clock that stands still."""
    post.has_text = bool(text.strip())
    post.moment = moment or now_moment()
    while True:
        try:
            with transaction.atomic():
                post.save(force_insert=True)
            break
        except IntegrityError:
            near = Post.objects.filter(moment__gte=post.moment, moment__lt=post.moment + SECOND)
            last = near.aggregate(last=Max("moment"))["last"]
            if last is None:
                raise
            post.moment = last + 1
    Text.objects.create(post=post, source=text)
    Fragment.objects.create(post=post, html=html, render_version=markup.RENDER_VERSION)


def count_post(post: Post, by: int) -> None:
    """Count a visible post onto (or, with -1, off) its author and forum."""
    run("UPDATE members_member SET post_count = post_count + %s WHERE id = %s", [by, post.author_id])
    run("UPDATE forums_forum SET post_count = post_count + %s WHERE id = %s", [by, post.forum_id])


def count_thread(forum_id: int, by: int) -> None:
    run("UPDATE forums_forum SET thread_count = thread_count + %s WHERE id = %s", [by, forum_id])


def count_reply(thread: Thread, post: Post) -> None:
    """A visible reply kicks its thread."""
    count_post(post, 1)
    run(
        "UPDATE threads_thread SET reply_count = reply_count + 1, last_moment = %s, last_author_id = %s WHERE id = %s",
        [post.moment, post.author_id, thread.pk],
    )


def of(post: Post) -> dict[str, int]:
    """The ids that every event of a post carries."""
    return {
        "post_id": post.pk, "thread_id": post.thread_id, "forum_id": post.forum_id, "author_id": post.author_id,
    }  # fmt: skip


def now() -> datetime:
    return to_datetime(now_moment())
