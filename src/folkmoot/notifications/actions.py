"""Telling members: of posts, recommendations and juries; what they follow, and how they want to be told."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from typing import Any

from django.db import transaction
from django.db.models import F, QuerySet

from folkmoot.base.time import now_moment
from folkmoot.forums.models import Forum
from folkmoot.juries.actions.serve import OPEN
from folkmoot.juries.models import Seat
from folkmoot.members.models import Member
from folkmoot.notifications import letters, rules
from folkmoot.notifications.models import SUMMONS, Choice, Digest, Due, Notification, Subscription
from folkmoot.notifications.rules import Kind, Level, Told, Way
from folkmoot.threads.models import Post, State, Text, Thread


@transaction.atomic
def note_due(post_id: int, what: str) -> None:
    """In the action's own transaction; whom it concerns is looked up later, so that nobody who posts waits for it."""
    Due.objects.create(post_id=post_id, what=what, made_at=datetime.now(UTC))


@transaction.atomic
def forget_due(before: int) -> None:
    """Nobody is told of posts from before this moment that are still waiting."""
    Due.objects.filter(post__moment__lt=before).delete()


@transaction.atomic
def tell_due(due_id: int) -> None:
    """Tell everybody whom this concerns, once."""
    due = Due.objects.select_for_update(no_key=True, of=("self",)).filter(pk=due_id).select_related("post__thread").first()
    if due is None:
        return
    post = due.post
    if post.state == State.VISIBLE:
        _note(_told(post, due.what), post=post, by=None if due.what == Due.What.RECOMMENDED else post.author_id)
    due.delete()


def _told(post: Post, what: str) -> Mapping[int, Told]:
    if what == Due.What.RECOMMENDED:
        return {post.author_id: Told(Kind.RECOMMENDED)}
    source = Text.objects.values_list("source", flat=True).filter(post=post).first() or ""
    mentions = frozenset(pk for name in rules.mentioned(source) for pk in Member.objects.named(name).values_list("pk", flat=True))
    if what == Due.What.EDITED:
        earlier = Notification.objects.filter(post=post, kind__in=(Kind.MENTION, Kind.REPLY)).values_list("member", flat=True)
        return {member: Told(Kind.MENTION) for member in mentions - set(earlier) - {post.author_id}}
    threads = Subscription.objects.filter(thread=post.thread_id).values_list("member", "level")
    forums = Subscription.objects.filter(forum=post.forum_id).values_list("member", "level")
    return rules.told_of_post(
        author=post.author_id, thread_author=post.thread.author_id, answered=post.answered_id, mentions=mentions,
        is_opening=post.parent_id is None, thread_levels=dict(threads), forum_levels=dict(forums),
    )  # fmt: skip


@transaction.atomic
def tell_of_jury(member_ids: Iterable[int], *, key: str, address: str) -> None:
    """A summons, or what a jury found: `key` is the same for what is told together."""
    _note({pk: Told(Kind.JURY) for pk in member_ids}, key=key, address=address)


def _note(told: Mapping[int, Told], *, post: Post | None = None, by: int | None = None, key: str = "", address: str = "") -> None:
    """Write down what each of them is told: a new line, or one more of a line that they have not seen."""
    if not told:
        return
    moment = post.moment if by and post else now_moment()
    members = Member.objects.select_for_update(no_key=True).filter(pk__in=told, banned_at=None, claimable=False).order_by("pk")
    found = {member.pk: member for member in members}  # held, so that nobody else writes the same line
    choices = Choice.objects.filter(member__in=found).values_list("member", "kind", "way")
    ways = {(pk, kind): way for pk, kind, way in choices}
    lines: dict[str, list[int]] = defaultdict(list)
    for pk in found:
        kind = told[pk].kind
        if ways.get((pk, kind)) != Way.NONE:
            line = rules.key_of(kind, post.pk, thread_id=post.thread_id, forum_id=post.forum_id) if post else key
            lines[line].append(pk)
    for line, ids in lines.items():
        unseen = Notification.objects.filter(member__in=ids, key=line, seen_at=None)
        have = set(unseen.values_list("member", flat=True))
        unseen.filter(member__in=[pk for pk in have if told[pk].counts]).update(count=F("count") + 1, moment=moment, by=by)
        new = [pk for pk in ids if pk not in have]
        made = Notification.objects.bulk_create(
            Notification(
                member_id=pk, kind=told[pk].kind, key=line, post=post, by_id=by, address=address, moment=moment,
                mailing=Notification.Mailing.DIGEST if ways.get((pk, told[pk].kind)) == Way.DIGEST else "",
            )
            for pk in new
        )  # fmt: skip
        Member.objects.filter(pk__in=new).update(unseen_count=F("unseen_count") + 1)
        for one in made:
            if ways.get((one.member_id, one.kind)) == Way.MAIL:
                letters.send_one(one, found[one.member_id])


