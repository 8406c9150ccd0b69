"""Bringing a post before a jury."""

import secrets
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Max

from folkmoot.base.answers import no
from folkmoot.base.events import tell
from folkmoot.base.time import now_moment, to_datetime
from folkmoot.juries import rules
from folkmoot.juries.events import CaseChanged
from folkmoot.juries.models import Alert, Case, Jury, Seat
from folkmoot.juries.queries.acts import told
from folkmoot.juries.queries.cases import may_appeal
from folkmoot.ledger.models import OutboxEntry
from folkmoot.members.models import Member
from folkmoot.standards import queries as standards
from folkmoot.standards.models import Standard
from folkmoot.threads.models import Post, Text

SHOWN_BEFORE = 3
"""Posts that the judged one answers, shown with it."""


@transaction.atomic
def alert(post: Post, *, by: Member, standard: Standard, text: str) -> Case:
    """Say that a post breaks a standard. The first alert on a revision opens its case; later ones join it."""
    post = Post.objects.select_for_update(no_key=True).get(pk=post.pk)
    by.refresh_from_db()
    rules.may_alert(by, post).or_refuse()
    now, numbers = to_datetime(now_moment()), standards.charter(now_moment())
    case = Case.objects.filter(post=post, revision=post.edit_count, act=None).first()
    if case is None or not case.alerts.filter(standard=standard, member=by).exists():
        mine = Alert.objects.filter(member=by)
        since = now - timedelta(days=numbers.unfounded_days)
        unfounded = mine.filter(agreed=False, case__closed_at__gt=since).aggregate(last=Max("case__closed_at"))["last"]
        rules.may_alert_now(
            today=mine.filter(made_at__gt=now - timedelta(days=1)).values("case").distinct().count(),
            unfounded_until=unfounded + timedelta(days=numbers.unfounded_days) if unfounded else None,
            is_judged=case is not None and case.state != Case.State.OPEN,
            is_alleged=case is not None and case.alerts.filter(standard=standard).exists(),
            charter=numbers,
        ).or_refuse()
        if len(text) > numbers.alert_letters:
            no(f"An alert says why in at most {numbers.alert_letters} characters; this one has {len(text)}.").or_refuse()
        case = case or open_case(post, now=now, in_danger=standard.number == 1)
        _step_down(case, by, now)
        Alert.objects.create(case=case, member=by, standard=standard, text=text, made_at=now)
    return case


def _step_down(case: Case, by: Member, now: datetime) -> None:
    """Whoever takes sides does not judge."""
    mine = Seat.objects.filter(jury__case=case, jury__decided_at=None, member=by)
    if mine.filter(state__in=(Seat.State.ACCEPTED, Seat.State.SEATED, Seat.State.VOTED)).exists():
        no("You sit on the jury of this post, so you cannot alert on it.").or_refuse()
    mine.filter(state=Seat.State.SUMMONED).update(state=Seat.State.DECLINED, answered_at=now, left_at=now)


@transaction.atomic
def check_haste(post: Post, *, reason: str) -> None:
    """An office hid this post in haste: members look at it, by themselves."""
    now, first = to_datetime(now_moment()), Standard.objects.order_by("number").first()
    if first is None or Case.objects.filter(post=post, revision=post.edit_count, act=None).exists():
        return
    case = open_case(post, now=now, in_danger=True, hidden_by_office=True)
    Alert.objects.create(case=case, member=None, standard=first, text=reason[: rules.ALERT_MAX], made_at=now)


def open_case(
    post: Post, *, now: datetime, in_danger: bool, hidden_by_office: bool = False, act: OutboxEntry | None = None,
    author_id: int | None = None, written: int | None = None,
) -> Case:  # fmt: skip
    """`author_id` and `written`: of what is judged, where that is not the post itself but an `act`."""
    case = Case.objects.create(
        post=post, revision=post.edit_count, forum_id=post.forum_id, author_id=author_id or post.author_id, act=act,
        edition=standards.edition_at(written or post.edited_moment or post.moment), charter=standards.edition_at(now_moment()),
        opened_at=now, content=[exhibit._asdict() for exhibit in _exhibits(post, act)], salt=secrets.token_bytes(32),
        in_danger=in_danger, hidden_by_office=hidden_by_office,
    )  # fmt: skip
    Jury.objects.create(case=case, kind=Jury.Kind.FIRST, asked_at=now, stirred_at=now)
    return case


def _exhibits(post: Post, act: OutboxEntry | None) -> list[rules.Exhibit]:
    """The post and what it answers, the oldest first; of those before it only what is shown. Before all of them the act."""
    line: list[Post] = []
    at: Post | None = post
    while at is not None and len(line) <= SHOWN_BEFORE:
        line.insert(0, at)
        at = Post.objects.select_related("author", "answered").filter(pk=at.parent_id).first() if at.parent_id else None
    texts = Text.objects.in_bulk([p.pk for p in line])
    done = [] if act is None else [rules.Message("\0", "", told(act), act.reason.text or "The reason was redacted.")]
    return rules.blinded(
        [
            *done,
            *(
                rules.Message(
                    p.author.name,
                    p.answered.name if p.answered else "",
                    p.subject if p.state == "visible" or p.pk == post.pk else "",
                    texts[p.pk].source if p.state == "visible" or p.pk == post.pk else "This post is not shown.",
                )
                for p in line
            ),
        ]
    )


@transaction.atomic
def appeal(case: Case, *, by: Member, text: str) -> Jury:
    """Have a case heard again, by a larger jury that knows nothing of the first."""
    case = Case.objects.select_for_update(no_key=True).get(pk=case.pk)
    now = to_datetime(now_moment())
    alerters = set(case.alerts.filter(member__isnull=False).values_list("member", flat=True))
    kinds = set(case.juries.values_list("kind", flat=True))
    may_appeal(case, by, alerters=alerters, kinds=kinds, now=now).or_refuse()
    if not text.strip():
        no("Say why the jury of appeal should decide otherwise.").or_refuse()
    jury = Jury.objects.create(case=case, kind=Jury.Kind.APPEAL, asked_at=now, stirred_at=now, appellant=by, appeal=text)
    tell(CaseChanged(case_id=case.pk, post_id=case.post_id))
    return jury
