"""Anything that may happen in a community, in any order: steps for histories at random. A step that is refused changes nothing."""

import contextlib
import io
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from uuid import uuid4

from allauth.mfa.models import Authenticator

from folkmoot.base.answers import Refused
from folkmoot.base.time import HOUR, now_moment
from folkmoot.forums import actions as forums
from folkmoot.forums.models import Category, Forum
from folkmoot.forums.rules import RuleSet
from folkmoot.hosts import actions as hosts
from folkmoot.hosts.models import ForumBlock, HostSeat, Revocation
from folkmoot.hosts.tasks import keep_night_watch, keep_time
from folkmoot.juries import actions as juries
from folkmoot.juries.models import Case, Jury
from folkmoot.juries.queries.acts import hit_by
from folkmoot.juries.tasks import sweep
from folkmoot.ledger.actions import drain
from folkmoot.ledger.models import OutboxEntry
from folkmoot.legal import actions as legal
from folkmoot.legal.models import Removal
from folkmoot.members import actions as members
from folkmoot.members.models import Member, NightWatch
from folkmoot.site import actions as site
from folkmoot.site.recount import recount
from folkmoot.site.tasks import prune_touches
from folkmoot.standards.models import Standard
from folkmoot.stars import actions as stars
from folkmoot.threads import actions
from folkmoot.threads.actions import MovedPost, MovedThread
from folkmoot.threads.models import Post, Recommendation, Revision
from folkmoot.threads.tasks import bring_views_over, refresh_shown_counts
from tests.ballots import BALLOTS
from tests.town import WHY, Town


def _form(town: Town, n: int, path: str, **fields: str) -> None:
    """By the form that everybody has."""
    answer = town.browsers[town.member(n).pk].post(path, {"key": str(uuid4()), **fields})
    assert answer.status_code in (302, 403, 404, 422, 200), answer.status_code


def _import(town: Town, n: int) -> None:
    old = members.move_in(f"old.hand{n}", joined=datetime(2009, 5, 1, tzinfo=UTC))
    moment = now_moment() - n * HOUR
    forum = forums.move_in(f"Old forum {n}", category="The Old Board", purpose="Old", opened=datetime(2009, 5, 1, tzinfo=UTC))
    for where in (forum.pk, town.forum(n).pk):
        posts = [
            MovedPost(old.pk, moment, "Moved in", "Old words", "plain", "visible"),
            MovedPost(town.member(n).pk, moment + 1, "A reply", "More", "plain", "visible", number=1, parent=0, depth=1),
        ]
        actions.move_in([MovedThread(where, posts)])
    actions.attach(posts[1].id, "old.txt", io.BytesIO(b"old"))
    members.set_password(old, "a-long-enough-password")


def _rules(town: Town, n: int) -> None:
    forums.change_rules(town.forum(n), by=town.village.gus, rules=RuleSet(link_required=n % 2 == 0), **WHY)


def _change_forum(town: Town, n: int) -> None:
    forum = town.forum(n)
    change = {"category": forum.category, "name": f"Forum {n}", "purpose": f"Purpose {n}", "order": n % 5}
    forums.change_forum(forum, by=town.village.gus, administrators_only=n % 2 == 0, **change, **WHY)


def _change_category(town: Town, n: int) -> None:
    category = Category.objects.filter(is_main=False).order_by("pk")[n % 3]
    change = {"name": f"Shelf {n}", "order": n % 5, "is_retired": n % 2 == 0}
    forums.change_category(category, by=town.village.gus, **change, **WHY)


def _community(town: Town, n: int) -> None:
    change = {"welcome": f"Welcome {n}", "zone": ("UTC", "America/New_York", "Asia/Tokyo")[n % 3], "zone_name": f"Zone {n}"}
    star = {"star_link": "", "star_text": f"Pay {n}"}
    site.change_community(by=town.village.gus, name=f"Moot {n}", promise=f"Promise {n}", **change, **star, **WHY)


def _ticks(town: Town, n: int) -> None:
    bring_views_over()
    refresh_shown_counts()
    prune_touches()


def _alert(town: Town, n: int) -> None:
    juries.make_pool(datetime.now(UTC))
    drain()
    juries.alert(town.post(n), by=town.member(n), standard=Standard.objects.order_by("number")[n % 3], text=f"Because {n}")
    sweep(datetime.now(UTC))


def _two_officers(town: Town, n: int) -> None:
    """Few can serve here, so that officers decide."""
    for jury in Jury.objects.filter(kind=Jury.Kind.OFFICERS, decided_at=None):
        for officer in (town.village.gus, town.member(n)):
            members.administrator_link(officer.name)
            officer.refresh_from_db()
            with contextlib.suppress(Refused):
                juries.decide_as_officer(jury, by=officer, choice=(0, 3)[n % 2], standard=1, reason=f"So {n}")


def _appeal(town: Town, n: int) -> None:
    for case in Case.objects.filter(closed_at__isnull=False).select_related("author"):
        with contextlib.suppress(Refused):
            juries.appeal(case, by=case.author, text=f"No {n}")
    sweep(datetime.now(UTC) + timedelta(days=4))