@transaction.atomic
def see(member: Member, *, only: int | None = None) -> None:
    """The member has seen one line, or all."""
    lines = Notification.objects.filter(member=member)
    _see(member.pk, lines if only is None else lines.filter(pk=only))


@transaction.atomic
def see_read(member_id: int, places: Mapping[int, int]) -> None:
    """What stands in threads that the member has read as far as this is seen."""
    lines = Notification.objects.filter(member=member_id, seen_at=None, post__thread__in=places).exclude(kind=Kind.RECOMMENDED)
    found = lines.values_list("pk", "post__thread", "post__number")
    read = [pk for pk, thread, number in found if number is not None and number <= places[thread]]
    if read:
        _see(member_id, Notification.objects.filter(pk__in=read))


@transaction.atomic
def see_answered(member_id: int) -> None:
    """A summons that asks nothing any more is seen: it was answered, or its time is over."""
    lines = Notification.objects.filter(member=member_id, seen_at=None, key__startswith=SUMMONS).values_list("pk", "key")
    asked = set(Seat.objects.filter(member=member_id, jury__decided_at=None, state__in=OPEN).values_list("jury", flat=True))
    over = [pk for pk, key in lines if int(key.partition(":")[2]) not in asked]
    if over:
        _see(member_id, Notification.objects.filter(pk__in=over))


def _see(member_id: int, lines: QuerySet[Notification]) -> None:
    Member.objects.select_for_update(no_key=True).get(pk=member_id)
    lines.filter(seen_at=None).update(seen_at=datetime.now(UTC))
    unseen = Notification.objects.filter(member=member_id, seen_at=None).count()
    Member.objects.filter(pk=member_id).update(unseen_count=unseen)


@transaction.atomic
def follow_thread(thread: Thread, *, by: Member, level: str) -> None:
    """`level`: one of rules.Level; empty, the usual: only what answers or names the member, and all of their own threads."""
    _follow(by, level, thread=thread)


@transaction.atomic
def follow_forum(forum: Forum, *, by: Member, level: str) -> None:
    _follow(by, level, forum=forum)


def _follow(by: Member, level: str, **what: Any) -> None:
    if level:
        Subscription.objects.update_or_create(member=by, **what, defaults={"level": Level(level)})
    else:
        Subscription.objects.filter(member=by, **what).delete()


@transaction.atomic
def choose(member: Member, *, ways: Mapping[str, str], every: str) -> None:
    """How the member is told of each kind, and how often a digest comes, if anything comes by it."""
    for kind, way in ways.items():
        Choice.objects.update_or_create(member=member, kind=Kind(kind), defaults={"way": Way(way)})
    if Way.DIGEST in ways.values():
        digest, made = Digest.objects.get_or_create(member=member, defaults={"every": every, "sent_at": datetime.now(UTC)})
        if not made and digest.every != every:
            Digest.objects.filter(pk=member.pk).update(every=every)
    else:
        _end_digest(member.pk)


def _end_digest(member_id: int) -> None:
    Digest.objects.filter(member=member_id).delete()
    Notification.objects.filter(member=member_id, mailing=Notification.Mailing.DIGEST).update(mailing="")


@transaction.atomic
def stop_mail(member_id: int, kind: str) -> None:
    """From a letter's own link: no letter of this kind any more; on the site it goes on. Of the digest: none at all."""
    mine = Choice.objects.filter(member=member_id)
    mine = mine.filter(way=Way.DIGEST) if kind == "digest" else mine.filter(kind=kind, way=Way.MAIL)
    mine.update(way=Way.SITE)
    if kind == "digest":
        _end_digest(member_id)


@transaction.atomic
def send_digest(member_id: int, *, now: datetime) -> bool:
    """One letter of all that waits for it; none when nothing does. Returns whether there was one."""
    member = Member.objects.select_for_update(no_key=True).get(pk=member_id)
    waiting = Notification.objects.filter(member=member, mailing=Notification.Mailing.DIGEST)
    lines = list(waiting.select_related("post__thread", "post__forum", "by").order_by("-moment")[: letters.LINES])
    Digest.objects.filter(member=member).update(sent_at=now)
    waiting.update(mailing="")
    if lines:
        letters.send_digest(member, lines)
    return bool(lines)


@transaction.atomic
def forget_seen(before: datetime) -> int:
    """What was seen so long ago goes."""
    return Notification.objects.filter(seen_at__lt=before).delete()[0]
