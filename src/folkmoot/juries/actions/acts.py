"""An act of an office before a jury: sent by whom it hit, undone if it breaks a standard."""

from django.db import transaction

from folkmoot.base.answers import no
from folkmoot.base.events import tell
from folkmoot.base.time import now_moment, to_datetime, to_moment
from folkmoot.forums.models import Forum
from folkmoot.juries.actions.alert import open_case
from folkmoot.juries.events import ActOverturned
from folkmoot.juries.models import Alert, Case
from folkmoot.juries.queries.acts import hit_by, may_send
from folkmoot.ledger.models import Officer, OutboxEntry
from folkmoot.members.models import Member
from folkmoot.standards.models import Standard
from folkmoot.threads import actions as threads
from folkmoot.threads.events import PostHidden, ThreadLocked, ThreadMoved


@transaction.atomic
def send(act: OutboxEntry, *, by: Member, standard: Standard, text: str) -> Case:
    """Have members judge whether an act of an office breaks a standard; once an act."""
    act = OutboxEntry.objects.select_for_update(no_key=True, of=("self",)).select_related("reason").get(pk=act.pk)
    now, hit = to_datetime(now_moment()), hit_by(act)
    if hit is None:
        no("This is not an act that a jury looks at.").or_refuse()
    assert hit is not None
    may_send(act, hit, by, now=now).or_refuse()
    assert hit.post is not None
    officer = Officer.objects.get(office=act.office, number=act.officer).member_id
    case = open_case(hit.post, now=now, in_danger=False, act=act, author_id=officer, written=to_moment(act.told_at))
    Alert.objects.create(case=case, member=by, standard=standard, text=text, made_at=now)
    return case


def overturn(case: Case, *, reason: str) -> None:
    """Undo what the office did, as far as it still holds."""
    assert case.act is not None
    kind, thread, facts = case.act.kind, case.post.thread, case.act.facts
    if kind == ThreadLocked.__name__ and not _again(case.act):
        threads.unlock_by_verdict(thread, reason=reason)
    elif kind == ThreadMoved.__name__:
        back_to = Forum.objects.get(pk=facts["forum_id"])
        threads.move_back_by_verdict(thread, moved_to=facts["to_forum_id"], back_to=back_to, reason=reason)
    elif kind == PostHidden.__name__:
        threads.let_in_by_verdict(case.post, reason=reason)
    tell(ActOverturned(act_id=case.act.pk, reason=reason))


def _again(act: OutboxEntry) -> bool:
    """Whether somebody has done the same once more since: that is another act."""
    return OutboxEntry.objects.filter(thread_id=act.thread_id, kind=act.kind, pk__gt=act.pk).exists()