def _send_an_act(town: Town, n: int) -> None:
    """Every kind that can be sent: the officers decide on it some steps later."""
    acts = OutboxEntry.objects.filter(kind__in=("ThreadLocked", "ThreadMoved", "MemberBlocked"), office="administrator")
    for one in acts.order_by("-pk")[:3]:
        hit = hit_by(one)
        if hit is not None:
            juries.send(one, by=Member.objects.get(pk=hit.member_id), standard=Standard.objects.get(number=3), text=f"Why {n}?")
    sweep(datetime.now(UTC))


def _withdraw_revision(town: Town, n: int) -> None:
    revision = Revision.objects.select_related("post").order_by("-pk").first()
    if revision is not None:
        actions.withdraw_revision(revision, by=Member.objects.get(pk=revision.post.author_id))


def _unrecommend(town: Town, n: int) -> None:
    given = Recommendation.objects.select_related("post", "member").order_by("-pk").first()
    if given is not None:
        actions.unrecommend(given.post, by=given.member)


def _edit(town: Town, n: int) -> None:
    post = town.post(n)
    actions.edit(post, by=post.author, subject=f"Edited {n}", text=f"Edited text {n}")


def _edit_an_opening(town: Town, n: int) -> None:
    """The thread is called otherwise: on the pages of all who wrote in it."""
    post = Post.objects.select_related("author", "forum__category").get(pk=town.first.pk)
    actions.edit(post, by=post.author, subject=f"Called {n}", text="It begins.")


def _news(town: Town, n: int) -> None:
    town.village.news(f"News {n}", link=f"https://lantern.example/{uuid4()}", by=town.member(n))


def _let_a_newcomer_in(town: Town, n: int) -> None:
    waiting = town.village.reply(town.post(n), "See https://new.example", by=town.village.dara)
    actions.restore(waiting, by=town.village.gus, **WHY)


def _second_step(town: Town, n: int) -> None:
    member = town.member(n)
    Authenticator.objects.get_or_create(user=member, type="totp", defaults={"data": {"secret": "A"}})
    members.reset_second_factor(member, by=town.village.gus, **WHY)
    town.browsers[member.pk] = town.village.signed_in(member)


def _move(town: Town, n: int) -> None:
    actions.move(town.thread(n), to=town.forum(n + 1), by=town.village.gus, **WHY)


def _host(town: Town, n: int) -> None:
    seat = hosts.offer_seat(town.forum(n), by=town.village.gus, member=town.member(n), **WHY)
    if n % 5:
        hosts.accept_seat(seat, by=town.member(n))
    else:
        hosts.decline_seat(seat, by=town.member(n))


def _end_a_seat(town: Town, n: int) -> None:
    seat = HostSeat.objects.filter(ended_at=None).order_by("-pk").first()
    if seat is not None and n % 2:
        hosts.remove(seat, by=town.village.gus, **WHY)
    elif seat is not None:
        hosts.resign(seat, by=seat.member)


def _let_in_or_turn_away(town: Town, n: int) -> None:
    forum = Forum.objects.select_related("category").get(slug="books")
    waiting = actions.start_thread(forum, by=town.village.dara, subject=f"Waits {n}", text="Words")
    (actions.restore if n % 2 else actions.hide)(waiting, by=town.village.gus, **WHY)


def _watch(town: Town, n: int) -> None:
    watch = hosts.begin_watch(by=town.village.gus, kind="words", pattern=f"word {n}", days=1, **WHY)
    if n % 2:
        hosts.end_watch(watch, by=town.village.gus, **WHY)
    elif not hosts.end_night_watch(by=town.village.gus, **WHY):
        hosts.begin_night_watch(by=town.village.gus, hours=1, **WHY)


def _intake(town: Town, n: int) -> None:
    team = [town.village.ada, town.village.bram, town.village.cleo]
    for member in team:
        with contextlib.suppress(Refused):
            hosts.appoint_intake(by=town.village.gus, member=member, **WHY)
    pills = members.join(name=f"Pills{n}.{uuid4().hex[:8]}")
    actions.reply(town.post(n), by=pills, subject="Cheap", text="Pills")
    for member in team:
        hosts.back_revocation(pills, by=Member.objects.get(pk=member.pk), sweeps=True, **WHY)
    if n % 2:
        hosts.undo_revocation(Revocation.objects.latest("pk"), by=town.village.gus, **WHY)


def _lift(town: Town, n: int) -> None:
    block = ForumBlock.objects.filter(ended_at=None).order_by("-pk").first()
    if block is not None:
        hosts.lift_block(block, by=town.village.gus, **WHY)


def _let_time_pass(town: Town, n: int) -> None:
    long_ago = datetime(2020, 1, 1, tzinfo=UTC)
    HostSeat.objects.filter(ended_at=None, ends_at__isnull=False).update(ends_at=long_ago)
    ForumBlock.objects.filter(ended_at=None).update(until=long_ago)
    keep_time()
    NightWatch.objects.filter(ended_at=None).update(until=long_ago)
    keep_night_watch()


def _redact(town: Town, n: int) -> None:
    acts = OutboxEntry.objects.order_by("-pk")
    site.redact(acts[n % min(acts.count(), 6)], by=town.village.gus, **WHY)


def _contest(town: Town, n: int) -> None:
    removal = Removal.objects.select_related("post__author").filter(ended_at=None, countered_at=None).order_by("-pk").first()
    if removal is not None:
        legal.counter(removal, by=removal.post.author, text="It is mine.")


def _answer(town: Town, n: int) -> None:
    removal = Removal.objects.filter(ended_at=None, countered_at__isnull=False, answered_at=None).order_by("-pk").first()
    if removal is not None:
        legal.answer(removal, by=town.village.gus, restore=n % 2 == 0, text="So be it.", **WHY)


def _by_the_office(act: Callable[..., object], of: Callable[[Town, int], object]) -> Callable[[Town, int], None]:
    return lambda town, n: act(of(town, n), by=town.village.gus, **WHY) and None


STEPS: dict[str, Callable[[Town, int], object]] = {
    "start": lambda t, n: _form(t, n, f"/forums/{t.forum(n).slug}/new/", subject=f"Thread {n}", text="Words"),
    "reply": lambda t, n: _form(t, n, f"/posts/{t.post(n).pk}/reply/", text=f"Answer {n}"),
    "reply once more": lambda t, n: _form(t, n + 1, f"/posts/{t.post(n).pk}/reply/", subject=f"S {n}", text=""),
    "recommend": lambda t, n: _form(t, n, f"/posts/{t.post(n).pk}/recommend/"),
    "recommend an opening": lambda t, n: actions.recommend(Post.objects.get(pk=t.thread(n).opening_id), by=t.member(n)),
    "take a recommendation back": _unrecommend,
    "edit": _edit,
    "edit an opening": _edit_an_opening,
    "news": _news,
    "let in": _let_a_newcomer_in,
    "delete": lambda t, n: actions.withdraw(t.post(n), by=t.post(n).author),
    "withdraw a wording": _withdraw_revision,
    "hide": _by_the_office(actions.hide, Town.post),
    "restore": _by_the_office(actions.restore, Town.post),
    "purge": lambda t, n: actions.purge(t.post(n), by=None, office="operator", **WHY),
    "remove": lambda t, n: legal.remove(t.post(n), by=t.village.gus, ground="Law", facts="This."),
    "contest a removal": _contest,
    "answer a counter-notice": _answer,
    "lock": _by_the_office(actions.lock, Town.thread),
    "unlock": _by_the_office(actions.unlock, Town.thread),
    "pin": _by_the_office(actions.pin, Town.thread),
    "unpin": _by_the_office(actions.unpin, Town.thread),
    "move": _move,
    "redact": _redact,
    "seat a host": _host,
    "end a host's seat": _end_a_seat,
    "end a host's service": lambda t, n: hosts.end_service(t.member(n).pk, **WHY),
    "block": lambda t, n: hosts.block(t.forum(n), by=t.village.gus, member=t.member(n), days=3, **WHY),
    "lift a block": _lift,
    "let in or turn away": _let_in_or_turn_away,
    "close a new account": _intake,
    "watch": _watch,
    "let time pass": _let_time_pass,
    "feature": _by_the_office(site.feature, Town.thread),
    "unfeature": _by_the_office(site.unfeature, Town.thread),
    "ban": _by_the_office(members.ban, Town.member),
    "unban": _by_the_office(members.unban, Town.member),
    "take a second step away": _second_step,
    "give a Star": _by_the_office(stars.give_star, Town.member),
    "end a Star": _by_the_office(stars.end_star, Town.member),
    "describe oneself": lambda t, n: _form(t, n, "/account/", about=f"I am {n}", zone="", theme=""),
    "make an administrator": lambda t, n: members.administrator_link(t.member(n).name),
    **BALLOTS,
    "open a forum": lambda t, n: forums.open_forum(t.forum(n).category, by=t.village.gus, name=f"New {n}", purpose="P", **WHY),
    "change a forum": _change_forum,
    "open a category": lambda t, n: forums.open_category(by=t.village.gus, name=f"New shelf {n}", **WHY),
    "change a category": _change_category,
    "change posting rules": _rules,
    "change the community": _community,
    "change a house page": lambda t, n: site.change_house_page("terms", by=t.village.gus, text=f"Terms {n}", **WHY),
    "move a board in": _import,
    "recount": lambda t, n: recount(),
    "alert": _alert,
    "two officers decide": _two_officers,
    "appeal": _appeal,
    "send an act to a jury": _send_an_act,
    "let the clock run": _ticks,
}  # fmt: skip


def take(town: Town, name: str, n: int) -> None:
    with contextlib.suppress(Refused):
        STEPS[name](town, n)
